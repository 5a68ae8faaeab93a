"""Addresses of the people on file, of their plans and of referrals."""

from django.urls import path

from clients.views import consents, desk, handover, people, plan_end, plans, referrals, responsibility, terms

app_name = "clients"
urlpatterns = [
    path("asiakkaat/", people.search, name="search"),
    path("asiakkaat/haku/", people.options, name="options"),
    path("asiakkaat/uusi/", people.record, name="record"),
    path("asiakkaat/omat/", desk.mine, name="mine"),
    path("asiakkaat/ilman-yhteytta/", terms.lost, name="lost"),
    path("asiakkaat/maaraajat/", terms.set_terms, name="set_terms"),
    path("asiakkaat/<uuid:pk>/yhteys/", desk.note_contact, name="contact_note"),
    path("yhteydet/<uuid:pk>/peru/", desk.undo_contact, name="contact_undo"),
    path("suunnitelmat/<uuid:pk>/katsottu/", desk.review, {"kind": "plan"}, name="plan_reviewed"),
    path("suunnitelmat/<uuid:pk>/tarve-katsottu/", desk.review, {"kind": "need"}, name="need_reviewed"),
    path("katsaukset/<uuid:pk>/peru/", desk.undo_review, name="review_undo"),
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
    path("suunnitelmat/<uuid:pk>/paata/", plan_end.close, name="plan_close"),
    path("suunnitelmat/<uuid:pk>/jatka/", plan_end.reopen, name="plan_reopen"),
    path("suunnitelmat/<uuid:pk>/hyvaksynta/peru/", plan_end.undo_approval, name="plan_approval_undo"),
    path("tavoitteet/<uuid:pk>/palauta/", plan_end.undo_goal, name="goal_undo"),
    path("suunnitelman-askeleet/<uuid:pk>/palauta/", plan_end.undo_step, name="plan_step_undo"),
    path("suostumukset/<uuid:pk>/peru/", consents.withdraw, name="withdraw"),
    path("suostumukset/<uuid:pk>/kumoa/", consents.give_again, name="give_again"),
    path("luovutus/", handover.tablet, name="handover"),
    path("luovutukset/<uuid:pk>/", handover.state, name="handover_state"),
    path("ohjaukset/", referrals.inbox, name="referrals"),
    path("ohjaukset/<uuid:pk>/ota-vastaan/", referrals.accept, name="referral_accept"),
    path("ohjaukset/<uuid:pk>/ei-onnistu/", referrals.decline, name="referral_decline"),
    path("ohjaukset/<uuid:pk>/peru/", referrals.withdraw, name="referral_withdraw"),
    path("ohjaukset/<uuid:pk>/kumoa/", referrals.undo, name="referral_undo"),
]
