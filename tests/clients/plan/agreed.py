"""What a person has agreed to: the plan, and who may be told of it."""

from __future__ import annotations

from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.actions import plan_end
from clients.actions.consent import Given
from clients.models import Client, Consent, Plan
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.team import MembershipFactory, PointFactory, at


def approved(plan: Plan, by: Member) -> Plan:
    """The person said yes to the plan as it is."""
    plan.refresh_from_db()
    return plans.approve_plan(plan, how="words", by=by, at=at(12), version=plan.version)


def told(person: Client, by: Member, *contents: str) -> tuple[Member, Consent]:
    """Somebody of an organisation elsewhere, which the person lets know of these."""
    partner = Member(MembershipFactory(point=PointFactory()))
    share = consents.give_consent(
        person,
        by=by,
        at=at(11),
        purpose=Purpose.SHARE,
        given=Given(),
        organisation=partner.membership.organisation,
        contents=contents,
    )
    return partner, share


def closed(plan: Plan, by: Member) -> Plan:
    """The plan ends because what was wanted has been reached."""
    return plan_end.close_plan(
        plan, ending="reached", result="work", summary="Työt alkavat maanantaina", by=by, at=at(12)
    )
