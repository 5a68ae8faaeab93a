"""What ends without a next step is seen in time, and nothing is left at the month's end without a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients.actions import companion as companions
from clients.actions import consent as consents
from clients.actions import ending as acts
from clients.actions import plan as plans
from clients.actions import plan_end
from clients.actions import reminder as reminders
from clients.actions.plan import NothingNext, Step, StepOver
from clients.endings import by_colleague, endings
from clients.models import Client, Consent, Plan, PlanStep, Reminder, Responsibility
from team.access import Member
from team.models import Role
from tests.clients.plan.agreed import told
from tests.factories.clients import person_on_file, plan_of
from tests.factories.team import WEDNESDAY, MembershipFactory, PointFactory, at
from tests.fixtures.walls import as_actor

pytestmark = pytest.mark.django_db
Sign = Callable[[Any], Browser]
HTMX = {"HX-Request": "true"}
URL = "/asiakkaat/paattyvat/"


def measure(plan: Plan, by: Member, days: int = 10, what: str = "Palkkatuki pajalla") -> PlanStep:
    return plans.add_step(plan, step=Step(what, ends_on=WEDNESDAY + timedelta(days=days)), by=by, at=at(12))


def listed(by: Member) -> list[str]:
    """The services of the list of which nothing is said."""
    return [one.step.what for one in endings(by, today=WEDNESDAY) if not one.step.is_followed]


def test_the_list_has_what_ends_in_thirty_days_and_what_has_ended(plan: Plan, advisor: Member) -> None:
    for days in (-20, 0, 30, 31):
        measure(plan, advisor, days, f"Jakso {days}")
    assert listed(advisor) == ["Jakso -20", "Jakso 0", "Jakso 30"]
    assert all(one.is_mine for one in endings(advisor, today=WEDNESDAY))


def test_a_next_step_or_a_reason_takes_it_off_while_it_goes_on(plan: Plan, advisor: Member) -> None:
    one, other = measure(plan, advisor, what="Eka"), measure(plan, advisor, what="Toka")
    follows = plans.add_step(plan, step=Step("Hae työtä"), by=advisor, at=at(12))
    acts.agree_next(one, next_step=follows, by=advisor, at=at(12))
    acts.agree_next(other, no_next_reason="  Työ jatkuu  ", by=advisor, at=at(12))
    assert listed(advisor) == []
    assert PlanStep.objects.get(pk=other.pk).no_next_reason == "Työ jatkuu"
    assert PlanStep.objects.get(pk=one.pk).is_to_do


def test_what_was_agreed_before_the_end_outlives_the_undo_of_the_end(plan: Plan, advisor: Member) -> None:
    agreed, told_then = measure(plan, advisor, what="Eka"), measure(plan, advisor, what="Toka")
    acts.agree_next(agreed, no_next_reason="Työ jatkuu", by=advisor, at=at(12))
    plans.finish_step(agreed, by=advisor, at=at(13))
    plans.finish_step(told_then, no_next_reason="Ei jaksa", by=advisor, at=at(13))
    for row in (agreed, told_then):
        plan_end.undo_step(row, by=advisor, at=at(14))
    assert PlanStep.objects.get(pk=agreed.pk).no_next_reason == "Työ jatkuu"
    assert listed(advisor) == ["Toka"]


def test_agreeing_on_what_comes_next_leaves_the_question_how_it_goes(plan: Plan, advisor: Member) -> None:
    row = measure(plan, advisor, days=60)
    reminders.keep_clocks(at=at(12) + timedelta(days=8), using="default")
    asked = Reminder.objects.open().of_kind(Reminder.Kind.MEASURE_CONTACT)
    assert asked.count() == 1
    acts.agree_next(row, no_next_reason="Työ jatkuu", by=advisor, at=at(12) + timedelta(days=8))
    assert asked.count() == 1


def test_nothing_is_not_an_answer_but_takes_an_answer_back(plan: Plan, advisor: Member) -> None:
    row = measure(plan, advisor)
    with pytest.raises(NothingNext):
        acts.agree_next(row, no_next_reason=" ", by=advisor, at=at(12))
    acts.agree_next(row, no_next_reason="Ei jatkoa", by=advisor, at=at(12))
    acts.agree_next(row, by=advisor, at=at(12))
    assert listed(advisor) == ["Palkkatuki pajalla"]


def test_a_next_step_that_was_dropped_follows_nothing(plan: Plan, advisor: Member) -> None:
    row = measure(plan, advisor)
    follows = plans.add_step(plan, step=Step("Hae työtä"), by=advisor, at=at(12))
    acts.agree_next(row, next_step=follows, by=advisor, at=at(12))
    plans.finish_step(follows, done=False, by=advisor, at=at(12))
    assert listed(advisor) == ["Palkkatuki pajalla"]
    with pytest.raises(NothingNext):
        plans.finish_step(row, by=advisor, at=at(12))


def test_what_was_agreed_before_holds_when_it_ends(plan: Plan, advisor: Member) -> None:
    row = measure(plan, advisor)
    acts.agree_next(row, no_next_reason="Työ jatkuu", by=advisor, at=at(12))
    ended = plans.finish_step(row, by=advisor, at=at(12))
    assert ended.no_next_reason == "Työ jatkuu"
    with pytest.raises(StepOver):
        acts.agree_next(row, no_next_reason="Muu", by=advisor, at=at(12))


def test_the_alarm_is_quiet_once_all_is_said_and_rings_again_when_it_is_taken_back(plan: Plan, advisor: Member) -> None:
    row = measure(plan, advisor)
    reminders.keep_clocks(at=at(12), using="default")
    waits = Reminder.objects.open().of_kind(Reminder.Kind.MEASURE_ENDS)
    assert waits.count() == 1
    acts.agree_next(row, no_next_reason="Työ jatkuu", by=advisor, at=at(13))
    assert not waits.exists()
    reminders.keep_clocks(at=at(12) + timedelta(days=10), using="default")
    assert not waits.exists()
    acts.agree_next(row, by=advisor, at=at(14))
    reminders.keep_clocks(at=at(12) + timedelta(days=10), using="default")
    assert waits.count() == 1


def test_the_list_is_for_those_who_keep_the_file(plan: Plan, person: Client, advisor: Member, client_for: Sign) -> None:
    measure(plan, advisor)
    partner, _share = told(person, advisor, "plan")
    companion = Member(MembershipFactory(point=advisor.membership.point))
    companions.add_companion(person, companion.membership, by=advisor, at=at(12))
    assert [one.is_mine for one in endings(companion, today=WEDNESDAY)] == [False]
    assert endings(partner, today=WEDNESDAY) == []
    assert person.name in client_for(companion).get(URL).content.decode()
    assert person.name not in client_for(partner).get(URL).content.decode()


def test_a_closed_plan_has_nothing_ahead(plan: Plan, advisor: Member) -> None:
    row = measure(plan, advisor)
    plans.finish_step(row, no_next_reason="Ohi", by=advisor, at=at(12))
    plan.refresh_from_db()
    plan_end.close_plan(plan, ending="reached", result="work", summary="", by=advisor, at=at(12))
    assert endings(advisor, today=WEDNESDAY) == []


def test_the_page_of_the_plan_writes_it_once_and_says_what_is_missing(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    browser, row = client_for(advisor), measure(plan, advisor)
    url = f"/suunnitelman-askeleet/{row.pk}/jatko/"
    assert browser.post(url, {}, headers=HTMX).status_code == 409
    form = {"no_next_reason": "Työ jatkuu ilman tukea", "submission_key": str(uuid4())}
    for _press in range(2):
        assert browser.post(url, form, headers=HTMX).status_code == 200
    assert "Työ jatkuu ilman tukea" in browser.get(f"/asiakkaat/{person.pk}/suunnitelma/").content.decode()
    page = browser.get(URL).content.decode()
    assert 'data-testid="endings-explained"' in page
    assert 'data-testid="endings-mine"' not in page


def test_who_leads_the_point_sees_how_many_of_whose_people_and_no_name(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    said = acts.agree_next(measure(plan, advisor, 3), no_next_reason="Työ jatkuu", by=advisor, at=at(12))
    measure(plan, advisor, 7)
    nobodys = plan_of(person_on_file(advisor, name="Kielo Esimerkki", moment=at(10)), advisor)
    Responsibility.objects.filter(client=nobodys.client_id).update(ended_at=at(12))
    measure(nobodys, advisor, 5)
    manager = Member(MembershipFactory(point=advisor.membership.point, role=Role.MANAGER))
    with as_actor(manager.actor):
        rows = [(one.who and one.who.pk, one.without, one.explained) for one in by_colleague(manager, today=WEDNESDAY)]
    assert rows == [(None, 1, 0), (advisor.membership_id, 1, 1)]
    page = client_for(manager).get("/asiakkaat/ilman-yhteytta/").content.decode()
    assert advisor.user.name in page.split('data-testid="endings-ahead"')[1]
    for hidden in (person.name, "Kielo Esimerkki", "Palkkatuki pajalla", said.no_next_reason):
        assert hidden not in page


def test_the_function_tells_nobody_else(plan: Plan, person: Client, advisor: Member) -> None:
    measure(plan, advisor)
    elsewhere = Member(MembershipFactory(point=PointFactory(), role=Role.MANAGER))
    manager = Member(MembershipFactory(point=advisor.membership.point, role=Role.MANAGER))
    for who in (advisor, elsewhere):
        with as_actor(who.actor):
            assert by_colleague(who, today=WEDNESDAY) == []
    consents.withdraw_consent(Consent.objects.get(client=person, purpose="record"), by=advisor, at=at(12))
    with as_actor(manager.actor):
        assert by_colleague(manager, today=WEDNESDAY) == []
