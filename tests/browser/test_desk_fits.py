"""What stands where at the desk: nothing covers anything, and nothing is out of the window."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from team.actions.help import call_help
from team.models import ServicePoint
from tests.browser.desk import LAPTOP, PHONE, by, fits, row, window
from tests.factories.visits import House
from tests.fixtures.axe import violations
from tests.fixtures.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("calls", "closes"), [(1, False), (2, False), (3, False), (0, True), (1, True), (2, True)])
def test_what_is_asked_above_the_desk_pushes_nothing_out_of_the_window(
    browser: Browser, live_site: Site, today: House, calls: int, closes: bool
) -> None:
    for _visitor in range(12):
        today.arrive(timezone.now(), outside_hours=True)
    for _colleague in range(1, calls):
        call_help(by=today.advisor(), at=timezone.now())
    with window(browser, live_site, today.desk) as page:
        if calls:
            by(page, "call-help").click()
            expect(by(page, "help-call")).to_have_count(calls)
            expect(by(page, "help-call").last).to_contain_text(re.compile(r", klo \d+\.\d\d"))
        if closes:
            by(page, "close-day").click()
            expect(by(page, "close-question")).to_be_visible()
        height = LAPTOP["viewport"]["height"]
        assert height - 24 <= edge(page, "#queue", "bottom") <= height


def test_a_number_for_a_sheet_fits_the_phone_that_looks_at_it(browser: Browser, live_site: Site, today: House) -> None:
    visit = today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk, **PHONE) as page:
        page.goto(f"/kaynnit/{visit.pk}/lappu/?koko=a4")
        expect(by(page, "slip-number")).to_be_visible()
        assert edge(page, "[data-testid=slip-number]", "right") <= 360
        assert fits(page)


def test_the_phone_shows_everything_without_scrolling_sideways(browser: Browser, live_site: Site, today: House) -> None:
    today.arrive(timezone.now(), outside_hours=True, called_name="Pitkäniminen Kutsumanimi Sisukas")
    with window(browser, live_site, today.desk, **PHONE) as page:
        assert fits(page)
        assert violations(page) == []
        by(page, "arrival-topic-tyonhaku").tap()
        expect(by(page, "logged-number")).to_have_text("A02")
        by(page, "logged-details").tap()
        expect(by(page, "details-form")).to_be_visible()
        assert fits(page)
        assert violations(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_scrolls_sideways(browser: Browser, live_site: Site, today: House, width: int) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk, viewport={"width": width, "height": 720}) as page:
        assert fits(page)


def edge(page: Page, selector: str, side: str) -> float:
    """Where a box begins or ends, in pixels of the window."""
    found: float = page.locator(selector).evaluate("(one, side) => one.getBoundingClientRect()[side]", side)
    return found


def test_what_was_just_done_is_said_beside_the_alarm(browser: Browser, live_site: Site, today: House) -> None:
    ServicePoint.objects.filter(pk=today.point.pk).update(wait_target_minutes=0, wait_alarm_minutes=0)
    today.arrive(timezone.now())
    with window(browser, live_site, today.desk) as page:
        by(page, "pause-day").click()
        expect(by(page, "toast")).to_be_visible()
        alarm, toast = ".alarm", ".toastx"
        assert edge(page, alarm, "right") <= edge(page, toast, "left")
        assert edge(page, toast, "bottom") <= edge(page, ".team-foot", "top")
        by(page, "offer-another").click(timeout=2000)


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_last_arrival_stands_clear_of_the_languages(
    browser: Browser, live_site: Site, today: House, width: int
) -> None:
    with window(browser, live_site, today.desk, viewport={"width": width, "height": 900}) as page:
        page.evaluate(
            """() => {
                const mark = document.createElement("p");
                mark.className = "demo-mark";
                mark.textContent = "Esittelykäyttö";
                document.querySelector(".notice").prepend(mark);
            }"""
        )
        by(page, "arrival-topic-tyonhaku").click()
        expect(row(page, "A01")).to_be_visible()
        row(page, "A01").locator("summary").click()
        by(page, "pause-A01").click()
        expect(page.locator("#logged .undo-line")).to_be_visible()
        languages = edge(page, "[data-testid=arrival-language-other] >> xpath=..", "bottom")
        assert languages <= edge(page, ".log-b", "bottom")
        assert languages + 8 <= edge(page, "[data-testid=logged]", "top")


@pytest.mark.parametrize("height", [720, 900])
def test_below_the_foot_of_the_page_there_is_nothing(
    browser: Browser, live_site: Site, today: House, height: int
) -> None:
    for _visitor in range(20):
        today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk, viewport={"width": 1440, "height": height}) as page:
        foot = page.locator(".pagefoot").bounding_box()
        assert page.evaluate("document.documentElement.scrollHeight") <= foot["y"] + foot["height"] + 1
