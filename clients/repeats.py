"""Service spirals: the same kind of service offered to a person a third time within a year is said before it is sent.

Source of the rule: the mission's wish to stop looping from service to service (a third time within twelve months).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from clients.models import Referral
from tyoparkki import clock

if TYPE_CHECKING:
    from team.access import Member

WITHIN = timedelta(days=365)
THIRD = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """A service that was offered: which one, of which classes, on which day."""

    service: UUID
    classes: frozenset[str]
    on: date

    def is_like(self, other: Offered) -> bool:
        """The same service, or one that shares a class with it."""
        return self.service == other.service or bool(self.classes & other.classes)


def repeated(now: Offered, earlier: Iterable[Offered]) -> list[Offered]:
    """The earlier ones of the same kind within a year, when this would be the third at the least; otherwise none."""
    like = [one for one in earlier if one.is_like(now) and now.on - WITHIN < one.on <= now.on]
    return like if len(like) >= THIRD - 1 else []


def before(draft: Referral, member: Member, *, on: date) -> Sequence[Referral]:
    """Earlier referrals of the person to the same kind of service, as far as the member may see them, newest first."""
    if draft.client_id is None or draft.service is None:
        return []
    sent = Referral.objects.visible_to(member).sent().of_client(draft.client_id).exclude(pk=draft.pk)
    rows = [
        (Offered(row.service.pk, frozenset(row.service.service_classes), clock.local_date(row.sent_at)), row)
        for row in sent.exclude(status=Referral.Status.WITHDRAWN)
        if row.service is not None
    ]
    now = Offered(draft.service.pk, frozenset(draft.service.service_classes), on)
    like = repeated(now, [one for one, _row in rows])
    return sorted((row for one, row in rows if one in like), key=lambda row: row.sent_at, reverse=True)
