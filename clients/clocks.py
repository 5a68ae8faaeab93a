"""What is due when: pure rules over plain values, one rule a line with its reason.

Days are days of Helsinki and come in as days; nothing here reads the clock or the database. Each rule tells what is
due and on which day; whoever asks on a later day, or three times a day, is told the same, so that a reminder has one
name: its kind, its subject and its day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from tyoparkki.clock import local_date
from tyoparkki.workdays import working_days_after

# A subject that names nobody: the same person has the same one, and none can be read back from it.
_NAMELESS = UUID("0f6a5e0c-3a0e-4f8e-9d4b-6d9c2b6f0a11")
_BEGUN = UUID("5c0a4e52-6f0b-4d53-8f2e-0f7b1f6f6a3d")
# An alarm rings this many days before a measure ends. Source: the mission's rule of 30, 14 and 0 days.
BEFORE_END = (30, 14, 0)
# Days after a measure begins on which one asks how it goes, and how long before that a contact is near enough.
AFTER_BEGINNING = (7, 28)
NEAR_ENOUGH = 2
# A review is put on the list so many days before its day, so that a meeting can still be agreed on.
AHEAD = 14
# A promise is told from its first day on.
AT_ONCE = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a point, in days unless the name says otherwise; the defaults stand where a point has none."""

    plan_review_months: int = 3
    need_review_months: int = 6
    first_contact_days: int = 5  # working days
    dense_days: int = 14
    sparse_days: int = 42
    occasional_days: int = 91
    lost_days: int = 30
    long_lost_days: int = 60
    gap_days: int = 14  # between two links of a person's chain of services
    need_days: int = 14  # without any act about a need or an obstacle

    def rhythm(self, intensity: str) -> int:
        """How many days may pass between two contacts; a person without a plan is met at the longer interval."""
        return {"dense": self.dense_days, "occasional": self.occasional_days}.get(intensity, self.sparse_days)


@dataclass(frozen=True, slots=True)
class Measure:
    """A step of the plan that lasts until a day."""

    step_id: UUID
    added_on: date
    ends_on: date
    is_followed: bool = False  # what comes next is agreed already


@dataclass(frozen=True, slots=True)
class Statutory:
    """A reference to a statutory plan with the day on which it is looked at again."""

    key: UUID
    recorded_at: datetime
    review_on: date


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to get in touch that began at a moment; its subject is the plan that opened or the person taken over.

    `met_at` is the first contact after that.
    """

    subject_id: UUID
    since_at: datetime
    met_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SitePromise:
    """A promise that the point added, begun for a person at a moment; `met_at` is the first contact after that."""

    promise_id: UUID
    days: int  # working days
    subject_id: UUID
    since_at: datetime
    met_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A need or an obstacle that stands open, and the last day on which something was done or is agreed to be done."""

    key: UUID
    told_at: datetime
    acted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What the clocks need to know of one person: an open plan, somebody who answers, or both."""

    client_id: UUID
    point_id: UUID
    since_at: datetime  # from when somebody answers, or the plan is open: the earlier
    plan_id: UUID | None = None
    intensity: str = ""
    plan_seen_at: datetime | None = None  # when the plan was opened, approved or looked at together last
    need_seen_at: datetime | None = None  # when the plan was opened or the need looked at last
    contact_at: datetime | None = None
    membership_id: UUID | None = None  # who answers
    promises: tuple[Promise, ...] = ()
    measures: tuple[Measure, ...] = ()
    statutory: tuple[Statutory, ...] = ()
    site: tuple[SitePromise, ...] = ()
    needs: tuple[Need, ...] = ()
    responsibility_id: int | None = None  # by which somebody answers

    @property
    def touched_at(self) -> datetime:
        """From when silence is counted: the last contact, before any the beginning."""
        return max(self.since_at, self.contact_at) if self.contact_at else self.since_at


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: its name is the kind, the subject and the day."""

    kind: str
    subject_id: UUID
    due_on: date
    since_at: datetime
    point_id: UUID
    shown_on: date
    audience: str = "responsible"
    # Keys of what it is about and whose it is, by the names of the columns.
    keys: Mapping[str, UUID | int] = field(default_factory=dict)
    met_at: datetime | None = None

    @property
    def name(self) -> tuple[str, UUID, date]:
        """What it is raised under, once."""
        return self.kind, self.subject_id, self.due_on


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_after(moment: datetime, days: int) -> date:
    """The day so many days after that of a moment, by the calendar: a day with 23 or 25 hours is one day."""
    return local_date(moment) + timedelta(days=days)


def next_contact_on(case: Case, terms: Terms) -> date:
    """The day by which one should be in touch again: the rhythm of the plan, counted from the last contact."""
    return days_after(case.touched_at, terms.rhythm(case.intensity))


def _of(case: Case, kind: str, on: date, since: datetime, *, ahead: int = 0) -> Due:
    keys = {"client_id": case.client_id}
    subject = case.client_id
    if kind in {"plan_review", "need_review"} and case.plan_id:
        keys["plan_id"] = subject = case.plan_id
    return Due(kind, subject, on, since, case.point_id, on - timedelta(days=ahead), keys=keys)


def plan_review(case: Case, terms: Terms) -> Iterator[Due]:
    """Three months after the plan was last looked at: a plan that nobody opens guides nobody (Palvelumanageri)."""
    if case.plan_seen_at:
        on = months_after(local_date(case.plan_seen_at), terms.plan_review_months)
        yield _of(case, "plan_review", on, case.plan_seen_at, ahead=AHEAD)


def need_review(case: Case, terms: Terms) -> Iterator[Due]:
    """Six months after the need was last looked at: support is given for six months at a time (Palvelumanageri)."""
    if case.need_seen_at:
        on = months_after(local_date(case.need_seen_at), terms.need_review_months)
        yield _of(case, "need_review", on, case.need_seen_at, ahead=AHEAD)


def first_contact(case: Case, terms: Terms) -> Iterator[Due]:
    """Five working days after a plan opened or a hand-over was accepted: the promise of guidance."""
    for promise in case.promises:
        on = working_days_after(local_date(promise.since_at), terms.first_contact_days)
        keys = {"client_id": case.client_id}
        shown = local_date(promise.since_at) + timedelta(days=AT_ONCE)
        yield Due(
            "first_contact", promise.subject_id, on, promise.since_at, case.point_id, shown, keys=keys,
            met_at=promise.met_at,
        )  # fmt: skip


def site_promise(case: Case, terms: Terms) -> Iterator[Due]:
    """What the point promises in its own words: so many working days after a plan, a hand-over or a referral."""
    for one in case.site:
        on = working_days_after(local_date(one.since_at), one.days)
        subject = uuid5(one.promise_id, str(one.subject_id))
        keys = {"client_id": case.client_id, "promise_id": one.promise_id}
        yield Due(
            "site_promise", subject, on, one.since_at, case.point_id, local_date(one.since_at), keys=keys,
            met_at=one.met_at,
        )  # fmt: skip


def next_contact(case: Case, terms: Terms) -> Iterator[Due]:
    """The rhythm that was agreed has come round: often, at longer intervals, when needed."""
    if case.membership_id:
        yield _of(case, "next_contact", next_contact_on(case, terms), case.touched_at)


def lost(case: Case, terms: Terms) -> Iterator[Due]:
    """Thirty days of silence, unless one had agreed on a longer interval: whoever answers asks how it goes."""
    if case.membership_id:
        yield _of(case, "lost", _lost_on(case, terms), case.touched_at)


def nameless(client_id: UUID) -> UUID:
    """The subject of what is told of a person to who leads the point: the same each time, and not the person's key."""
    return uuid5(_NAMELESS, str(client_id))


def long_lost(case: Case, terms: Terms) -> Iterator[Due]:
    """Sixty days of silence: who leads the point hears how long and who answers, not who the person is."""
    if case.membership_id:
        on = _lost_on(case, terms) + timedelta(days=terms.long_lost_days - terms.lost_days)
        subject = nameless(case.client_id)
        keys: dict[str, UUID | int] = {"membership_id": case.membership_id}
        if case.responsibility_id:
            keys["responsibility_id"] = case.responsibility_id
        yield Due("long_lost", subject, on, case.touched_at, case.point_id, on, audience="manager", keys=keys)


def measure_ends(case: Case, terms: Terms) -> Iterator[Due]:
    """Thirty days, two weeks and no day before a measure ends: what comes next is agreed on before it is over.

    Of the alarms that were past already when the measure was written down, the last one rings.
    """
    for measure in (one for one in case.measures if not one.is_followed):
        days = [measure.ends_on - timedelta(days=before) for before in BEFORE_END]
        past = [on for on in days if on < measure.added_on]
        for on in [*past[-1:], *(on for on in days if on >= measure.added_on)]:
            yield Due(
                "measure_ends", measure.step_id, on, case.since_at, case.point_id, on,
                keys={"client_id": case.client_id, "step_id": measure.step_id}
                | ({"plan_id": case.plan_id} if case.plan_id else {}),
            )  # fmt: skip


def measure_contact(case: Case, terms: Terms) -> Iterator[Due]:
    """A week and four weeks after a measure begins one asks how it goes, unless one was in touch about then.

    The safety net does not end where a work trial or subsidised work begins; the end has its own alarms.
    """
    for measure in case.measures:
        for days in AFTER_BEGINNING:
            on = measure.added_on + timedelta(days=days)
            asked = case.contact_at is not None and local_date(case.contact_at) >= on - timedelta(days=NEAR_ENOUGH)
            if on < measure.ends_on and not asked:
                yield Due(
                    "measure_contact", uuid5(_BEGUN, str(measure.step_id)), on, case.since_at, case.point_id, on,
                    keys={"client_id": case.client_id, "step_id": measure.step_id}
                    | ({"plan_id": case.plan_id} if case.plan_id else {}),
                )  # fmt: skip


def statutory_review(case: Case, terms: Terms) -> Iterator[Due]:
    """The day on which a statutory plan is looked at again: it is kept elsewhere, and the person should not forget."""
    for one in case.statutory:
        keys = {"client_id": case.client_id} | ({"plan_id": case.plan_id} if case.plan_id else {})
        shown = one.review_on - timedelta(days=AHEAD)
        yield Due("statutory_review", one.key, one.review_on, one.recorded_at, case.point_id, shown, keys=keys)


def need_waits(case: Case, terms: Terms) -> Iterator[Due]:
    """Fourteen days without an act about a need: what was told and led to nothing is told anew to whoever answers.

    A contact, a step or a referral after it is an act; what is agreed for a later day is one until that day.
    """
    for one in case.needs:
        told_on = local_date(one.told_at)
        on = max(told_on, one.acted_on or told_on) + timedelta(days=terms.need_days)
        yield Due("need_waits", one.key, on, one.told_at, case.point_id, on, keys={"client_id": case.client_id})


def _lost_on(case: Case, terms: Terms) -> date:
    return max(days_after(case.touched_at, terms.lost_days), next_contact_on(case, terms))


RULES: tuple[Callable[[Case, Terms], Iterator[Due]], ...] = (
    plan_review,
    need_review,
    first_contact,
    site_promise,
    next_contact,
    lost,
    long_lost,
    measure_ends,
    measure_contact,
    statutory_review,
    need_waits,
)


def due(case: Case, terms: Terms, *, today: date) -> list[Due]:
    """All that is due by a day, or was promised by then, whether it was told before or not."""
    return [one for rule in RULES for one in rule(case, terms) if one.shown_on <= today]


def is_kept(due_on: date, settled_on: date | None, *, today: date) -> bool | None:
    """Whether a promise was kept; None while it still may be."""
    if settled_on is not None:
        return settled_on <= due_on
    return None if today <= due_on else False


def is_over_time(need_seen_at: datetime, terms: Terms, *, today: date) -> bool:
    """Whether the period of support has passed without anybody looking at the need again: an error to be mended."""
    return today > months_after(local_date(need_seen_at), terms.need_review_months)
