"""Who may read a plan and write in it, by the program and by the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections, transaction

from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.models import Client, Goal, Plan, PlanStep, PlanVersion
from team.access import Member
from tests.clients.plan.agreed import told
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tests.fixtures.walls import as_actor

pytestmark = pytest.mark.django_db


def seen(who: Member) -> tuple[set[Any], set[Any]]:
    """The plans that a member sees by the program's rule, and by the wall alone."""
    mine = set(Plan.objects.visible_to(who).values_list("pk", flat=True))
    with as_actor(who.actor):
        return mine, set(Plan.objects.values_list("pk", flat=True))


def test_the_team_reads_the_plan_and_another_organisation_only_when_told_of_it(
    plan: Plan, person: Client, advisor: Member
) -> None:
    knowing, share = told(person, advisor, "contact", "plan")
    half, _share = told(person, advisor, "contact", "situation", "guidance", "assessments")
    point, organisation = advisor.membership.point, advisor.membership.organisation
    colleague = Member(MembershipFactory(point=point, organisation=organisation))
    partner = Member(MembershipFactory(point=point, organisation=OrganisationFactory()))
    front_desk = Member(MembershipFactory(point=point, organisation=organisation, front_desk=True))
    manager = Member(MembershipFactory(point=advisor.membership.point, role="manager"))
    stranger = Member(MembershipFactory(point=PointFactory()))
    for who in (advisor, colleague, knowing):
        assert seen(who) == ({plan.pk}, {plan.pk})
    for who in (half, partner, front_desk, manager, stranger):
        assert seen(who) == (set(), set())
    consents.withdraw_consent(share, by=advisor, at=at(12))
    assert seen(knowing) == (set(), set())


def test_without_the_consent_to_be_recorded_the_plan_is_closed_to_the_team(
    plan: Plan, person: Client, advisor: Member
) -> None:
    consents.withdraw_consent(person.consents.get(), by=advisor, at=at(12))
    assert seen(advisor) == (set(), set())
    with pytest.raises(consents.NotRecorded):
        plans.add_goal(plan, words="Ei enää", by=advisor, at=at(12))
    with pytest.raises(consents.NotRecorded):
        plans.open_plan(person, goal="Ei enää", by=advisor, at=at(12))


def test_the_wall_lets_only_the_team_write(plan: Plan, person: Client, advisor: Member) -> None:
    knowing, _share = told(person, advisor, "plan")
    with as_actor(knowing.actor):
        assert Goal.objects.get().plan_id == plan.pk
        assert Goal.objects.update(ended_at=at(12)) == 0
        assert Plan.objects.update(intensity="sparse") == 0
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            Goal.objects.create(plan=plan, words="Vieras", position=9)
    with as_actor(advisor.actor):
        assert Goal.objects.update(ended_at=at(12)) == 1
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Goal.objects.update(position=9)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            PlanStep.objects.update(what="Toiset sanat")
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            PlanVersion.objects.update(content={})


@pytest.mark.parametrize("what", ["goal", "planstep", "planversion", "plan"])
def test_the_role_that_counts_reads_no_words_of_a_plan(what: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND has_column_privilege('tp_stats', attrelid, attnum, 'SELECT')",
            [f"clients_{what}"],
        )
        assert not {"words", "what", "who_words", "benefit", "content"} & {name for (name,) in cursor.fetchall()}
