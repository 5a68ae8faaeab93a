"""Reminders come by the clock and are settled by acts: each is raised exactly once, however often the clock strikes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients import cases
from clients.actions.consent import NotRecorded
from clients.clocks import Due, Terms, due
from clients.models import Client, ContactNote, Plan, PlanReview, PointTerms, Reminder
from clients.models.reminder import ReminderQuerySet
from team.models import ServicePoint
from tyoparkki import audit, clock
from tyoparkki.errors import Refused
from tyoparkki.ids import new_id

if TYPE_CHECKING:
    from team.access import Member

Name = tuple[str, UUID, date]
How = Reminder.How
Kind = Reminder.Kind

BATCH = 500
# What the clocks of people raise, and end when they no longer say so.
OF_PEOPLE = (
    Kind.PLAN_REVIEW,
    Kind.NEED_REVIEW,
    Kind.FIRST_CONTACT,
    Kind.SITE_PROMISE,
    Kind.NEXT_CONTACT,
    Kind.LOST,
    Kind.LONG_LOST,
    Kind.MEASURE_ENDS,
    Kind.MEASURE_CONTACT,
    Kind.STATUTORY_REVIEW,
    Kind.NEED_WAITS,
)
# Of these the newest alarm alone waits.
ONE_AT_A_TIME = (Kind.MEASURE_ENDS, Kind.MEASURE_CONTACT)
Noted = TypeVar("Noted", ContactNote, PlanReview)

# What a contact with the person settles.
BY_CONTACT = (
    Kind.FIRST_CONTACT,
    Kind.SITE_PROMISE,
    Kind.NEXT_CONTACT,
    Kind.LOST,
    Kind.MEASURE_CONTACT,
    Kind.NEED_WAITS,
)
# Promises keep the day that was promised.
PROMISED = (Kind.FIRST_CONTACT, Kind.SITE_PROMISE)


class TakenBack(Refused):
    """It was taken back a moment ago."""

    message = _("This has already been taken back.")


class NotTheirs(Refused):
    """What one noted, one takes back oneself."""

    message = _("Only the colleague who noted this can take it back.")


def keep_clocks(*, at: datetime, using: str = "system") -> int:
    """Raise all that is due in the whole house, and end what is due no longer; how many were raised."""
    today, terms = clock.local_date(at), cases.terms_of_points(using=using)
    people, raised, names = cases.people(on=today, using=using), 0, set()
    with transaction.atomic(using=using):
        for start in range(0, len(people), BATCH):
            found = cases.cases(people[start : start + BATCH], at=at, using=using)
            wanted = [one for case in found for one in due(case, terms.get(case.point_id, Terms()), today=today)]
            raised += raise_reminders(wanted, at=at, using=using)
            names |= {one.name for one in wanted}
        _end_what_is_over(names, at=at, using=using)
    return raised


def raise_reminders(wanted: Iterable[Due], *, at: datetime, using: str = "system") -> int:
    """Write down what is due, each once: a second clock finds the row and leaves it. Returns how many were new.

    A newer alarm of a measure takes the place of the older ones; a promise that was met is settled at the moment of the
    contact; what was over and is due after all (a closed plan goes on, a consent was given again) waits as before.
    """
    asked = list(wanted)
    with transaction.atomic(using=using):
        known, begun = _known(asked, using)
        fresh = [one for one in asked if one.name not in known and not _is_told(one, begun)]
        Reminder.objects.using(using).bulk_create([_row(one, at) for one in fresh], ignore_conflicts=True)
        _say_whose(asked, using=using)
        _wait_anew(asked, using=using)
        _settle_met(asked, using=using)
        _replace_older(fresh, at=at, using=using)
        if fresh:
            audit.counted("reminder.raised", Reminder, len(fresh), at=at, using=using)
    return len(fresh)


def _known(asked: list[Due], using: str) -> tuple[set[Name], set[tuple[str, UUID, datetime]]]:
    """The names that are written down already, and the beginnings they were counted from."""
    subjects = {one.subject_id for one in asked}
    rows = Reminder.objects.using(using).filter(subject_id__in=subjects)
    found = list(rows.values_list("kind", "subject_id", "due_on", "since_at"))
    names = {(kind, subject, on) for kind, subject, on, _since in found}
    return names, {(kind, subject, since) for kind, subject, _on, since in found}


def _is_told(one: Due, begun: set[tuple[str, UUID, datetime]]) -> bool:
    """A promise keeps its day when the terms of the point change."""
    return one.kind in PROMISED and (one.kind, one.subject_id, one.since_at) in begun


def _row(one: Due, at: datetime) -> Reminder:
    return Reminder(
        id=new_id(), kind=one.kind, audience=one.audience, subject_id=one.subject_id, point_id=one.point_id,
        since_at=one.since_at, due_on=one.due_on, raised_at=at, **one.keys,
    )  # fmt: skip


def _wait_anew(asked: list[Due], *, using: str) -> None:
    """What ended without an answer of anybody's and is asked for again; of a measure the newest alarm alone.

    Who was given to another colleague because contact was lost, stays so: that is the manager's answer.
    """
    newest = {one.subject_id: one.due_on for one in sorted(asked, key=lambda one: one.due_on)}
    names = {one.name for one in asked if one.kind not in ONE_AT_A_TIME or newest[one.subject_id] == one.due_on}
    over = Reminder.objects.using(using).filter(kind__in=OF_PEOPLE, how__in=(How.OVER, How.CLOSED))
    over = over.exclude(kind=Kind.LONG_LOST, settled_by__isnull=False)
    rows = over.filter(subject_id__in=list(newest)).values_list("pk", "kind", "subject_id", "due_on")
    again = [pk for pk, kind, subject, on in rows if (kind, subject, on) in names]
    if again:
        over.filter(pk__in=again).update(settled_at=None, settled_by=None, how="")


def _say_whose(asked: list[Due], *, using: str) -> None:
    """Of a lost contact that was raised before it said by which responsibility: so that another can be assigned."""
    keys = {one.name: one.keys for one in asked if one.kind == Kind.LONG_LOST and "responsibility_id" in one.keys}
    if not keys:
        return
    rows = Reminder.objects.using(using).open().of_kind(Kind.LONG_LOST).filter(responsibility__isnull=True)
    for row in rows.filter(subject_id__in=[subject for _kind, subject, _on in keys]):
        if told := keys.get((row.kind, row.subject_id, row.due_on)):
            rows.filter(pk=row.pk).update(**told)


def _settle_met(asked: list[Due], *, using: str) -> None:
    """Promises that were met, at the moment of the contact, in whatever way it came to be known."""
    for one in (one for one in asked if one.met_at):
        rows = Reminder.objects.using(using).open().filter(kind=one.kind, subject_id=one.subject_id)
        rows.filter(since_at=one.since_at).update(settled_at=one.met_at, how=How.CONTACT)


def _replace_older(fresh: list[Due], *, at: datetime, using: str) -> None:
    for one in (one for one in fresh if one.kind in ONE_AT_A_TIME):
        rows = Reminder.objects.using(using).open().filter(kind=one.kind, subject_id=one.subject_id)
        rows.filter(due_on__lt=one.due_on).update(settled_at=at, how=How.OVER)


def _end_what_is_over(names: set[Name], *, at: datetime, using: str) -> None:
    """What no rule asks for any more: there was a contact, a review, another term, or the person went on elsewhere."""
    rows = Reminder.objects.using(using).open().filter(kind__in=OF_PEOPLE)
    promised = {(kind, subject) for kind, subject, _on in names if kind in PROMISED}
    over = [
        pk
        for pk, kind, subject, on in rows.values_list("pk", "kind", "subject_id", "due_on")
        if (kind, subject, on) not in names and (kind, subject) not in promised
    ]
    rows.filter(pk__in=over).update(settled_at=at, how=How.OVER)


@transaction.atomic
def note_contact(client: Client, *, mode: str, by: Member, at: datetime) -> ContactNote:
    """One was in touch with the person: what waited for that is settled, and the next contact is counted from here."""
    person = _known_to_team(client.pk, by)
    note = ContactNote.objects.create(client=person, point_id=by.point_id, membership=by.membership, mode=mode, at=at)
    waits = Reminder.objects.visible_to(by).open().of_people([person.pk]).filter(kind__in=BY_CONTACT)
    waits.update(settled_at=at, settled_by=by.membership, how=How.CONTACT)
    audit.record("contact.noted", note, by=by.actor, at=at, fields=["mode"])
    return note


@transaction.atomic
def undo_contact(note: ContactNote, *, by: Member, at: datetime) -> ContactNote:
    """There was no contact after all: what it settled waits again."""
    row = _take_back(note, by=by, at=at)
    _wait_again(Reminder.objects.visible_to(by).of_people([row.client_id]), row, how=How.CONTACT, by=by)
    audit.record("contact.undone", row, by=by.actor, at=at, fields=["undone_at"])
    return row


@transaction.atomic
def note_review(plan: Plan, *, kind: str, by: Member, at: datetime) -> PlanReview:
    """The plan, or the need for support, was looked at together: the next review is counted from here."""
    known = Plan.objects.select_for_update(of=("self",)).filter(pk=plan.pk, closed_at__isnull=True).first()
    if known is None:
        raise NotRecorded
    review = PlanReview.objects.create(plan=known, kind=kind, at=at, membership=by.membership)
    settles = Kind.NEED_REVIEW if kind == PlanReview.Kind.NEED else Kind.PLAN_REVIEW
    waits = Reminder.objects.visible_to(by).open().filter(plan=known, kind=settles)
    waits.update(settled_at=at, settled_by=by.membership, how=How.REVIEWED)
    audit.record("plan.reviewed", review, by=by.actor, at=at, fields=["kind"], reason=kind)
    return review


@transaction.atomic
def undo_review(review: PlanReview, *, by: Member, at: datetime) -> PlanReview:
    """It was not looked at after all: the reminder that it settled waits again."""
    row = _take_back(review, by=by, at=at)
    _wait_again(Reminder.objects.visible_to(by).filter(plan_id=row.plan_id), row, how=How.REVIEWED, by=by)
    audit.record("plan.review_undone", row, by=by.actor, at=at, fields=["undone_at"])
    return row


@transaction.atomic
def set_terms(terms: dict[str, int], *, by: Member, at: datetime) -> PointTerms:
    """A service point keeps terms of its own: after how long what is due there."""
    ServicePoint.objects.select_for_update(of=("self",)).get(pk=by.point_id)
    row, _made = PointTerms.objects.update_or_create(point_id=by.point_id, defaults=terms)
    audit.record("terms.set", row, by=by.actor, at=at, fields=list(terms))
    return row


def _take_back(noted: Noted, *, by: Member, at: datetime) -> Noted:
    if noted.membership_id != by.membership_id:
        raise NotTheirs
    row = type(noted).objects.select_for_update(of=("self",)).filter(pk=noted.pk).first()
    if row is None:
        raise NotRecorded
    if row.undone_at is not None:
        raise TakenBack
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    return row


def _wait_again(reminders: ReminderQuerySet, noted: ContactNote | PlanReview, *, how: str, by: Member) -> None:
    """What was settled by that and by nothing else waits as before."""
    settled = reminders.filter(how=how, settled_at=noted.at, settled_by=by.membership)
    settled.update(settled_at=None, settled_by=None, how="")


def _known_to_team(client_id: UUID, by: Member) -> Client:
    people = Client.objects.visible_to(by).known_to_team_of(by.point_id)
    person = people.select_for_update(of=("self",)).filter(pk=client_id).first()
    if person is None:
        raise NotRecorded
    return person
