"""What the database refuses even when an action would not: rows changed or removed across a wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from clients.models import (
    AreaScore,
    AssessmentAsk,
    Background,
    Client,
    Companion,
    Consent,
    ContactNote,
    ContactPoint,
    FollowUp,
    Goal,
    HandoverSession,
    IdentityCode,
    JointAssessment,
    JointSection,
    Link,
    MergeRecord,
    NotSame,
    Outcome,
    Plan,
    PlanReview,
    PlanStep,
    PlanVersion,
    Recusal,
    Referral,
    ReferralEvent,
    Reminder,
    Responsibility,
    ResponsibilityOffer,
    SelfAssessment,
    StatutoryPlan,
)
from feedback.models import Response
from team.access import Member
from team.actions import user as users
from team.models import Role
from tests.factories.team import MembershipFactory, at
from tests.fixtures.walls import as_actor
from tests.walls.attempts import consent
from tests.walls.oracle import MODELS, own
from tests.walls.world import World
from tyoparkki.actor import Actor
from tyoparkki.ids import new_id
from visits.actions import closing, encounters
from visits.models import (
    AgreedStep,
    Draft,
    Encounter,
    EncounterReferral,
    Guidance,
    GuidanceShare,
    Invitation,
    Participation,
    Visit,
    VisitClient,
    VisitEvent,
    VisitNote,
    VisitTopic,
    VisitTurn,
)

pytestmark = pytest.mark.usefixtures("in_world")

# A column of each table that the program may change at all, and something else in it.
CHANGED: dict[Any, dict[str, Any]] = {
    Client: {"name": "Muutettu"},
    ContactPoint: {"ended_at": at(12)},
    Consent: {"withdrawn_at": at(12)},
    Plan: {"intensity": "sparse"},
    Goal: {"ended_at": at(12)},
    PlanStep: {"ended_at": at(12)},
    StatutoryPlan: {"ended_at": at(12), "status_at": at(12)},
    HandoverSession: {"ended_at": at(12), "outcome": "agreed"},
    Link: {"ended_at": at(12)},
    Referral: {"next_on": at(12).date()},
    ReferralEvent: {"undone_at": at(12)},
    Responsibility: {"ended_at": at(12)},
    Companion: {"ended_at": at(12)},
    ContactNote: {"undone_at": at(12)},
    PlanReview: {"undone_at": at(12)},
    NotSame: {"ended_at": at(12)},
    Recusal: {"ended_at": at(12)},
    Reminder: {"settled_at": at(12), "how": "over"},
    SelfAssessment: {"undone_at": at(12)},
    AreaScore: {"value": 1},
    AssessmentAsk: {"ended_at": at(12)},
    Background: {"ended_at": at(12)},
    IdentityCode: {"ended_at": at(12)},
    JointAssessment: {"meets_on": at(12).date()},
    JointSection: {"written_at": at(12)},
    Outcome: {"ended_on": at(12).date()},
    FollowUp: {"ended_at": at(12), "end_reason": "undone"},
    ResponsibilityOffer: {"met_at": at(12)},
    Visit: {"calls": 9},
    VisitNote: {"text": "muutettu"},
    VisitClient: {"ended_at": at(12)},
    VisitTurn: {"secret_hash": "y"},
    Encounter: {"ended_at": at(12)},
    Participation: {"ended_at": at(12)},
    Invitation: {"answered_at": at(12)},
    Guidance: {"notes": "muutettu"},
    GuidanceShare: {"ended_at": at(12)},
    AgreedStep: {"removed_at": at(12)},
    Draft: {"typed": {"what": "muutettu"}},
}
FIXED = {PlanVersion, MergeRecord, VisitTopic, VisitEvent, EncounterReferral, Response}


def attempt(change: Callable[[], int]) -> int:
    """How many rows were changed; a refusal changes none."""
    try:
        with transaction.atomic():
            return change() or 0
    except DatabaseError:
        return 0


def test_no_row_of_the_other_side_is_changed_or_removed(world: World) -> None:
    """With the program's filters removed, each member of one side tries to change and remove every row of the other."""
    for member in [*world.here.staff.values()]:
        for model in MODELS:
            foreign = model.objects.exclude(pk__in=own(model, member.actor).values("pk"))
            rows = list(foreign.values_list("pk", flat=True))
            before = list(foreign.order_by("pk").values())
            with as_actor(member.actor):
                theirs = model.objects.filter(pk__in=rows)
                if model in CHANGED:
                    columns = CHANGED[model]
                    assert attempt(lambda rows=theirs, columns=columns: rows.update(**columns)) == 0, model
                assert attempt(lambda rows=theirs: rows._raw_delete(rows.db)) == 0, model
            assert list(foreign.order_by("pk").values()) == before


def test_every_table_is_tried() -> None:
    from tyoparkki.models import AccessEvent

    assert set(CHANGED) | FIXED | {AccessEvent} == set(MODELS)


def test_who_only_reads_a_record_writes_nothing_in_it(world: World) -> None:
    encounter = world.here.encounter
    with as_actor(world.knowing.actor):
        assert Guidance.objects.filter(pk=encounter.pk).exists()
        assert attempt(lambda: Guidance.objects.filter(pk=encounter.pk).update(notes="muutettu")) == 0
        assert attempt(lambda: AgreedStep.objects.filter(encounter=encounter).update(what="muutettu")) == 0
        assert attempt(lambda: GuidanceShare.objects.filter(encounter=encounter).update(ended_at=at(12))) == 0


@pytest.mark.parametrize("whose", ["nobody", "a colleague"])
def test_a_consent_ends_in_ones_own_name_or_because_it_ran_out(whose: str, world: World) -> None:
    hand = world.here.desk.membership if whose == "a colleague" else None
    with pytest.raises(DatabaseError, match="row-level security"), as_actor(world.here.advisor.actor):
        Consent.objects.filter(client=world.here.client, purpose="contact").update(
            withdrawn_at=at(12), withdrawn_by=hand
        )


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Consent, {"expires_on": None}),
        (Consent, {"contents": ["guidance"]}),
        (Consent, {"client_id": new_id()}),
        (Participation, {"encounter_id": new_id()}),
        (GuidanceShare, {"organisation_id": new_id()}),
        (VisitClient, {"client_id": new_id()}),
        (ContactPoint, {"client_id": new_id()}),
        (Responsibility, {"membership_id": new_id()}),
        (ResponsibilityOffer, {"to_membership_id": new_id()}),
    ],
)
def test_a_relation_is_never_turned_to_somebody_else(model: Any, column: dict[str, Any], world: World) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), as_actor(world.here.advisor.actor):
        model.objects.update(**column)


def test_only_the_one_who_answers_and_the_receiver_end_a_responsibility(world: World) -> None:
    """A colleague who may see it changes nothing; the one to whom it was offered may, while the offer waits."""
    here = world.here
    running = Responsibility.objects.filter(client=here.client, ended_at__isnull=True)
    offers = ResponsibilityOffer.objects.filter(client=here.client)
    for who, changed in ((here.desk, 0), (here.partner, 0), (here.companion, 1), (here.advisor, 1)):
        with transaction.atomic():
            with as_actor(who.actor):
                assert running.exists()
                assert attempt(lambda: running.update(ended_at=at(12))) == changed
                assert attempt(lambda: offers.update(met_at=at(12))) == 2 * changed
            transaction.set_rollback(True)
    offers.filter(declined_at__isnull=True).update(withdrawn_at=at(12))
    with as_actor(here.companion.actor):
        assert attempt(lambda: running.update(ended_at=at(12))) == 0


def test_a_person_is_not_moved_out_of_sight(world: World) -> None:
    """A row must stay visible to whoever changes it: its key cannot be turned to a stranger's."""
    with pytest.raises(DatabaseError), as_actor(world.here.advisor.actor):
        Client.objects.filter(pk=world.here.client.pk).update(id=new_id())


def test_the_night_ends_the_desk_but_reads_no_person_and_no_record(world: World) -> None:
    with as_actor(Actor("system")):
        assert closing.end_leftovers(world.here.house.day, at=at(23)) == 1
        assert not VisitNote.objects.filter(visit=world.here.visit).exists()
        for model in (Client, ContactPoint, Consent, Guidance, AgreedStep, VisitClient):
            assert not model.objects.exists(), model
    world.here.visit.refresh_from_db()
    assert world.here.visit.state == Visit.State.ENDED
    assert not Participation.objects.filter(encounter=world.here.encounter, ended_at__isnull=True).exists()


def test_a_colleague_who_leaves_is_freed_of_wishes_at_every_point(world: World) -> None:
    """An administrator of both lets somebody go who is asked for and invited at another point too."""
    user = world.here.partner.user
    also = MembershipFactory(user=world.here.admin.user, point=world.there.house.point, role=Role.ADMIN)
    admin = Member(world.here.admin.membership, others=(also,))
    elsewhere = MembershipFactory(
        user=user, point=world.there.house.point, organisation=world.here.partner.membership.organisation
    )
    asked = world.there.house.arrive(at(12), asks_for=elsewhere)
    encounters.invite(world.there.visit, elsewhere, mode="after", client_agreed=True, by=world.there.advisor, at=at(12))
    done = users.deactivate(user, by=admin, at=at(12))
    assert done["visits"] == 2
    asked.refresh_from_db()
    assert asked.asks_for_id is None
    assert VisitEvent.objects.filter(visit=asked, kind="detailed", by=world.here.admin.membership).exists()
    assert not Invitation.objects.filter(invited=elsewhere, state=Invitation.State.OPEN).exists()


def test_a_name_in_the_role_of_the_owner_is_closed_to_the_program(world: World) -> None:
    with as_actor(world.here.advisor.actor), connection.cursor() as cursor:
        for statement in (
            "ALTER TABLE clients_client DISABLE ROW LEVEL SECURITY",
            "DROP POLICY see ON clients_client",
            "CREATE POLICY mine ON clients_client USING (true)",
            "SET ROLE tp_owner",
            "SET LOCAL row_security = off; SELECT * FROM clients_client",
            "TRUNCATE clients_client CASCADE",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)


def test_an_undo_on_another_day_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was withdrawn yesterday is not given again by the one who withdrew it."""
    mine = Consent.objects.filter(client=world.here.nameless)
    mine.update(withdrawn_at=at(12), withdrawn_by=world.here.desk.membership)
    monkeypatch.setenv("TYOPARKKI_NOW", (at(12) + timedelta(days=1)).isoformat())
    with as_actor(world.here.desk.actor):
        assert not Consent.objects.filter(client=world.here.nameless).exists()
    with pytest.raises(DatabaseError, match="row-level security"), as_actor(world.here.desk.actor):
        consent(world.here.nameless.pk, world.here.desk).save(force_insert=True)
