"""The clock of referrals: who is reminded of one that nobody answers or moves, and when it ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from clients.actions import referral as referrals
from clients.actions.reminder import raise_reminders
from clients.clocks import Due
from clients.models import PointTerms, Referral, Reminder
from tyoparkki import clock
from tyoparkki.workdays import is_working_day

Kind = Reminder.Kind
KINDS = (Kind.REFERRAL_WAITS, Kind.REFERRAL_LATE, Kind.REFERRAL_STUCK)
# So long after its day may a step of a referral stay untaken before who leads the point hears of it.
STANDS_DAYS = 7


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What the clock needs to know of a referral that waits."""

    referral_id: UUID
    point_id: UUID
    organisation_id: UUID
    sender_id: UUID
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many days without an answer who is reminded: the recipient, the sender, who leads; then it lapses."""

    referral_remind_days: int = 3
    referral_late_days: int = 7
    referral_stuck_days: int = 14
    referral_lapse_days: int = 30


def working_day_from(on: date) -> date:
    """The day itself, or the next on which offices work: nobody is reminded on a holiday."""
    while not is_working_day(on):
        on += timedelta(days=1)
    return on


def due_of(one: Unanswered, patience: Patience) -> Iterator[Due]:
    """The three reminders of a referral, each on its day: whoever asks later is told the same days."""
    steps = (
        (Kind.REFERRAL_WAITS, patience.referral_remind_days, "organisation", {"organisation_id": one.organisation_id}),
        (Kind.REFERRAL_LATE, patience.referral_late_days, "member", {"membership_id": one.sender_id}),
        (Kind.REFERRAL_STUCK, patience.referral_stuck_days, "manager", {"organisation_id": one.organisation_id}),
    )
    for kind, days, audience, whose in steps:
        on = working_day_from(clock.local_date(one.sent_at) + timedelta(days=days))
        keys = {**whose, "referral_id": one.referral_id}
        yield Due(kind, one.referral_id, on, one.sent_at, one.point_id, on, audience=audience, keys=keys)


def remind(*, at: datetime, using: str = "system") -> int:
    """Raise what is due of unanswered referrals, each once, and settle what was answered; how many were raised.

    To a recipient without an account each new reminder goes as mail or text message too, with a link.
    """
    today, patience = clock.local_date(at), _patience(using)
    with transaction.atomic(using=using):
        waiting = _waiting(using)
        wanted = [
            due
            for one in waiting
            for due in due_of(one, patience.get(one.point_id, Patience()))
            if due.shown_on <= today
        ]
        fresh = _not_known(wanted, using)
        raised = raise_reminders(fresh, at=at, using=using)
        asked = [due.subject_id for due in fresh if due.kind == Kind.REFERRAL_WAITS]
        for row in Referral.objects.using(using).filter(pk__in=asked).order_by("sent_at", "pk"):
            referrals.ask_without_account(row, why="reminder", using=using)
        answered = Reminder.objects.using(using).open().filter(kind__in=KINDS)
        answered = answered.exclude(referral__status__in=Referral.WAITING)
        answered.update(settled_at=at, how=Reminder.How.ANSWERED)
        # An answer that was taken back: the same reminder waits again, without a second letter.
        taken_back = Reminder.objects.using(using).filter(kind__in=KINDS, how=Reminder.How.ANSWERED, settled_by=None)
        unanswered = taken_back.filter(referral__status__in=Referral.WAITING, since_at=F("referral__sent_at"))
        unanswered.update(settled_at=None, how="")
    return raised


def tell_of_standing(*, at: datetime, using: str = "system") -> int:
    """Tell who leads of each referral that does not move: its next step is a week late, whosever turn it is.

    Told once for each step and day; settled when it moves, and told again when that is undone. How many are new.
    """
    today = clock.local_date(at)
    with transaction.atomic(using=using):
        moving = Referral.objects.using(using).filter(status__in=(Referral.Status.DRAFT, *Referral.GOING_ON))
        late = moving.overdue(today).order_by("next_on", "pk")
        keys = late.values_list("pk", "point_id", "organisation_id", "next_on")
        wanted = [one for pk, point, to, on in keys if on and (one := _standing(pk, point, to, on)).shown_on <= today]
        rows = Reminder.objects.using(using).filter(kind=Kind.REFERRAL_STANDS)
        known = set(rows.values_list("kind", "subject_id", "since_at"))
        raised = raise_reminders(
            [one for one in wanted if (one.kind, one.subject_id, one.since_at) not in known], at=at, using=using
        )
        now = Q()
        for one in wanted:
            now |= Q(subject_id=one.subject_id, since_at=one.since_at)
        standing = rows.filter(now) if wanted else rows.none()
        rows.open().exclude(pk__in=standing.values("pk")).update(settled_at=at, how=Reminder.How.ANSWERED)
        standing.filter(how=Reminder.How.ANSWERED, settled_by=None).update(settled_at=None, how="")
    return raised


def _standing(referral_id: UUID, point_id: UUID, organisation_id: UUID, next_on: date) -> Due:
    on = working_day_from(next_on + timedelta(days=STANDS_DAYS))
    keys = {"organisation_id": organisation_id, "referral_id": referral_id}
    since = clock.local(datetime.combine(next_on, time.min))
    return Due(Kind.REFERRAL_STANDS, referral_id, on, since, point_id, on, audience="manager", keys=keys)


def _not_known(wanted: list[Due], using: str) -> list[Due]:
    """Those that were not raised before, whatever terms the point had then. One clock works at a time by its slot."""
    rows = Reminder.objects.using(using).filter(kind__in=KINDS, subject_id__in={one.subject_id for one in wanted})
    known = set(rows.values_list("kind", "subject_id", "since_at"))
    return [one for one in wanted if (one.kind, one.subject_id, one.since_at) not in known]


def _waiting(using: str) -> list[Unanswered]:
    rows = Referral.objects.using(using).waiting().order_by("sent_at", "pk")
    return [Unanswered(*row) for row in rows.values_list("pk", "point_id", "organisation_id", "sender_id", "sent_at")]


def patience_of(point_id: UUID) -> Patience:
    """How long one point waits."""
    row = PointTerms.objects.filter(point_id=point_id).values(*Patience.__slots__).first()
    return Patience(**row) if row else Patience()


def _patience(using: str) -> dict[UUID, Patience]:
    rows = PointTerms.objects.using(using).values("point_id", *Patience.__slots__)
    return {row.pop("point_id"): Patience(**row) for row in rows}


def lapse_overdue(*, at: datetime) -> int:
    """End the referrals that nobody answered in all that time; how many there were."""
    today, patience, ended = clock.local_date(at), _patience("default"), 0
    for one in _waiting("default"):
        days = patience.get(one.point_id, Patience()).referral_lapse_days
        if working_day_from(clock.local_date(one.sent_at) + timedelta(days=days)) <= today:
            referrals.lapse(Referral(pk=one.referral_id), at=at)
            ended += 1
    return ended
