"""Needs and obstacles are counted by month, code and how they stand, so that the figures need nobody's row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from clients.models import Background, BackgroundCount

# Point, month, kind, code, status, whether the person was referred to what the need suggests.
Cell = tuple[UUID, date, str, str, str, bool]
COLUMNS = ("point_id", "month", "kind", "code", "status", "is_referred")


def cells(rows: Iterable[Background]) -> list[Cell]:
    """Where these rows count as they stand; the person's own words count nowhere."""
    return [
        (row.point_id, row.month, row.kind, row.code, row.status, row.referred_at is not None)
        for row in rows
        if row.is_coded
    ]


def moved(before: Iterable[Cell], after: Iterable[Cell]) -> None:
    """Some cells have one fewer and some one more, in one order for all, so that nobody waits in a ring.

    None falls under nobody: what was told before anything was counted enters with its first move.
    """
    change = Counter(after)
    change.subtract(before)
    places = [dict(zip(COLUMNS, cell, strict=True)) for cell in sorted(change, key=str) if change[cell]]
    steps = [change[cell] for cell in sorted(change, key=str) if change[cell]]
    BackgroundCount.objects.bulk_create([BackgroundCount(**place) for place in places], ignore_conflicts=True)
    for place, step in zip(places, steps, strict=True):
        BackgroundCount.objects.filter(**place).update(n=Greatest(F("n") + step, 0))
