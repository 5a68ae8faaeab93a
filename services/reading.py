"""A service as it is read in one language: what it is, for whom, how it begins, what it costs, where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from services.hours import exception_lines, week_lines
from services.models import Channel, Service
from services.needs import NEEDS, needs_of
from tyoparkki.models import Language
from tyoparkki.texts import LANGUAGES, pick, spoken

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")


@dataclass(frozen=True, slots=True)
class Place:
    """One way into the service."""

    kind: str
    name: str
    address: str
    phone: str
    email: str
    web_page: str
    week: list[str]
    exceptions: list[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts of a service in one language, or in the nearest one there is."""

    language: str
    spoken: str
    name: str
    organisation: str
    summary: str
    for_whom: list[str]
    what: list[str]
    steps: list[str]
    cost: str
    languages: str
    need: str
    places: list[Place]

    @property
    def is_in_other_language(self) -> bool:
        """Whether the texts are not in the language that was asked for."""
        return self.language != self.spoken


def languages_of(service: Service) -> list[str]:
    """The languages in which there is enough to print: a name and a summary."""
    return [code for code in LANGUAGES if service.names.get(code) and service.summaries.get(code)]


def read(service: Service, language: str, *, today: date) -> Reading:
    """The service in a language; its channels must be at hand (`for_page`). One statement, for the languages' names."""
    with override(language):
        costs = {
            Service.Charge.FREE: _("The service is free for you."),
            Service.Charge.CHARGEABLE: _("The service costs something. Ask the price before you begin."),
            Service.Charge.OTHER: _("Ask what it costs before you begin."),
        }
        needs = needs_of(service.service_classes)
        return Reading(
            language=language,
            spoken=spoken(service.names, language),
            name=pick(service.names, language),
            organisation=pick(service.organisation.names, language),
            summary=pick(service.summaries, language),
            for_whom=_sentences(pick(service.requirements, language)),
            what=[part for part in pick(service.descriptions, language).split("\n") if part.strip()],
            steps=_sentences(pick(service.how_to_start, language)),
            cost=str(costs[Service.Charge(service.charge)]),
            languages=_spoken_languages(service.languages),
            need=next((str(need.name) for need in NEEDS if need.code in needs), ""),
            places=[_place(channel, language, today) for channel in service.ways_in],  # type: ignore[attr-defined]  # prefetched
        )


def _sentences(text: str) -> list[str]:
    return [part for line in text.split("\n") for part in _SENTENCE.split(line.strip()) if part]


def _spoken_languages(codes: Iterable[str]) -> str:
    codes = list(codes)
    names = {row.code: str(row) for row in Language.objects.filter(code__in=codes)}
    return ", ".join(names.get(code, code) for code in codes)


def _place(channel: Channel, language: str, today: date) -> Place:
    town = _town(channel.post_offices, language)
    street = pick(channel.street_addresses, language)
    return Place(
        kind=channel.kind,
        name=pick(channel.names, language),
        address=", ".join(part for part in (street, f"{channel.postal_code} {town}".strip()) if part),
        phone=channel.phone,
        email=channel.email,
        web_page=pick(channel.web_pages, language),
        week=week_lines(channel.hours),
        exceptions=exception_lines(channel.hours, today),
    )


def _town(names: Mapping[str, str], language: str) -> str:
    """The register writes post offices in capitals."""
    return pick(names, language).capitalize()
