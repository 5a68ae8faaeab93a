"""How guidance ended, over the same whole quarters as the promises: counts by kind, few people hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from clients.models import Responsibility
from reports.promises import quarters
from reports.statistics import hidden_of
from tyoparkki.clock import local_date


@dataclass(frozen=True, slots=True)
class Ended:
    """One way in which guidance ended: in words, and how often; None where few would be seen."""

    how: str
    label: str
    n: int | None


def endings(counts: Mapping[str, int]) -> list[Ended]:
    """Every way in its order, with the small numbers hidden and whatever would give them away."""
    kinds = list(Responsibility.Ending)
    cells = [counts.get(kind, 0) for kind in kinds]
    hidden = hidden_of(cells)
    return [
        Ended(kind, str(kind.label), None if place in hidden else n)
        for place, (kind, n) in enumerate(zip(kinds, cells, strict=True))
    ]


def of_reader(*, at: datetime) -> list[Ended]:
    """Those of the reader's own service point: a function of the wall tells numbers, and nobody's key."""
    first, last = quarters(local_date(at))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clients_endings(%s, %s)", [first, last])
        return endings(dict(cursor.fetchall()))
