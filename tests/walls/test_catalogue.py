"""The catalogue is walked: a table that holds something of a person, or hangs on one that does, has its wall."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connections, models
from django.test.utils import isolate_apps

from clients.models import Client
from tests.fixtures.walls import as_actor
from tests.house.test_shape import APPS
from tests.walls.world import World
from tyoparkki import checks, embedded, roles, walls
from tyoparkki.retention import Retention

# Personal, but not of clients and not of guidance: the reason why no wall stands there.
NOT_OF_CLIENTS = {
    "team.User": "staff: names and sign-ins, read by middleware before anybody is known",
    "employers.ContactPerson": "employers' people: a register that every member of the network shares",
    "tyoparkki.AuditEvent": "who did what, never to whom by name: the app may add and read, nothing else",
}


def told_of_persons(every: list[Any]) -> set[Any]:
    """Models that declare something personal of clients, and all that hang on one of them by a key."""
    found = {
        model
        for model in every
        if getattr(model, "retention", None) and model.retention.personal and model._meta.label not in NOT_OF_CLIENTS
    }
    while True:
        hanging = {
            model
            for model in every
            for key in model._meta.concrete_fields
            if key.is_relation and key.related_model in found and model._meta.label not in NOT_OF_CLIENTS
        }
        if hanging <= found:
            return found
        found |= hanging


def unwalled(every: list[Any]) -> list[str]:
    """Those of them without a wall that is forced and says what the program's role may see."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE %s = ANY (roles) AND cmd = 'SELECT' AND qual <> 'true'",
            [roles.APP],
        )
        told = {name for (name,) in cursor.fetchall()}
    tables = {model._meta.db_table for model in told_of_persons(every)}
    return sorted(tables - (forced & told))


OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]


@pytest.mark.django_db
def test_every_table_that_tells_of_a_client_has_a_wall() -> None:
    assert unwalled(OURS) == []
    assert len(told_of_persons(OURS)) >= 12


def test_every_exception_is_a_model_that_there_is() -> None:
    assert set(NOT_OF_CLIENTS) <= {model._meta.label for model in OURS}


@pytest.mark.django_db
@isolate_apps("clients")
def test_a_new_table_without_a_wall_is_found() -> None:
    class Diary(models.Model):
        retention = Retention("A trial", ("text",))
        text = models.TextField()

        class Meta:
            app_label = "clients"

    class Leaf(models.Model):
        retention = Retention("A trial")
        client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "clients"

    assert unwalled([*OURS, Diary, Leaf]) == ["clients_diary", "clients_leaf"]


@pytest.mark.django_db
def test_no_policy_lets_the_program_see_or_change_everything() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT tablename, policyname FROM pg_policies WHERE %s = ANY (roles) AND 'true' IN (qual, with_check)",
            [roles.APP],
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT tablename FROM pg_policies WHERE 'public' = ANY (roles)")
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_nothing_is_deleted_where_rows_only_end() -> None:
    removable = {"visits_visittopic", "visits_visitnote", "visits_visitturn", "visits_draft"}
    # A joint assessment opened by mistake and a part that nobody has written: the wall lets go what holds no word.
    removable |= {"clients_jointassessment", "clients_jointsection"}
    with connections["default"].cursor() as cursor:
        for table in walls.walled():
            cursor.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [roles.APP, table])
            assert cursor.fetchone() == (table in removable,), table
            cursor.execute("SELECT has_table_privilege(%s, %s, 'TRUNCATE')", [roles.APP, table])
            assert cursor.fetchone() == (False,), table


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("clients_consent", {"withdrawn_at", "withdrawn_by_id"}),
        ("clients_responsibility", {"ended_at", "ending", "end_reason"}),
        ("clients_link", {"ended_at", "opened", "opened_at", "finished_at"}),
        # How it stands and whether it led to a referral opens and closes nothing.
        (
            "clients_background",
            {"ended_at", "ended_by_id", "status", "status_at", "status_by_id", "referred_at"},
        ),
        ("clients_identitycode", {"ended_at", "ended_by_id"}),
        ("visits_participation", {"ended_at", "undone_at"}),
        ("visits_guidanceshare", {"ended_at"}),
        ("visits_visitclient", {"ended_at"}),
    ],
)
def test_what_visibility_hangs_on_only_ever_gains_an_end(table: str, columns: set[str]) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
            [table, roles.APP],
        )
        assert {name for (name,) in cursor.fetchall()} == columns


@pytest.mark.django_db
def test_the_functions_of_the_walls_say_where_they_look_and_are_closed_to_strangers() -> None:
    """Those that change anything make the trace's coming months, end old ones, merge two files and part them, and hand
    on what a leaving colleague holds, assign one person to another colleague, end what a service asked whose end was
    undone, and put a secret in a letter; one holds a joint assessment open for whoever writes a part of it."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig, has_function_privilege('public', p.oid, 'EXECUTE'), provolatile"
            " FROM pg_proc p WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        rows = cursor.fetchall()
    assert len(rows) >= 10
    assert {(name, config, strangers, kind) for name, config, strangers, kind in
            [(row[0], tuple(row[1] or ()), row[2], row[3]) for row in rows]
            if config != ("search_path=pg_catalog, public, pg_temp",) or strangers or kind != "s"} == {
                ("clients_merge", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("clients_unmerge", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("clients_assign", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("clients_post", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("clients_unask", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("clients_joint_goes_on", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("clients_part", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("clients_hand_on", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("end_trace", ("search_path=pg_catalog, public, pg_temp",), False, "v"),
                ("make_trace_partition", ("search_path=public, pg_temp",), False, "v")}  # fmt: skip


@pytest.mark.django_db
def test_the_views_of_the_walls_can_only_be_read_and_only_by_the_program() -> None:
    rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
        views = [view for (view,) in cursor.fetchall()]
        for view in views:
            for right in rights:
                cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [roles.APP, view, right])
                assert cursor.fetchone() == (right == "SELECT",), (view, right)
                cursor.execute("SELECT has_table_privilege('public', %s, %s)", [view, right])
                assert cursor.fetchone() == (False,), (view, right)
    assert set(views) == {view for module in walls._modules() for view in module.VIEWS}


@pytest.mark.django_db
def test_a_view_holds_the_keys_of_the_actor_and_nobody_elses(world: World) -> None:
    for name, member in world.there.staff.items():
        with as_actor(member.actor), connections["default"].cursor() as cursor:
            cursor.execute("SELECT DISTINCT client_id FROM clients_key")
            people = {world.there.client.pk, world.there.nameless.pk} if member.may("see_clients") else set()
            assert {key for (key,) in cursor.fetchall()} == people, name
            cursor.execute("SELECT id FROM visits_here")
            assert {key for (key,) in cursor.fetchall()} == {world.there.visit.pk}
    with as_actor(None), connections["default"].cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM clients_key) + (SELECT count(*) FROM visits_here)")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_while_the_tables_change_the_program_sees_nothing_and_nothing_is_in_the_way(world: World) -> None:
    walls.open_ground()
    try:
        with as_actor(world.here.advisor.actor):
            assert not Client.objects.exists()
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM clients_client")
            assert cursor.fetchone() == (4,)
            cursor.execute("ALTER TABLE clients_consent ALTER COLUMN purpose TYPE varchar(13)")
            cursor.execute("ALTER TABLE clients_consent ALTER COLUMN purpose TYPE varchar(12)")
    finally:
        assert walls.stand_up()
    with as_actor(world.here.advisor.actor):
        assert Client.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_walls_that_were_taken_down_are_stood_up_again() -> None:
    name = connections["default"].settings_dict["NAME"]
    with embedded.superuser(name=name) as connection:
        connection.execute("ALTER TABLE clients_client NO FORCE ROW LEVEL SECURITY")
    assert walls.bare() == ["clients_client"]
    assert walls.stand_up()
    assert walls.bare() == []
    assert not walls.stand_up()


@pytest.mark.django_db
def test_the_check_of_an_installation_looks_at_the_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.walls_stand(None, databases=["default"]) == []
    monkeypatch.setattr(walls, "digest", lambda: "another")
    assert [error.id for error in checks.walls_stand(None, databases=["default"])] == ["tyoparkki.E005"]


@pytest.mark.django_db
def test_the_role_that_counts_reads_no_words() -> None:
    words = {"name", "alias", "value", "reason", "notes", "works", "wish", "next_step", "helpers", "what", "partner",
             "benefit", "text",
             "called_name", "words"}  # fmt: skip
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            " WHERE c.relname = ANY (%s) AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT')",
            [walls.walled(), roles.STATS],
        )
        read = cursor.fetchall()
    assert read
    assert [pair for pair in read if pair[1] in words] == []
