"""Two people are told apart, a plan is confirmed and what follows a service is agreed on by the keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from clients.actions import plan as plans
from clients.actions import statutory
from clients.models import NotSame, PlanStep, StatutoryPlan
from tests.accessibility.test_keyboard import hands_of
from tests.accessibility.world import Scene
from tests.factories.clients import person_on_file, plan_of
from tests.factories.visits import House
from tests.fixtures.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_two_people_are_told_apart_and_looked_at_again(browser: Browser, wednesday_site: Site) -> None:
    scene = Scene(House())
    for name in ("Oleksandr Koe", "Alexander Koe"):
        person_on_file(scene.advisor, moment=scene.now, name=name)
    with hands_of(scene.advisor, browser, wednesday_site, reverse("clients:pairs")) as hands:
        hands.reach("client-not-same")
        hands.first("Enter")
        expect(hands.page.get_by_test_id("client-apart")).to_be_visible()
        assert NotSame.objects.standing().count() == 2
        hands.reach("client-not-same-undo")
        hands.first("Enter")
        expect(hands.page.get_by_test_id("client-pairs")).to_be_visible()
    assert not NotSame.objects.standing().exists()


def test_a_plan_is_confirmed_and_what_follows_is_agreed_on(browser: Browser, wednesday_site: Site) -> None:
    scene = Scene(House())
    one, now = person_on_file(scene.advisor, moment=scene.now), {"by": scene.advisor, "at": scene.now}
    plan, today = plan_of(one, scene.advisor, moment=scene.now), scene.now.date()
    plans.add_step(plan, step=plans.Step("Palkkatuki pajalla", ends_on=today + timedelta(days=10)), **now)
    statutory.record_statutory(
        plan, statutory.Agreed("employment", scene.advisor.membership.organisation, today), **now
    )
    with hands_of(scene.advisor, browser, wednesday_site, reverse("clients:plan", args=[one.pk])) as hands:
        hands.go("measure-end-open")
        hands.reach(f"why-{PlanStep.objects.get(ends_on__isnull=False).pk}")
        hands.type("Työ jatkuu ilman tukea")
        hands.go("measure-next")
        expect(hands.page.get_by_test_id("plan-steps")).to_contain_text("Työ jatkuu ilman tukea")
        hands.go("statutory-sent")
        hands.go("statutory-confirm-open")
        key = f"confirm-{StatutoryPlan.objects.get().pk}"
        hands.reach(f"{key}-confirmer")
        hands.type("Työllisyysalue")
        hands.reach(f"{key}-confirmed_on")
        hands.page.keyboard.type(f"{today:%m%d%Y}")
        hands.go("statutory-confirm")
        expect(hands.page.get_by_test_id("statutory-status")).to_contain_text("Työllisyysalue")
    assert StatutoryPlan.objects.get().confirmed_on == today
