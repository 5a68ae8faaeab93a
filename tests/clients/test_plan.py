"""The plan: the person's goals first, steps, approval of the present version, and who may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.test import Client as Browser

from clients import slots
from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.actions.consent import Given
from clients.actions.plan import Step
from clients.models import Client, Consent, Goal, Plan, PlanStep, PlanVersion
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import ConsentFactory, person_on_file, plan_of
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki import audit
from tyoparkki.models import AccessEvent, AuditEvent

pytestmark = pytest.mark.django_db

Sign = Callable[[Any], Browser]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def advisor() -> Member:
    """An advisor of the team."""
    return Member(MembershipFactory())


@pytest.fixture
def person(advisor: Member) -> Client:
    """Somebody on the team's file."""
    return person_on_file(advisor)


@pytest.fixture
def plan(person: Client, advisor: Member) -> Plan:
    """A plan with a goal and a step, not approved yet."""
    return plan_of(person, advisor)


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


# --- what the actions keep -------------------------------------------------------------------------------------------


def test_a_plan_begins_with_the_persons_own_goal(person: Client, advisor: Member) -> None:
    plan = plans.open_plan(person, goal="Haluan töihin", by=advisor, at=at(11), intensity="sparse")
    assert (plan.client, plan.point_id, plan.opened_by) == (person, advisor.point_id, advisor.membership)
    assert [goal.words for goal in plan.goals.all()] == ["Haluan töihin"]
    assert (plan.intensity, plan.is_in_force, plan.approved_version) == ("sparse", False, None)


def test_a_person_has_one_open_plan(person: Client, plan: Plan, advisor: Member) -> None:
    with pytest.raises(plans.AlreadyOpen):
        plans.open_plan(person, goal="Toinen", by=advisor, at=at(12))
    second = {"client": person, "point": plan.point, "opened_at": at(12), "opened_by": advisor.membership}
    with pytest.raises(IntegrityError, match="plan_one_open"), transaction.atomic():
        Plan.objects.create(**second)
    Plan.objects.filter(pk=plan.pk).update(closed_at=at(12))
    assert plans.open_plan(person, goal="Uusi alku", by=advisor, at=at(12)).pk != plan.pk


def test_a_closed_plan_is_not_changed(plan: Plan, advisor: Member) -> None:
    Plan.objects.filter(pk=plan.pk).update(closed_at=at(12))
    with pytest.raises(plans.PlanClosed):
        plans.add_goal(plan, words="Vielä yksi", by=advisor, at=at(12))
    with pytest.raises(plans.PlanClosed):
        plans.finish_step(plan.steps.get(), by=advisor, at=at(12))


def test_a_plan_is_in_force_only_once_its_present_version_is_approved(plan: Plan, advisor: Member) -> None:
    assert not plan.is_in_force
    now = approved(plan, advisor)
    assert now.is_in_force
    assert (now.approved_how, now.approved_at, now.approved_by) == ("words", at(12), advisor.membership)
    with pytest.raises(plans.AlreadyApproved):
        approved(plan, advisor)


CHANGES: dict[str, Callable[[Plan, Member], object]] = {
    "a goal": lambda plan, by: plans.add_goal(plan, words="Lisäksi", by=by, at=at(12)),
    "a step": lambda plan, by: plans.add_step(plan, step=Step("Soittaa"), by=by, at=at(12)),
    "a goal given up": lambda plan, by: plans.end_goal(plan.goals.get(), by=by, at=at(12), reached=False),
    "a step not needed": lambda plan, by: plans.finish_step(plan.steps.get(), by=by, at=at(12), done=False),
    "the rhythm": lambda plan, by: plans.set_intensity(plan, "sparse", by=by, at=at(12), version=plan.version),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_what_was_agreed_waits_for_a_new_approval(plan: Plan, advisor: Member, change: str) -> None:
    before = approved(plan, advisor).version
    plan.refresh_from_db()
    CHANGES[change](plan, advisor)
    plan.refresh_from_db()
    assert (plan.version, plan.approved_version, plan.is_in_force) == (before + 1, before, False)


def test_what_goes_as_agreed_needs_no_new_approval(plan: Plan, advisor: Member) -> None:
    approved(plan, advisor)
    plans.finish_step(plan.steps.get(), by=advisor, at=at(12))
    plans.end_goal(plan.goals.get(), by=advisor, at=at(12), reached=True)
    plan.refresh_from_db()
    assert plan.is_in_force


def test_the_same_rhythm_is_no_change(plan: Plan, advisor: Member) -> None:
    plans.set_intensity(plan, plan.intensity, by=advisor, at=at(12), version=plan.version)
    assert Plan.objects.get().version == plan.version


def test_an_approval_of_what_a_colleague_has_changed_is_refused(plan: Plan, advisor: Member) -> None:
    plans.add_goal(plan, words="Kollegan kirjaama", by=advisor, at=at(12))
    with pytest.raises(plans.ChangedMeanwhile):
        plans.approve_plan(plan, how="words", by=advisor, at=at(12), version=plan.version)
    with pytest.raises(plans.ChangedMeanwhile):
        plans.set_intensity(plan, "sparse", by=advisor, at=at(12), version=plan.version)
    assert not PlanVersion.objects.exists()
    assert Plan.objects.get().intensity == "dense"


def test_a_plan_without_a_goal_is_not_approved(plan: Plan, advisor: Member) -> None:
    plans.end_goal(plan.goals.get(), by=advisor, at=at(12), reached=False)
    with pytest.raises(plans.NothingToApprove):
        approved(plan, advisor)


def test_what_was_approved_is_read_later_as_it_was(plan: Plan, advisor: Member) -> None:
    goal = plan.goals.get()
    step = Step("Hakea kurssille", "staff", by_on=date(2026, 12, 2), benefit="Opin suomea", goal_id=goal.pk)
    plans.add_step(plan, step=step, by=advisor, at=at(11))
    first = approved(plan, advisor).version
    plans.add_goal(plan, words="Uusi tavoite", by=advisor, at=at(12))
    plans.finish_step(plan.steps.get(who="client"), by=advisor, at=at(12), done=False)
    approved(plan, advisor)
    earlier = PlanVersion.objects.get(version=first)
    assert [goal["words"] for goal in earlier.content["goals"]] == [goal.words]
    assert {(one["what"], one["goal"], one["by_on"]) for one in earlier.steps} == {
        ("Hakea kurssille", goal.words, date(2026, 12, 2)),
        ("Soittaa oppilaitokseen", "", None),
    }
    doers = {one["what"]: one["by"] for one in earlier.steps}
    assert doers["Soittaa oppilaitokseen"] == ""
    assert advisor.user.name in doers["Hakea kurssille"]
    latest = PlanVersion.objects.exclude(pk=earlier.pk).get()
    assert [goal["words"] for goal in latest.content["goals"]] == [goal.words, "Uusi tavoite"]
    assert [one["what"] for one in latest.steps] == ["Hakea kurssille"]


def test_a_goal_that_ends_takes_its_open_steps_along_and_nothing_is_deleted(plan: Plan, advisor: Member) -> None:
    goal, other = plan.goals.get(), plan.steps.get()
    done = plans.add_step(plan, step=Step("Eka", goal_id=goal.pk), by=advisor, at=at(11))
    left = plans.add_step(plan, step=Step("Toka", goal_id=goal.pk), by=advisor, at=at(11))
    plans.finish_step(done, by=advisor, at=at(11))
    plans.end_goal(goal, by=advisor, at=at(12), reached=True)
    for row in (goal, other, done, left):
        row.refresh_from_db()
    assert (goal.reached_at, goal.ended_at) == (at(12), None)
    assert (done.done_at, done.ended_at) == (at(11), None)
    assert (left.done_at, left.ended_at) == (None, at(12))
    assert other.is_to_do


def test_what_is_over_is_not_ended_twice(plan: Plan, advisor: Member) -> None:
    step, goal = plan.steps.get(), plan.goals.get()
    plans.finish_step(step, by=advisor, at=at(11))
    with pytest.raises(plans.StepOver):
        plans.finish_step(step, by=advisor, at=at(12), done=False)
    plans.end_goal(goal, by=advisor, at=at(11), reached=False)
    with pytest.raises(plans.GoalOver):
        plans.end_goal(goal, by=advisor, at=at(12), reached=True)
    with pytest.raises(plans.GoalOver):
        plans.add_step(plan, step=Step("Myöhässä", goal_id=goal.pk), by=advisor, at=at(12))


def test_a_step_does_not_hang_on_somebody_elses_goal(plan: Plan, advisor: Member) -> None:
    other = plan_of(person_on_file(advisor, name="Toinen Esimerkki"), advisor)
    with pytest.raises(plans.GoalOver):
        plans.add_step(plan, step=Step("Väärin", goal_id=other.goals.get().pk), by=advisor, at=at(12))


@pytest.mark.parametrize(
    "row",
    [
        {"who": "client", "who_words": "Joku"},
        {"who": "staff"},
        {"who": "other"},
        {"done_at": at(11), "ended_at": at(11)},
    ],
)
def test_the_database_keeps_a_step_whole(plan: Plan, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="plan_step"), transaction.atomic():
        PlanStep.objects.create(plan=plan, what="Jotain", **row)


def test_the_database_keeps_an_approval_whole(plan: Plan) -> None:
    for half in ({"approved_version": 1}, {"approved_how": "words"}, {"approved_at": at(11)}):
        with pytest.raises(IntegrityError, match="plan_approved_whole"), transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(**half)


def test_the_trace_tells_what_was_done_and_not_a_word_of_it(plan: Plan, advisor: Member) -> None:
    step = plans.add_step(plan, step=Step("Salaisuus", "other", who_words="Toimisto"), by=advisor, at=at(11))
    plans.finish_step(step, by=advisor, at=at(11))
    approved(plan, advisor)
    events = AuditEvent.objects.filter(verb__startswith="plan.")
    assert set(events.values_list("verb", flat=True)) == {
        "plan.opened", "plan.goal_added", "plan.step_added", "plan.step_done", "plan.approved",
    }  # fmt: skip
    assert events.get(object_id=str(step.pk), verb="plan.step_added").fields == ["what", "who", "who_words"]
    for event in events:
        assert not {"Salaisuus", "Toimisto", "Haluan"} & set(" ".join([*event.fields, event.reason]).split())


@pytest.mark.parametrize("change", [*CHANGES, "approval"])
def test_without_its_trace_nothing_happens(
    plan: Plan, advisor: Member, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(audit, "record", broken)
    before = list(Plan.objects.values()), list(Goal.objects.order_by("pk").values()), PlanStep.objects.count()
    with pytest.raises(OSError), transaction.atomic():  # noqa: PT011 - our own
        CHANGES.get(change, approved)(plan, advisor)
    after = list(Plan.objects.values()), list(Goal.objects.order_by("pk").values()), PlanStep.objects.count()
    assert after == before
    assert not PlanVersion.objects.exists()


# --- who may read and write ------------------------------------------------------------------------------------------


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
            Goal.objects.update(words="Toiset sanat")
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


# --- the page --------------------------------------------------------------------------------------------------------


def test_an_empty_page_asks_for_the_first_goal_and_opens_the_plan(
    person: Client, advisor: Member, client_for: Sign
) -> None:
    browser, url = client_for(advisor), f"/asiakkaat/{person.pk}/suunnitelma/"
    page = browser.get(url)
    assert page.status_code == 200
    assert 'data-testid="plan-open"' in page.content.decode()
    empty = browser.post(f"{url}avaa/", {"words": " ", "intensity": "sparse"})
    assert empty.status_code == 422
    assert '<option value="sparse" selected' in empty.content.decode()
    assert not Plan.objects.exists()
    form = {"words": "Haluan   töihin\nlähelle", "intensity": "sparse", "submission_key": str(uuid4())}
    answers = [browser.post(f"{url}avaa/", form) for _press in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(303, url)] * 2
    assert Goal.objects.get().words == "Haluan töihin lähelle"


def test_a_goal_typed_while_a_colleague_opened_the_plan_is_not_lost(
    plan: Plan, advisor: Member, client_for: Sign
) -> None:
    late = client_for(advisor).post(
        f"/asiakkaat/{plan.client_id}/suunnitelma/avaa/", {"words": "Minun sanani", "intensity": "dense"}
    )
    text = late.content.decode()
    assert late.status_code == 422
    assert "Minun sanani" in text
    assert plan.goals.get().words in text
    assert "Asiakkaalla on jo suunnitelma" in text


def test_goals_come_before_steps_with_who_and_when(plan: Plan, advisor: Member, client_for: Sign) -> None:
    step = Step("Käydä tutustumassa", "other", "Kaupungin kirjasto", date(2026, 12, 2), "Näen paikan")
    plans.add_step(plan, step=step, by=advisor, at=at(11))
    text = client_for(advisor).get(f"/asiakkaat/{plan.client_id}/suunnitelma/").content.decode()
    places = [text.index(word) for word in (plan.goals.get().words, "Käydä tutustumassa", "Kaupungin kirjasto")]
    assert places == sorted(places)
    for word in ("2.12.2026", "Näen paikan", "Odottaa hyväksyntää"):
        assert word in text


def test_each_form_works_without_script_and_answers_a_part_with_it(
    plan: Plan, advisor: Member, client_for: Sign
) -> None:
    browser, page = client_for(advisor), f"/asiakkaat/{plan.client_id}/suunnitelma/"
    step, goal = plan.steps.get(), plan.goals.get()

    def sent(path: str, **data: Any) -> None:
        for headers in ({}, HTMX):
            with transaction.atomic():
                answer = browser.post(path, data, headers=headers)
                text = answer.content.decode()
                if headers:
                    assert answer.status_code == 200, path
                    assert "<html" not in text
                    assert 'data-testid="toast"' in text
                    assert 'id="plan-goals"' in text
                    assert 'id="plan-state"' in text
                    assert text.count('id="plan-choice"') == 1
                    ids = [part.split('"')[0] for part in text.split(' id="')[1:]]
                    assert len(ids) == len(set(ids)), path
                else:
                    assert (answer.status_code, answer["Location"]) == (303, page), path
                transaction.set_rollback(True)

    sent(f"/suunnitelmat/{plan.pk}/tavoite/", words="Toinen")
    sent(f"/suunnitelmat/{plan.pk}/askel/", what="Soittaa", who="client", goal=goal.pk)
    sent(f"/suunnitelmat/{plan.pk}/yhteydenpito/", intensity="sparse", version=plan.version)
    sent(f"/suunnitelmat/{plan.pk}/hyvaksy/", how="paper", version=plan.version)
    sent(f"/tavoitteet/{goal.pk}/saavutettu/")
    sent(f"/tavoitteet/{goal.pk}/luovu/")
    sent(f"/suunnitelman-askeleet/{step.pk}/tehty/")
    sent(f"/suunnitelman-askeleet/{step.pk}/ei-tarvita/")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_was_typed_of_a_step_stays_when_something_is_missing(
    plan: Plan, advisor: Member, client_for: Sign, headers: dict[str, str]
) -> None:
    form = {"what": "Varata aika", "who": "other", "who_words": "", "by_on": "2026-12-02", "benefit": "Pääsen alkuun"}
    answer = client_for(advisor).post(f"/suunnitelmat/{plan.pk}/askel/", form, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Kirjoita, kuka sen tekee." in text
    for word in (
        'value="Varata aika"',
        'value="2026-12-02"',
        'value="Pääsen alkuun"',
        '<option value="other" selected',
    ):
        assert word in text
    assert plan.steps.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_approval_of_an_old_page_shows_what_changed(
    plan: Plan, advisor: Member, client_for: Sign, headers: dict[str, str]
) -> None:
    plans.add_goal(plan, words="Kollegan kirjaama", by=advisor, at=at(12))
    browser, url = client_for(advisor), f"/suunnitelmat/{plan.pk}/hyvaksy/"
    late = browser.post(url, {"how": "words", "version": plan.version}, headers=headers)
    text = late.content.decode()
    assert late.status_code == 409
    assert 'data-testid="plan-refused"' in text
    assert "Kollegan kirjaama" in text
    assert not PlanVersion.objects.exists()
    again = browser.post(url, {"how": "words", "version": late.context["plan"].version})
    assert again.status_code == 303
    assert "Voimassa" in browser.get(again["Location"]).content.decode()


def test_the_tablet_is_no_way_to_approve_yet(plan: Plan, advisor: Member, client_for: Sign) -> None:
    form = {"how": "tablet", "version": plan.version}
    assert client_for(advisor).post(f"/suunnitelmat/{plan.pk}/hyvaksy/", form).status_code == 409
    assert not Plan.objects.get().is_in_force


def test_a_step_pressed_done_twice_says_so(plan: Plan, advisor: Member, client_for: Sign) -> None:
    browser, url = client_for(advisor), f"/suunnitelman-askeleet/{plan.steps.get().pk}/tehty/"
    assert browser.post(url).status_code == 303
    late = browser.post(url)
    assert late.status_code == 409
    assert "Tämä askel on jo tehty" in late.content.decode()


def test_another_organisation_reads_and_does_not_write(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    partner, share = told(person, advisor, "plan")
    browser, url = client_for(partner), f"/asiakkaat/{person.pk}/suunnitelma/"
    text = browser.get(url).content.decode()
    assert plan.goals.get().words in text
    assert "<form" not in text.split('id="plan-goals"')[1].split("</main>")[0]
    assert "plan-open" not in browser.get(f"/asiakkaat/{person.pk}/").content.decode()
    for path, data in (
        (f"/suunnitelmat/{plan.pk}/tavoite/", {"words": "Vieras"}),
        (f"/suunnitelmat/{plan.pk}/hyvaksy/", {"how": "words", "version": plan.version}),
        (f"/suunnitelman-askeleet/{plan.steps.get().pk}/tehty/", {}),
        (f"{url}avaa/", {"words": "Vieras", "intensity": "dense"}),
    ):
        assert browser.post(path, data).status_code == 404
    consents.withdraw_consent(share, by=advisor, at=at(12))
    assert browser.get(url).status_code == 404


def test_an_organisation_that_is_told_other_things_finds_no_plan(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    partner, _share = told(person, advisor, "contact", "situation")
    browser = client_for(partner)
    assert browser.get(f"/asiakkaat/{person.pk}/suunnitelma/").status_code == 404
    text = browser.get(f"/asiakkaat/{person.pk}/").content.decode()
    assert "client-ahead" not in text
    assert plan.steps.get().what not in text


def test_each_opening_is_written_down(plan: Plan, advisor: Member, client_for: Sign) -> None:
    browser = client_for(advisor)
    browser.get(f"/asiakkaat/{plan.client_id}/suunnitelma/")
    event = AccessEvent.objects.get(kind="plan")
    assert (event.person_id, event.outcome) == (plan.client_id, "shown")
    assert "avasi suunnitelman" in browser.get(f"/asiakkaat/{plan.client_id}/").content.decode()
    hidden = person_on_file(Member(MembershipFactory(point=PointFactory())))
    assert browser.get(f"/asiakkaat/{hidden.pk}/suunnitelma/").status_code == 404
    assert AccessEvent.objects.get(person_id=hidden.pk).outcome == "denied"


def test_the_persons_page_says_the_next_step_and_who_takes_it(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    browser, url = client_for(advisor), f"/asiakkaat/{person.pk}/"
    later = Step("Myöhempi", "other", "Kirjasto", date(2026, 12, 9))
    sooner = Step("Ensimmäinen", "staff", by_on=date(2026, 12, 2))
    for step in (later, sooner):
        plans.add_step(plan, step=step, by=advisor, at=at(11))
    text = browser.get(url).content.decode()
    assert "Ensimmäinen" in text
    assert advisor.user.name in text
    assert "2.12.2026" in text
    assert "Myöhempi" not in text
    assert f"{url}suunnitelma/" in text
    plans.finish_step(plan.steps.get(what="Ensimmäinen"), by=advisor, at=at(12))
    assert "Myöhempi" in browser.get(url).content.decode()


def test_the_pages_cost_the_same_however_long_the_plan(
    plan: Plan,
    person: Client,
    advisor: Member,
    client_for: Sign,
    assert_budget: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slots, "_fillers", {})
    browser = client_for(advisor)
    for number in range(12):
        goal = plans.add_goal(plan, words=f"Tavoite {number}", by=advisor, at=at(11))
        plans.add_step(plan, step=Step(f"Askel {number}", "staff", goal_id=goal.pk), by=advisor, at=at(11))
        approved(plan, advisor)
    with assert_budget(15):
        browser.get(f"/asiakkaat/{person.pk}/")
    with assert_budget(12):
        assert "Askel 11" in browser.get(f"/asiakkaat/{person.pk}/suunnitelma/").content.decode()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_is_whole_in_other_languages(plan: Plan, advisor: Member, client_for: Sign, language: str) -> None:
    browser = client_for(advisor)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    approved(plan, advisor)
    text = browser.get(f"/asiakkaat/{plan.client_id}/suunnitelma/").content.decode()
    assert {"sv": "I kraft", "en": "In force"}[language] in text


def test_a_person_without_a_consent_has_no_plan_to_see(advisor: Member) -> None:
    ended = ConsentFactory(client__point=advisor.membership.point, withdrawn_at=at(11))
    with pytest.raises(consents.NotRecorded):
        plans.open_plan(ended.client, goal="Ei", by=advisor, at=at(12))
