"""Addresses of the team."""

from django.urls import path

from team import palette
from team.views import colleagues, devices, home, opening, own, roster, today, users

app_name = "team"
urlpatterns = [
    path("", home.home, name="home"),
    path("haku/", palette.search, name="palette"),
    path("tietosuoja/", home.privacy, name="privacy"),
    path("saavutettavuus/", home.accessibility, name="accessibility"),
    path("tiimi/", roster.roster, name="roster"),
    path("tiimi/kollegat/", colleagues.colleagues, name="colleagues"),
    path("tiimi/vuorot/uusi/", roster.add, name="add_shift"),
    path("tiimi/vuorot/<uuid:pk>/", roster.change, name="change_shift"),
    path("tiimi/vuorot/<uuid:pk>/peru/", roster.cancel, name="cancel_shift"),
    path("tiimi/vuorot/<uuid:pk>/palauta/", roster.restore, name="restore_shift"),
    path("tiimi/vuorot/<uuid:pk>/tauko/", today.start_break, name="start_break"),
    path("tiimi/vuorot/<uuid:pk>/tauolta/", today.end_break, name="end_break"),
    path("tiimi/vuorot/<uuid:pk>/paata/", today.end_early, name="end_early"),
    path("tiimi/vuorot/<uuid:pk>/piste/", today.move, name="move_desk"),
    path("tiimi/apua/", today.call_help, name="call_help"),
    path("tiimi/apua/<uuid:pk>/kuittaa/", today.end_help, name="end_help"),
    path("asetukset/", own.settings, name="settings"),
    path("asetukset/jasenyys/", own.act_as, name="act_as"),
    path("kayttajat/", users.people, name="users"),
    path("kayttajat/uusi/", users.add, name="add_user"),
    path("kayttajat/<uuid:pk>/", users.user, name="user"),
    path("kayttajat/<uuid:pk>/roolit/", users.add_membership, name="add_membership"),
    path("kayttajat/<uuid:pk>/salasana/", users.reset_password, name="reset_password"),
    path("kayttajat/<uuid:pk>/poista-kaytosta/", users.deactivate, name="deactivate"),
    path("kayttajat/<uuid:pk>/palauta/", users.reactivate, name="reactivate"),
    path("roolit/<uuid:pk>/paata/", users.end_membership, name="end_membership"),
    path("laitteet/", devices.devices_of_point, name="devices"),
    path("laitteet/<uuid:pk>/poista/", devices.revoke, name="revoke"),
    path("pariliitos/", devices.pair, name="pair"),
    path("aukiolo/", opening.opening, name="opening"),
    path("aukiolo/viikko/", opening.add_rule, name="add_rule"),
    path("aukiolo/viikko/<int:pk>/paata/", opening.end_rule, name="end_rule"),
    path("aukiolo/poikkeukset/", opening.set_exception, name="set_exception"),
    path("aukiolo/poikkeukset/<int:pk>/poista/", opening.remove_exception, name="remove_exception"),
]
