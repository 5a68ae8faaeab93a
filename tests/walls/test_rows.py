"""Without the program's own filters each actor still sees every row of their own and not one of anybody else's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection

from tests.fixtures.walls import as_actor
from tests.walls.oracle import MODELS, own
from tests.walls.world import World
from tyoparkki import embedded, walls
from tyoparkki.actor import Actor

pytestmark = pytest.mark.usefixtures("in_world")


def keys(rows: Any) -> set[Any]:
    return set(rows.values_list("pk", flat=True))


def faults(actors: dict[str, Actor | None], models: Iterable[Any] = MODELS) -> list[str]:
    """Rows that somebody sees and should not, or should see and does not."""
    found = []
    for name, actor in actors.items():
        for model in models:
            mine = keys(own(model, actor))
            with as_actor(actor):
                seen = keys(model.objects.all())
            if seen != mine:
                found.append(f"{name}: {model.__name__}: {len(seen - mine)} foreign, {len(mine - seen)} missing")
    return found


def test_everybody_sees_all_of_their_own_and_nothing_else(world: World) -> None:
    assert faults(world.actors) == []


@pytest.mark.django_db(transaction=True)
def test_a_hole_in_any_wall_is_noticed(world: World) -> None:
    """One more policy that lets everything through, on each table in turn."""
    one = {"advisor muualla": world.there.advisor.actor}
    with embedded.superuser(name=connection.settings_dict["NAME"]) as owner:
        for model in MODELS:
            table = model._meta.db_table
            owner.execute(f"CREATE POLICY hole ON {table} TO tp_app USING (true)".encode())
            try:
                assert len(faults(one, [model])) == 1, table
            finally:
                owner.execute(f"DROP POLICY hole ON {table}".encode())
            assert faults(one, [model]) == []


def test_the_world_has_something_to_see_and_something_to_hide_behind_each_wall(world: World) -> None:
    actors = world.actors
    for model in MODELS:
        everything = keys(model.objects.all())
        seen = {name: keys(own(model, actor)) for name, actor in actors.items()}
        assert everything, model
        assert any(seen.values()), model
        assert seen["advisor muualla"] != everything, model
        assert not seen["nobody"]


def test_every_walled_table_is_looked_at_here() -> None:
    assert {model._meta.db_table for model in MODELS} == set(walls.walled())


def test_without_an_actor_nobody_sees_a_row(world: World) -> None:
    with as_actor(None):
        assert [model.__name__ for model in MODELS if model.objects.exists()] == []


def test_an_actor_is_gone_with_the_transaction(world: World) -> None:
    with as_actor(world.here.advisor.actor):
        assert world.here.client.contact_points.exists()
    with as_actor(None):
        assert not world.here.client.contact_points.exists()


def test_a_share_of_contact_details_opens_the_person_and_the_contact_and_no_more(world: World) -> None:
    from clients.models import Client, Consent, ContactPoint

    with as_actor(world.knowing.actor):
        assert keys(Client.objects.all()) == {world.here.client.pk}
        assert set(ContactPoint.objects.values_list("client", flat=True)) == {world.here.client.pk}
        assert keys(Consent.objects.all()) == {world.telling_consent.pk}


def test_a_share_without_contact_details_opens_none(world: World) -> None:
    from clients.models import Client, Consent, ContactPoint

    Consent.objects.filter(pk=world.telling_consent.pk).update(contents=["situation"])
    with as_actor(world.knowing.actor):
        assert Client.objects.count() == 1
        assert not ContactPoint.objects.exists()


def test_the_search_tells_nothing_of_a_hidden_person(world: World) -> None:
    asked = {
        "clients_named(ARRAY['kanaria'], ARRAY['kan'], '{}', '{}', '{}', '{}', 20)": {
            world.there.client.pk,
            world.there.nameless.pk,
        }
    }
    asked["clients_of_number('000333', ARRAY['000'], NULL)"] = {world.there.client.pk}
    for name, member in world.there.staff.items():
        with as_actor(member.actor), connection.cursor() as cursor:
            for call, found in asked.items():
                cursor.execute(f"SELECT * FROM {call}")
                answer = {key for (key,) in cursor.fetchall()}
                assert answer == (found if member.may("see_clients") else set()), (name, call)
    with as_actor(None), connection.cursor() as cursor:
        for call in asked:
            cursor.execute(f"SELECT count(*) FROM {call}")
            assert cursor.fetchone() == (0,)
