"""Which rows are an actor's own, told by `visible_to` in Python and by plain relations: no wall is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

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
from clients.models.client import told_to
from feedback.models import Response
from team.access import Member
from team.models import Membership
from team.permissions import ROLES, Perm
from tests.factories.team import WEDNESDAY, at
from tyoparkki.actor import Actor
from tyoparkki.models import AccessEvent
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

MODELS: tuple[Any, ...] = (
    Client, ContactPoint, Consent, Plan, Goal, PlanStep, PlanVersion, StatutoryPlan, HandoverSession,
    Referral, ReferralEvent, Responsibility, ResponsibilityOffer, SelfAssessment, AreaScore, AssessmentAsk,
    Outcome, FollowUp, Link, ContactNote, PlanReview, Reminder, Companion, MergeRecord, NotSame, Recusal, Background,
    IdentityCode, JointAssessment, JointSection,
    Response, AccessEvent,
    Visit, VisitTopic, VisitEvent, VisitNote, VisitClient, VisitTurn, Encounter, Participation, Invitation,
    Guidance, GuidanceShare, AgreedStep, EncounterReferral, Draft,
)  # fmt: skip


def own(model: Any, actor: Actor | None) -> QuerySet[Any]:
    """The rows of a table that the actor may see; to be asked as somebody whom no wall stops."""
    if actor is None:
        return model.objects.none()
    if actor.kind == "member":
        return _BY_MEMBER[model](Member(Membership.objects.get(pk=actor.membership_id)))
    if actor.kind == "device":
        return _by_device(model, actor)
    if actor.kind == "link":
        return _by_link(model, actor)
    if actor.kind == "system":
        return model.objects.all() if model in _DESK else model.objects.none()
    return _by_anybody(model)


def _by_link(model: Any, actor: Actor) -> QuerySet[Any]:
    """The link itself and what it opens."""
    opened = Link.objects.filter(pk=actor.link_id)
    person = opened.filter(kind=Link.Kind.RECEIPT).values("client")
    plans = Plan.objects.filter(client__in=person)
    told = Referral.objects.filter(client__in=person).exclude(status=Referral.Status.DRAFT).values("pk")
    here = {
        Client: Q(pk__in=person),
        Consent: Q(client__in=person),
        Plan: Q(client__in=person),
        Goal: Q(plan__in=plans),
        PlanStep: Q(plan__in=plans),
        PlanVersion: Q(plan__in=plans),
        StatutoryPlan: Q(plan__in=plans),
        PlanReview: Q(plan__in=plans),
        Reminder: Q(plan__in=plans, audience="responsible"),
        Responsibility: Q(client__in=person),
        AccessEvent: Q(person_kind="client", person_id__in=person),
        FollowUp: Q(client__in=person),
        Link: Q(pk__in=opened),
        SelfAssessment: Q(link__in=opened),
        AreaScore: Q(assessment__link__in=opened),
        AssessmentAsk: Q(pk__in=opened.values("ask")),
        Referral: Q(pk__in=opened.values("referral")) | Q(pk__in=told),
        ReferralEvent: Q(referral__in=opened.values("referral")) | Q(referral__in=told),
    }
    return model.objects.filter(here[model]) if model in here else model.objects.none()


# What the night's work needs of the desk and of referrals: no person and no record.
_DESK = {
    Referral, ReferralEvent,
    Visit, VisitTopic, VisitEvent, VisitNote, VisitTurn, Encounter, Participation, Invitation,
}  # fmt: skip


def _by_device(model: Any, actor: Actor) -> QuerySet[Any]:
    here = {
        Visit: Q(point_id=actor.point_id),
        VisitEvent: Q(point_id=actor.point_id),
        VisitTopic: Q(visit__point_id=actor.point_id),
        VisitTurn: Q(visit__point_id=actor.point_id),
        Encounter: Q(visit__point_id=actor.point_id),
        Participation: Q(membership__point_id=actor.point_id),
        Invitation: Q(invited__point_id=actor.point_id),
        Response: Q(point_id=actor.point_id),
    }
    return model.objects.filter(here[model]) if model in here else model.objects.none()


def _by_anybody(model: Any) -> QuerySet[Any]:
    """What the board and the public page are made of: today's queue without a name."""
    today = {
        Visit: Q(day__on=WEDNESDAY),
        VisitTopic: Q(visit__day__on=WEDNESDAY),
        VisitTurn: Q(created_at__date=WEDNESDAY),
        Encounter: Q(visit__day__on=WEDNESDAY),
        Participation: Q(ended_at__isnull=True),
    }
    return model.objects.filter(today[model]) if model in today else model.objects.none()


def _people(member: Member) -> QuerySet[Client]:
    return Client.objects.visible_to(member)


def _team(member: Member) -> QuerySet[Client]:
    return _people(member).known_to_team_of(member.point_id)


def _kept(member: Member) -> QuerySet[Client]:
    """The people whose file the member's organisation keeps for the team, for one who guides."""
    if not member.may(Perm.GUIDE):
        return Client.objects.none()
    return _team(member).filter(controller_id=member.organisation_id)


def _telling(member: Member, content: str) -> QuerySet[Any]:
    """The people who tell the member's organisation, or the team of the point, of a kind of content."""
    shares = Consent.objects.in_force(WEDNESDAY).filter(purpose="share", contents__contains=[content])
    return shares.filter(told_to(member)).values("client")


def _told_by_themselves(member: Member, content: str) -> QuerySet[Any]:
    told = Q(client__in=_telling(member, content)) if member.may(Perm.GUIDE) else Q(pk__in=[])
    return SelfAssessment.objects.filter(Q(client__in=_kept(member).values("pk")) | told)


def _outcomes(member: Member) -> QuerySet[Any]:
    if not member.may(Perm.GUIDE):
        return Outcome.objects.none()
    return Outcome.objects.filter(
        Q(client__in=_kept(member).values("pk")) | Q(client__in=_telling(member, "situation"))
    )


def _reminder(member: Member) -> QuerySet[Any]:
    """Those of the member's audience; of a need only where the need itself is seen."""
    needs = _background(member).values("pk")
    return Reminder.objects.of_audience(member).filter(~Q(kind="need_waits") | Q(subject_id__in=needs))


def _background(member: Member) -> QuerySet[Any]:
    """Of people who agree that the team of the row's point records it: for those of that team, and where it is told."""
    if not member.may(Perm.GUIDE):
        return Background.objects.none()
    agreed = Consent.objects.in_force(WEDNESDAY).filter(
        purpose="background", client=OuterRef("client"), recipient_point=OuterRef("point")
    )
    ours = Q(client__in=_kept(member).values("pk"), point_id=member.point_id)
    return Background.objects.filter(ours | Q(client__in=_telling(member, "background")), Exists(agreed))


def _identity_codes(member: Member) -> QuerySet[Any]:
    if not member.may(Perm.EDIT_CLIENTS):
        return IdentityCode.objects.none()
    return IdentityCode.objects.filter(client__in=_team(member).filter(controller_id=member.organisation_id))


def _assessed_together(member: Member) -> QuerySet[Any]:
    """Of people whose file is kept here, and where assessments are told: for those who guide."""
    if not member.may(Perm.GUIDE):
        return JointAssessment.objects.none()
    told = Q(client__in=_telling(member, "assessments"))
    return JointAssessment.objects.filter(Q(client__in=_kept(member).values("pk")) | told)


def _contacts(member: Member) -> QuerySet[Any]:
    telling = Consent.objects.in_force(WEDNESDAY).filter(
        purpose="share", recipient_organisation_id=member.organisation_id, contents__contains=["contact"]
    )
    told = Q(client__in=telling.values("client")) & Q(client__in=_people(member))
    return ContactPoint.objects.filter(Q(client__in=_team(member)) | told)


def _consents(member: Member) -> QuerySet[Any]:
    if not member.may(Perm.SEE_CLIENTS):
        return Consent.objects.none()
    return Consent.objects.visible_to(member) | Consent.objects.withdrawn_by_member(member, since=at(0))


def _readable(member: Member) -> QuerySet[Any]:
    if not member.may(Perm.GUIDE):
        return Encounter.objects.none()
    return Encounter.objects.filter(pk__in=Guidance.objects.visible_to(member).values("pk"))


def _referrals(member: Member) -> QuerySet[Any]:
    if not member.may(Perm.GUIDE):
        return Referral.objects.none()
    links = EncounterReferral.objects.filter(encounter__in=_readable(member))
    return Referral.objects.filter(
        Q(pk__in=Referral.objects.visible_to(member).values("pk")) | Q(pk__in=links.values("referral"))
    ).filter(_not_near(member))


def _not_near(member: Member) -> Q:
    """Nobody near to the member, unless the member alone could act: told here without the functions of the walls."""
    ours, user = member.organisation_id, member.membership.user_id
    near = Recusal.objects.standing().filter(user_id=user).values("client")
    guides = Membership.objects.valid_on(WEDNESDAY).in_roles(role for role in ROLES if Perm.GUIDE in ROLES[role])
    others = (
        guides.filter(organisation_id=ours)
        .exclude(user_id=user)
        .exclude(Exists(Recusal.objects.standing().filter(user=OuterRef("user"), client=OuterRef(OuterRef("client")))))
    )
    sent = Q(sender_id=member.membership_id) & ~Q(
        Exists(ReferralEvent.objects.filter(
            referral=OuterRef("pk"), undone_at=None, at__date__lt=WEDNESDAY,
            status__in=["ended", "withdrawn", "client_withdrew"],
        ))
    )  # fmt: skip
    came = Q(organisation_id=ours) & ~Q(status="draft") & ~Q(Exists(others))
    return Q(client=None) | ~Q(client__in=near) | sent | came


def _visits(member: Member) -> QuerySet[Any]:
    if member.may(Perm.MANAGE_USERS):
        return Visit.objects.all()
    opened = GuidanceShare.objects.filter(organisation_id=member.organisation_id, ended_at__isnull=True)
    return Visit.objects.filter(
        Q(pk__in=Visit.objects.visible_to(member).values("pk")) | Q(pk__in=opened.values("encounter__visit"))
    )


def _links(member: Member) -> QuerySet[Any]:
    if not member.may(Perm.SEE_CLIENTS):
        return VisitClient.objects.none()
    return VisitClient.objects.filter(Q(visit__point_id=member.point_id) | Q(client__in=_people(member)))


def _parts(member: Member) -> QuerySet[Any]:
    if member.may(Perm.MANAGE_USERS):
        return Participation.objects.all()
    opened = GuidanceShare.objects.filter(organisation_id=member.organisation_id, ended_at__isnull=True)
    return Participation.objects.filter(
        Q(membership__point_id=member.point_id) | Q(encounter__in=opened.values("encounter"))
    )


def _invitations(member: Member) -> QuerySet[Any]:
    if member.may(Perm.MANAGE_USERS):
        return Invitation.objects.all()
    return Invitation.objects.filter(invited__point_id=member.point_id)


_BY_MEMBER: dict[Any, Callable[[Member], QuerySet[Any]]] = {
    Client: _people,
    ContactPoint: _contacts,
    Consent: _consents,
    Plan: Plan.objects.visible_to,
    MergeRecord: MergeRecord.objects.visible_to,
    NotSame: NotSame.objects.visible_to,
    Recusal: Recusal.objects.visible_to,
    Goal: lambda member: Goal.objects.filter(plan__in=Plan.objects.visible_to(member)),
    PlanStep: lambda member: PlanStep.objects.filter(plan__in=Plan.objects.visible_to(member)),
    PlanVersion: lambda member: PlanVersion.objects.filter(plan__in=Plan.objects.visible_to(member)),
    StatutoryPlan: StatutoryPlan.objects.visible_to,
    PlanReview: lambda member: PlanReview.objects.filter(plan__in=Plan.objects.visible_to(member)),
    ContactNote: lambda member: ContactNote.objects.filter(client__in=_team(member).values("pk")),
    Reminder: _reminder,
    Companion: Companion.objects.visible_to,
    Referral: _referrals,
    HandoverSession: HandoverSession.objects.opened_by_member,
    Responsibility: lambda member: Responsibility.objects.filter(client__in=_team(member).values("pk")),
    ResponsibilityOffer: lambda member: ResponsibilityOffer.objects.filter(client__in=_team(member).values("pk")),
    SelfAssessment: lambda member: _told_by_themselves(member, "assessments"),
    AreaScore: lambda member: AreaScore.objects.filter(assessment__in=_told_by_themselves(member, "assessments")),
    AssessmentAsk: lambda member: AssessmentAsk.objects.filter(client__in=_kept(member).values("pk")),
    Outcome: _outcomes,
    Background: _background,
    IdentityCode: _identity_codes,
    JointAssessment: _assessed_together,
    JointSection: lambda member: JointSection.objects.filter(assessment__in=_assessed_together(member).values("pk")),
    FollowUp: lambda member: FollowUp.objects.filter(client__in=_team(member).values("pk")),
    ReferralEvent: lambda member: ReferralEvent.objects.filter(referral__in=_referrals(member)),
    Link: Link.objects.visible_to,
    Response: lambda member: Response.objects.filter(point_id=member.point_id),
    AccessEvent: lambda member: AccessEvent.objects.filter(
        person_kind="client", person_id__in=_team(member).values("pk")
    ),
    Visit: _visits,
    VisitTopic: lambda member: VisitTopic.objects.filter(visit__in=_visits(member)),
    VisitEvent: lambda member: (
        VisitEvent.objects.all()
        if member.may(Perm.MANAGE_USERS)
        else VisitEvent.objects.filter(point_id=member.point_id)
    ),
    VisitNote: lambda member: VisitNote.objects.filter(visit__point_id=member.point_id),
    VisitClient: _links,
    VisitTurn: lambda member: VisitTurn.objects.filter(visit__point_id=member.point_id),
    Encounter: lambda member: Encounter.objects.filter(visit__in=_visits(member)),
    Participation: _parts,
    Invitation: _invitations,
    Guidance: lambda member: Guidance.objects.filter(pk__in=_readable(member).values("pk")),
    GuidanceShare: lambda member: GuidanceShare.objects.filter(encounter__in=_readable(member)),
    AgreedStep: lambda member: AgreedStep.objects.filter(encounter__in=_readable(member)),
    Draft: lambda member: Draft.objects.filter(membership_id=member.membership_id),
    EncounterReferral: lambda member: EncounterReferral.objects.filter(encounter__in=_readable(member)),
}
