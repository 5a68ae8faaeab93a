"""The page: goals first, nothing typed lost, works without script, the same cost however long the plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client as Browser

from clients import slots
from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.actions.plan import Step
from clients.models import Client, Goal, Plan, PlanVersion
from team.access import Member
from tests.clients.plan.agreed import approved, told
from tests.factories.clients import ConsentFactory, person_on_file
from tests.factories.team import MembershipFactory, PointFactory, at
from tyoparkki.models import AccessEvent

pytestmark = pytest.mark.django_db

Sign = Callable[[Any], Browser]
HTMX = {"HX-Request": "true"}


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
    sent(f"/suunnitelmat/{plan.pk}/askel/", what="Soittaa", who="client", goal=goal.pk, by_on="2026-12-02")
    sent(f"/suunnitelman-askeleet/{step.pk}/paiva/", by_on="2026-12-16")
    sent(f"/tavoitteet/{goal.pk}/sanat/", words="Haluan töihin")
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


def test_staff_do_not_approve_in_the_name_of_the_tablet(plan: Plan, advisor: Member, client_for: Sign) -> None:
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
    assert AccessEvent.objects.get(kind="plan").outcome == "denied"  # nothing was shown, so no look is told of
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
    plans.set_day(plan.steps.get(), date(2026, 12, 16), by=advisor, at=at(11))
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
        plans.add_step(
            plan, step=Step(f"Askel {number}", "staff", goal_id=goal.pk, by_on=date(2026, 12, 2)), by=advisor, at=at(11)
        )
        approved(plan, advisor)
    with assert_budget(15):
        browser.get(f"/asiakkaat/{person.pk}/")
    with assert_budget(14):
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
