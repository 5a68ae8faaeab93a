"""The joint assessment of a person's need for support, as the person's page and its own page show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from clients import assessing
from clients.models import Client, Consent, JointAssessment, JointSection
from clients.models.consent import Purpose
from clients.models.joint import may_take_part
from team.models import Membership
from tyoparkki import clock
from tyoparkki.names import name_key
from tyoparkki.texts import pick

if TYPE_CHECKING:
    from clients.glance import Glance
    from team.access import Member

EARLIER = 20


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel of the person's page: the latest one without its words, for the person sees the screen too."""

    latest: JointAssessment | None
    may_lead: bool
    taking_part: int = 0
    written: int = 0
    mine_waits: bool = False


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a joint assessment is written: strengths, the person's own view, each part, the conclusion."""

    written: int
    parts: int

    @property
    def percent(self) -> int:
        """Of a hundred, rounded down: a hundred is all of it."""
        return 100 * self.written // self.parts


@dataclass(frozen=True, slots=True)
class Page:
    """All of the page: `may_lead` for those who keep the file, `mine` the member's own part while it may be written.

    `closed` are contributors whom the person's consent does not cover any more; `half_told` organisations that are
    told something, but not of assessments.
    """

    joint: JointAssessment | None
    may_lead: bool
    earlier: list[JointAssessment]
    mine: JointSection | None = None
    covered: Covered | None = None
    colleagues: list[Membership] = field(default_factory=list)
    closed: set[UUID] = field(default_factory=set)
    half_told: list[str] = field(default_factory=list)


def panel(member: Member, person: Client, seen: Glance) -> Panel | None:
    """How it stands, from what the person's page has gathered; nothing where the member may not know of it."""
    if not assessing.shows(person, member):
        return None
    may_lead = person.is_kept_by(member)
    if seen.joint is None:
        return Panel(None, may_lead) if may_lead else None
    return Panel(seen.joint, may_lead, **seen.joint_parts)


def page(member: Member, person: Client) -> Page:
    """The assessment that goes on, or else the latest one, with what this member may do."""
    known = JointAssessment.objects.visible_to(member).of_client(person.pk)
    latest = known.newest_first().for_page().first()
    may_lead = person.is_kept_by(member)
    past = known.concluded().exclude(pk=latest.pk) if latest else known.none()
    shown = Page(latest, may_lead, list(past[:EARLIER]))
    if latest is None or not latest.is_going_on:
        return shown
    known_now = may_be_asked(member, person) if may_lead else []
    taking_part = {part.contributor_id for part in latest.parts}
    return Page(
        joint=latest,
        may_lead=may_lead,
        earlier=shown.earlier,
        mine=next((part for part in latest.parts if part.contributor_id == member.membership_id), None),
        covered=covered(latest),
        colleagues=[one for one in known_now if one.pk not in taking_part],
        closed=taking_part - {one.pk for one in known_now} if may_lead else set(),
        half_told=_half_told(member, person) if may_lead else [],
    )


def covered(joint: JointAssessment) -> Covered:
    """How much of it is written."""
    common = [bool(joint.strengths), bool(joint.client_view), bool(joint.conclusion)]
    parts = [bool(part.words) for part in joint.parts]
    return Covered(sum(common) + sum(parts), len(common) + len(parts))


def profession_of(who: Membership) -> str:
    """A title where there is one, or else what the colleague is by profession."""
    return who.title or ", ".join(pick(one.names) for one in who.user.professions.all() if one.is_active)


def may_be_asked(member: Member, person: Client) -> list[Membership]:
    """Whom the person's consent covers now, by name, those who take part already among them."""
    rows = may_take_part(member, person).with_people()
    return sorted(rows, key=lambda one: (name_key(one.user.name), str(one.pk)))


def _half_told(member: Member, person: Client) -> list[str]:
    """Who is told something of the person, but not of assessments."""
    today = clock.local_date(clock.now())
    shares = Consent.objects.visible_to(member).of_client(person.pk).in_force(today).filter(purpose=Purpose.SHARE)
    silent = shares.exclude(contents__contains=[Consent.Content.ASSESSMENTS])
    return sorted(one.recipient for one in silent.with_words())
