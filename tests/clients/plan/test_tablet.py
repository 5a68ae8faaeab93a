"""The person reads the plan on the tablet and approves it by their own press; a day for every step before that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.actions import instrument as instruments
from clients.actions import plan as plans
from clients.actions import plan_end
from clients.actions.plan import Step
from clients.models import AssessmentAsk, Client, Consent, HandoverSession, Plan, PlanStep
from clients.models.consent import Purpose
from team.access import Member
from tests.clients.plan.agreed import approved
from tests.factories.team import DeviceFactory, MembershipFactory, at
from tyoparkki.codes import Offer
from tyoparkki.models import AccessEvent

pytestmark = pytest.mark.django_db

Sign = Callable[[Any], Browser]
TABLET = "/luovutus/"


@pytest.fixture
def tablet(advisor: Member) -> Browser:
    """The tablet of the point that is handed over."""
    DeviceFactory(point=advisor.membership.point, kind="handover", token="luovutus-1")
    browser = Browser(headers={"Accept": "text/html"})
    browser.cookies["device_handover"] = "luovutus-1"
    return browser


def handed(plan: Plan, by: Member) -> Offer[HandoverSession]:
    plan.refresh_from_db()
    return handovers.hand_plan(plan, by=by, at=at(12), language="fi", version=plan.version)


def read(tablet: Browser, code: str) -> str:
    """The digits are typed, and the plan is on the tablet."""
    assert tablet.post(TABLET, {"code": code}).status_code == 303
    return tablet.get(TABLET).content.decode()


def test_the_person_reads_the_plan_and_approves_it(plan: Plan, advisor: Member, tablet: Browser) -> None:
    text = read(tablet, handed(plan, advisor).code)
    assert plan.goals.get().words in text
    assert plan.steps.get().what in text
    event = AccessEvent.objects.get(kind="own_plan")
    assert (event.person_id, event.outcome, event.actor_kind) == (plan.client_id, "shown", "handover")
    answers = [tablet.post(TABLET, {"answer": "yes", "language": "fi"}) for _press in range(2)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(303, f"{TABLET}?valmis=fi")}
    plan.refresh_from_db()
    assert plan.is_in_force
    assert (plan.approved_how, plan.approved_by_id) == (Consent.How.TABLET, advisor.membership_id)
    assert plan.versions.get().how == Consent.How.TABLET
    assert plan.goals.get().words not in tablet.get(TABLET).content.decode()


@pytest.mark.parametrize(("said", "outcome"), [("no", "declined"), ("stop", "stopped")])
def test_a_no_leaves_the_plan_waiting(plan: Plan, advisor: Member, tablet: Browser, said: str, outcome: str) -> None:
    offer = handed(plan, advisor)
    read(tablet, offer.code)
    assert tablet.post(TABLET, {"answer": said, "language": "fi"}).status_code == 303
    plan.refresh_from_db()
    assert not plan.is_in_force
    offer.row.refresh_from_db()
    assert offer.row.outcome == outcome


@pytest.mark.parametrize("presses", [False, True])
def test_a_plan_that_changed_meanwhile_is_neither_shown_nor_approved(
    plan: Plan, advisor: Member, tablet: Browser, presses: bool
) -> None:
    offer = handed(plan, advisor)
    read(tablet, offer.code)
    plans.add_goal(plan, words="Kollegan kirjaama", by=advisor, at=at(12))
    late = tablet.post(TABLET, {"answer": "yes", "language": "fi"}) if presses else tablet.get(TABLET)
    assert late.status_code == 409
    assert "Kollega muutti" in late.content.decode()
    plan.refresh_from_db()
    assert not plan.is_in_force
    tablet.get(TABLET)
    offer.row.refresh_from_db()
    assert offer.row.outcome == HandoverSession.Outcome.REPLACED


def test_a_withdrawal_closes_the_plan_on_the_tablet_too(
    plan: Plan, person: Client, advisor: Member, tablet: Browser
) -> None:
    read(tablet, handed(plan, advisor).code)
    consents.withdraw_consent(person.consents.get(purpose=Purpose.RECORD), by=advisor, at=at(12))
    late = tablet.get(TABLET)
    assert plan.goals.get().words not in late.content.decode()
    assert tablet.post(TABLET, {"answer": "yes", "language": "fi"}).status_code == 409
    assert not Plan.objects.get().is_in_force


def test_staff_hand_the_plan_as_the_page_shows_it(plan: Plan, advisor: Member, client_for: Sign) -> None:
    browser, url = client_for(advisor), f"/suunnitelmat/{plan.pk}/tabletille/"
    shown = browser.post(url, {"read_in": "sv", "handed_version": plan.version})
    assert shown.status_code == 200
    assert 'data-testid="handover-code"' in shown.content.decode()
    session = HandoverSession.objects.get()
    assert (session.plan_id, session.plan_version, session.language) == (plan.pk, plan.version, "sv")
    plans.add_goal(plan, words="Kollegan kirjaama", by=advisor, at=at(12))
    late = browser.post(url, {"read_in": "sv", "handed_version": plan.version})
    assert late.status_code == 409
    assert 'data-testid="plan-refused"' in late.content.decode()
    stranger = client_for(Member(MembershipFactory()))
    assert browser.post(url, {"read_in": "xx", "handed_version": plan.version}).status_code == 409
    assert stranger.post(url, {"read_in": "sv", "handed_version": plan.version}).status_code == 404


def test_a_plan_comes_into_force_when_every_step_has_a_day(plan: Plan, advisor: Member, client_for: Sign) -> None:
    loose = plans.add_step(plan, step=Step("Kysyä bussit"), by=advisor, at=at(11))
    with pytest.raises(plans.StepWithoutDay):
        approved(plan, advisor)
    answer = client_for(advisor).post(f"/suunnitelman-askeleet/{loose.pk}/paiva/", {"by_on": ""})
    assert answer.status_code == 409
    assert "Valitse päivä." in answer.content.decode()
    plans.set_day(loose, date(2026, 12, 9), by=advisor, at=at(11))
    assert approved(plan, advisor).is_in_force
    plans.set_day(loose, date(2026, 12, 10), by=advisor, at=at(12))
    plan.refresh_from_db()
    assert not plan.is_in_force
    plans.finish_step(loose, by=advisor, at=at(12))
    with pytest.raises(plans.StepOver):
        plans.set_day(loose, date(2026, 12, 11), by=advisor, at=at(12))


def test_the_form_of_a_step_asks_for_a_day_and_keeps_what_was_typed(
    plan: Plan, advisor: Member, client_for: Sign
) -> None:
    answer = client_for(advisor).post(f"/suunnitelmat/{plan.pk}/askel/", {"what": "Kysyä bussit", "who": "client"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Arvio riittää" in text
    assert 'value="Kysyä bussit"' in text


def test_other_words_of_a_goal_wait_for_approval(plan: Plan, advisor: Member) -> None:
    goal = plan.goals.get()
    assert approved(plan, advisor).is_in_force
    plans.reword_goal(goal, goal.words, by=advisor, at=at(12))
    plan.refresh_from_db()
    assert plan.is_in_force
    plans.reword_goal(goal, "Haluan omin sanoin", by=advisor, at=at(12))
    plan.refresh_from_db()
    assert not plan.is_in_force
    plans.end_goal(goal, by=advisor, at=at(12), reached=True)
    with pytest.raises(plans.GoalOver):
        plans.reword_goal(goal, "Myöhässä", by=advisor, at=at(12))


def test_a_measure_that_is_done_is_followed_by_the_question_how_things_are(plan: Plan, advisor: Member) -> None:
    instruments.load_shipped(at=at(10))
    measure = plans.add_step(plan, step=Step("Työkokeilu", ends_on=date(2026, 12, 31)), by=advisor, at=at(11))
    kept: dict[str, Any] = {"by": advisor, "at": at(12), "no_next_reason": "Työ alkoi"}
    plans.finish_step(measure, **kept)
    ask = AssessmentAsk.objects.get()
    assert (ask.client_id, ask.ended_at) == (plan.client_id, None)
    plan_end.undo_step(PlanStep.objects.get(pk=measure.pk), by=advisor, at=at(12))
    assert not AssessmentAsk.objects.waiting().exists()
    plans.finish_step(measure, done=False, **kept)
    assert not AssessmentAsk.objects.waiting().exists()
