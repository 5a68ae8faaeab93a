"""What the database refuses even when an action would not: rows added, changed or removed across a wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from clients.actions.client import Person
from clients.models import (
    AreaScore,
    AssessmentAsk,
    Client,
    Companion,
    Consent,
    ContactNote,
    ContactPoint,
    FollowUp,
    Goal,
    HandoverSession,
    InstrumentVersion,
    Link,
    MergeRecord,
    Outcome,
    OutcomeType,
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
)
from clients.models.consent import Purpose
from feedback.models import Response
from team.access import Member
from team.actions import user as users
from team.models import Role
from tests.factories.clients import ConsentTextFactory
from tests.factories.team import MembershipFactory, at
from tests.fixtures.walls import as_actor
from tests.walls.oracle import MODELS, own
from tests.walls.world import Side, World
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


def consent(client_id: Any, by: Member, **other: Any) -> Consent:
    columns = {
        "purpose": Purpose.RECORD,
        "recipient_point_id": by.point_id,
        "text": ConsentTextFactory(),
        "how": "words",
        "given_at": at(12),
        "recorded_by": by.membership,
    }
    return Consent(client_id=client_id, **{**columns, **other})


def person(by: Member, **other: Any) -> Client:
    columns = {
        **Person("Uusi Ihminen").columns,
        "controller_id": by.organisation_id,
        "point_id": by.point_id,
        "created_at": at(12),
        "created_by": by.membership,
    }
    return Client(**{**columns, **other})


def plan(client: Client, by: Member, **other: Any) -> Plan:
    columns = {"point_id": by.point_id, "opened_at": at(12), "opened_by": by.membership}
    return Plan(client=client, **{**columns, **other})


def referral(by: Member, to: Side, **other: Any) -> Referral:
    return Referral(
        **{
            "point_id": by.point_id,
            "carrier_code": "KOE4-KOE4",
            "organisation_id": to.service.organisation_id,
            "sender": by.membership,
            "sender_organisation_id": by.organisation_id,
            "status": "sent",
            "next_actor": "recipient",
            "sent_at": at(12),
            **other,
        }
    )


def link(by: Member, **other: Any) -> Link:
    columns = {"token_hash": "x" * 64, "language": "fi", "created_at": at(12), "expires_at": at(13)}
    return Link(**{"kind": "referral", "created_by": by.membership, **columns, **other})


def responsibility(by: Member, client: Client, **other: Any) -> Responsibility:
    columns = {"membership": by.membership, "point_id": by.point_id, "since_at": at(12), "since_by": by.membership}
    return Responsibility(client=client, **{**columns, **other})


def handing(by: Member, to: Member, client: Client, **other: Any) -> ResponsibilityOffer:
    columns = {"from_membership": by.membership, "to_membership": to.membership, "offered_at": at(12)}
    return ResponsibilityOffer(client=client, **{**columns, **other})


def own_view(by: Member, client: Client, **other: Any) -> SelfAssessment:
    columns = {"point_id": by.point_id, "filled_at": at(12), "how": "desk", "language": "fi", "recorded_at": at(12),
               "recorded_by": by.membership}  # fmt: skip
    version = InstrumentVersion.objects.on_offer().get(instrument__key="tilanne")
    return SelfAssessment(client=client, version=version, **{**columns, **other})


def _of(owner: Side, key: str) -> SelfAssessment:
    row: SelfAssessment = owner.client.assessments.get(version__instrument__key=key)
    return row


def came_of(by: Member, client: Client, **other: Any) -> Outcome:
    columns = {"point_id": by.point_id, "since_on": at(12).date(), "known": "told", "recorded_at": at(12),
               "recorded_by": by.membership, "type": OutcomeType.objects.get(code="tyo")}  # fmt: skip
    return Outcome(client=client, **{**columns, **other})


# Rows that a member of one side tries to hang on what belongs to the other: by whom, and what.
Attempt = Callable[[Side, Side], tuple[Member, Any]]
ADDED: dict[str, Attempt] = {
    "a first consent for somebody who is on another team's file": lambda me, them: (
        me.advisor, consent(them.client.pk, me.advisor)),
    "a consent to share somebody unknown": lambda me, them: (
        me.advisor, consent(them.client.pk, me.advisor, purpose="share", recipient_point_id=None,
                            recipient_organisation_id=me.advisor.organisation_id, contents=["contact"])),
    "a first consent for another point's team": lambda me, them: (
        me.advisor, consent(new_id(), me.advisor, recipient_point_id=them.house.point.pk)),
    "a first consent in somebody else's name": lambda me, them: (
        me.advisor, consent(new_id(), me.advisor, recorded_by=me.desk.membership)),
    "a first consent to share": lambda me, them: (
        me.advisor, consent(new_id(), me.advisor, purpose="share", recipient_point_id=None,
                            recipient_organisation_id=me.advisor.organisation_id)),
    "a consent by a manager": lambda me, them: (me.manager, consent(me.client.pk, me.manager, purpose="contact")),
    "a person without a consent": lambda me, them: (me.advisor, person(me.advisor)),
    "a person in another organisation's name": lambda me, them: (
        me.advisor, person(me.advisor, controller_id=them.advisor.organisation_id)),
    "a telephone number of somebody unknown": lambda me, them: (
        me.advisor, ContactPoint(client=them.client, kind="phone", value="+358 000 000 001", created_at=at(12),
                                 ended_at=at(12))),
    "a plan of somebody unknown": lambda me, them: (me.advisor, plan(them.nameless, me.advisor)),
    "a plan in somebody else's name": lambda me, them: (
        me.advisor, plan(me.nameless, me.advisor, opened_by=me.desk.membership)),
    "a plan at another point": lambda me, them: (
        me.advisor, plan(me.nameless, me.advisor, point_id=them.house.point.pk)),
    "a plan by a manager": lambda me, them: (me.manager, plan(me.nameless, me.manager)),
    "a goal in a foreign plan": lambda me, them: (me.advisor, Goal(plan=them.plan, words="Uusi", position=9)),
    "a step in a foreign plan": lambda me, them: (me.advisor, PlanStep(plan=them.plan, what="Soittaa")),
    "an approval of a foreign plan": lambda me, them: (
        me.advisor, PlanVersion(plan=them.plan, version=9, content={}, approved_at=at(12), how="words",
                                recorded_by=me.advisor.membership)),
    "a look together at a foreign plan": lambda me, them: (
        me.advisor, PlanReview(plan=them.plan, kind="plan", at=at(12), membership=me.advisor.membership)),
    "a contact with a foreign person": lambda me, them: (
        me.advisor, ContactNote(client=them.client, point=me.house.point, membership=me.advisor.membership,
                                mode="phone", at=at(12))),
    "a contact in a colleague's name": lambda me, them: (
        me.advisor, ContactNote(client=me.client, point=me.house.point, membership=me.partner.membership,
                                mode="phone", at=at(12))),
    "a companion beside a foreign person": lambda me, them: (
        me.advisor, Companion(client=them.client, membership=me.advisor.membership, since_at=at(12),
                              since_by=me.advisor.membership)),
    "a bar of a colleague": lambda me, them: (
        me.advisor, Recusal(client=me.client, user=me.partner.user, point=me.house.point, marked_at=at(12),
                            marked_by=me.advisor.membership)),
    "a bar at a foreign file": lambda me, them: (
        me.advisor, Recusal(client=them.client, user=me.advisor.user, point=me.house.point, marked_at=at(12),
                            marked_by=me.advisor.membership)),
    "a reminder by a member": lambda me, them: (
        me.advisor, Reminder(kind="next_contact", client=me.client, subject_id=me.client.pk, point=me.house.point,
                             audience="responsible", due_on=at(12).date(), since_at=at(12), raised_at=at(12))),
    "a merge record by a member": lambda me, them: (
        me.advisor, MergeRecord(kept=me.client, gone_id=new_id(), merged_at=at(12),
                                merged_by=me.advisor.membership)),
    "an approval in somebody else's name": lambda me, them: (
        me.advisor, PlanVersion(plan=me.plan, version=9, content={}, approved_at=at(12), how="words",
                                recorded_by=me.desk.membership)),
    "a referral of somebody unknown": lambda me, them: (
        me.advisor, referral(me.advisor, me, client=them.client)),
    "a referral in somebody else's name": lambda me, them: (
        me.advisor, referral(me.advisor, me, sender=me.companion.membership)),
    "a referral by the front desk": lambda me, them: (me.desk, referral(me.desk, me)),
    "a move of a foreign referral": lambda me, them: (
        me.advisor, ReferralEvent(referral=them.referral, status="declined", at=at(12), by=me.advisor.membership)),
    "a link to a foreign referral": lambda me, them: (me.advisor, link(me.advisor, referral=them.referral)),
    "a link to a colleague's referral": lambda me, them: (me.companion, link(me.companion, referral=me.referral)),
    "a link in somebody else's name": lambda me, them: (
        me.advisor, link(me.advisor, referral=me.referral, created_by=me.companion.membership)),
    "a receipt of somebody unknown": lambda me, them: (
        me.advisor, link(me.advisor, kind="receipt", client=them.nameless)),
    "a responsibility for somebody unknown": lambda me, them: (
        me.advisor, responsibility(me.advisor, them.nameless)),
    "a responsibility in a colleague's name": lambda me, them: (
        me.advisor, responsibility(me.advisor, me.nameless, membership=me.companion.membership)),
    "a responsibility by a manager": lambda me, them: (me.manager, responsibility(me.manager, me.nameless)),
    "an offer of somebody unknown": lambda me, them: (
        me.advisor, handing(me.advisor, me.companion, them.nameless)),
    "an offer of somebody for whom a colleague answers": lambda me, them: (
        me.desk, handing(me.desk, me.companion, me.client)),
    "an offer of somebody for whom nobody answers": lambda me, them: (
        me.advisor, handing(me.advisor, me.companion, me.nameless)),
    "an offer to somebody of another point": lambda me, them: (
        me.advisor, handing(me.advisor, them.advisor, me.client)),
    "an offer that is accepted from the beginning": lambda me, them: (
        me.advisor, handing(me.advisor, me.companion, me.client, accepted_at=at(12))),
    "a self-assessment of somebody unknown": lambda me, them: (
        me.advisor, own_view(me.advisor, them.client)),
    "a self-assessment in a colleague's name": lambda me, them: (
        me.advisor, own_view(me.advisor, me.client, recorded_by=me.desk.membership)),
    "a self-assessment by the front desk": lambda me, them: (me.desk, own_view(me.desk, me.client)),
    "a self-assessment by a partner of the team": lambda me, them: (me.partner, own_view(me.partner, me.client)),
    "a score in a foreign self-assessment": lambda me, them: (
        me.advisor, AreaScore(assessment=_of(them, "tilanne"), area="suunta", value=3)),
    "a question for somebody unknown": lambda me, them: (
        me.advisor, AssessmentAsk(client=them.client, instrument=_of(them, "tilanne").version.instrument,
                                  planned_at=at(12))),
    "an outcome of somebody unknown": lambda me, them: (me.advisor, came_of(me.advisor, them.client)),
    "an outcome in a colleague's name": lambda me, them: (
        me.advisor, came_of(me.advisor, me.client, recorded_by=me.desk.membership)),
    "an outcome by the front desk": lambda me, them: (me.desk, came_of(me.desk, me.client)),
    "a follow-up of somebody unknown": lambda me, them: (
        me.advisor, FollowUp(client=them.client, plan=them.plan, point=me.house.point, months=1,
                             due_on=at(12).date(), planned_at=at(12))),
    "a visit at another point": lambda me, them: (
        me.desk, Visit(point=them.house.point, day=them.house.day, letter="A", number=900, topic=them.house.topic(),
                       arrived_at=at(12), queued_at=at(12))),
    "a topic of a foreign visit": lambda me, them: (
        me.advisor, VisitTopic(visit=them.visit, topic=them.house.topic("muu"), source="discussed")),
    "an event at another point": lambda me, them: (
        me.desk, VisitEvent(visit=them.visit, point=them.house.point, day=them.house.day, kind="left", at=at(12),
                            recorded_at=at(12))),
    "a note for a foreign visit": lambda me, them: (
        me.desk, VisitNote(visit=them.house.arrive(at(12)), text="huomio", written_at=at(12))),
    "somebody unknown joined to one's own visit": lambda me, them: (
        me.advisor, VisitClient(visit=me.house.arrive(at(12)), client=them.client, joined_at=at(12),
                                joined_by=me.advisor.membership)),
    "one's own person joined to a foreign visit": lambda me, them: (
        me.advisor, VisitClient(visit=them.house.arrive(at(12)), client=me.client, joined_at=at(12),
                                joined_by=me.advisor.membership)),
    "a turn for a foreign visit": lambda me, them: (
        me.desk, VisitTurn(visit=them.house.arrive(at(12)), secret_hash="x" * 64, created_at=at(12))),
    "a sitting with a visitor of another point": lambda me, them: (
        me.advisor, Encounter(visit=them.visit, sequence=9, started_at=at(12), ended_at=at(12))),
    "a sitting with a visitor who is called to a colleague": lambda me, them: (
        me.partner, Encounter(visit=me.visit, sequence=9, started_at=at(12), ended_at=at(12))),
    "a part in a colleague's sitting without being asked": lambda me, them: (
        me.partner, Participation(encounter=me.encounter, membership=me.partner.membership,
                                  organisation_id=me.partner.organisation_id, joined_at=at(12))),
    "a part in a sitting for a colleague who was never in it": lambda me, them: (
        me.advisor, Participation(encounter=me.encounter, membership=me.partner.membership,
                                  organisation_id=me.partner.organisation_id, joined_at=at(12))),
    "a part in a sitting at another point": lambda me, them: (
        me.partner, Participation(encounter=them.encounter, membership=me.partner.membership,
                                  organisation_id=me.partner.organisation_id, joined_at=at(12))),
    "an invitation into a foreign sitting": lambda me, them: (
        me.partner, Invitation(visit=them.visit, encounter=them.encounter, invited=me.partner.membership,
                               by=me.partner.membership, mode="together", asked_at=at(12))),
    "an invitation of oneself in a colleague's name": lambda me, them: (
        me.partner, Invitation(visit=me.visit, encounter=me.encounter, invited=me.partner.membership,
                               by=me.advisor.membership, mode="together", asked_at=at(12))),
    "a foreign record opened to one's own organisation": lambda me, them: (
        me.advisor, GuidanceShare(encounter=them.encounter, organisation_id=me.advisor.organisation_id,
                                  shared_at=at(12), shared_by=me.advisor.membership)),
    "a colleague's record opened to one's own organisation": lambda me, them: (
        me.partner, GuidanceShare(encounter=me.encounter, organisation_id=me.partner.organisation_id,
                                  shared_at=at(12), shared_by=me.partner.membership)),
    "a step in a foreign record": lambda me, them: (
        me.advisor, AgreedStep(encounter=them.encounter, what="Soittaa", agreed_at=at(12),
                               agreed_by=me.advisor.membership)),
    "a step in somebody else's name": lambda me, them: (
        me.advisor, AgreedStep(encounter=me.encounter, what="Soittaa", agreed_at=at(12),
                               agreed_by=me.companion.membership)),
    "a foreign referral hung on one's own sitting": lambda me, them: (
        me.advisor, EncounterReferral(encounter=me.encounter, referral=unlinked(them))),
    "a draft in a sitting of another point": lambda me, them: (
        me.advisor, Draft(encounter=them.encounter, membership=me.advisor.membership, kind="step", key=new_id(),
                          typed={}, saved_at=at(12))),
    "a draft in a colleague's name": lambda me, them: (
        me.advisor, Draft(encounter=me.encounter, membership=me.companion.membership, kind="step", key=new_id(),
                          typed={}, saved_at=at(12))),
    "an answer of a visitor by a member": lambda me, them: (
        me.advisor, Response(questionnaire=me.tablet.questionnaire, point=me.house.point, on=at(12).date(), hour=12,
                             language="fi", body_hash="")),
}  # fmt: skip


def unlinked(owner: Side) -> Referral:
    """A referral of the other side that no sitting holds yet."""
    row = referral(owner.advisor, owner)
    row.save(force_insert=True)
    return row


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


# A column of each table that the program may change at all, and something else in it.
CHANGED: dict[Any, dict[str, Any]] = {
    Client: {"name": "Muutettu"},
    ContactPoint: {"ended_at": at(12)},
    Consent: {"withdrawn_at": at(12)},
    Plan: {"intensity": "sparse"},
    Goal: {"ended_at": at(12)},
    PlanStep: {"ended_at": at(12)},
    HandoverSession: {"ended_at": at(12), "outcome": "agreed"},
    Link: {"ended_at": at(12)},
    Referral: {"next_on": at(12).date()},
    ReferralEvent: {"undone_at": at(12)},
    Responsibility: {"ended_at": at(12)},
    Companion: {"ended_at": at(12)},
    ContactNote: {"undone_at": at(12)},
    PlanReview: {"undone_at": at(12)},
    Recusal: {"ended_at": at(12)},
    Reminder: {"settled_at": at(12), "how": "over"},
    SelfAssessment: {"undone_at": at(12)},
    AreaScore: {"value": 1},
    AssessmentAsk: {"ended_at": at(12)},
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
    AgreedStep: {"what": "muutettu"},
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
