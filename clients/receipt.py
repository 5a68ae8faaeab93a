"""The person's own receipt: what was agreed, until when and how to take it back, what comes next, who has looked.

In Finnish, easy Finnish, Swedish or English. Easy Finnish has sentences of its own, for it is no translation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from clients.models import Client, Consent, ConsentText, PlanStep, Referral, Responsibility
from clients.referral_words import told_to_client
from clients.rights.telling import by_day, line_of
from tyoparkki import clock
from tyoparkki.templatetags.tp import long_day

TITLE = gettext_noop("What we agreed")
AGREED = gettext_noop("You have agreed to this:")
NOTHING = gettext_noop("No consent of yours is in force.")
TO = gettext_noop("To whom: %(who)s. What: %(what)s.")
UNTIL = gettext_noop("Given %(day)s. Holds until %(until)s.")
FOR_GOOD = gettext_noop("Given %(day)s. Holds until you withdraw it.")
MONTH = gettext_noop("When it ends, all that is kept of you is erased, unless you agree to a month more.")
TAKE_BACK = gettext_noop(
    "You may withdraw a consent at any time, and need not say why. Tell anybody of the team. It works at once."
)
NEXT = gettext_noop("Next step: %(what)s")
BY_WHOM = gettext_noop("Done by: %(who)s.")
BY_WHEN = gettext_noop("Done by: %(who)s, by %(day)s.")
YOU = gettext_noop("you yourself")
ANSWERS = gettext_noop("Your own contact person: %(name)s, %(organisation)s.")
NOBODY = gettext_noop("No contact person has been named. Ask the team of the service point.")
CHANNEL = gettext_noop(
    "We telephone you or write on paper first. At the service point you get help with what is done online."
)
GUIDED = gettext_noop("Where you have been guided")
LOOKED = gettext_noop("Who has looked at your data")
NO_LOOKS = gettext_noop("Nobody has looked.")
WITHDRAW = gettext_noop("Withdraw")
WITHDRAWN = gettext_noop("The consent is withdrawn and no longer holds. If it was a mistake, tell the team.")
KEEP = gettext_noop("Keep the address of this page to yourself. It opens until")

EASY_FINNISH: Mapping[str, str] = {
    TITLE: "Mitä sovimme",
    AGREED: "Olet antanut luvan näihin asioihin:",
    NOTHING: "Sinulla ei ole nyt voimassa yhtään lupaa.",
    TO: "Kenelle: %(who)s. Mitä saa kertoa: %(what)s.",
    UNTIL: "Annoit luvan %(day)s. Lupa päättyy %(until)s.",
    FOR_GOOD: "Annoit luvan %(day)s. Lupa on voimassa, kunnes perut sen.",
    MONTH: "Kun lupa päättyy, tietosi poistetaan. Voit jatkaa lupaa kuukauden kerrallaan.",
    TAKE_BACK: "Voit perua luvan milloin haluat. Sinun ei tarvitse kertoa syytä. Sano asiasta työntekijälle."
    " Lupa loppuu heti.",
    NEXT: "Seuraava askel: %(what)s",
    BY_WHOM: "Tämän tekee: %(who)s.",
    BY_WHEN: "Tämän tekee: %(who)s. Viimeistään: %(day)s.",
    YOU: "sinä itse",
    ANSWERS: "Sinua auttaa %(name)s, %(organisation)s.",
    NOBODY: "Sinulla ei ole vielä omaa työntekijää. Kysy palvelupisteestä.",
    CHANNEL: "Soitamme sinulle tai annamme asiat paperilla."
    " Palvelupisteessä saat apua, kun asia hoidetaan internetissä.",
    GUIDED: "Mihin sinut on ohjattu",
    LOOKED: "Kuka on katsonut tietojasi",
    NO_LOOKS: "Kukaan ei ole katsonut tietojasi.",
    WITHDRAW: "Peru lupa",
    WITHDRAWN: "Lupa on nyt peruttu. Jos peruit vahingossa, sano siitä työntekijälle.",
    KEEP: "Älä näytä tämän sivun osoitetta muille. Sivu avautuu tähän päivään asti:",
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """One consent as the person reads it."""

    consent: Consent
    title: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The page, in ready words."""

    language: str  # fi, fi-selko, sv or en
    title: str
    opening: str
    agreed: list[Agreed]
    take_back: str
    ahead: list[str]
    answers: str
    channel: str  # empty where nothing else than usual was told
    guided: str
    referrals: list[str]
    withdraw: str
    withdrawn: str
    keep: str
    looked: str
    looks: list[tuple[str, list[str]]]
    no_looks: str

    @property
    def lang(self) -> str:
        """The value of `lang` on the page."""
        return self.language.split("-", maxsplit=1)[0]


def language_for(asked: str, person: Client, consents: Iterable[Consent]) -> str:
    """The language of the page: the one asked for, that in which the consents were read, the person's, or Finnish."""
    read = next((one.text.language for one in consents), "")
    return next((one for one in (asked, read, person.language) if one in ConsentText.LANGUAGES), "fi")


def receipt_of(
    language: str,
    consents: list[Consent],
    *,
    step: PlanStep | None,
    held: Responsibility | None,
    referrals: Iterable[Referral] = (),
    looks: list[dict[str, Any]] | None = None,
    is_offline: bool = False,
) -> Receipt:
    """What was agreed in one language's words; `looks` only where the person alone reads the page, `is_offline` where
    the person told not to use services online.
    """
    words = _Words(language)
    with translation.override(words.spoken):
        titles = _titles(language, consents)
        return Receipt(
            language=language,
            title=words(TITLE),
            opening=words(AGREED if consents else NOTHING),
            agreed=[Agreed(one, titles.get(one.text_id, one.text.title), _lines(words, one)) for one in consents],
            take_back=words(TAKE_BACK) if consents else "",
            ahead=_ahead(words, step),
            answers=_answers(words, held),
            channel=words(CHANNEL) if is_offline else "",
            guided=words(GUIDED),
            referrals=[told_to_client(one) for one in referrals],
            withdraw=words(WITHDRAW),
            withdrawn=words(WITHDRAWN),
            keep=words(KEEP),
            looked=words(LOOKED),
            looks=_looks(looks or []),
            no_looks=words(NO_LOOKS),
        )


class _Words:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.easy = language == "fi-selko"
        self.spoken = language.split("-", maxsplit=1)[0]

    def __call__(self, sentence: str, **told: object) -> str:
        text = EASY_FINNISH[sentence] if self.easy else gettext(sentence)
        return text % told if told else text


def _titles(language: str, consents: list[Consent]) -> dict[int, str]:
    """The heading of each consent's own words, in the language of the page."""
    found = {(text.purpose, text.version): text.title for text in ConsentText.objects.filter(language=language)}
    return {
        one.text_id: found[one.text.purpose, one.text.version]
        for one in consents
        if (one.text.purpose, one.text.version) in found
    }


def _lines(words: _Words, consent: Consent) -> list[str]:
    lines = []
    if consent.contents:
        lines.append(words(TO, who=consent.recipient, what=", ".join(consent.content_labels).lower()))
    if consent.expires_on is None:
        lines.append(words(FOR_GOOD, day=long_day(consent.given_at)))
    else:
        lines.append(words(UNTIL, day=long_day(consent.given_at), until=long_day(consent.expires_on)))
    if consent.is_short:
        lines.append(words(MONTH))
    return lines


def _ahead(words: _Words, step: PlanStep | None) -> list[str]:
    if step is None:
        return []
    who = words(YOU) if step.who == PlanStep.Who.CLIENT else step.doer
    if step.by_on:
        return [words(NEXT, what=step.what), words(BY_WHEN, who=who, day=long_day(step.by_on))]
    return [words(NEXT, what=step.what), words(BY_WHOM, who=who)]


def _answers(words: _Words, held: Responsibility | None) -> str:
    if held is None:
        return words(NOBODY)
    return words(ANSWERS, name=held.membership.user.name, organisation=held.membership.organisation.name)


def _looks(looks: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """By day and reason, without anybody's name."""
    return [(str(long_day(day)), [line_of(look) for look in of_day]) for day, of_day in by_day(looks)]


def in_force(consents: Iterable[Consent], at: datetime) -> list[Consent]:
    """Those that hold, in the order in which they were given."""
    today = clock.local_date(at)
    return sorted((one for one in consents if one.holds_on(today)), key=lambda one: (one.given_at, str(one.pk)))
