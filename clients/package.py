"""The package of a referral: exactly what the person lets the recipient know, asked anew at each look, never copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Consent, Goal, Plan, PlanStep, Referral, SelfAssessment
from clients.models.consent import Purpose
from clients.trends import InstrumentTrend, trends

if TYPE_CHECKING:
    from clients.models import ContactPoint
    from clients.models.assessment import SelfAssessmentQuerySet
    from clients.models.plan import PlanQuerySet
    from team.access import Member
    from team.models import Organisation

Content = Consent.Content
# What a referral may carry, in the order in which it is told.
CARRIED = (Content.CONTACT, Content.SITUATION, Content.GUIDANCE, Content.PLAN, Content.ASSESSMENTS)
MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One content, and whether it goes with the referral now."""

    name: str
    goes: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was agreed: what, who does it, by when."""

    what: str
    who: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Package:
    """What the reader of a referral may know of the person; without a person the code says all there is."""

    person: Client | None = None
    contact: ContactPoint | None = None
    shows_situation: bool = False
    guidance: list[Told] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    steps: list[PlanStep] = field(default_factory=list)
    assessments: list[InstrumentTrend] = field(default_factory=list)
    has_page: bool = False


# What the apps above know of what was agreed where a person was guided on.
_guidance: dict[str, Callable[[UUID], list[Told]]] = {}


def on_guidance(name: str, reader: Callable[[UUID], list[Told]]) -> None:
    """Register what an app tells of the guidance that goes with a referral; it asks its own walls itself."""
    _guidance[name] = reader


def parts_for(client: Client | None, organisation: Organisation, *, on: date) -> list[Part]:
    """What goes to an organisation with a referral and what does not, as the person's consents stand on a day."""
    contents: list[str] = []
    if client is not None:
        told = Consent.objects.in_force(on).filter(client=client, purpose=Purpose.SHARE)
        held = told.filter(recipient_organisation=organisation).first()
        contents = held.contents if held else []
        named = [Part(str(_("Name")), held is not None), Part(str(_("Why")), held is not None)]
        return [*named, *(_part(one, contents) for one in CARRIED)]
    return [Part(str(_("Name")), goes=False), *(_part(one, contents) for one in CARRIED)]


def _part(content: Content, contents: list[str]) -> Part:
    return Part(str(content.label), content.value in contents)


def of_member(referral: Referral, member: Member) -> Package:
    """The package as a signed-in reader of the organisation that was asked sees it: what the person tells it.

    Whoever is of the person's own team knows more, on the person's page; here stands what goes with the referral.
    """
    if referral.client_id is None:
        return Package()
    rows = Client.objects.visible_to(member).select_related("municipality")
    person = rows.filter(pk=referral.client_id).first()
    if person is None:
        return Package()
    shown = {content for content in CARRIED if content in person.told_contents}
    if not person.shows_plan(member):
        shown.discard(Content.PLAN)
    plans, filled = Plan.objects.visible_to(member), SelfAssessment.objects.visible_to(member)
    return _packed(referral, person, shown, plans=plans, filled=filled, has_page=True)


def by_link(referral: Referral) -> Package:
    """The package as the holder of the link may see it: the walls know the link and the consent, and nobody else."""
    if referral.client_id is None:
        return Package()
    with connection.cursor() as cursor:
        cursor.execute("SELECT contents FROM clients_told WHERE client_id = %s", [referral.client_id])
        row = cursor.fetchone()
    if row is None:
        return Package()
    person = Client.objects.select_related("municipality").get(pk=referral.client_id)
    shown = {Content(one) for one in row[0]}
    plans, filled = Plan.objects.all(), SelfAssessment.objects.all()
    return _packed(referral, person, shown, plans=plans, filled=filled, has_page=False)


def _packed(
    referral: Referral,
    person: Client,
    shown: set[Content],
    *,
    plans: PlanQuerySet,
    filled: SelfAssessmentQuerySet,
    has_page: bool,
) -> Package:
    """The parts that the person tells, each asked of its own table; what is not told is not asked for."""
    plan = plans.open_of(person.pk).first() if Content.PLAN in shown else None
    told = filled.valid().of_client(person.pk).for_trends()
    return Package(
        person=person,
        contact=_contact(person) if Content.CONTACT in shown else None,
        shows_situation=Content.SITUATION in shown,
        guidance=_agreed(referral) if Content.GUIDANCE in shown else [],
        goals=list(Goal.objects.going_on().in_order().filter(plan=plan)) if plan else [],
        steps=list(PlanStep.objects.to_do().filter(plan=plan).for_lists()[:MOST_STEPS]) if plan else [],
        assessments=trends(told) if Content.ASSESSMENTS in shown else [],
        has_page=has_page,
    )


def _agreed(referral: Referral) -> list[Told]:
    return [one for reader in _guidance.values() for one in reader(referral.pk)]


def _contact(person: Client) -> ContactPoint | None:
    """How to reach the person; under a non-disclosure order it is told by nobody but the team, face to face."""
    if person.is_non_disclosure:
        return None
    return person.contact_points.filter(ended_at__isnull=True).first()
