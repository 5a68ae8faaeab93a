"""The board on a wall and the turn on a phone, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.factories.team import DeviceFactory, at
from tests.factories.visits import House
from tests.fixtures import axe
from tests.fixtures.site import Site
from visits.actions import calling
from visits.actions.turn import give_turn

pytestmark = pytest.mark.browser
TOKEN = "seinan-salaisuus-selainta-varten-0002"
NOW = at(11)
SMALL_TEXT = """() => [...document.querySelectorAll('.tv *')]
    .filter((one) => one.checkVisibility() && !one.matches('.sr, .sr *, svg, svg *, .tools, .tools *'))
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 48)
    .map((one) => one.textContent)"""
OVERFLOWING = """() => [...document.querySelectorAll('.tv, .tv *')].filter((one) => one.checkVisibility())
    .filter((one) => !one.matches('.sr, svg *')).map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.right > innerWidth + 1 || box.bottom > innerHeight + 1).map(([one]) => one.className)"""


@pytest.fixture
def house(wednesday_site: Site) -> House:
    """A busy hour: four colleagues, three with visitors, one call, eight waiting."""
    house = House()
    house.point.board_languages = ["fi", "sv", "en", "ar"]
    house.point.save()
    advisors = [house.advisor() for _ in range(4)]
    visits = [house.arrive(at(10, minute)) for minute in range(12)]
    for place in range(3):
        house.in_service(advisors[place], visits[place], at(10, 40 + place))
    calling.call_in(visits[3], by=advisors[3], at=at(10, 58))
    DeviceFactory(point=house.point, kind="board", token=TOKEN)
    return house


@contextmanager
def wall(browser: Browser, site: Site, *, width: int = 1920, height: int = 1080, alone: bool = False) -> Iterator[Page]:
    """A board on a wall; alone, it hears of no news and its clock is the test's."""
    with browser.new_context(base_url=site.url, locale="fi-FI", viewport={"width": width, "height": height}) as context:
        context.add_cookies([{"name": "device_board", "value": TOKEN, "url": site.url}])
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        if alone:
            page.clock.install()
            page.route("**/taulu/osa/**", lambda route: route.abort())  # a late answer would set the clock back
        with page.expect_response("**/live/"):
            page.goto("/taulu/")
        yield page
        assert faults == []


def test_everything_is_large_enough_for_six_metres_and_fits(
    browser: Browser, wednesday_site: Site, house: House
) -> None:
    with wall(browser, wednesday_site) as page:
        expect(page.get_by_test_id("board-now")).to_contain_text("A04")
        assert page.evaluate(SMALL_TEXT) == []
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.now b')).fontSize)") >= 280
        assert axe.violations(page) == []
        page.set_viewport_size({"width": 1280, "height": 720})
        assert page.evaluate(OVERFLOWING) == []


def test_a_call_is_on_the_board_within_two_seconds(browser: Browser, wednesday_site: Site, house: House) -> None:
    with wall(browser, wednesday_site) as page:
        visit = house.point.visits.get(number=5)
        calling.call_in(visit, by=house.advisor(), at=NOW)
        committed = time.monotonic()
        expect(page.get_by_test_id("board-now")).to_contain_text("A05", timeout=2000)
        assert time.monotonic() - committed < 2
        expect(page.locator(".now.new-call")).to_be_visible()
        lasts, times = page.evaluate(
            "(() => { const s = getComputedStyle(document.querySelector('.now')); "
            "return [parseFloat(s.animationDuration), Number(s.animationIterationCount)] })()"
        )
        assert lasts >= 1  # one flash a second: under three
        assert times <= 10


def places(page: Page) -> Any:
    """Where every number stands."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.tvb b')]"
        ".map((one) => [one.textContent, one.getBoundingClientRect().toJSON()])"
    )


def test_the_words_take_turns_and_the_numbers_never_move(browser: Browser, wednesday_site: Site, house: House) -> None:
    with wall(browser, wednesday_site, alone=True) as page:
        before, seen = places(page), set()
        for _ in range(4):
            seen.add(page.locator(".tvf p span:visible").inner_text())
            assert places(page) == before
            page.clock.run_for(8000)
        assert len(seen) == 4
        assert page.locator(".tvf p span:visible").inner_text() in seen


def test_a_lost_network_is_said_and_mends_itself(browser: Browser, wednesday_site: Site, house: House) -> None:
    with wall(browser, wednesday_site) as page:
        page.context.set_offline(True)
        expect(page.locator("[data-lost]")).to_be_visible(timeout=15_000)
        assert axe.violations(page) == []
        calling.call_in(house.point.visits.get(number=5), by=house.advisor(), at=NOW)
        page.context.set_offline(False)
        expect(page.get_by_test_id("board-now")).to_contain_text("A05", timeout=15_000)
        expect(page.locator("[data-lost]")).not_to_be_visible()


def test_a_server_that_is_away_is_asked_again(browser: Browser, wednesday_site: Site, house: House) -> None:
    with wall(browser, wednesday_site) as page:
        fails = [True]

        def handle(route: Route) -> None:
            route.fulfill(status=503, body="") if fails else route.continue_()

        page.route("**/taulu/osa/**", handle)
        visit = house.arrive(NOW)
        expect(page.locator("[data-lost]")).to_be_visible(timeout=5000)
        fails.clear()
        expect(page.locator("[data-lost]")).not_to_be_visible(timeout=15_000)
        assert visit.ticket == "A13"
        expect(page.locator(".next .more")).to_contain_text("5")


def test_a_revoked_board_says_that_it_is_not_paired(browser: Browser, wednesday_site: Site, house: House) -> None:
    from team.actions import device as devices
    from team.models import Device

    with wall(browser, wednesday_site) as page:
        devices.revoke(Device.objects.get(kind="board"), by=house.desk, at=NOW)
        expect(page.get_by_test_id("unpaired")).to_be_visible(timeout=8000)


def test_the_chime_can_be_muted_for_good(browser: Browser, wednesday_site: Site, house: House) -> None:
    with wall(browser, wednesday_site) as page:
        button = page.locator("[data-sound]")
        expect(button).to_have_attribute("aria-pressed", "true")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")
        page.reload()
        expect(button).to_have_attribute("aria-pressed", "false")


def test_at_night_the_board_loads_itself_anew(browser: Browser, wednesday_site: Site, house: House) -> None:
    with wall(browser, wednesday_site, alone=True) as page:
        page.evaluate("window.firstLoad = true")
        page.clock.fast_forward(16 * 60 * 60_000 + 40 * 60_000)  # from 11.00 to 03.40 by the server's clock
        assert page.evaluate("window.firstLoad === true")
        with page.expect_navigation():
            page.clock.fast_forward(30 * 60_000)


# --- the phone --------------------------------------------------------------------------------------------------------


def test_the_phone_turns_when_the_number_is_called(browser: Browser, wednesday_site: Site, house: House) -> None:
    visit = house.point.visits.get(number=5)
    secret = give_turn(visit, by=house.desk, at=NOW)
    with browser.new_context(
        base_url=wednesday_site.url, locale="fi-FI", viewport={"width": 360, "height": 740}
    ) as phone:
        page = phone.new_page()
        page.clock.install()
        page.goto(f"/vuoro/{secret}/")
        part = page.get_by_test_id("turn")
        expect(part).to_have_attribute("data-state", "waiting")
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        calling.call_in(visit, by=house.advisor(), at=NOW)
        page.clock.run_for(15_500)
        expect(part).to_have_attribute("data-state", "called")
        assert axe.violations(page) == []
        phone.set_offline(True)
        page.clock.run_for(15_500)
        expect(page.locator("[data-lost]")).to_be_visible()
        phone.set_offline(False)
        expect(page.locator("[data-lost]")).not_to_be_visible(timeout=5000)


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_public_page_is_accessible(
    browser: Browser, wednesday_site: Site, house: House, language: str, width: int
) -> None:
    with browser.new_context(base_url=wednesday_site.url, viewport={"width": width, "height": 800}) as street:
        page = street.new_page()
        page.goto(f"/tanaan/{house.point.slug}/?kieli={language}")
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.get_by_test_id("public-waiting")).to_have_text("8")
