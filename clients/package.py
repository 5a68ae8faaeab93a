"""The package of a referral: exactly what the person lets the recipient know, asked anew at each look, never copied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Consent, Plan, PlanStep, Referral
from clients.models.consent import Purpose

if TYPE_CHECKING:
    from clients.models import ContactPoint
    from team.access import Member
    from team.models import Organisation

Content = Consent.Content
# What a referral may carry, in the order in which it is told.
CARRIED = (Content.CONTACT, Content.SITUATION, Content.GUIDANCE, Content.PLAN)


@dataclass(frozen=True, slots=True)
class Part:
    """One content, and whether it goes with the referral now."""

    name: str
    goes: bool


@dataclass(frozen=True, slots=True)
class Package:
    """What the reader of a referral may know of the person; without a person the code says all there is."""

    person: Client | None = None
    contact: ContactPoint | None = None
    shows_situation: bool = False
    step: PlanStep | None = None
    has_page: bool = False


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
    """The package as a signed-in reader may see it."""
    if referral.client_id is None:
        return Package()
    rows = Client.objects.visible_to(member).select_related("municipality")
    person = rows.filter(pk=referral.client_id).first()
    if person is None:
        return Package()
    plan = Plan.objects.visible_to(member).open_of(person.pk).first() if person.shows_plan(member) else None
    return Package(
        person,
        _contact(person) if person.shows("contact") else None,
        person.shows_situation,
        _next_step(plan),
        has_page=True,
    )


def by_link(referral: Referral) -> Package:
    """The package as the holder of the link may see it: the walls know the link and the consent, and nobody else."""
    if referral.client_id is None:
        return Package()
    with connection.cursor() as cursor:
        cursor.execute("SELECT contents FROM clients_told WHERE client_id = %s", [referral.client_id])
        row = cursor.fetchone()
    if row is None:
        return Package()
    contents = row[0]
    person = Client.objects.select_related("municipality").get(pk=referral.client_id)
    plan = Plan.objects.open_of(person.pk).first() if Content.PLAN in contents else None
    contact = _contact(person) if Content.CONTACT in contents else None
    return Package(person, contact, Content.SITUATION in contents, _next_step(plan))


def _contact(person: Client) -> ContactPoint | None:
    """How to reach the person; under a non-disclosure order it is told by nobody but the team, face to face."""
    if person.is_non_disclosure:
        return None
    return person.contact_points.filter(ended_at__isnull=True).first()


def _next_step(plan: Plan | None) -> PlanStep | None:
    return PlanStep.objects.to_do().filter(plan=plan).for_lists().first() if plan else None
