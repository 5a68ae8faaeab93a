"""What came of it is recorded, and asked after on its days while the person agrees to be contacted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Consent, FollowUp, Outcome, OutcomeType, Plan
from clients.models.consent import Purpose
from clients.months import months_after
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from clients.actions.link import LinkHolder
    from team.access import Member

Answer, End = FollowUp.Answer, FollowUp.End


class NotOnFile(Refused):
    """The person withdrew the consent to be recorded in this very moment."""

    message = _("The person has not agreed to be recorded here.")


class NotYet(Refused):
    """An outcome is recorded when it is there."""

    message = _("The day is in the future. Record the outcome when it has begun.")
    status = 422


class EndsBeforeItBegan(Refused):
    """What ends has begun before."""

    message = _("It cannot have ended before it began, or in the future.")
    status = 422


class AlreadyOver(Refused):
    """The outcome was ended or taken back a moment ago."""

    message = _("This outcome has already ended.")


class TooLateToUndo(Refused):
    """What was recorded is taken back on the same day."""

    message = _("This can no longer be undone. Record the newer situation beside it.")


class FollowUpOver(Refused):
    """A colleague answered it, or the person no longer agrees to be contacted."""

    message = _("This follow-up has already been answered or has ended.")


@transaction.atomic
def record_outcome(
    client: Client,
    kind: OutcomeType,
    *,
    since_on: date,
    known: str,
    by: Member,
    at: datetime,
    answers: FollowUp | None = None,
) -> Outcome:
    """Something came of it, since a day; it is asked after on its days when the person agrees to be contacted.

    When a follow-up brought it up, that one is answered by it. All others that wait end with it, whatever they ask
    after: a person is asked in one rhythm, after what is newest. What began before something that is followed already
    is recorded and not asked after.
    """
    person = _locked(client.pk)
    if since_on > clock.local_date(at):
        raise NotYet
    row = Outcome.objects.create(
        client=person,
        type=kind,
        point_id=by.point_id,
        since_on=since_on,
        known=known,
        recorded_at=at,
        recorded_by=by.membership,
    )
    audit.record("outcome.recorded", row, by=by.actor, at=at, fields=["type", "since_on", "known"])
    if answers is not None:
        asked = _open(answers)
        _answered(asked, Answer.CHANGED, by=by, at=at, new_outcome=row)
    waiting = FollowUp.objects.waiting().of_client(person.pk)
    if answers is None and waiting.filter(outcome__since_on__gt=since_on).exists():
        return row
    _end(list(waiting), End.REPLACED, by=by, at=at)
    plan_follow_ups(person, outcome=row, since_on=since_on, by=by, at=at)
    return row


@transaction.atomic
def end_outcome(outcome: Outcome, *, ended_on: date, by: Member, at: datetime) -> Outcome:
    """The job or the studies have ended; nobody asks after them any more."""
    row = _outcome(outcome)
    if row.ended_on is not None:
        raise AlreadyOver
    if not row.since_on <= ended_on <= clock.local_date(at):
        raise EndsBeforeItBegan
    row.ended_on = ended_on
    row.save(update_fields=["ended_on"])
    audit.record("outcome.ended", row, by=by.actor, at=at, fields=["ended_on"])
    _end(list(row.follow_ups.waiting()), End.REPLACED, by=by, at=at)
    return row


@transaction.atomic
def undo_outcome(outcome: Outcome, *, by: Member, at: datetime) -> Outcome:
    """Taken back on the same day by the same hand, with the questions that it planned."""
    row = _outcome(outcome)
    if row.recorded_by_id != by.membership_id or clock.local_date(row.recorded_at) != clock.local_date(at):
        raise TooLateToUndo
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    audit.record("outcome.undone", row, by=by.actor, at=at, fields=["undone_at"])
    _end(list(row.follow_ups.waiting()), End.UNDONE, by=by, at=at)
    for asked in FollowUp.objects.filter(new_outcome=row):
        _reopened(asked, by=by, at=at)
    _wait_again(row, by=by, at=at)
    return row


def _wait_again(undone: Outcome, *, by: Member, at: datetime) -> None:
    """What the outcome took the place of is asked on its days as before, unless it has ended by itself meanwhile."""
    replaced = FollowUp.objects.of_client(undone.client_id).filter(
        end_reason=End.REPLACED, ended_at=undone.recorded_at, outcome__ended_on__isnull=True,
        outcome__undone_at__isnull=True,
    ).exclude(plan__isnull=False, plan__closed_at__isnull=True)  # fmt: skip
    again = list(replaced.select_for_update(of=("self",)))
    FollowUp.objects.filter(pk__in=[row.pk for row in again]).update(ended_at=None, end_reason="")
    for row in again:
        audit.record("follow_up.waits_again", row, by=by.actor, at=at, fields=["ended_at"])


@transaction.atomic
def plan_follow_ups(
    client: Client,
    *,
    since_on: date,
    by: Member,
    at: datetime,
    outcome: Outcome | None = None,
    plan: Plan | None = None,
) -> list[FollowUp]:
    """Questions on their days after an outcome, or after a plan was closed: only while the person agrees to be
    contacted, and none for days that are past already.
    """
    today = clock.local_date(at)
    consents = Consent.objects.of_client(client.pk).in_force(today)
    agreed = consents.filter(purpose=Purpose.CONTACT, recipient_point_id=by.point_id).first()
    if agreed is None:
        return []
    days = [(months, months_after(since_on, months)) for months in FollowUp.MONTHS]
    made = [
        FollowUp(
            client=client,
            outcome=outcome,
            plan=plan,
            point_id=by.point_id,
            months=months,
            due_on=due_on,
            planned_at=at,
        )
        for months, due_on in days
        if due_on > today and agreed.holds_on(due_on)
    ]
    for row in FollowUp.objects.bulk_create(made):
        audit.record("follow_up.planned", row, by=by.actor, at=at, fields=["due_on"])
    return made


@transaction.atomic
def ask_after_plan(plan: Plan, *, by: Member, at: datetime) -> list[FollowUp]:
    """A plan was closed: the person is asked how it goes, unless they are to be asked after an outcome anyway."""
    person = _locked(plan.client_id)
    if FollowUp.objects.waiting().of_client(person.pk).exists():
        return []
    return plan_follow_ups(person, plan=plan, since_on=clock.local_date(at), by=by, at=at)


@transaction.atomic
def end_after_plan(plan: Plan, *, by: Member, at: datetime) -> None:
    """The plan goes on after all: nobody asks after its end."""
    _end(list(FollowUp.objects.waiting().filter(plan=plan)), End.UNDONE, by=by, at=at)


@transaction.atomic
def answer_follow_up(follow_up: FollowUp, answer: str, *, by: Member, at: datetime) -> FollowUp:
    """The situation is the same, or nobody knows; what has changed is recorded as a new outcome."""
    _locked(follow_up.client_id)
    return _answered(_open(follow_up), answer, by=by, at=at)


@transaction.atomic
def reopen_follow_up(follow_up: FollowUp, *, by: Member, at: datetime) -> FollowUp:
    """Undo of an answer: by the same hand on the same day, while no new outcome hangs on it."""
    _locked(follow_up.client_id)
    row = FollowUp.objects.get(pk=follow_up.pk)
    ours = row.answered_by_id == by.membership_id and row.new_outcome_id is None
    if row.answered_at is None or not ours or clock.local_date(row.answered_at) != clock.local_date(at):
        raise TooLateToUndo
    return _reopened(row, by=by, at=at)


def end_without_consent(consents: Collection[Consent], *, by: Member | LinkHolder, at: datetime) -> None:
    """Those that a person no longer agrees to: with the consent to be contacted the open follow-ups end at once.

    To be called while the file is still open to whoever withdraws.
    """
    for consent in consents:
        if consent.purpose == Purpose.CONTACT:
            open_ones = FollowUp.objects.waiting().of_client(consent.client_id)
            _end(list(open_ones.filter(point_id=consent.recipient_point_id)), End.NO_CONSENT, by=by, at=at)


def wait_with_consent(consents: Collection[Consent], *, by: Member, at: datetime) -> None:
    """A withdrawal was undone: what ended with the consent to be contacted is asked on its days as before."""
    for consent in consents:
        if consent.purpose == Purpose.CONTACT:
            ended = FollowUp.objects.of_client(consent.client_id).filter(end_reason=End.NO_CONSENT)
            rows = ended.filter(point_id=consent.recipient_point_id, ended_at=consent.withdrawn_at)
            again = list(rows.select_for_update(of=("self",)))
            FollowUp.objects.filter(pk__in=[row.pk for row in again]).update(ended_at=None, end_reason="")
            for row in again:
                audit.record("follow_up.waits_again", row, by=by.actor, at=at, fields=["ended_at"])


def _locked(client_id: UUID) -> Client:
    """The person, of whom one thing changes at a time."""
    person = Client.objects.select_for_update(of=("self",)).filter(pk=client_id).first()
    if person is None:
        raise NotOnFile
    return person


def _outcome(outcome: Outcome) -> Outcome:
    _locked(outcome.client_id)
    row = Outcome.objects.valid().filter(pk=outcome.pk).first()
    if row is None:
        raise AlreadyOver
    return row


def _open(follow_up: FollowUp) -> FollowUp:
    row = FollowUp.objects.waiting().filter(pk=follow_up.pk).first()
    if row is None:
        raise FollowUpOver
    return row


def _answered(row: FollowUp, answer: str, *, by: Member, at: datetime, new_outcome: Outcome | None = None) -> FollowUp:
    row.answer, row.answered_at, row.answered_by, row.new_outcome = answer, at, by.membership, new_outcome
    fields = ["answer", "answered_at", "answered_by", "new_outcome"]
    row.save(update_fields=fields)
    audit.record("follow_up.answered", row, by=by.actor, at=at, fields=fields, reason=answer)
    return row


def _reopened(row: FollowUp, *, by: Member, at: datetime) -> FollowUp:
    row.answer, row.answered_at, row.answered_by, row.new_outcome = "", None, None, None
    fields = ["answer", "answered_at", "answered_by", "new_outcome"]
    row.save(update_fields=fields)
    audit.record("follow_up.reopened", row, by=by.actor, at=at, fields=fields)
    return row


def _end(rows: Collection[FollowUp], reason: str, *, by: Member | LinkHolder, at: datetime) -> None:
    """End open ones in one statement, each with its trace."""
    if not rows:
        return
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at, end_reason=reason)
    for row in rows:
        audit.record("follow_up.ended", row, by=by.actor, at=at, fields=["ended_at"], reason=reason)
