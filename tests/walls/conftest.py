"""The world on both sides of the walls, on the test Wednesday."""

from __future__ import annotations

import pytest

from tests.factories.team import at
from tests.fixtures.database import copies
from tests.walls.world import World, build


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def world(db: None, wednesday: None) -> World:
    """Two points in the middle of their day: found there where the module stands in their database, else built."""
    if copies.is_entered:
        made: World = copies.made()
        return made
    return build()
