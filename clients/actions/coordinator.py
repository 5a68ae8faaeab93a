"""A referral to what a need suggests is noted with the need, so that figures can tell how often it comes to that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from clients import coordinator
from clients.actions import background_count
from clients.models import Background, Referral
from clients.models.background import BackgroundQuerySet
from tyoparkki import audit

if TYPE_CHECKING:
    from team.access import Member


def note_sent(referral: Referral, *, by: Member, at: datetime) -> None:
    """The person is referred to what their need suggests, by somebody of the team who may see the need."""
    rows = _needs(referral, by).filter(referred_at__isnull=True)
    _note(list(rows), referral.sent_at, by=by, at=at)


def note_withdrawn(referral: Referral, *, by: Member, at: datetime) -> None:
    """A referral that was taken back was none."""
    rows = _needs(referral, by).filter(referred_at=referral.sent_at)
    _note(list(rows), None, by=by, at=at)


def _needs(referral: Referral, by: Member) -> BackgroundQuerySet:
    codes = coordinator.codes_met(referral.service)
    if not codes or referral.client_id is None:
        return Background.objects.none()
    rows = Background.objects.visible_to(by).standing().of_client(referral.client_id)
    return rows.filter(kind=Background.Kind.NEED, code__in=codes, point_id=by.point_id).select_for_update(of=("self",))


def _note(rows: Sequence[Background], referred_at: datetime | None, *, by: Member, at: datetime) -> None:
    before = background_count.cells(rows)
    for row in rows:
        row.referred_at = referred_at
        row.save(update_fields=["referred_at"])
        audit.record("background.referred", row, by=by.actor, at=at, fields=["referred_at"])
    background_count.moved(before, background_count.cells(rows))
