"""An advisor, a person whose file the advisor's organisation keeps, and the instruments that the product ships."""

from __future__ import annotations

import pytest

from clients.actions import instrument as instruments
from clients.models import Client, InstrumentVersion
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at

NOW = at(12)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def shipped(db: None) -> dict[str, InstrumentVersion]:
    """The newest version of each instrument, by key."""
    instruments.load_shipped(at=at(9))
    return {row.instrument.key: row for row in InstrumentVersion.objects.newest()}


@pytest.fixture
def anna(db: None) -> Member:
    """An advisor of the point."""
    return Member(MembershipFactory(user__name="Anna Koe"))


@pytest.fixture
def person(anna: Member) -> Client:
    """Somebody whose file Anna's organisation keeps."""
    return person_on_file(anna, moment=at(10), name="Kielo Esimerkki")
