"""What the database refuses even when an action would not: rows added across a wall."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from feedback.models import Response
from tests.factories.team import at
from tests.fixtures.walls import as_actor
from tests.walls.attempts import ADDED
from tests.walls.world import World
from tyoparkki.actor import Actor

pytestmark = pytest.mark.usefixtures("in_world")


def refused(row: Any, who: Actor | None) -> bool:
    """Whether a wall refuses the row to the actor."""
    try:
        with as_actor(who):
            row.save(force_insert=True)
    except DatabaseError as refusal:
        return "row-level security" in str(refusal) or "permission denied" in str(refusal)
    return False


def let_in(world: World, *actors: Actor | None) -> list[str]:
    """Attempts that a wall let pass, by their own hand or by those of others."""
    passed = []
    for what, make in ADDED.items():
        with transaction.atomic():
            who, row = make(world.here, world.there)
            hands = actors or (who.actor,)
            passed += [f"{what}, by {hand.kind if hand else 'nobody'}" for hand in hands if not refused(row, hand)]
            transaction.set_rollback(True)
    return passed


def test_a_row_is_not_added_across_a_wall(world: World) -> None:
    assert let_in(world) == []


def test_a_row_is_not_added_by_nobody(world: World) -> None:
    assert let_in(world, None, Actor("public"), Actor("link")) == []


def test_a_tablet_answers_for_its_own_point_only(world: World) -> None:
    tablet = world.here.tablet.device
    row = Response(
        questionnaire=world.there.tablet.questionnaire, point=world.there.house.point, on=at(12).date(), hour=12,
        language="fi", body_hash="",
    )  # fmt: skip
    actor = Actor("device", point_id=tablet.point_id, device_id=tablet.pk)
    with pytest.raises(DatabaseError, match="row-level security"), as_actor(actor):
        row.save(force_insert=True)
