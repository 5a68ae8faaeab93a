"""A consent that is withdrawn ends for the very next statement of everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction
from django.urls import reverse

from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions.consent import Given
from clients.models import Client, Consent
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.team import at
from tests.walls.world import World
from tyoparkki import embedded, roles
from tyoparkki.actor import Actor
from visits.actions import encounters, guidance, undo

pytestmark = [pytest.mark.usefixtures("in_world"), pytest.mark.django_db(transaction=True)]


@contextmanager
def elsewhere(actor: Actor) -> Iterator[psycopg.Connection]:
    """Another connection in the program's own role, in the middle of an actor's transaction."""
    url = embedded.database_url(roles.APP, name=connections["default"].settings_dict["NAME"])
    settings = {
        "kind": actor.kind,
        "membership": actor.membership_id,
        "organisation": actor.organisation_id,
        "point": actor.point_id,
        "may": " ".join(sorted(actor.may)),
        "today": at(12).date().isoformat(),
    }
    with psycopg.connect(url) as connection, connection.transaction():
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, true)", [f"tp.{name}", str(value or "")])
        yield connection


def count(connection: psycopg.Connection, table: str, key: Any, column: str = "id") -> int:
    row = connection.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s".encode(), [key]).fetchone()
    return int(row[0]) if row else 0


def test_the_next_statement_of_another_connection_sees_nothing(world: World) -> None:
    client = world.here.client
    with elsewhere(world.knowing.actor) as partner, elsewhere(world.here.partner.actor) as colleague:
        assert count(partner, "clients_client", client.pk) == 1
        assert count(colleague, "clients_client", client.pk) == 1
        consents.withdraw_consent(world.telling_consent, by=world.here.advisor, at=at(12))
        assert count(partner, "clients_client", client.pk) == 0
        assert count(partner, "clients_contactpoint", client.pk, "client_id") == 0
        assert count(partner, "clients_consent", client.pk, "client_id") == 0
        assert count(colleague, "clients_client", client.pk) == 1
        recorded = Consent.objects.get(client=client, purpose="record")
        consents.withdraw_consent(recorded, by=world.here.advisor, at=at(12))
        assert count(colleague, "clients_client", client.pk) == 0
        assert count(colleague, "clients_contactpoint", client.pk, "client_id") == 0


def test_background_closes_with_its_consent_for_the_team_and_for_whoever_was_told(world: World) -> None:
    client, advisor = world.here.client, world.here.advisor
    agreed = Consent.objects.get(client=client, purpose="background")
    with elsewhere(world.here.companion.actor) as colleague, elsewhere(world.knowing.actor) as partner:
        for reader in (colleague, partner):
            assert count(reader, "clients_background", client.pk, "client_id") == 3
        consents.withdraw_consent(agreed, by=links.LinkHolder(world.here.receipt), at=at(12))
        for reader in (colleague, partner):
            assert count(reader, "clients_client", client.pk) == 1
            assert count(reader, "clients_background", client.pk, "client_id") == 0
    assert agreed.recorded_by_id == advisor.membership_id


def test_background_closes_with_the_consent_to_tell_of_it_and_with_the_file(world: World) -> None:
    client = world.here.client
    with elsewhere(world.here.companion.actor) as colleague, elsewhere(world.knowing.actor) as partner:
        consents.withdraw_consent(world.telling_consent, by=world.here.advisor, at=at(12))
        assert count(partner, "clients_background", client.pk, "client_id") == 0
        assert count(colleague, "clients_background", client.pk, "client_id") == 3
        recorded = Consent.objects.get(client=client, purpose="record")
        ended = consents.withdraw_consent(recorded, by=world.here.advisor, at=at(12))
        assert "background" in {one.purpose for one in ended}
        assert count(colleague, "clients_background", client.pk, "client_id") == 0
        assert count(colleague, "clients_identitycode", client.pk, "client_id") == 0


def test_a_joint_assessment_closes_with_the_consent_to_tell_of_it_and_with_the_file(world: World) -> None:
    client, tables = world.here.client, ("clients_jointassessment", "clients_jointsection")
    organisation = world.knowing.membership.organisation
    consents.withdraw_consent(world.telling_consent, by=world.here.advisor, at=at(11))
    told = consents.give_consent(
        client, by=world.here.advisor, at=at(11), purpose=Purpose.SHARE, given=Given(), organisation=organisation,
        contents=["assessments"],
    )  # fmt: skip

    def seen(connection: psycopg.Connection) -> list[int]:
        rows = [connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in tables]
        return [int(row[0]) for row in rows if row]

    with elsewhere(world.here.companion.actor) as colleague, elsewhere(world.knowing.actor) as partner:
        assert seen(partner) == seen(colleague) == [1, 2]
        consents.withdraw_consent(told, by=world.here.advisor, at=at(12))
        assert (seen(partner), seen(colleague)) == ([0, 0], [1, 2])
        consents.withdraw_consent(
            Consent.objects.get(client=client, purpose="record"), by=world.here.advisor, at=at(12)
        )
        assert seen(colleague) == [0, 0]


def test_the_undo_opens_the_file_again_and_only_for_the_same_hand(world: World) -> None:
    client, advisor = world.here.client, world.here.advisor
    recorded = Consent.objects.get(client=client, purpose="record")
    consents.withdraw_consent(recorded, by=advisor, at=at(12))
    with pytest.raises(consents.TooLateToUndo):
        consents.give_again(recorded, by=world.here.desk, at=at(12))
    with elsewhere(world.here.desk.actor) as desk, elsewhere(world.knowing.actor) as partner:
        assert count(desk, "clients_client", client.pk) == 0
        again = consents.give_again(recorded, by=advisor, at=at(12))
        assert {one.purpose for one in again} == {"record", "contact", "background", "share"}
        assert count(desk, "clients_client", client.pk) == 1
        assert count(partner, "clients_client", client.pk) == 1


def test_a_record_that_is_no_longer_shared_is_closed_at_once(world: World) -> None:
    encounter = world.here.encounter
    with elsewhere(world.knowing.actor) as partner:
        assert count(partner, "visits_guidance", encounter.pk, "encounter_id") == 1
        assert count(partner, "visits_visit", world.here.visit.pk) == 1
        opened = encounter.shares.get()
        guidance.stop_sharing(opened, by=world.here.advisor, at=at(12))
        for table, key, column in (
            ("visits_guidance", encounter.pk, "encounter_id"),
            ("visits_agreedstep", encounter.pk, "encounter_id"),
            ("visits_visit", world.here.visit.pk, "id"),
            ("visits_participation", encounter.pk, "encounter_id"),
        ):
            assert count(partner, table, key, column) == 0, table


def test_a_coming_that_was_taken_back_closes_the_record_at_once(world: World) -> None:
    encounter, owner, guest = world.here.encounter, world.here.advisor, world.here.partner
    with elsewhere(guest.actor) as colleague:
        assert count(colleague, "visits_guidance", encounter.pk, "encounter_id") == 0
        asked = encounters.invite(
            encounter.visit, guest.membership, mode="together", client_agreed=True, by=owner, at=at(12)
        )
        encounters.come_along(asked, by=guest, at=at(12, 1))
        assert count(colleague, "visits_guidance", encounter.pk, "encounter_id") == 1
        event = undo.latest(encounter.visit)
        assert event is not None
        undo.undo(event, by=guest, at=at(12, 2))
        for table in ("visits_guidance", "visits_agreedstep"):
            assert count(colleague, table, encounter.pk, "encounter_id") == 0, table


def test_a_consent_runs_out_with_the_products_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Consent.objects.filter(client=world.here.client).update(expires_on=at(12).date())
    from tests.fixtures.walls import as_actor

    with as_actor(world.here.advisor.actor):
        assert Client.objects.filter(pk=world.here.client.pk).exists()
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-19T00:00:01+02:00")
    with as_actor(world.here.advisor.actor):
        assert not Client.objects.filter(pk=world.here.client.pk).exists()


def test_the_partners_next_page_search_and_inbox_show_nothing(world: World, client_for: Any) -> None:
    person, browser = world.here.client, client_for(world.knowing)
    pages = [
        reverse("clients:client", args=[person.pk]),
        (reverse("clients:search"), {"q": "Kanarianimi"}),
        (reverse("clients:options"), {"q": "000111222"}),
        reverse("clients:referrals"),
    ]

    def look(page: Any) -> Any:
        return browser.get(page) if isinstance(page, str) else browser.post(*page)

    shown = [person.name in look(page).content.decode() for page in pages]
    assert shown[:3] == [True, True, True]
    consents.withdraw_consent(world.telling_consent, by=world.here.advisor, at=at(12))
    answers = [look(page) for page in pages]
    assert answers[0].status_code == 404
    assert not any(person.name in answer.content.decode() for answer in answers)


def test_a_look_and_a_withdrawal_at_once_wait_for_nobody(world: World) -> None:
    """A reader in the middle of a page neither stops a withdrawal nor sees a half of it."""
    member: Member = world.here.advisor
    with elsewhere(world.here.partner.actor) as reader:
        assert count(reader, "clients_client", world.here.client.pk) == 1
        with transaction.atomic():
            recorded = Consent.objects.get(client=world.here.client, purpose="record")
            consents.withdraw_consent(recorded, by=member, at=at(12))
            assert count(reader, "clients_client", world.here.client.pk) == 1  # not committed yet
        assert count(reader, "clients_client", world.here.client.pk) == 0


def test_the_team_of_another_point_sees_nothing_with_its_next_statement(world: World) -> None:
    """Told to the team of the other point: who works there today sees the person until the very withdrawal."""
    client, told = world.here.nameless, world.there
    telling = consents.give_consent(
        client, by=world.here.desk, at=at(12), purpose="share", given=consents.Given(), team=told.house.point,
        contents=["contact", "situation"],
    )  # fmt: skip
    tables = (("clients_client", "id"), ("clients_contactpoint", "client_id"), ("clients_consent", "client_id"))
    with elsewhere(told.advisor.actor) as working, elsewhere(told.manager.actor) as leading:
        assert [count(working, table, client.pk, column) for table, column in tables] == [1, 1, 1]
        assert [count(leading, table, client.pk, column) for table, column in tables] == [0, 0, 0]
        consents.withdraw_consent(telling, by=world.here.desk, at=at(12))
        assert [count(working, table, client.pk, column) for table, column in tables] == [0, 0, 0]


def test_the_person_closes_the_file_from_the_own_page(world: World) -> None:
    client, holder = world.here.client, links.LinkHolder(world.here.receipt)
    with elsewhere(world.knowing.actor) as partner, elsewhere(world.here.desk.actor) as desk:
        assert count(partner, "clients_client", client.pk) == 1
        consents.withdraw_consent(world.telling_consent, by=holder, at=at(12))
        assert count(partner, "clients_client", client.pk) == 0
        assert count(desk, "clients_client", client.pk) == 1
        consents.withdraw_consent(Consent.objects.get(client=client, purpose="record"), by=holder, at=at(12))
        assert count(desk, "clients_client", client.pk) == 0
    again = Client.objects.get(pk=client.pk)
    with pytest.raises(consents.AlreadyWithdrawn):
        consents.withdraw_consent(Consent.objects.get(client=again, purpose="record"), by=holder, at=at(12))


def test_a_months_consent_runs_out_with_its_last_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fixtures.walls import as_actor

    recorded = Consent.objects.get(client=world.here.client, purpose="record")
    Consent.objects.filter(pk=recorded.pk).update(is_short=True, expires_on=at(12).date())
    with as_actor(world.here.advisor.actor):
        assert Client.objects.filter(pk=world.here.client.pk).exists()
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-19T00:00:01+02:00")
    with as_actor(world.here.advisor.actor):
        assert not Client.objects.filter(pk=world.here.client.pk).exists()
        assert not Client.objects.visible_to(world.here.advisor).filter(pk=world.here.client.pk).exists()
