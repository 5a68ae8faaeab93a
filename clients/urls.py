"""Addresses of the people on file, of their plans and of referrals."""

from django.urls import path

from clients.views import consents, handover, links, people, plans, referrals, responsibility

app_name = "clients"
urlpatterns = [
    path("asiakkaat/", people.search, name="search"),
    path("asiakkaat/haku/", people.options, name="options"),
    path("asiakkaat/uusi/", people.record, name="record"),
    path("asiakkaat/omat/", responsibility.mine, name="mine"),
    path("asiakkaat/<uuid:pk>/", people.client, name="client"),
    path("asiakkaat/<uuid:pk>/muuta/", people.change, name="change"),
    path("asiakkaat/<uuid:pk>/yhteystieto/", people.reveal, name="reveal"),
    path("asiakkaat/<uuid:pk>/yhteydenotto/", consents.give, {"purpose": "contact"}, name="give_contact"),
    path("asiakkaat/<uuid:pk>/kertominen/", consents.give, {"purpose": "share"}, name="give_share"),
    path("asiakkaat/<uuid:pk>/vastuu/ota/", responsibility.take, name="responsibility_take"),
    path("asiakkaat/<uuid:pk>/vastuu/tarjoa/", responsibility.offer, name="responsibility_offer"),
    path("asiakkaat/<uuid:pk>/vastuu/vapauta/", responsibility.release, name="responsibility_release"),
    path("vaihdot/<uuid:pk>/tavattu/", responsibility.meeting, name="responsibility_met"),
    path("vaihdot/<uuid:pk>/ota-vastaan/", responsibility.accept, name="responsibility_accept"),
    path("vaihdot/<uuid:pk>/ei-onnistu/", responsibility.decline, name="responsibility_decline"),
    path("vaihdot/<uuid:pk>/peru/", responsibility.withdraw, name="responsibility_withdraw"),
    path("asiakkaat/<uuid:pk>/ohjaa/", referrals.refer, name="refer"),
    path("asiakkaat/<uuid:pk>/suunnitelma/", plans.plan, name="plan"),
    path("asiakkaat/<uuid:pk>/suunnitelma/avaa/", plans.open_plan, name="plan_open"),
    path("suunnitelmat/<uuid:pk>/tavoite/", plans.add_goal, name="plan_goal"),
    path("suunnitelmat/<uuid:pk>/askel/", plans.add_step, name="plan_step"),
    path("suunnitelmat/<uuid:pk>/yhteydenpito/", plans.set_intensity, name="plan_intensity"),
    path("suunnitelmat/<uuid:pk>/hyvaksy/", plans.approve, name="plan_approve"),
    path("tavoitteet/<uuid:pk>/saavutettu/", plans.end_goal, {"reached": True}, name="goal_reached"),
    path("tavoitteet/<uuid:pk>/luovu/", plans.end_goal, {"reached": False}, name="goal_given_up"),
    path("suunnitelman-askeleet/<uuid:pk>/tehty/", plans.finish_step, {"done": True}, name="plan_step_done"),
    path(
        "suunnitelman-askeleet/<uuid:pk>/ei-tarvita/", plans.finish_step, {"done": False}, name="plan_step_not_needed"
    ),
    path("suostumukset/<uuid:pk>/peru/", consents.withdraw, name="withdraw"),
    path("suostumukset/<uuid:pk>/kumoa/", consents.give_again, name="give_again"),
    path("luovutus/", handover.tablet, name="handover"),
    path("luovutukset/<uuid:pk>/", handover.state, name="handover_state"),
    path("linkki/<str:token>/", links.referral, name="link_referral"),
    path("ohjaukset/", referrals.inbox, name="referrals"),
    path("ohjaukset/<uuid:pk>/", referrals.referral, name="referral"),
    path("ohjaukset/<uuid:pk>/laheta/", referrals.move, {"move": "send"}, name="referral_send"),
    path("ohjaukset/<uuid:pk>/ota-vastaan/", referrals.move, {"move": "receive"}, name="referral_accept"),
    path("ohjaukset/<uuid:pk>/otettu-yhteytta/", referrals.move, {"move": "contact"}, name="referral_contacted"),
    path("ohjaukset/<uuid:pk>/alkoi/", referrals.move, {"move": "start"}, name="referral_started"),
    path("ohjaukset/<uuid:pk>/paattyi/", referrals.end, name="referral_ended"),
    path("ohjaukset/<uuid:pk>/ei-onnistu/", referrals.decline, name="referral_decline"),
    path(
        "ohjaukset/<uuid:pk>/ei-halua/", referrals.move, {"move": "client_withdraws"}, name="referral_client_withdrew"
    ),
    path("ohjaukset/<uuid:pk>/peru/", referrals.move, {"move": "withdraw"}, name="referral_withdraw"),
    path("ohjaukset/<uuid:pk>/kumoa/", referrals.undo, name="referral_undo"),
    path("ohjaukset/<uuid:pk>/tapaaminen/", referrals.meeting, name="referral_meeting"),
    path("ohjaukset/<uuid:pk>/linkki/", referrals.issue_link, name="referral_link"),
    path("ohjaukset/<uuid:pk>/linkki/paata/", referrals.end_links, name="referral_links_end"),
]
