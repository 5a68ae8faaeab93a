"""What somebody else changes is on the screen within two seconds, and comes back by itself when the line was cut."""

import time

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.factories.visits import House
from tests.fixtures.site import Site
from tyoparkki import clock

pytestmark = pytest.mark.browser


def window(browser: Browser, site: Site, house: House) -> BrowserContext:
    """A browser in which the front desk is signed in."""
    client = Client()
    client.force_login(house.desk.user)
    context = browser.new_context(base_url=site.url, locale="fi-FI", timezone_id="Europe/Helsinki")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}])
    return context


def desk(context: BrowserContext) -> Page:
    """The desk's screen with its channel open."""
    page = context.new_page()
    with page.expect_response("**/live/") as opened:
        page.goto("/tanaan/")
    assert opened.value.status == 200
    return page


def test_a_colleagues_arrival_appears_within_two_seconds(browser: Browser, live_site: Site) -> None:
    house = House(on=clock.local_date(timezone.now()))
    with window(browser, live_site, house) as one, window(browser, live_site, house) as other:
        pages = [desk(one), desk(other)]
        for number in (1, 2, 3):
            visit = house.arrive(timezone.now(), outside_hours=True)
            committed = time.monotonic()
            for page in pages:
                expect(page.locator("#desk-live")).to_contain_text(visit.ticket, timeout=2000)
            assert time.monotonic() - committed < 2, number
            time.sleep(1)


def test_a_cut_line_is_mended_and_what_was_missed_is_fetched(browser: Browser, live_site: Site) -> None:
    house = House(on=clock.local_date(timezone.now()))
    with window(browser, live_site, house) as context:
        page = desk(context)
        context.set_offline(True)
        visit = house.arrive(timezone.now(), outside_hours=True)
        page.wait_for_timeout(1500)
        context.set_offline(False)
        expect(page.locator("#desk-live")).to_contain_text(visit.ticket, timeout=15_000)


def test_the_focus_stays_where_it_is_by_the_time_the_news_come(browser: Browser, live_site: Site) -> None:
    house = House(on=clock.local_date(timezone.now()))
    house.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, house) as context:
        page = desk(context)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/tanaan/osa/", hold)
        page.locator("[data-testid^=more-]").first.focus()
        visit = house.arrive(timezone.now(), outside_hours=True)
        while not held:
            page.wait_for_timeout(20)
        close = page.locator("[data-testid=close-day]")
        close.focus()
        held[0].continue_()
        expect(page.locator("#desk-live")).to_contain_text(visit.ticket)
        expect(close).to_be_focused()
