"""What the catalogue adds to search and go (Ctrl K)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from services.search import find
from team.access import Member
from team.palette import Choice, source
from team.permissions import Perm

LEAST, MOST = 3, 3


@source
def services(member: Member, words: str) -> Iterable[Choice]:
    """The best services for three letters or more."""
    if not member.may(Perm.SEE_SERVICES) or len(words) < LEAST:
        return []
    return [
        Choice(row.name, reverse("services:service", args=[row.pk]), "grid", row.organisation.short_name)
        for row in find(words, limit=MOST, exactly=True)
    ]
