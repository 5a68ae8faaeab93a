"""The front desk in a real browser: a whole day by keyboard alone, two windows, the phone, and axe on every state."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Route, expect

from employers.models import Employer
from team.models import ServiceDay
from tests.browser.desk import by, row, window
from tests.factories.clients import person_on_file
from tests.factories.employers import EmployerFactory
from tests.factories.visits import House
from tests.fixtures.axe import violations
from tests.fixtures.site import Site
from visits.models import Visit

pytestmark = pytest.mark.browser


def test_a_day_at_the_desk_by_keyboard_alone(browser: Browser, live_site: Site, today: House) -> None:
    person_on_file(today.desk, name="Marja-Liisa Koivu")
    ServiceDay.objects.filter(pk=today.day.pk).update(state="planned", opened_at=None)
    with window(browser, live_site, today.desk) as page:
        keys = page.keyboard
        expect(by(page, "before-opening")).to_be_visible()
        assert violations(page) == []
        keys.press("Enter")
        expect(by(page, "close-day")).to_be_visible()
        page.locator("#sisalto").focus()

        keys.press("1")
        expect(by(page, "logged-number")).to_have_text("A01")
        expect(row(page, "A01")).to_be_visible()
        assert violations(page) == []

        keys.press("e")
        expect(page.locator("#id_language")).to_be_focused()
        assert violations(page) == []
        page.locator("#id_called_name").focus()
        keys.type("Sisu")
        keys.press("Control+Enter")
        expect(row(page, "A01")).to_contain_text("Sisu")
        expect(by(page, "details-form")).to_have_count(0)

        keys.press("h")
        keys.type("koi")
        expect(page.locator("#arrival-clients [role=option]")).to_have_count(1)
        assert violations(page) == []
        keys.press("Enter")
        expect(page.locator("#arrival-client-name")).to_have_value(re.compile("Marja-Liisa"))
        expect(by(page, "logged-number")).to_have_text("A01")
        keys.press("2")
        expect(by(page, "logged-number")).to_have_text("A02")
        expect(row(page, "A02")).to_contain_text("Marja-Liisa K.")

        keys.press("t")
        keys.type("Vanajan Leipä Oy")
        keys.press("Enter")
        expect(by(page, "logged-number")).to_have_text("T01")
        expect(row(page, "T01")).to_contain_text("Vanajan Leipä Oy")

        keys.press("2")
        expect(by(page, "logged-number")).to_have_text("A03")
        keys.press("z")
        expect(row(page, "A03")).to_have_count(0)

        keys.press("Enter")
        expect(by(page, "recall-A01")).to_be_visible()
        assert violations(page) == []
        by(page, "recall-A01").focus()
        keys.press("Enter")
        expect(by(page, "no-show-A01")).to_be_visible()
        by(page, "put-back-A01").focus()
        keys.press("Enter")
        expect(by(page, "call-A01")).to_be_focused()

        keys.press("j")
        expect(row(page, "A02").locator(":focus")).to_have_count(1)
        keys.press("k")
        expect(by(page, "call-A01")).to_be_focused()
        keys.press("p")
        expect(by(page, "back-A01")).to_be_visible()
        keys.press("z")
        expect(by(page, "call-A01")).to_be_visible()

        by(page, "close-day").focus()
        keys.press("Enter")
        expect(by(page, "close-question")).to_contain_text("A01, A02 ja T01 odottavat yhä")
        keys.press("Enter")
        expect(by(page, "still-here")).to_contain_text("A01")
        assert violations(page) == []
    assert Employer.objects.get().name == "Vanajan Leipä Oy"
    assert Visit.objects.filter(state="undone").count() == 1


def test_a_hit_is_chosen_by_the_mouse_too(browser: Browser, live_site: Site, today: House) -> None:
    person_on_file(today.desk, name="Marja-Liisa Koivu")
    EmployerFactory.create(point=today.point, name="Vanajan Leipä Oy")
    with window(browser, live_site, today.desk) as page:
        page.keyboard.press("h")
        page.keyboard.type("koi")
        page.locator("#arrival-clients [role=option]").click()
        expect(page.locator("#arrival-client-name")).to_have_value(re.compile("Marja-Liisa"))
        by(page, "arrival-topic-tyonhaku").click()
        expect(row(page, "A01")).to_contain_text("Marja-Liisa K.")
        page.keyboard.press("t")
        page.keyboard.type("leip")
        page.locator("#arrival-employers [role=option]").first.click()
        expect(row(page, "T01")).to_contain_text("Vanajan Leipä Oy")


def test_a_press_shows_at_once_and_reaches_another_window_within_two_seconds(
    browser: Browser, live_site: Site, today: House
) -> None:
    with window(browser, live_site, today.desk) as mine, window(browser, live_site, today.desk) as theirs:
        pressed = time.monotonic()
        mine.keyboard.press("1")
        expect(mine.locator("[data-queue] li")).to_have_count(1, timeout=1000)
        expect(row(theirs, "A01")).to_be_visible(timeout=2500)
        assert time.monotonic() - pressed < 3
        by(theirs, "call-next").click()
        expect(by(mine, "recall-A01")).to_be_visible(timeout=2500)


def test_on_a_slow_line_each_press_waits_its_turn_and_a_double_click_is_one_visitor(
    browser: Browser, live_site: Site, today: House
) -> None:
    with window(browser, live_site, today.desk) as page:
        address = f"**{page.locator('#arrival').get_attribute('action')}"
        under_way: list[Route] = []

        def hold(route: Route) -> None:
            under_way.append(route)

        page.route(address, hold)
        rows = page.locator("[data-queue] > li")
        for _visitor in range(3):
            page.keyboard.press("1")
        by(page, "arrival-topic-tyonhaku").dblclick()
        expect(rows).to_have_count(4)
        by(page, "arrival-client").click()
        page.locator("#arrival-client-name").fill("Aino")
        for number in range(1, 5):
            while not under_way:
                page.wait_for_timeout(20)
            assert len(under_way) == 1
            under_way.pop().continue_()
            expect(rows.nth(number - 1)).to_contain_text(f"A0{number}")
            expect(rows).to_have_count(4)
        for number in range(1, 5):  # what others changed is fetched when nothing is under way any more
            expect(row(page, f"A0{number}")).to_be_visible()
        expect(page.locator("#arrival-client-name")).to_have_value("Aino")
    assert Visit.objects.filter(state="waiting").count() == 4


@pytest.mark.parametrize("last_answered", ["help", "call"])
def test_two_presses_under_way_at_once_are_both_seen(
    browser: Browser, live_site: Site, today: House, last_answered: str
) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk) as page:
        sent: dict[str, Route] = {}
        page.route("**/apua/**", lambda route: sent.update(help=route))
        page.route("**/kutsu/", lambda route: sent.update(call=route))
        by(page, "call-help").click()
        by(page, "call-next").click()
        while len(sent) < 2:
            page.wait_for_timeout(20)
        answers = {name: sent[name].fetch() for name in ("help", "call")}  # the server does them in this order
        for name in sorted(sent, key=lambda one: one == last_answered):
            sent[name].fulfill(response=answers[name])
            page.wait_for_timeout(300)
        expect(by(page, "recall-A01")).to_be_visible()
        expect(by(page, "help-call")).to_be_visible()
        if last_answered == "call":
            expect(by(page, "toast")).to_contain_text("A01")


def test_two_desks_call_the_same_visitor_and_one_is_told_who_was_first(
    browser: Browser, live_site: Site, today: House
) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk) as mine:
        mine.route("**/live/", lambda route: route.abort())
        mine.reload()
        with window(browser, live_site, today.desk) as theirs:
            by(theirs, "call-next").click()
            expect(by(theirs, "recall-A01")).to_be_visible()
        mine.route("**/osa/", lambda route: route.abort())
        if by(mine, "call-next").count():
            by(mine, "call-next").click()
            expect(by(mine, "toast")).to_contain_text("A01")
            expect(by(mine, "recall-A01")).to_be_visible()


def test_the_row_menu_opens_above_the_panels_and_works_by_keys(browser: Browser, live_site: Site, today: House) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk) as page:
        by(page, "more-A01").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".row-menu .menu :is(button, a)").first).to_be_focused()
        assert violations(page) == []
        by(page, "topic-A01").click()
        expect(page.locator("#id_topic")).to_be_focused()
        page.keyboard.press("Escape")
        expect(by(page, "details-form")).to_have_count(0)
        by(page, "more-A01").click()
        by(page, "left-A01").click()
        expect(row(page, "A01")).to_have_count(0)
        by(page, "undo-toast").click()
        expect(row(page, "A01")).to_be_visible()


def test_what_is_typed_among_the_details_is_not_lost_by_one_press_of_esc(
    browser: Browser, live_site: Site, today: House
) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk) as page:
        by(page, "more-A01").click()
        by(page, "details-A01").click()
        by(page, "details-note").fill("Kaipaa rauhallista paikkaa")
        page.keyboard.press("Escape")
        expect(page.locator("#h-details")).to_be_focused()
        expect(by(page, "details-note")).to_have_value("Kaipaa rauhallista paikkaa")
        page.keyboard.press("Escape")
        expect(by(page, "details-form")).to_have_count(0)


def test_a_menu_opened_while_the_part_is_on_its_way_stays_open(browser: Browser, live_site: Site, today: House) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk) as page:
        address = f"**{page.locator('#desk-live').get_attribute('data-live-url')}"
        under_way: list[Route] = []

        def hold(route: Route) -> None:
            under_way.append(route)

        page.route(address, hold)
        with page.expect_request(address):
            today.arrive(timezone.now(), outside_hours=True)
        by(page, "more-A01").click()
        expect(by(page, "topic-A01")).to_be_visible()
        under_way.pop().continue_()
        expect(page.locator("#desk-live > .changes")).to_be_visible()
        expect(by(page, "topic-A01")).to_be_visible()
        page.unroute_all()
        page.keyboard.press("Escape")
        page.locator("#desk-live > .changes").click()
        expect(row(page, "A02")).to_be_visible()


def test_help_is_seen_by_a_colleague_and_ends_when_somebody_comes(
    browser: Browser, live_site: Site, today: House
) -> None:
    with window(browser, live_site, today.desk) as mine, window(browser, live_site, today.desk) as theirs:
        by(mine, "call-help").click()
        expect(by(theirs, "help-call")).to_be_visible(timeout=3000)
        assert violations(theirs) == []
        by(theirs, "answer-help").click()
        expect(by(mine, "help-call")).to_have_count(0, timeout=3000)


def test_the_number_is_printed_in_a_tab_of_its_own_and_again(browser: Browser, live_site: Site, today: House) -> None:
    with window(browser, live_site, today.desk) as page:
        by(page, "arrival-topic-tyonhaku").click()
        expect(by(page, "logged-number")).to_have_text("A01")
        for _time in range(2):
            with page.context.expect_page() as opened:
                by(page, "logged-slip").click(timeout=2000)
            expect(by(opened.value, "slip-number")).to_have_text("A01")
            opened.value.close()
            assert by(page, "logged-slip").get_attribute("aria-busy") is None


def test_a_client_who_waits_already_is_asked_about_in_place(browser: Browser, live_site: Site, today: House) -> None:
    person_on_file(today.desk, moment=timezone.now(), name="Kielo Esimerkki")
    with window(browser, live_site, today.desk) as page:
        for times in (1, 2):
            page.keyboard.press("h")
            page.keyboard.type("kie", delay=30)
            expect(page.locator("#arrival-clients [role=option]")).to_have_count(1)
            page.keyboard.press("Enter")
            page.keyboard.press("1")
            expect(by(page, "logged-number")).to_have_text("A01")
            if times == 2:
                question = by(page, "already-here")
                expect(question).to_contain_text("Kielo Esimerkki odottaa jo numerolla A01")
                assert violations(page) == []
                expect(page.locator("#arrival-client-name")).to_have_value("Kielo Esimerkki")
                expect(by(page, "already-here-yes")).to_be_focused()
                page.keyboard.press("Enter")
                expect(by(page, "logged-number")).to_have_text("A02")
                expect(question).to_have_count(0)
                expect(page.locator("#arrival-client-name")).to_have_value("")


def test_a_held_enter_does_not_answer_the_question_that_it_called_up(
    browser: Browser, live_site: Site, today: House
) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk) as page:
        by(page, "close-day").focus()
        page.keyboard.down("Enter")
        expect(by(page, "close-day-yes")).to_be_focused()
        page.keyboard.down("Enter")
        page.keyboard.up("Enter")
        page.wait_for_timeout(500)
        expect(by(page, "close-question")).to_be_visible()
        assert ServiceDay.objects.get(pk=today.day.pk).state == "open"
        page.keyboard.press("Enter")
        expect(by(page, "still-here")).to_contain_text("A01")


def test_closing_over_those_who_wait_asks_and_esc_leaves_it_open(
    browser: Browser, live_site: Site, today: House
) -> None:
    today.arrive(timezone.now(), outside_hours=True)
    with window(browser, live_site, today.desk) as page:
        by(page, "close-day").click()
        expect(by(page, "close-question")).to_contain_text("A01 odottaa yhä")
        expect(by(page, "close-day-yes")).to_be_focused()
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(by(page, "close-question")).to_have_count(0)
        expect(by(page, "close-day")).to_be_focused()
        by(page, "close-day").click()
        by(page, "close-day-yes").click()
        expect(by(page, "still-here")).to_contain_text("A01")
        page.keyboard.press("z")
        expect(by(page, "close-day")).to_be_visible()


def test_the_desk_works_without_script(browser: Browser, live_site: Site, today: House) -> None:
    client = Client()
    client.force_login(today.desk.user)
    context = browser.new_context(base_url=live_site.url, java_script_enabled=False)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_site.url}])
    page = context.new_page()
    page.goto("/tanaan/")
    by(page, "arrival-topic-tyonhaku").click()
    expect(row(page, "A01")).to_be_visible()
    by(page, "arrival-employer").click()
    by(page, "arrival-employer-search").fill("Vanajan Leipä Oy")
    by(page, "arrival-employer-log").click()
    expect(row(page, "T01")).to_be_visible()
    by(page, "call-next").click()
    expect(by(page, "put-back-A01")).to_be_visible()
    context.close()
