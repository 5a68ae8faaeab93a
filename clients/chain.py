"""A person's chain of services: what they were in, in order, whose turn it is now, and where nothing went on for long.

Each app above adds what only it knows (`on_reading`); everything is asked behind its own `visible_to`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import assessing
from clients.models import Client, ContactNote, Outcome, PlanStep, Referral
from tyoparkki import clock
from tyoparkki.texts import pick

if TYPE_CHECKING:
    from team.access import Member

MOST = 60


@dataclass(frozen=True, slots=True)
class Link:
    """Something that the person was in: from which day to which (None while it goes on), what, with whom, how it is."""

    begins: date
    ends: date | None
    what: str
    icon: str
    who: str = ""
    state: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which nothing went on: after one link and before the next, or until today."""

    after: date
    until: date
    is_open: bool

    @property
    def days(self) -> int:
        """How many days lie between."""
        return (self.until - self.after).days


@dataclass(frozen=True, slots=True)
class Chain:
    """Links and gaps, the newest first."""

    rows: Sequence[Link | Gap]

    @property
    def gaps(self) -> list[Gap]:
        """The gaps alone, the newest first."""
        return [row for row in self.rows if isinstance(row, Gap)]


Reader = Callable[["Member", Client], Iterable[Link]]
_readers: dict[str, Reader] = {}


def on_reading(name: str, reader: Reader) -> None:
    """Register what an app above knows; it is asked for people whose guidance the reader may know of."""
    _readers[name] = reader


def chain_of(member: Member, person: Client, *, today: date, longest_gap: int) -> Chain:
    """The person's chain as far as this member may know of it; gaps of more days than `longest_gap` are told."""
    links = [*_referrals(member, person), *_measures(member, person), *_outcomes(member, person)]
    if person.shows("guidance"):
        links += [*_contacts(member, person), *(one for reader in _readers.values() for one in reader(member, person))]
    newest = sorted(links, key=lambda one: (one.begins, one.ends or today), reverse=True)[:MOST]
    return Chain(list(with_gaps(newest[::-1], today=today, longest=longest_gap))[::-1])


def with_gaps(links: Iterable[Link], *, today: date, longest: int) -> Iterable[Link | Gap]:
    """Links, the oldest first, with the gaps between them that are longer than so many days.

    What is still to come covers nothing before it begins; what goes on covers every day until today.
    """
    covered: date | None = None
    for one in links:
        begins = min(one.begins, today)
        if covered is not None and (begins - covered).days > longest:
            yield Gap(covered, begins, is_open=False)
        yield one
        ends = today if one.ends is None else min(one.ends, today)
        covered = ends if covered is None else max(covered, ends)
    if covered is not None and (today - covered).days > longest:
        yield Gap(covered, today, is_open=True)


def _referrals(member: Member, person: Client) -> Iterable[Link]:
    """A referral is a link from the first contact on: until then the person only waits for it."""
    if not person.shows("guidance"):
        return
    met = Q(events__undone_at__isnull=True, events__status__in=["contacted", "started", "ended"])
    over = Q(events__undone_at__isnull=True, events__status__in=Referral.CLOSED)
    rows = Referral.objects.visible_to(member).filter(client=person).exclude(status=Referral.Status.DRAFT)
    told = rows.select_related("service", "organisation", "result").order_by("-sent_at", "pk")
    moments = told.annotate(met_at=Min("events__at", filter=met), over_at=Min("events__at", filter=over))[:MOST]
    for row in moments:
        met_at, over_at = vars(row)["met_at"], vars(row)["over_at"]
        begins = clock.local_date(met_at or row.sent_at)
        yield Link(
            begins=begins,
            # Waiting is no service: it covers the day on which it was agreed.
            ends=(clock.local_date(over_at) if over_at else None) if met_at else begins,
            what=row.to,
            icon="signpost",
            who=row.organisation.name,
            state=str(row.result or row.get_status_display()),
            url=reverse("clients:referral", args=[row.pk]),
        )


def _measures(member: Member, person: Client) -> Iterable[Link]:
    """Measures of the plan: steps that last until a day."""
    if not person.shows_plan(member):
        return
    rows = PlanStep.objects.filter(plan__client=person, ends_on__isnull=False).select_related("plan")
    for row in rows.order_by("-ends_on", "pk")[:MOST]:
        over = row.done_at or row.ended_at
        begins = clock.local_date(row.added_at or row.plan.opened_at)
        ends = clock.local_date(over) if over else row.ends_on
        state = _("over") if over else ""
        yield Link(begins, ends, row.what, "briefcase", state=state, url=reverse("clients:plan", args=[person.pk]))


def _outcomes(member: Member, person: Client) -> Iterable[Link]:
    if not assessing.shows_outcomes(person, member):
        return
    rows = Outcome.objects.visible_to(member).valid().of_client(person.pk).select_related("type")
    for row in rows.order_by("-since_on", "pk")[:MOST]:
        url = reverse("clients:assessments", args=[person.pk])
        yield Link(row.since_on, row.ended_on, pick(row.type.names), "flag", url=url)


def _contacts(member: Member, person: Client) -> Iterable[Link]:
    """Each contact that was noted, on its day."""
    if not person.is_team:
        return
    rows = ContactNote.objects.visible_to(member).holding().with_people([person.pk])
    for row in rows.select_related("membership__user").order_by("-at", "pk")[:MOST]:
        on = clock.local_date(row.at)
        what = _("Contact: %(how)s") % {"how": str(row.get_mode_display()).lower()}
        yield Link(on, on, what, "chat-dots", row.membership.user.name)
