"""Rows that a member of one side tries to hang on what belongs to the other, or to write in another's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clients.actions.client import Person
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
    IdentityCode,
    InstrumentVersion,
    JointAssessment,
    JointSection,
    Link,
    MergeRecord,
    NotSame,
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
    StatutoryPlan,
)
from clients.models.consent import Purpose
from feedback.models import Response
from team.access import Member
from tests.factories.clients import ConsentTextFactory
from tests.factories.team import at
from tests.walls.world import Side
from tyoparkki.ids import new_id
from visits.models import (
    AgreedStep,
    Draft,
    Encounter,
    EncounterReferral,
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
    row: SelfAssessment = owner.client.assessments.get(version__instrument__key=key, link=None)
    return row


def came_of(by: Member, client: Client, **other: Any) -> Outcome:
    columns = {"point_id": by.point_id, "since_on": at(12).date(), "known": "told", "recorded_at": at(12),
               "recorded_by": by.membership, "type": OutcomeType.objects.get(code="tyo")}  # fmt: skip
    return Outcome(client=client, **{**columns, **other})


def told(by: Member, client: Client, **other: Any) -> Background:
    columns = {"point_id": by.point_id, "kind": "need", "code": "reading", "what_for": "guidance",
               "recorded_at": at(12), "recorded_by": by.membership}  # fmt: skip
    return Background(client=client, **{**columns, **other})


def code_of(by: Member, client: Client, **other: Any) -> IdentityCode:
    columns = {"sealed_code": "x", "code_hash": "x" * 64, "recorded_at": at(12), "recorded_by": by.membership}
    return IdentityCode(client=client, **{**columns, **other})


def joint_of(by: Member, client: Client, **other: Any) -> JointAssessment:
    columns = {"point_id": by.point_id, "opened_at": at(12), "opened_by": by.membership}
    return JointAssessment(client=client, **{**columns, **other})


def part_of(by: Member, owner: Side, who: Member, **other: Any) -> JointSection:
    columns = {"contributor": who.membership, "invited_at": at(12), "invited_by": by.membership}
    return JointSection(assessment=owner.client.joint_assessments.get(), **{**columns, **other})


def statutory(by: Member, owner: Side, **other: Any) -> StatutoryPlan:
    columns = {"kind": "activation", "organisation_id": by.organisation_id, "agreed_on": at(12).date(),
               "recorded_at": at(12), "recorded_by": by.membership}  # fmt: skip
    return StatutoryPlan(plan=owner.plan, **{**columns, **other})


def unlinked(owner: Side) -> Referral:
    """A referral of the other side that no sitting holds yet."""
    row = referral(owner.advisor, owner)
    row.save(force_insert=True)
    return row


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
    "a statutory plan beside a foreign plan": lambda me, them: (
        me.advisor, statutory(me.advisor, them)),
    "a statutory plan in a colleague's name": lambda me, them: (
        me.advisor, statutory(me.advisor, me, recorded_by=me.companion.membership)),
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
    "two people told apart at a foreign file": lambda me, them: (
        me.advisor, NotSame(client=me.client, other_id=them.client.pk, marked_at=at(12),
                            marked_by=me.advisor.membership)),
    "a foreign file told apart": lambda me, them: (
        me.advisor, NotSame(client=them.client, other_id=me.client.pk, marked_at=at(12),
                            marked_by=me.advisor.membership)),
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
    "questions to somebody unknown": lambda me, them: (
        me.advisor, link(me.advisor, kind="assessment", client=them.nameless, version=me.questions.row.version)),
    "questions by the front desk": lambda me, them: (
        me.desk, link(me.desk, kind="assessment", client=me.nameless, version=me.questions.row.version)),
    "questions in a colleague's name": lambda me, them: (
        me.advisor, link(me.advisor, kind="assessment", client=me.nameless, version=me.questions.row.version,
                         created_by=me.companion.membership)),
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
    "background of somebody unknown": lambda me, them: (me.advisor, told(me.advisor, them.client)),
    "background of somebody who has agreed to be recorded only": lambda me, them: (
        me.advisor, told(me.advisor, me.nameless)),
    "background at another point": lambda me, them: (
        me.advisor, told(me.advisor, me.client, point_id=them.house.point.pk)),
    "background in a colleague's name": lambda me, them: (
        me.advisor, told(me.advisor, me.client, recorded_by=me.companion.membership)),
    "background by the front desk": lambda me, them: (me.desk, told(me.desk, me.client)),
    "background by a partner of the team": lambda me, them: (me.partner, told(me.partner, me.client)),
    "an identity code of somebody unknown": lambda me, them: (me.advisor, code_of(me.advisor, them.nameless)),
    "an identity code in a colleague's name": lambda me, them: (
        me.advisor, code_of(me.advisor, me.nameless, recorded_by=me.desk.membership)),
    "an identity code by a partner of the team": lambda me, them: (me.partner, code_of(me.partner, me.nameless)),
    "an identity code by a manager": lambda me, them: (me.manager, code_of(me.manager, me.nameless)),
    "a joint assessment of somebody unknown": lambda me, them: (me.advisor, joint_of(me.advisor, them.nameless)),
    "a joint assessment in a colleague's name": lambda me, them: (
        me.advisor, joint_of(me.advisor, me.nameless, opened_by=me.companion.membership)),
    "a joint assessment at another point": lambda me, them: (
        me.advisor, joint_of(me.advisor, me.nameless, point_id=them.house.point.pk)),
    "a joint assessment that is concluded from the start": lambda me, them: (
        me.advisor, joint_of(me.advisor, me.nameless, conclusion="x", conclusion_at=at(12), conclusion_version=1,
                             conclusion_by=me.advisor.membership, concluded_at=at(12),
                             concluded_by=me.advisor.membership)),
    "a joint assessment by the front desk": lambda me, them: (me.desk, joint_of(me.desk, me.nameless)),
    "a joint assessment by a partner of the team": lambda me, them: (me.partner, joint_of(me.partner, me.nameless)),
    "a part of a foreign joint assessment": lambda me, them: (
        me.advisor, part_of(me.advisor, them, me.advisor)),
    "a part asked for in a colleague's name": lambda me, them: (
        me.advisor, part_of(me.advisor, me, me.desk, invited_by=me.companion.membership)),
    "a part for a partner whom the consent does not cover": lambda me, them: (
        me.advisor, part_of(me.advisor, me, me.partner)),
    "a part for somebody of another house": lambda me, them: (
        me.advisor, part_of(me.advisor, me, them.advisor)),
    "a part that is written already": lambda me, them: (
        me.advisor, part_of(me.advisor, me, me.desk, words="x", written_at=at(12))),
    "a part by a partner of the team": lambda me, them: (me.partner, part_of(me.partner, me, me.companion)),
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
