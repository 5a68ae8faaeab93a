"""Steps and reasons are typed on while others are on their way, through a lost connection and over a reload."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from clients.models import Referral
from tests.browser.test_visit import advisor, arrive, by, today, window
from tests.factories.clients import ServiceRowFactory
from tests.factories.visits import House
from tests.fixtures.axe import violations
from tests.fixtures.site import Site
from visits.models import AgreedStep, Draft, Visit

pytestmark = pytest.mark.browser
__all__ = ["today"]

STEPS = re.compile(r"/askeleet/$")
ALL = ["Soita oppilaitokseen", "Varaa aika", "Päivitä CV"]


def agreed() -> list[str]:
    return list(AgreedStep.objects.order_by("agreed_at", "pk").values_list("what", flat=True))


def type_steps(page: Page) -> None:
    page.locator("#step-what").focus()
    for what in ALL:
        page.keyboard.type(what)
        page.keyboard.press("Enter")


def test_steps_typed_faster_than_they_are_sent_all_land_in_order_and_once(
    browser: Browser, live_site: Site, today: House
) -> None:
    me = advisor(today)
    today.in_service(me, visit=arrive(today), moment=timezone.now())
    with window(browser, live_site, me) as page:

        def slow(route: Route) -> None:
            page.wait_for_timeout(400)
            route.continue_()

        page.route(STEPS, slow)
        type_steps(page)
        page.keyboard.type("Puoliksi kirjoi")
        expect(by(page, "visit-step-unsent").first).to_be_visible()
        assert violations(page) == []
        expect(by(page, "visit-step")).to_have_count(3, timeout=8000)
        expect(by(page, "visit-step-unsent")).to_have_count(0)
        expect(page.locator("#step-what")).to_have_value("Puoliksi kirjoi")
        expect(page.locator("#step-what")).to_be_focused()
    assert agreed() == ALL


def test_a_lost_connection_keeps_every_step_and_a_lost_answer_doubles_none(
    browser: Browser, live_site: Site, today: House
) -> None:
    me = advisor(today)
    today.in_service(me, visit=arrive(today), moment=timezone.now())
    with window(browser, live_site, me) as page:
        lost = 0

        def lose(route: Route) -> None:
            nonlocal lost
            lost += 1
            if lost == 1:
                route.fetch()  # it arrived, but its answer did not
            if lost < 3:
                route.abort()
            else:
                route.continue_()

        page.route(STEPS, lose)
        type_steps(page)
        expect(by(page, "visit-step-unsent")).to_have_count(3)
        expect(by(page, "visit-step-unsent").first).to_contain_text("Ei vielä tallennettu")
        expect(page.locator("#net")).to_be_visible()
        expect(by(page, "visit-step")).to_have_count(3, timeout=15_000)
        expect(by(page, "visit-step-unsent")).to_have_count(0)
    assert agreed() == ALL


def test_what_is_half_typed_is_there_after_a_reload_and_after_other_presses(
    browser: Browser, live_site: Site, today: House
) -> None:
    me = advisor(today)
    today.in_service(me, visit=arrive(today), moment=timezone.now())
    with window(browser, live_site, me) as page:
        page.locator("#step-what").fill("Kysy puolisolta")
        page.get_by_text("Lisää perustelu").click()
        by(page, "visit-refer-reason").fill("Kaipaa rytmiä")
        by(page, "visit-topic-cv").click()
        expect(by(page, "visit-topic-cv")).to_have_attribute("aria-pressed", "true")
        expect(by(page, "visit-refer-reason")).to_have_value("Kaipaa rytmiä")
        page.locator("#h-steps").click()
        page.wait_for_timeout(1500)
        assert Draft.objects.count() == 2
        page.reload()
        expect(page.locator("#step-what")).to_have_value("Kysy puolisolta")
        expect(by(page, "visit-refer-reason")).to_have_value("Kaipaa rytmiä")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        page.locator("#step-what").press("Enter")
        expect(by(page, "visit-step")).to_have_count(1)
        page.reload()
        expect(page.locator("#step-what")).to_have_value("")
    assert agreed() == ["Kysy puolisolta"]


def test_finishing_takes_the_half_typed_step_along(browser: Browser, live_site: Site, today: House) -> None:
    me, visit = advisor(today), arrive(today)
    today.in_service(me, visit=visit, moment=timezone.now())
    with window(browser, live_site, me) as page:
        by(page, "visit-result-riitti").check(force=True)
        page.locator("#step-what").fill("Kysy puolisolta")
        page.keyboard.press("Control+Enter")
        expect(by(page, "visit-free")).to_be_visible(timeout=6000)
    assert agreed() == ["Kysy puolisolta"]
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.DONE


def test_two_services_pressed_one_after_the_other_are_two_referrals_and_a_double_click_is_one(
    browser: Browser, live_site: Site, today: House
) -> None:
    me, visit = advisor(today), arrive(today)
    visit.topic.service_classes = ["P10.7"]
    visit.topic.save()
    for name in ("Työpaja Kaste", "Työpaja Pelto"):
        ServiceRowFactory(names={"fi": name, "sv": name, "en": name}, service_classes=["P10.7"])
    today.in_service(me, visit=visit, moment=timezone.now())
    with window(browser, live_site, me) as page:
        under_way: list[Route] = []

        def hold(route: Route) -> None:
            under_way.append(route)

        page.route(f"**{page.locator('#refer-form').get_attribute('action')}", hold)
        suggested = by(page, "visit-refer")
        expect(suggested).to_have_count(2)
        suggested.nth(0).dblclick()
        suggested.nth(1).dblclick()
        for count in (1, 2):
            while not under_way:
                page.wait_for_timeout(20)
            under_way.pop().continue_()
            expect(by(page, "visit-referral")).to_have_count(count)
    assert sorted(row.service.name for row in Referral.objects.all()) == ["Työpaja Kaste", "Työpaja Pelto"]
