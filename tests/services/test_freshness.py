"""How old knowledge is marked and placed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.search import find
from tests.factories.services import ServiceFactory
from tests.factories.team import WEDNESDAY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "mark"),
    [(0, "fresh"), (180, "fresh"), (181, "stale"), (240, "stale"), (241, "demoted"), (None, "demoted")],
)
def test_knowledge_grows_old(days: int | None, mark: str) -> None:
    service = ServiceFactory(verified_on=None if days is None else WEDNESDAY - timedelta(days=days))
    assert service.freshness(WEDNESDAY) == mark


@pytest.mark.django_db
def test_old_knowledge_comes_after_new_knowledge_that_fits_as_well() -> None:
    names = {"fi": "Valmennus"}
    old = ServiceFactory(names=names, verified_on=WEDNESDAY - timedelta(days=300), indexed=True)
    new = ServiceFactory(names=names, verified_on=WEDNESDAY - timedelta(days=3), indexed=True)
    assert [row.pk for row in find("valmennus", today=WEDNESDAY)] == [new.pk, old.pk]
    assert [row.pk for row in find("", today=WEDNESDAY)] == [new.pk, old.pk]


@pytest.mark.django_db
def test_a_retired_service_is_not_found() -> None:
    ServiceFactory(names={"fi": "Valmennus"}, retired=True, indexed=True)
    assert find("valmennus", today=WEDNESDAY) == []
    assert find("", today=WEDNESDAY) == []
