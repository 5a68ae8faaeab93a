"""A tablet is handed over: staff open a session, the tablet types its six digits, the person answers once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.actions.client import Person, record_person
from clients.models import AssessmentAsk, Client, Consent, HandoverSession, InstrumentVersion, Plan, SelfAssessment
from clients.models.consent import Purpose
from team.access import Member
from tyoparkki import audit, codes
from tyoparkki.actor import Actor, bind
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.models import Device, Organisation

TO_BEGIN = timedelta(minutes=5)
TO_READ = timedelta(minutes=10)
TO_RECORD = timedelta(minutes=30)
MOST_WRONG = 10
Outcome = HandoverSession.Outcome


class SessionOver(Refused):
    """It was answered already, or its time ran out."""

    message = _("This turn has ended. Ask the staff for a new code.")


@dataclass(frozen=True)
class HandingMember(Member):
    """The member who handed the tablet over; the trace tells that the person pressed, on which device."""

    device_id: UUID | None = None

    @cached_property
    def actor(self) -> Actor:
        """The hand-over, not the member's own hand."""
        return Actor(
            "handover",
            user_id=self.membership.user_id,
            membership_id=self.membership_id,
            organisation_id=self.organisation_id,
            point_id=self.point_id,
            device_id=self.device_id,
            may=self.permissions,
        )


@transaction.atomic
def open_session(
    client: Client | None,
    *,
    asks: Sequence[str],
    by: Member,
    at: datetime,
    language: str,
    organisation: Organisation | None = None,
    contents: Sequence[str] = (),
    until: date | None = None,
) -> codes.Offer[HandoverSession]:
    """Staff open a turn at the tablet for one person: six digits, shown once, for five minutes.

    Without a client the person is not on file yet, and is asked first whether they may be recorded.
    """
    if client is not None:
        client = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
        for purpose in asks:
            consents.check_givable(client, by=by, at=at, purpose=purpose, organisation=organisation, contents=contents)
    told = {"asks": list(asks), "organisation": organisation, "contents": list(contents), "consent_until": until}
    return _offer(client, told, by=by, at=at, language=language, reason=asks[0])


@transaction.atomic
def hand_instrument(
    client: Client,
    version: InstrumentVersion,
    *,
    by: Member,
    at: datetime,
    language: str,
    ask: AssessmentAsk | None = None,
) -> codes.Offer[HandoverSession]:
    """Staff open a turn at the tablet in which one person answers one instrument, an area a screen."""
    known = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if known is None:
        raise consents.NotRecorded
    told = {"version": version, "ask": ask}
    return _offer(known, told, by=by, at=at, language=language, reason="assessment")


@transaction.atomic
def hand_plan(plan: Plan, *, by: Member, at: datetime, language: str, version: int) -> codes.Offer[HandoverSession]:
    """Staff open a turn at the tablet in which the person reads the plan as it is now, and approves it or not."""
    held = plans.approvable(plan.pk, version=version)
    return _offer(held.client, {"plan": held, "plan_version": version}, by=by, at=at, language=language, reason="plan")


def _offer(
    client: Client | None, told: dict[str, Any], *, by: Member, at: datetime, language: str, reason: str
) -> codes.Offer[HandoverSession]:
    """Six digits for a turn; an earlier one for the same person that still waits is over."""
    earlier = HandoverSession.objects.opened_by_member(by).filter(client=client, ended_at__isnull=True)
    for row in earlier.select_for_update(of=("self",)).order_by("pk"):
        _end(row, Outcome.REPLACED, by=by.actor, at=at)
    row = HandoverSession(
        point=by.membership.point,
        client=client,
        language=language,
        opened_by=by.membership,
        created_at=at,
        expires_at=at + TO_BEGIN,
        **told,
    )
    offer = codes.offer_digits(row, unique="handover_code_open_once")
    audit.record("handover.opened", row, by=by.actor, at=at, reason=reason)
    return offer


@transaction.atomic
def take(code: str, *, device: Device, at: datetime) -> HandoverSession | None:
    """A tablet has typed six digits: it shows the matter of the one person from now on.

    None when the code is mistyped, used already, too old or of another point; which of these, nobody is told.
    """
    actor = Actor("device", point_id=device.point_id, device_id=device.pk)
    codes.refuse_guessing("handover.code_refused", device, most=MOST_WRONG, at=at)
    kept = codes.digits_hash(code, of=HandoverSession)
    waiting = HandoverSession.objects.waiting_for_code(at).filter(code_hash=kept, point_id=device.point_id)
    row = waiting.select_for_update(of=("self",)).order_by("pk").first()
    if row is None:
        again = HandoverSession.objects.on_device(device.pk, at).filter(code_hash=kept).first()
        if again is not None:  # the same press twice
            return again
        audit.record("handover.code_refused", device, by=actor, at=at)
        return None
    row.device, row.taken_at, row.expires_at = device, at, at + TO_READ
    row.save(update_fields=["device", "taken_at", "expires_at"])
    audit.record("handover.taken", row, by=actor, at=at, fields=["device", "taken_at"])
    return row


@transaction.atomic
def answer(session: HandoverSession, *, purpose: str, agrees: bool, language: str, at: datetime) -> HandoverSession:
    """The person says yes or no to one consent, once; after the last one, each yes is a consent in the words read.

    Who may not be recorded is asked nothing more.
    """
    row = _held(session, at)
    if purpose in row.answers:  # the same press twice
        return row
    if purpose != row.question:
        raise SessionOver
    by = HandingMember(row.opened_by, device_id=row.device_id)
    row.answers[purpose] = language if agrees else ""
    row.save(update_fields=["answers"])
    audit.record("handover.answered", row, by=by.actor, at=at, fields=["answers"], reason=purpose)
    if row.question and (agrees or purpose != Purpose.RECORD):
        return row
    if row.client is not None and row.agreed_to:
        bind(by.actor)  # the tablet's own eyes do not reach the file; the hand that passed it over does
        _give(row, row.client, row.agreed_to, by=by, at=at)
    return _end(row, Outcome.AGREED if row.agreed_to else Outcome.DECLINED, by=by.actor, at=at)


@transaction.atomic
def answer_area(
    session: HandoverSession, *, area: str, value: int | None, language: str, at: datetime
) -> HandoverSession:
    """The person answers one area, or leaves it out; the answer is kept at once, and after the last one the turn ends.

    With each answer there is time again.
    """
    row = _held(session, at)
    if area != row.question:  # the same press twice, or one from a screen that is past
        if area in row.answers:
            return row
        raise SessionOver
    by = HandingMember(row.opened_by, device_id=row.device_id)
    bind(by.actor)  # the tablet's own eyes do not reach the file; the hand that passed it over does
    said = _kept_in(row, language, by=by, at=at)
    assessments.answer_area(said, area=area, value=value)
    row.answers[area] = language if value is not None else ""
    row.expires_at = at + TO_READ
    row.save(update_fields=["answers", "assessment", "expires_at"])
    return row if row.question else _end(row, Outcome.FILLED, by=by.actor, at=at)


def plan_read(session: HandoverSession, *, at: datetime) -> Plan:
    """The plan that a tablet shows, as it was handed over; the look is written down in the person's own name.

    Raises what keeps it from being approved: changed, closed or no longer told of meanwhile.
    """
    if session.plan_id is None or session.client_id is None:
        raise SessionOver
    by = HandingMember(session.opened_by, device_id=session.device_id)
    bind(by.actor)  # the tablet's own eyes do not reach the file; the hand that passed it over does
    plan = plans.approvable(session.plan_id, version=session.plan_version)
    audit.seen("client", session.client_id, by=by.actor, at=at, kind="own_plan")
    return plan


@transaction.atomic
def answer_plan(session: HandoverSession, *, agrees: bool, at: datetime) -> HandoverSession:
    """The person approves the plan that was read, or not now."""
    row = _held(session, at)
    if row.plan_id is None or row.plan_version is None:
        raise SessionOver
    by = HandingMember(row.opened_by, device_id=row.device_id)
    bind(by.actor)
    if agrees:
        plan = plans.approvable(row.plan_id, version=row.plan_version)
        plans.approve_plan(plan, how=Consent.How.TABLET, by=by, at=at, version=row.plan_version)
    return _end(row, Outcome.AGREED if agrees else Outcome.DECLINED, by=by.actor, at=at)


@transaction.atomic
def give_up(session: HandoverSession, *, at: datetime) -> None:
    """What was handed over is no longer as it was: the turn is over, and nothing of it stays on the tablet."""
    row = _held(session, at)
    _end(row, Outcome.REPLACED, by=HandingMember(row.opened_by, device_id=row.device_id).actor, at=at)


@transaction.atomic
def go_back(session: HandoverSession, *, at: datetime) -> HandoverSession:
    """The person looks at the area before once more; what was answered stays until another answer is given."""
    row = _held(session, at)
    if row.area_before:
        row.answers.pop(row.area_before, None)
        row.save(update_fields=["answers"])
    return row


def _kept_in(row: HandoverSession, language: str, *, by: Member, at: datetime) -> SelfAssessment:
    """The self-assessment of the turn; it begins with the first answer.

    Whoever begins to answer has read on the first screen where the answers are kept and who sees them.
    """
    if row.assessment is None:
        if row.client is None or row.version is None:
            raise SessionOver
        row.assessment = assessments.begin(
            row.client,
            row.version,
            how=SelfAssessment.How.TABLET,
            by=by,
            at=at,
            language=language,
            is_agreed=row.version.instrument.is_sensitive,
            ask=row.ask,
        )
    return row.assessment


@transaction.atomic
def stop(session: HandoverSession, *, at: datetime) -> HandoverSession:
    """The person wants to leave it: no consent is recorded; of an instrument, what was answered stays."""
    row = _held(session, at)
    return _end(row, Outcome.STOPPED, by=HandingMember(row.opened_by, device_id=row.device_id).actor, at=at)


@transaction.atomic
def record_agreed(session_id: UUID, person: Person, *, by: Member, at: datetime) -> Client:
    """Who agreed on the tablet to be recorded comes on file, once, by the hand of whoever opened the turn."""
    mine = HandoverSession.objects.opened_by_member(by).select_for_update(of=("self",))
    row = mine.filter(pk=session_id, client__isnull=True, outcome=Outcome.AGREED, ended_at__gt=at - TO_RECORD).first()
    if row is None:
        raise SessionOver
    first, *others = row.agreed_to
    client = record_person(person, by=by, at=at, consent=_given(row, first))
    _give(row, client, others, by=by, at=at)
    row.client = client
    row.save(update_fields=["client"])
    audit.record("handover.recorded", row, by=by.actor, at=at, fields=["client"])
    return client


def _held(session: HandoverSession, at: datetime) -> HandoverSession:
    """The turn, locked, while a tablet shows it."""
    row = (
        HandoverSession.objects.select_for_update(of=("self",))
        .select_related(
            "client",
            "organisation",
            "opened_by__user",
            "opened_by__organisation",
            "opened_by__point",
            "version__instrument",
        )
        .get(pk=session.pk)
    )
    if row.state_at(at) != "taken":
        raise SessionOver
    return row


def _given(row: HandoverSession, purpose: Purpose) -> consents.Given:
    return consents.Given(Consent.How.TABLET, row.answers[purpose], row.consent_until)


def _give(row: HandoverSession, client: Client, purposes: Sequence[Purpose], *, by: Member, at: datetime) -> None:
    for purpose in purposes:
        consents.give_consent(
            client,
            by=by,
            at=at,
            purpose=purpose,
            given=_given(row, purpose),
            organisation=row.organisation,
            contents=row.contents,
        )


def _end(row: HandoverSession, outcome: str, *, by: Actor, at: datetime) -> HandoverSession:
    row.ended_at, row.outcome = at, outcome
    row.save(update_fields=["ended_at", "outcome"])
    audit.record("handover.ended", row, by=by, at=at, fields=["ended_at", "outcome"], reason=outcome)
    return row
