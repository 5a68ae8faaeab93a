"""Somebody on file, who has told of their background, and who reads it."""

from __future__ import annotations

from typing import Any

import pytest

from clients.actions import background as acts
from clients.actions import consent as consents
from clients.actions.background import Told
from clients.actions.consent import Given
from clients.models import Background, Client, Consent
from clients.models.consent import Purpose
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, PointFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor

NOW = at(12)
WORDS = "Juuri maahan muuttanut"


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """An advisor of the organisation that keeps the file."""
    return house.advisor()


@pytest.fixture
def person(anna: Member) -> Client:
    """Somebody who has agreed to be recorded, and to nothing else."""
    return person_on_file(anna, moment=at(9), name="Kielo Esimerkki")


def agree(person: Client, by: Member, **given: Any) -> Consent:
    return consents.give_consent(person, by=by, at=at(10), purpose=Purpose.BACKGROUND, given=Given(**given))


def tell(person: Client, by: Member, **told: Any) -> list[Background]:
    facts = Told(**{"what_for": "guidance", "words": WORDS, "needs": ["digital"], "obstacles": ["distance"], **told})
    return acts.record_background(person, facts, by=by, at=at(11))


@pytest.fixture
def told(person: Client, anna: Member) -> list[Background]:
    """Somebody who has agreed and told three things."""
    agree(person, anna)
    return tell(person, anna)


@pytest.fixture
def partner(db: None) -> Member:
    """An advisor of another organisation, at another point."""
    return Member(MembershipFactory(point=PointFactory(), partner=True, role=Role.ADVISOR))


def share(person: Client, by: Member, to: Member, contents: list[str]) -> Consent:
    organisation = to.membership.organisation
    given = {"purpose": Purpose.SHARE, "given": Given(), "organisation": organisation, "contents": contents}
    return consents.give_consent(person, by=by, at=at(11), **given)


def seen_by(member: Member) -> tuple[int, int]:
    """How many rows the program's filter shows behind the wall, and how many the wall alone does."""
    with as_actor(member.actor):
        return Background.objects.visible_to(member).count(), Background.objects.count()
