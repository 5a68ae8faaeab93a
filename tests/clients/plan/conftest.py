"""Somebody on file with a plan, on the test Wednesday."""

from __future__ import annotations

import pytest

from clients.models import Client, Plan
from team.access import Member
from tests.factories.clients import person_on_file, plan_of
from tests.factories.team import MembershipFactory, at


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def advisor() -> Member:
    """An advisor of the team."""
    return Member(MembershipFactory())


@pytest.fixture
def person(advisor: Member) -> Client:
    """Somebody on the team's file."""
    return person_on_file(advisor)


@pytest.fixture
def plan(person: Client, advisor: Member) -> Plan:
    """A plan with a goal and a step, not approved yet."""
    return plan_of(person, advisor)
