"""An advisor's whole visit by keyboard alone, two advisors in one visit, the phone, and axe on every state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from services.actions import index
from tests.factories.clients import ServiceRowFactory
from tests.factories.visits import House
from tests.fixtures.axe import violations
from tests.fixtures.site import Site
from tyoparkki import clock
from visits.actions import encounters
from visits.models import Encounter, Guidance, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def today(live_site: Site) -> House:
    """A service day that is today, with a service to refer to."""
    house = House(on=clock.local_date(timezone.now()))
    index([ServiceRowFactory(names={"fi": "Työpaja Alku", "sv": "Verkstad", "en": "Workshop"})])
    return house


def advisor(house: House, **details: Any) -> Any:
    """An advisor who is on shift the whole day."""
    member = house.advisor(**details)
    shift = member.membership.shifts.get()
    start = clock.local(timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    shift.starts_at, shift.ends_at = start, start.replace(hour=23, minute=59)
    shift.save()
    return member


@contextmanager
def window(browser: Browser, site: Site, who: Any, **size: Any) -> Iterator[Page]:
    """A window in which a member is signed in."""
    client = Client()
    client.force_login(who.user)
    context = browser.new_context(base_url=site.url, locale="fi-FI", timezone_id="Europe/Helsinki", **size)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with page.expect_response("**/live/"):
        page.goto("/oma-kaynti/")
    yield page
    context.close()
    assert faults == []


def arrive(house: House) -> Visit:
    """Somebody comes in just now."""
    return house.arrive(timezone.now(), outside_hours=True)


def by(page: Page, testid: str) -> Any:
    return page.locator(f"[data-testid={testid}]")


def test_a_visit_from_the_queue_to_the_end_by_keyboard_alone(browser: Browser, live_site: Site, today: House) -> None:
    me, first, second = advisor(today), arrive(today), arrive(today)
    with window(browser, live_site, me) as page:
        expect(by(page, "visit-call-next")).to_contain_text(first.ticket)
        page.keyboard.press("Enter")
        expect(by(page, "visit-start")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#h-visit")).to_be_focused()
        assert violations(page) == []
        page.keyboard.press("2")
        expect(by(page, "visit-topic-cv")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("n")
        page.keyboard.type("Kävimme läpi hakemuksen.")
        expect(page.locator("#text-status")).to_contain_text("Tallennettu", timeout=5000)
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.keyboard.type("Varaa aika")
        page.keyboard.press("Enter")
        expect(by(page, "visit-step")).to_have_count(1)
        page.keyboard.press("Escape")
        page.keyboard.press("o")
        page.keyboard.type("työ")
        expect(by(page, "visit-refer-hit")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(by(page, "visit-referral")).to_have_count(1)
        assert violations(page) == []
        page.keyboard.press("Control+Enter")
        expect(by(page, "visit-finish-error")).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Space")
        page.keyboard.press("Control+Enter")
        expect(by(page, "visit-call-next")).to_be_focused()
        expect(by(page, "visit-call-next")).to_contain_text(second.ticket)
        assert violations(page) == []
        page.keyboard.press("z")
        expect(by(page, "visit-number")).to_have_text(first.ticket)
    assert Guidance.objects.get(encounter__visit=first).notes == "Kävimme läpi hakemuksen."


def in_service_together(house: House) -> tuple[Any, Any, Encounter]:
    me, partner = advisor(house), advisor(house, partner=True)
    encounter = house.in_service(me, visit=arrive(house), moment=timezone.now())
    asked = encounters.invite(
        encounter.visit, partner.membership, mode="together", client_agreed=True, by=me, at=timezone.now()
    )
    encounters.come_along(asked, by=partner, at=timezone.now())
    return me, partner, encounter


def test_two_in_one_visit_hear_of_each_other_and_nothing_typed_is_lost(
    browser: Browser, live_site: Site, today: House
) -> None:
    me, partner, _encounter = in_service_together(today)
    with window(browser, live_site, me) as mine, window(browser, live_site, partner) as theirs:
        expect(by(mine, "visit-multi")).to_be_visible()
        mine.locator("#step-what").fill("Soita oppilaitokseen")
        mine.keyboard.press("Enter")
        expect(by(theirs, "visit-step")).to_have_count(1, timeout=4000)
        by(theirs, "visit-note").fill("Kumppanin teksti")
        expect(theirs.locator("#text-status")).to_contain_text("Tallennettu", timeout=5000)
        expect(by(mine, "visit-text-news")).to_be_visible(timeout=4000)
        by(mine, "visit-note").fill("Ohjaajan teksti")
        expect(by(mine, "visit-merge")).to_be_visible(timeout=6000)
        expect(by(mine, "visit-note")).to_have_value("Ohjaajan teksti")
        assert violations(mine) == []
        by(mine, "visit-merge-both").click()
        expect(by(mine, "visit-note")).to_have_value("Kumppanin teksti\n\nOhjaajan teksti")
    assert Guidance.objects.get().notes == "Kumppanin teksti\n\nOhjaajan teksti"


def test_a_colleague_of_another_organisation_is_asked_by_the_words_read_aloud(
    browser: Browser, live_site: Site, today: House
) -> None:
    me, partner = advisor(today), advisor(today, partner=True)
    today.in_service(me, visit=arrive(today), moment=timezone.now())
    with window(browser, live_site, partner) as theirs, window(browser, live_site, me) as mine:
        mine.keyboard.press("m")
        mine.keyboard.press("Enter")
        expect(by(mine, "visit-ask")).to_be_visible()
        assert violations(mine) == []
        by(mine, "visit-ask-yes").click()
        expect(mine.locator(f"[data-testid=visit-uninvite-{partner.user.username}]")).to_be_visible()
        # The news came by themselves, so they are said; a page that is opened with them is read as a page.
        expect(theirs.locator("#said")).to_contain_text("pyytää sinut mukaan käynnille", timeout=4000)
        by(theirs, "asked-come").click(timeout=4000)
        expect(by(theirs, "visit-multi")).to_be_visible()
        expect(by(mine, "visit-multi")).to_be_visible(timeout=4000)
        # A window that the visit came into by a press hears of it from then on.
        mine.locator("#step-what").fill("Soita oppilaitokseen")
        mine.keyboard.press("Enter")
        expect(by(theirs, "visit-step")).to_have_count(1, timeout=4000)


def test_a_colleague_asked_for_afterwards_gets_the_visitor_when_i_finish(
    browser: Browser, live_site: Site, today: House
) -> None:
    me, colleague = advisor(today), advisor(today)
    visit = arrive(today)
    today.in_service(me, visit=visit, moment=timezone.now())
    other = arrive(today)
    with window(browser, live_site, colleague) as theirs, window(browser, live_site, me) as mine:
        expect(by(theirs, "visit-call-next")).to_contain_text(other.ticket)
        by(mine, f"visit-after-{colleague.user.username}").click()
        expect(by(mine, "visit-following")).to_be_visible()
        assert violations(mine) == []
        by(theirs, "asked-come").click(timeout=4000)
        expect(by(theirs, "asked-in")).to_be_visible()
        expect(by(theirs, "asked-come")).to_have_count(0)
        mine.keyboard.press("Control+Enter")
        expect(by(mine, "toast")).to_contain_text(visit.ticket)
        expect(by(mine, "visit-earlier")).to_contain_text(visit.ticket)  # the lists follow, and the toast stays
        expect(by(mine, "toast")).to_contain_text(visit.ticket)
        expect(by(theirs, "visit-call-next")).to_contain_text(visit.ticket, timeout=4000)
        assert violations(theirs) == []
        mine.keyboard.press("z")
        expect(by(mine, "visit-following")).to_be_visible()
        expect(by(theirs, "visit-call-next")).to_contain_text(other.ticket, timeout=4000)


def test_what_was_asked_for_before_a_press_does_not_undo_its_answer(
    browser: Browser, live_site: Site, today: House
) -> None:
    me = advisor(today)
    today.in_service(me, visit=arrive(today), moment=timezone.now())
    arrive(today)
    with window(browser, live_site, me) as page:
        held: list[tuple[Route, APIResponse]] = []

        def hold(route: Route) -> None:
            if held:
                route.continue_()
            else:
                held.append((route, route.fetch()))

        page.route("**/oma-kaynti/osa/", hold)
        by(page, "visit-result-riitti").check(force=True)
        page.keyboard.press("Control+Enter")
        expect(by(page, "visit-call-next")).to_be_visible()
        while not held:
            page.wait_for_timeout(20)
        page.keyboard.press("Enter")
        expect(by(page, "visit-start")).to_be_visible()
        route, older = held[0]
        route.fulfill(response=older)
        for _moment in range(10):
            page.wait_for_timeout(50)
            expect(by(page, "visit-start")).to_be_visible(timeout=10)
        expect(by(page, "visit-earlier")).to_be_visible()


@pytest.mark.parametrize("width", [360, 390])
def test_the_phone_has_three_tabs_and_no_sideways_scrolling(
    browser: Browser, live_site: Site, today: House, width: int
) -> None:
    me = advisor(today)
    today.in_service(me, visit=arrive(today), moment=timezone.now())
    with window(browser, live_site, me, viewport={"width": width, "height": 740}) as page:
        for tab, shown in (
            ("tab-client", "visit-anonymous"),
            ("tab-refer", "visit-refer-search"),
            ("tab-visit", "visit-note"),
        ):
            page.locator(f"label:has(#{tab})").click()
            expect(by(page, shown)).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(page) == []
        expect(by(page, "visit-finish")).to_be_visible()


def test_the_slip_prints_itself(browser: Browser, live_site: Site, today: House) -> None:
    me = advisor(today)
    encounter = today.in_service(me, visit=arrive(today), moment=timezone.now())
    with window(browser, live_site, me) as page:
        page.add_init_script("window.print = () => { window.wasPrinted = true; }")
        page.goto(f"/kaynnit/{encounter.visit_id}/muistilista/")
        assert page.evaluate("window.wasPrinted") is True
        assert violations(page) == []


def test_below_the_visit_there_is_nothing_and_a_low_window_scrolls_as_one(
    browser: Browser, live_site: Site, today: House
) -> None:
    me, visit = advisor(today), arrive(today)
    for _colleague in range(9):
        advisor(today)
    with window(browser, live_site, me, viewport={"width": 1440, "height": 900}) as page:
        expect(by(page, "visit-call-next")).to_contain_text(visit.ticket)
        page.keyboard.press("Enter")
        expect(by(page, "visit-start")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#h-visit")).to_be_focused()
        assert page.evaluate("document.documentElement.scrollHeight") == 900
        page.set_viewport_size({"width": 1366, "height": 768})
        scrolled = "(one) => getComputedStyle(one).overflowY === 'auto'"
        assert (
            page.evaluate(f"[...document.querySelectorAll('.visit > .panel, .side > .panel')].some({scrolled})")
            is False
        )
        expect(by(page, "visit-finish")).to_be_in_viewport()
