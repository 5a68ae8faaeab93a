"""Search and go (Ctrl K): what a member may open, found by the letters typed. Higher apps add what they know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from team.access import Member, MemberRequest, requires
from team.permissions import Perm

MOST = 12
OF_ONE_SOURCE = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the palette: where it leads, under which words, with which mark."""

    label: str | Promise
    href: str
    icon: str = "arrow-right"
    hint: str | Promise = ""


Source = Callable[[Member, str], Iterable[Choice]]
_sources: list[Source] = []

_PAGES: tuple[tuple[Perm, Choice, str], ...] = (
    (Perm.SEE_DESK, Choice(_("Today"), "/tanaan/", "calendar-event"), "vastaanotto jono reception queue kö"),
    (Perm.GUIDE, Choice(_("My visit"), "/oma-kaynti/", "chat-dots"), "ohjaus guidance"),
    (Perm.SEE_CLIENTS, Choice(_("People on file"), "/asiakkaat/", "person"), "asiakkaat clients klienter"),
    (Perm.EDIT_CLIENTS, Choice(_("New person"), "/asiakkaat/uusi/", "person-plus"), "uusi asiakas new client ny"),
    (Perm.SEE_EMPLOYERS, Choice(_("Employers"), "/tyonantajat/", "building"), "yritykset companies företag"),
    (Perm.SEE_SERVICES, Choice(_("Services"), "/palvelut/", "grid"), "palvelutarjotin catalogue tjänster"),
    (Perm.GUIDE, Choice(_("Referrals"), "/ohjaukset/", "signpost"), "ohjaukset palveluun hänvisningar"),
    (Perm.SEE_TEAM, Choice(_("Team"), "/tiimi/", "people"), "vuorot roster shifts skift"),
    (Perm.SEE_TEAM, Choice(_("Colleagues"), "/tiimi/kollegat/", "person-lines-fill"), "osaaminen kielet skills"),
    (Perm.SEE_REPORTS, Choice(_("Reports"), "/raportit/", "bar-chart"), "luvut figures siffror"),
    (Perm.SEE_REPORTS, Choice(_("Feedback"), "/palaute/", "emoji-smile"), "palaute tabletti respons"),
    (Perm.MANAGE_DEVICES, Choice(_("Devices"), "/laitteet/", "tablet"), "tabletti taulu tablet board enheter"),
    (Perm.MANAGE_USERS, Choice(_("Users"), "/kayttajat/", "people"), "käyttäjät salasana användare"),
    (Perm.MANAGE_POINT, Choice(_("Opening hours"), "/aukiolo/", "clock"), "aukiolo poikkeukset öppettider"),
    (Perm.MANAGE_POINT, Choice(_("Service point"), "/palvelupiste/", "geo-alt"), "osoite pisteet address desks adress"),
    (Perm.MANAGE_POINT, Choice(_("Vocabulary"), "/sanasto/", "tags"), "aiheet sanat topics words ämnen ord"),
    (Perm.MANAGE_HOUSE, Choice(_("Organisations"), "/organisaatiot/", "building"), "kumppanit partners partner"),
    (Perm.SIGNED_IN, Choice(_("Own settings"), "/asetukset/", "gear"), "kieli näppäimet language keys språk"),
)


def source(function: Source) -> Source:
    """Register what an app knows: a function of the member and the words typed, at most two queries."""
    _sources.append(function)
    return function


def find(member: Member, words: str) -> list[Choice]:
    """Pages first, then what the apps find; only what this member may open."""
    return [choice for choices in (_pages(member, words), *_asked(member, words)) for choice in choices][:MOST]


def _pages(member: Member, words: str) -> list[Choice]:
    wanted = words.casefold().split()
    found = [
        choice
        for permission, choice, more in _PAGES
        if member.may(permission) and all(_begins(word, f"{choice.label} {more}") for word in wanted)
    ]
    return sorted(found, key=lambda choice: not _begins(wanted[0], str(choice.label)))


def _begins(word: str, text: str) -> bool:
    return any(part.startswith(word) for part in text.casefold().split())


def _asked(member: Member, words: str) -> Iterator[list[Choice]]:
    for ask in _sources:
        yield list(ask(member, words))[:OF_ONE_SOURCE]


@require_GET
@requires(Perm.SIGNED_IN)
def search(request: MemberRequest) -> HttpResponse:
    """The options of the palette for the letters typed."""
    words = request.GET.get("q", "").strip()[:80]
    choices = find(request.member, words) if words else []
    return render(request, "components/palette_options.html", {"choices": choices, "words": words})
