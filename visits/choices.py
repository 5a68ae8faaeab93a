"""What the desk's forms offer to choose from: topics, languages, and whom a visitor may ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F

from team.access import Member
from team.models import Party, Profession, ServiceDay, Shift, Topic
from team.permissions import ROLES, Perm
from tyoparkki.models import Language

QUICK_LANGUAGES = (("fi", "suomi"), ("sv", "svenska"), ("en", "English"))

Asks = dict[str, list[tuple[str, str]]]


def of_arrival(member: Member, shifts: Iterable[Shift]) -> dict[str, Any]:
    """What the panel of arrivals offers, in three statements beside the shifts that the desk has read."""
    topics = list(Topic.objects.at(member.point_id))
    return {
        "topics": [topic for topic in topics if Party.CLIENT in topic.parties],
        "employer_topics": [topic for topic in topics if Party.EMPLOYER in topic.parties],
        "quick_languages": QUICK_LANGUAGES,
        "other_languages": other_languages(),
        "asks": _asks(shifts),
    }


def other_languages() -> list[tuple[str, str]]:
    """The languages behind "other language", each by its name here and by its own."""
    rows = Language.objects.exclude(code__in=dict(QUICK_LANGUAGES)).order_by(
        F("desk_order").asc(nulls_last=True), "code"
    )
    return [(row.code, f"{row} · {row.native}" if row.native and row.native != str(row) else str(row)) for row in rows]


def asks_on(day: ServiceDay) -> Asks:
    """Whom a visitor of a day may ask for: the advisors on shift, and the professions."""
    return _asks(Shift.objects.on_day(day).with_people())


def _asks(shifts: Iterable[Shift]) -> Asks:
    people = sorted((shift.membership.user.name, f"m:{shift.membership_id}") for shift in _guides(shifts))
    professions = Profession.objects.filter(is_active=True).order_by("position", "pk")
    return {
        "colleagues": [(value, name) for name, value in people],
        "professions": [(f"p:{profession.pk}", str(profession)) for profession in professions],
    }


def _guides(shifts: Iterable[Shift]) -> Iterator[Shift]:
    return (shift for shift in shifts if Perm.GUIDE in ROLES[shift.membership.role])
