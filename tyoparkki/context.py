"""What every page may show: who is signed in, where, and what they may open."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tyoparkki.toast import said

# The six parts of the house, each for those who may see it.
NAVIGATION = (
    ("see_desk", _("Today"), "/tanaan/"),
    ("guide", _("My visit"), "/oma-kaynti/"),
    ("see_employers", _("Employers"), "/tyonantajat/"),
    ("see_services", _("Services"), "/palvelut/"),
    ("see_team", _("Team"), "/tiimi/"),
    ("see_reports", _("Reports"), "/raportit/"),
)
# What one's own menu leads to.
OWN_PAGES = (
    ("see_clients", _("My people"), "/asiakkaat/omat/", "person-check"),
    ("see_clients", _("People on file"), "/asiakkaat/", "person"),
    ("guide", _("Referrals"), "/ohjaukset/", "signpost"),
    ("guide", _("Follow-ups"), "/asiakkaat/seuranta/", "calendar-check"),
    ("edit_roster", _("Lost contacts"), "/asiakkaat/ilman-yhteytta/", "clock-history"),
    ("edit_roster", _("Conflicts of interest"), "/esteellisyydet/", "person-x"),
    ("manage_users", _("Users"), "/kayttajat/", "people"),
    ("manage_devices", _("Devices"), "/laitteet/", "tablet"),
    ("manage_point", _("Opening hours"), "/aukiolo/", "clock"),
    ("manage_point", _("Service point"), "/palvelupiste/", "geo-alt"),
    ("manage_point", _("Vocabulary"), "/sanasto/", "tags"),
    ("manage_house", _("Organisations"), "/organisaatiot/", "building"),
    ("see_register", _("Data protection"), "/tietosuoja/rekisteri/", "shield-lock"),
    ("signed_in", _("Own settings"), "/asetukset/", "gear"),
)
# Addresses that the frame of every page knows.
LINKS = {
    "services": "/julkiset-palvelut/",
    "visit": "/oma-kaynti/",
    "accessibility": "/saavutettavuus/",
    "privacy": "/tietosuoja/",
    "settings": "/asetukset/",
    "act_as": "/asetukset/jasenyys/",
    "palette": "/haku/?q=",
    "session": "/istunto/",
}


def page(request: HttpRequest) -> dict[str, Any]:
    """The member in use, their permissions by name, and whether this is a demonstration."""
    member = getattr(request, "member", None)
    may = {str(permission): True for permission in member.permissions} if member else {}
    return {
        "member": member,
        "may": may,
        "navigation": [(label, href) for permission, label, href in NAVIGATION if permission in may],
        "own_pages": [(label, href, icon) for permission, label, href, icon in OWN_PAGES if permission in may],
        "links": LINKS,
        "demo_mode": settings.DEMO,
        "csrf_cookie_name": settings.CSRF_COOKIE_NAME,
        "toast": SimpleLazyObject(lambda: said(request)),
        "sign_on": SimpleLazyObject(_sign_on),
    }


def _sign_on() -> list[dict[str, str]]:
    """The organisations' own sign-in services that are set up, each with its address."""
    services = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [
        {"name": service["name"], "href": reverse("openid_connect_login", args=[service["provider_id"]])}
        for service in services
    ]
