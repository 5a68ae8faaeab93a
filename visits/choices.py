"""What the desk's forms offer to choose from: topics, languages, and whom a visitor may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from team.access import Member
from team.models import Membership, Party, Profession, ServiceDay, Shift, Topic
from team.permissions import ROLES, Perm
from tyoparkki.models import Language
from tyoparkki.names import name_key
from tyoparkki.texts import pick
from visits.actions.calling import GUIDES

QUICK_LANGUAGES = (("fi", "suomi"), ("sv", "svenska"), ("en", "English"))

Choices = list[tuple[str, str]]
Asks = dict[str, Choices]


def of_arrival(member: Member, shifts: Iterable[Shift]) -> dict[str, Any]:
    """What the panel of arrivals offers, in two statements beside the shifts that the desk has read."""
    topics = list(Topic.objects.at(member.point_id))
    languages, professions = _languages_and_professions()
    return {
        "topics": [topic for topic in topics if Party.CLIENT in topic.parties],
        "employer_topics": [topic for topic in topics if Party.EMPLOYER in topic.parties],
        "quick_languages": QUICK_LANGUAGES,
        "other_languages": languages,
        "asks": {"colleagues": _colleagues(shifts), "professions": professions},
    }


def other_languages() -> Choices:
    """The languages behind "other language", each by its name here and by its own."""
    return _languages_and_professions()[0]


def asks_on(day: ServiceDay) -> Asks:
    """Whom a visitor of a day may ask for: the advisors on shift, and the professions."""
    shifts = Shift.objects.on_day(day).with_people()
    return {"colleagues": _colleagues(shifts), "professions": _languages_and_professions()[1]}


def guides(point_id: UUID, on: date) -> QuerySet[Membership]:
    """Colleagues to whom a visitor of a point can go on a day: whose role guides, and holds on that day."""
    return Membership.objects.valid_on(on).at_point(point_id).filter(role__in=GUIDES)


def guides_on_shift(day: ServiceDay, at: datetime) -> QuerySet[Membership]:
    """Those of them who are on shift that day and have not gone home."""
    shifts = Shift.objects.on_day(day).filter(ends_at__gt=at)
    return guides(day.point_id, day.on).filter(pk__in=shifts.values("membership"))


def _languages_and_professions() -> tuple[Choices, Choices]:
    """Two lists of words in one statement, each in its own order; those without a place come last, by name."""
    languages = Language.objects.exclude(code__in=dict(QUICK_LANGUAGES)).values_list(
        Value("language"), F("desk_order"), "code", "names", "native"
    )
    professions = Profession.objects.filter(is_active=True).values_list(
        Value("profession"), "position", Cast("pk", TextField()), "names", Value("")
    )
    both = languages.union(professions, all=True)
    rows = sorted(both, key=lambda row: (row[1] is None, row[1], name_key(pick(row[3]))))
    return (
        [(code, _both(pick(names), native)) for kind, _place, code, names, native in rows if kind == "language"],
        [(f"p:{pk}", pick(names)) for kind, _place, pk, names, _native in rows if kind == "profession"],
    )


def _both(name: str, native: str) -> str:
    return f"{name} · {native}" if native and native != name else name


def _colleagues(shifts: Iterable[Shift]) -> Choices:
    guides = [shift for shift in shifts if Perm.GUIDE in ROLES[shift.membership.role]]
    return [
        (value, name) for name, value in sorted((one.membership.user.name, f"m:{one.membership_id}") for one in guides)
    ]
