"""What a person says of their own situation and what came of it, as the person's page and its own page show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from clients.models import (
    AssessmentAsk,
    Client,
    Consent,
    ContactPoint,
    FollowUp,
    InstrumentVersion,
    Link,
    Outcome,
    SelfAssessment,
)
from clients.models.assessment import SelfAssessmentQuerySet
from clients.models.consent import Purpose
from clients.models.outcome import OutcomeQuerySet
from clients.trends import InstrumentTrend, trends
from team.permissions import Perm
from tyoparkki import clock

if TYPE_CHECKING:
    from clients.glance import Glance
    from team.access import Member


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel of the person's page: questions that wait, the latest outcome, and how often something was filled in.

    No scores: the person sees the screen too, and so may whoever walks past.
    """

    asks: list[AssessmentAsk]
    outcome: Outcome | None
    count: int
    latest_at: datetime | None
    may_write: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The page of change over time."""

    asks: list[AssessmentAsk]
    trends: list[InstrumentTrend]
    offered: list[InstrumentVersion]
    outcomes: list[Outcome]
    follow_ups: list[FollowUp]
    may_write: bool
    shows_outcomes: bool
    links: list[Link]


def may_mail(person: Client, member: Member) -> bool:
    """Whether a letter reaches the person: an e-mail address on file, the consent to be contacted, and no order of
    non-disclosure, under which an address is opened only on purpose.
    """
    if person.is_non_disclosure or not person.shows("contact"):
        return False
    agreed = Consent.objects.visible_to(member).in_force(clock.local_date(clock.now())).of_client(person.pk)
    if not agreed.filter(purpose=Purpose.CONTACT, recipient_point_id=member.point_id).exists():
        return False
    return ContactPoint.objects.filter(client=person, ended_at__isnull=True, kind=ContactPoint.Kind.EMAIL).exists()


def shows(person: Client, member: Member) -> bool:
    """Whether the member may know of the person's self-assessments: those who guide, where the file is kept or told."""
    return _guides_or_is_told(person, member, "assessments")


def shows_outcomes(person: Client, member: Member) -> bool:
    """Whether the member may know what came of it: those who guide, where the file is kept or the situation told."""
    return _guides_or_is_told(person, member, "situation")


def _guides_or_is_told(person: Client, member: Member, content: str) -> bool:
    return member.may(Perm.GUIDE) and (person.is_kept_by(member) or content in person.told_contents)


def panel(member: Member, person: Client, seen: Glance) -> Panel | None:
    """How it stands now, from what the page has gathered; nothing where the member may know of neither."""
    if not (shows(person, member) or shows_outcomes(person, member)):
        return None
    return Panel(
        asks=seen.asks,
        outcome=seen.outcome,
        count=seen.filled,
        latest_at=seen.filled_at,
        may_write=person.is_kept_by(member),
    )


def change(member: Member, person: Client) -> Change:
    """All of the page: only the parts that the member may know of have something in them."""
    known = list(_filled(member, person).for_trends())
    waiting = FollowUp.objects.kept_by(member).of_client(person.pk).waiting()
    today = clock.local_date(clock.now())
    askable = list(waiting.askable(member.point_id, today).for_list()) if person.is_kept_by(member) else []
    return Change(
        asks=_asks(member, person),
        trends=trends(known),
        offered=list(InstrumentVersion.objects.on_offer()) if person.is_kept_by(member) else [],
        outcomes=list(_outcomes(member, person)),
        follow_ups=askable,
        may_write=person.is_kept_by(member),
        shows_outcomes=shows_outcomes(person, member),
        links=_links(member, person),
    )


def _links(member: Member, person: Client) -> list[Link]:
    """The links by which the person may tell their own view now."""
    if not person.is_kept_by(member):
        return []
    return list(Link.objects.visible_to(member).open_at(clock.now()).questions_to(person.pk))


def _filled(member: Member, person: Client) -> SelfAssessmentQuerySet:
    return SelfAssessment.objects.visible_to(member).valid().of_client(person.pk)


def _asks(member: Member, person: Client) -> list[AssessmentAsk]:
    if not person.is_kept_by(member):
        return []
    return list(AssessmentAsk.objects.visible_to(member).of_client(person.pk).waiting().for_page())


def _outcomes(member: Member, person: Client) -> OutcomeQuerySet:
    return Outcome.objects.visible_to(member).valid().of_client(person.pk).for_page()
