"""What the register adds to search and go (Ctrl K)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from employers.models import Employer
from team.access import Member
from team.palette import Choice, source
from team.permissions import Perm

LEAST, MOST = 3, 4


@source
def employers(member: Member, words: str) -> Iterable[Choice]:
    """Employers for three letters or more."""
    if not member.may(Perm.SEE_EMPLOYERS) or len(words) < LEAST:
        return []
    rows = Employer.objects.visible_to(member).found_by(words).select_related("municipality").order_by("name_key", "pk")
    return [
        Choice(
            row.name,
            reverse("employers:employer", args=[row.pk]),
            "building",
            str(row.municipality) if row.municipality else "",
        )
        for row in rows[:MOST]
    ]
