"""How guidance ended: counts by kind, few people hidden."""

from __future__ import annotations

import pytest

from clients.models import Responsibility
from reports import endings

KINDS = list(Responsibility.Ending)


def test_every_way_has_its_number_in_its_order() -> None:
    counts = {str(kind): 10 + place for place, kind in enumerate(KINDS)}
    assert [(one.how, one.n) for one in endings.endings(counts)] == [(kind, counts[kind]) for kind in KINDS]


@pytest.mark.parametrize("few", [1, 4])
def test_few_people_are_hidden_with_what_would_give_them_away(few: int) -> None:
    counts = {str(kind): 20 for kind in KINDS} | {"basic": few}
    told = {one.how: one.n for one in endings.endings(counts)}
    assert told["basic"] is None
    assert sum(n is None for n in told.values()) == 2
