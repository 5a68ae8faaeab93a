"""A person who is erased is nowhere any more; visits, referrals and figures stay as they were."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction

from clients.actions import erasure
from clients.models import Client, Consent, Referral
from clients.rights.held import declared, rows_of
from reports import recount
from tests.clients.rights.planting import canaries_of, plant
from tests.factories.clients import ConsentFactory, person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from tests.fixtures.database import copies
from tests.walls.world import World
from tyoparkki import outbox, tombstones
from tyoparkki.models import AuditEvent, Tombstone
from visits.actions import identity
from visits.models import AgreedStep, Encounter, Guidance, Visit, VisitClient, VisitOnceKnown

pytestmark = [
    pytest.mark.usefixtures("in_world"),
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats", "system"]),
]


@pytest.fixture(autouse=True)
def stones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of tombstones of this test alone."""
    path = tmp_path / "erasures.txt"
    monkeypatch.setattr(settings, "ERASURES_FILE", str(path))
    return path


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Two people on file at two points, with a text of their own in every column of words."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    made: World = copies.made()
    return made


def erase(client: Client, *options: str) -> dict[str, Any]:
    told = io.StringIO()
    call_command("erase_person", str(client.pk), "--json", *options, stdout=told)
    answer: dict[str, Any] = json.loads(told.getvalue())
    return answer


def tables() -> Iterator[tuple[str, list[str]]]:
    """Every row of every table of the database as one text: text, JSON, arrays, bytes and all."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            yield name, [row.lower() for (row,) in cursor.fetchall()]


def found(values: set[str]) -> dict[str, set[str]]:
    """Which of the values stand in which table."""
    hits = {name: {v for v in values if any(v.lower() in row for row in rows)} for name, rows in tables()}
    return {name: those for name, those in hits.items() if those}


def figures() -> dict[tuple[Any, ...], int]:
    """Every figure of every day, from the raw rows."""
    with transaction.atomic(using="stats"), connections["stats"].cursor() as cursor:
        cursor.execute(
            f'WITH {recount._HOLDING} SELECT point_id, "on", figure, part, count(*) FROM ({recount._FIGURES}) AS told'
            " GROUP BY 1, 2, 3, 4"
        )
        return {row[:4]: row[4] for row in cursor.fetchall()}


def counts() -> dict[str, int]:
    stay = (Visit, Encounter, Referral, AgreedStep, Guidance)
    return {model.__name__: model._base_manager.using("owner").count() for model in stay}


def test_nothing_that_was_planted_is_found_anywhere(world: World) -> None:
    values = plant(world.here)
    assert len(values) >= 30
    before = found(values)
    assert set().union(*before.values()) >= canaries_of(world.here)
    answer = erase(world.here.client)
    assert answer["was_there"]
    assert found(values) == {}
    assert answer["gone"]["clients.Client"] == 1
    assert answer["emptied"]["visits.Guidance"] == 1
    assert answer["emptied"]["clients.Referral"] == 3


def test_of_the_other_person_everything_stays(world: World) -> None:
    theirs = canaries_of(world.there)
    before = found(theirs)
    erase(world.here.client)
    assert found(theirs) == before
    assert Client.objects.filter(pk__in=[world.there.client.pk, world.here.nameless.pk]).count() == 2


def test_counts_and_figures_are_the_same_before_and_after(world: World) -> None:
    plant(world.here)
    outbox.drain()
    before, rows = figures(), counts()
    erase(world.here.client)
    assert figures() == before
    assert counts() == rows
    with transaction.atomic():
        on = world.here.house.day.on.isoformat()
        outbox.later("reports.day_changed", {"point": str(world.here.house.point.pk), "on": on})
    outbox.drain()
    assert recount.differences() == []
    assert figures() == before
    assert VisitOnceKnown.objects.count() == 1


def test_a_visit_that_belongs_to_somebody_anew_is_counted_once(world: World) -> None:
    plant(world.here)
    erase(world.here.client)
    identity.join_client(world.here.visit, world.here.nameless, by=world.here.advisor, at=at(12))
    outbox.drain()
    known = {key: n for key, n in figures().items() if key[2:] == ("identity", "known")}
    assert set(known.values()) == {1}
    assert recount.differences() == []


def test_twice_is_once(world: World) -> None:
    erase(world.here.client)
    state = dict(tables())
    again = erase(world.here.client)
    assert (again["was_there"], again["gone"], again["emptied"]) == (False, {}, {})
    after = dict(tables())
    assert {name for name in state if state[name] != after[name]} == {"tyoparkki_auditevent"}
    assert AuditEvent.objects.filter(verb="client.erased", object_id=str(world.here.client.pk)).count() == 2
    assert Tombstone.objects.count() == 1


def test_a_dry_run_says_what_would_go_and_changes_nothing(world: World) -> None:
    state = dict(tables())
    tried = erase(world.here.client, "--dry-run")
    after = dict(tables())
    assert {name for name in state if state[name] != after[name]} == {"tyoparkki_auditevent"}
    done = erase(world.here.client)
    assert (tried["gone"], tried["emptied"]) == (done["gone"], done["emptied"])


def test_an_erasure_that_fails_has_done_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*args: object, **kwargs: object) -> None:
        raise IntegrityError

    state = dict(tables())
    with monkeypatch.context() as patch:
        patch.setattr("tyoparkki.audit.record", torn)
        with pytest.raises(IntegrityError):
            erasure.erase(world.here.client.pk, at=at(12), why="asked")
    assert dict(tables()) == state


def test_no_row_of_the_person_is_found_by_what_the_tables_declare(world: World) -> None:
    person = world.here.client.pk
    erase(world.here.client)
    left = {model._meta.label for model, held in declared().items() if rows_of(model, held, person, using="owner")}
    assert left == set()


def test_a_visit_that_was_parted_again_keeps_its_words(world: World) -> None:
    identity.part_client(world.here.visit, by=world.here.advisor, at=at(12))
    notes = Guidance.objects.get(encounter=world.here.encounter).notes
    erase(world.here.client)
    assert Guidance.objects.get(encounter=world.here.encounter).notes == notes != ""
    assert not VisitClient.objects.filter(visit=world.here.visit).exists()


# --- tombstones ------------------------------------------------------------------------------------------------------


def test_the_tombstone_names_nobody_and_stands_outside_too(world: World, stones: Path) -> None:
    erase(world.here.client)
    stone = Tombstone.objects.get()
    assert stones.read_text() == f"{stone.key} {stone.at.isoformat()}\n"
    assert str(world.here.client.pk) not in stones.read_text()
    assert stones.stat().st_mode & 0o777 == 0o600
    assert stone.key in tombstones.keys_of("client", world.here.client.pk)


def test_the_program_itself_neither_reads_nor_writes_tombstones() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT role, has_table_privilege(role, 'tyoparkki_tombstone', 'SELECT, INSERT, UPDATE, DELETE')"
            " FROM unnest(ARRAY['tp_app', 'tp_stats', 'tp_system']) AS role"
        )
        assert dict(cursor.fetchall()) == {"tp_app": False, "tp_stats": False, "tp_system": True}


def test_who_comes_back_with_an_older_backup_is_erased_again(world: World, stones: Path) -> None:
    values = plant(world.here)
    kept = Client.objects.get(pk=world.here.client.pk)
    erase(world.here.client)
    Tombstone.objects.all().delete()  # as in the older backup
    Client.objects.bulk_create([kept])
    assert tombstones.again(at=at(13), using="system") == 1
    assert found(values) == {}
    assert tombstones.again(at=at(13), using="system") == 0
    assert AuditEvent.objects.filter(verb="client.erased", reason="again").count() == 1


def test_a_key_that_was_changed_still_knows_its_tombstones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    erase(world.here.client)
    old = settings.SECRET_KEY
    monkeypatch.setattr(settings, "SECRET_KEY", "uusi-avain")
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [old])
    assert set(tombstones.keys_of("client", world.here.client.pk)) & tombstones.standing(using="owner")


def test_lines_that_are_no_tombstones_are_passed_over(stones: Path) -> None:
    good = f"{'a' * 64} 2026-11-18T12:00:00+02:00"
    stones.write_text(f"\nrubbish\n{good}\n{'b' * 64} yesterday\n{'c' * 63} 2026-11-18T12:00:00+02:00\n")
    assert tombstones.read(stones) == {"a" * 64: "2026-11-18T12:00:00+02:00"}


# --- those who agreed for a month only -------------------------------------------------------------------------------


def prospect(house: House, *, until: int, **told: Any) -> Client:
    client = person_on_file(house.desk, moment=house.now, **told)
    Consent.objects.filter(client=client).update(is_short=True, expires_on=house.day.on + timedelta(days=until))
    return client


def test_whoever_agreed_for_a_month_is_erased_the_night_after_it_ends(
    monkeypatch: pytest.MonkeyPatch, stones: Path
) -> None:
    house = House()
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    short, longer, lasting = prospect(house, until=30), prospect(house, until=60), person_on_file(house.desk)
    identity.join_client(house.arrive(), short, by=house.desk, at=house.now)
    outbox.drain()
    before = figures()
    assert erasure.erase_lapsed(at=house.now + timedelta(days=30)) == 0
    assert erasure.erase_lapsed(at=house.now + timedelta(days=31)) == 1
    assert set(Client.objects.filter(point=house.point).values_list("pk", flat=True)) == {longer.pk, lasting.pk}
    assert erasure.erase_lapsed(at=house.now + timedelta(days=31)) == 0
    assert figures() == before
    assert AuditEvent.objects.filter(verb="client.erased", reason="lapsed").count() == 1


def test_a_month_that_was_taken_back_ends_the_same_night_when_nothing_else_holds() -> None:
    house = House()
    short = prospect(house, until=30)
    Consent.objects.filter(client=short).update(withdrawn_at=house.now)
    assert erasure.erase_lapsed(at=house.now) == 0, "it may be given again on the same day"
    assert erasure.erase_lapsed(at=house.now + timedelta(days=1)) == 1


def test_whoever_agreed_for_good_after_a_month_is_kept_like_everybody_else() -> None:
    house = House()
    lasting = prospect(house, until=30)
    Consent.objects.filter(client=lasting).update(withdrawn_at=house.now)
    ConsentFactory(client=lasting, given_at=house.now, withdrawn_at=house.now + timedelta(days=5))
    assert erasure.erase_lapsed(at=house.now + timedelta(days=40)) == 0


def test_no_model_with_an_end_of_its_own_is_left_out_of_the_nightly_report() -> None:
    known = {model._meta.label for model in apps.get_models() if hasattr(model, "retention")}
    assert {"tyoparkki.Tombstone", "visits.VisitOnceKnown"} <= known
