"""The frame of every page in a real browser: presses, failures, keys, focus, live panels, saving text, axe."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, Route, expect

from employers.models import Employer
from team.models import Membership
from tests.factories.team import PASSWORD, MembershipFactory
from tests.fixtures.axe import violations
from tests.fixtures.site import Site
from tyoparkki import environment, live

pytestmark = pytest.mark.browser

SPECIMEN = "/tyylit/"


@pytest.fixture
def colleague(live_site: Site) -> Membership:
    """An advisor who is signed in in every window of the test."""
    return MembershipFactory()


@pytest.fixture
def context(browser: Browser, live_site: Site, colleague: Membership) -> Iterator[BrowserContext]:
    """A browser in which the colleague is signed in."""
    client = Client()
    client.force_login(colleague.user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    with browser.new_context(base_url=live_site.url, locale="fi-FI", timezone_id="Europe/Helsinki") as window:
        window.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_site.url},
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_site.url},
            ]
        )
        yield window


@pytest.fixture
def specimen(context: BrowserContext) -> Iterator[Page]:
    """The page of all components; a script error or something that the policy refused fails the test."""
    page = context.new_page()
    with no_faults(page):
        page.goto(SPECIMEN)
        yield page


@contextmanager
def no_faults(page: Page) -> Iterator[None]:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda said: faults.append(said.text) if re.search(r"Content Security|Trusted", said.text) else None
    )
    yield
    assert faults == []


@contextmanager
def posts(page: Page) -> Iterator[list[Request]]:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    yield sent


def key_of(request: Request) -> str:
    return parse_qs(request.post_data or "")["submission_key"][0]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.testid || document.activeElement.id"))


# --- presses ---------------------------------------------------------------------------------------------------------
def test_a_press_is_answered_and_can_be_undone_by_z(specimen: Page) -> None:
    specimen.get_by_test_id("press-ok").click()
    expect(specimen.get_by_test_id("toast")).to_contain_text("A34 kirjattu")
    expect(specimen.locator("#said")).to_contain_text("A34 kirjattu")
    assert focused(specimen) == "press-ok"
    first = specimen.get_by_test_id("pressed").inner_text()
    specimen.keyboard.press("z")
    expect(specimen.get_by_test_id("pressed")).not_to_have_text(first)


def test_each_press_is_a_new_act_and_a_second_press_in_flight_is_none(specimen: Page) -> None:
    with posts(specimen) as sent:
        slow = specimen.get_by_test_id("press-slow")
        slow.dblclick()
        slow.press("Enter")
        expect(specimen.get_by_test_id("pressed")).to_contain_text("Painettu", timeout=4000)
        assert len(sent) == 1
        slow.click()
        specimen.wait_for_timeout(100)
    assert len(sent) == 2
    assert key_of(sent[0]) != key_of(sent[1])


def test_a_slow_press_says_that_it_is_busy_without_changing_its_size(specimen: Page) -> None:
    slow = specimen.get_by_test_id("press-slow")
    before = slow.bounding_box()
    slow.click()
    assert slow.get_attribute("aria-busy") is None
    expect(slow).to_have_attribute("aria-busy", "true")
    assert slow.bounding_box() == before
    expect(slow).not_to_have_attribute("aria-busy", "true", timeout=4000)


def test_a_fault_of_ours_is_said_and_loses_nothing(specimen: Page) -> None:
    specimen.get_by_test_id("live-field").fill("puolivalmis")
    specimen.get_by_test_id("press-fault").click()
    expect(specimen.locator("[data-toast]")).to_contain_text("The fault is ours")
    expect(specimen.get_by_test_id("live-field")).to_have_value("puolivalmis")
    assert focused(specimen) == "press-fault"


def test_a_form_with_a_mistake_keeps_what_was_typed_and_leads_to_the_mistake(specimen: Page) -> None:
    specimen.get_by_label("Mihin mennessä").fill("25/11")
    with specimen.expect_response(lambda answer: answer.status == 422):
        specimen.keyboard.press("Control+Enter")
    summary = specimen.locator("#specimen .errsum")
    expect(summary).to_be_focused()
    expect(specimen.get_by_label("Mihin mennessä")).to_have_value("25/11")
    summary.get_by_role("link", name="Mihin mennessä").click()
    expect(specimen.get_by_label("Mihin mennessä")).to_be_focused()
    described = specimen.get_by_label("Mihin mennessä").get_attribute("aria-describedby") or ""
    assert "25.11.2026" in " ".join(specimen.locator(f"#{name}").inner_text() for name in described.split())


def test_without_a_connection_the_same_press_is_sent_again_with_the_same_key(specimen: Page) -> None:
    with posts(specimen) as sent:
        specimen.context.set_offline(True)
        specimen.get_by_test_id("press-ok").click()
        expect(specimen.locator("#net")).to_contain_text("No connection")
        expect(specimen.locator("[data-toast]")).to_contain_text("did not get through")
        specimen.context.set_offline(False)
        specimen.get_by_test_id("press-ok").click()
        expect(specimen.get_by_test_id("pressed")).to_contain_text("Painettu")
        expect(specimen.locator("#net")).to_be_hidden()
    assert key_of(sent[0]) == key_of(sent[-1])


def once(status: int) -> Callable[[Route], None]:
    """The first request is answered with a status, the others go on to the server."""
    left = [status]
    return lambda route: route.fulfill(status=left.pop()) if left else route.continue_()


def test_a_form_that_leads_to_another_page_keeps_what_was_typed_when_the_session_has_ended(
    context: BrowserContext, colleague: Membership
) -> None:
    """A new employer: a form without hx-post, as every form of the registers and of the team is."""
    page = context.new_page()
    page.goto("/tyonantajat/uusi/")
    page.locator("#id_name").fill("Konepaja Esimerkki Oy")
    Session.objects.all().delete()
    save = page.get_by_test_id("employer-save")
    save.click()
    dialog = page.locator("#signin")
    expect(dialog).to_be_visible()
    assert page.url.endswith("/tyonantajat/uusi/")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#id_name")).to_have_value("Konepaja Esimerkki Oy")
    save.click()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"/tyonantajat/[0-9a-f-]{36}/"))
    assert Employer.objects.get().name == "Konepaja Esimerkki Oy"


def test_an_ended_session_is_renewed_on_the_page_and_the_press_goes_on(specimen: Page) -> None:
    Session.objects.all().delete()
    specimen.route("**/tyylit/koe/ok/", once(401))
    specimen.get_by_test_id("live-field").fill("puolivalmis")
    specimen.get_by_test_id("press-ok").click()
    dialog = specimen.locator("#signin")
    expect(dialog).to_be_visible()
    specimen.keyboard.type("wrong word")
    specimen.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible()
    specimen.keyboard.type(PASSWORD)
    specimen.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(specimen.get_by_test_id("pressed")).to_contain_text("Painettu")
    expect(specimen.get_by_test_id("live-field")).to_have_value("puolivalmis")


# --- keys and menus --------------------------------------------------------------------------------------------------
def test_keys_are_listed_and_work_outside_fields_only(specimen: Page, colleague: Membership) -> None:
    specimen.keyboard.press("?")
    keys = specimen.locator("#keys")
    expect(keys).to_contain_text("Ctrl K")
    expect(keys).to_contain_text("Kirjoita")
    specimen.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    specimen.keyboard.press("n")
    expect(specimen.locator("#save-text")).to_be_focused()
    specimen.keyboard.type("sn?")
    expect(specimen.locator("#save-text")).to_have_value("sn?")
    expect(specimen.get_by_test_id("pressed")).to_have_text("Ei vielä painettu")


def test_single_letters_can_be_switched_off(context: BrowserContext, colleague: Membership) -> None:
    colleague.user.single_keys = False
    colleague.user.save()
    page = context.new_page()
    page.goto(SPECIMEN)
    page.keyboard.press("s")
    page.wait_for_timeout(300)
    expect(page.get_by_test_id("pressed")).to_have_text("Ei vielä painettu")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_the_palette_leads_on_even_when_enter_comes_before_the_answer(specimen: Page) -> None:
    specimen.keyboard.press("Control+k")
    specimen.keyboard.type("own sett")
    specimen.keyboard.press("Enter")
    specimen.wait_for_url("**/asetukset/")


def test_the_palette_is_a_combobox_that_gives_the_focus_back(specimen: Page) -> None:
    specimen.get_by_test_id("open-palette").focus()
    specimen.keyboard.press("Enter")
    field = specimen.get_by_test_id("palette")
    expect(field).to_be_focused()
    specimen.keyboard.type("r")
    expect(specimen.locator("#palette-options [role=option]").first).to_have_attribute("aria-selected", "true")
    first = field.get_attribute("aria-activedescendant")
    specimen.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") != first
    specimen.keyboard.press("Escape")
    specimen.keyboard.press("Escape")
    expect(specimen.locator("#palette")).to_be_hidden()
    expect(specimen.get_by_test_id("open-palette")).to_be_focused()


def test_the_own_menu_works_by_keyboard(specimen: Page) -> None:
    specimen.get_by_test_id("own-menu").focus()
    specimen.keyboard.press("ArrowDown")
    specimen.keyboard.press("ArrowDown")
    assert specimen.evaluate("!!document.activeElement.closest('.me .menu')")
    specimen.keyboard.press("Escape")
    expect(specimen.get_by_test_id("own-menu")).to_be_focused()
    expect(specimen.locator(".me .menu")).to_be_hidden()


def test_every_destination_is_in_the_phone_s_menu(specimen: Page) -> None:
    wide = specimen.locator(".topnav a").all_inner_texts()
    specimen.set_viewport_size({"width": 360, "height": 740})
    specimen.get_by_test_id("nav-menu").click()
    assert specimen.locator(".nav-more .menu a").all_inner_texts() == wide
    expect(specimen.locator(".nav-more .menu a").first).to_be_visible()


# --- live panels -----------------------------------------------------------------------------------------------------
def tell(membership: Membership) -> str:
    with transaction.atomic():
        return live.announce(live.point_topic(membership.point_id))


@pytest.fixture
def panel(context: BrowserContext, colleague: Membership) -> Iterator[Page]:
    """The specimen with one panel that hears of the colleague's point."""
    page = context.new_page()
    with no_faults(page):
        # A first window has no pass yet: it asks for one, then opens the channel.
        with page.expect_response(lambda answer: answer.url.endswith("/live/") and answer.status == 200):
            page.goto(f"{SPECIMEN}?topic={live.point_topic(colleague.point_id)}")
        page.wait_for_timeout(300)
        yield page


def test_a_panel_shows_what_somebody_else_changed_and_keeps_the_focus(panel: Page, colleague: Membership) -> None:
    panel.locator("#live-button").focus()
    before = panel.get_by_test_id("live-at").inner_text()
    tell(colleague)
    expect(panel.get_by_test_id("live-at")).not_to_have_text(before, timeout=2000)
    assert focused(panel) == "live-button"


def test_a_panel_in_use_offers_the_changes_instead(panel: Page, colleague: Membership) -> None:
    before = panel.get_by_test_id("live-at").inner_text()
    panel.get_by_test_id("live-field").fill("puolivalmis")
    tell(colleague)
    expect(panel.get_by_role("button", name="1 change")).to_be_visible()
    tell(colleague)
    offer = panel.get_by_role("button", name="2 changes")
    expect(offer).to_be_visible()
    assert panel.get_by_test_id("live-at").inner_text() == before
    offer.click()
    expect(panel.get_by_test_id("live-at")).not_to_have_text(before)
    assert focused(panel) != ""


def test_many_changes_are_fetched_once_a_second(panel: Page, colleague: Membership) -> None:
    fetched: list[float] = []
    panel.on("request", lambda request: fetched.append(time.monotonic()) if "topic=" in request.url else None)
    for _ in range(8):
        tell(colleague)
        panel.wait_for_timeout(150)
    panel.wait_for_timeout(1300)
    assert 2 <= len(fetched) <= 4


def test_a_hidden_window_fetches_nothing(panel: Page, colleague: Membership) -> None:
    fetched: list[str] = []
    panel.on("request", lambda request: fetched.append(request.url) if "topic=" in request.url else None)
    panel.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    tell(colleague)
    panel.wait_for_timeout(800)
    assert fetched == []
    panel.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: false, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    panel.wait_for_timeout(500)
    assert len(fetched) == 1


def test_what_could_not_be_fetched_is_asked_for_again(panel: Page, colleague: Membership) -> None:
    before = panel.get_by_test_id("live-at").inner_text()
    panel.route("**/tyylit/?topic=*", lambda route: route.abort())
    tell(colleague)
    panel.wait_for_timeout(500)
    panel.unroute("**/tyylit/?topic=*")
    expect(panel.get_by_test_id("live-at")).not_to_have_text(before, timeout=4000)


def test_a_lost_channel_is_said_and_found_again(panel: Page) -> None:
    panel.context.set_offline(True)
    expect(panel.locator("#net")).to_be_visible(timeout=8000)
    panel.context.set_offline(False)
    expect(panel.locator("#net")).to_be_hidden(timeout=10_000)


# --- text that saves itself ------------------------------------------------------------------------------------------
def test_text_is_saved_a_second_after_typing_stops(specimen: Page) -> None:
    specimen.locator("#save-text").press_sequentially("Sovittiin CV:n päivitys", delay=20)
    expect(specimen.locator("#save-status")).to_have_text(re.compile(r"Saved \d{1,2}\.\d\d"), timeout=4000)


def test_text_that_could_not_be_saved_stays_and_is_tried_again(specimen: Page) -> None:
    specimen.context.set_offline(True)
    specimen.locator("#save-text").fill("Sovittiin")
    expect(specimen.locator("#save-status")).to_contain_text("Not saved yet", timeout=4000)
    specimen.context.set_offline(False)
    expect(specimen.locator("#save-status")).to_contain_text("Saved", timeout=6000)
    expect(specimen.locator("#save-text")).to_have_value("Sovittiin")


def test_two_who_write_at_once_are_shown_both_texts(specimen: Page) -> None:
    specimen.locator("#save-text").fill("ristiriita")
    expect(specimen.locator("#merge")).to_contain_text("Leila tallensi", timeout=4000)
    expect(specimen.locator("#save-status")).to_contain_text("at the same time")
    expect(specimen.locator("#save-text")).to_have_value("ristiriita")


# --- every size, every reader ----------------------------------------------------------------------------------------
PAGES = (SPECIMEN, "/tili/login/", "/ei-ole/", "/tyylit/vika/", "/tyylit/kasvot/", "/static/varanumerot.html")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(context: BrowserContext, address: str, width: int) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    if "login" in address:
        context.clear_cookies()
    page.goto(address)
    assert violations(page) == []


def test_axe_finds_nothing_in_what_opens(specimen: Page) -> None:
    specimen.get_by_test_id("own-menu").click()
    assert violations(specimen) == []
    specimen.keyboard.press("Escape")
    specimen.get_by_test_id("form-save").click()
    expect(specimen.locator("#specimen .errsum")).to_be_visible()
    specimen.get_by_test_id("press-ok").click()
    expect(specimen.get_by_test_id("toast")).to_be_visible()
    assert violations(specimen) == []
    specimen.keyboard.press("Control+k")
    specimen.keyboard.type("r")
    expect(specimen.locator("#palette-options [role=option]").first).to_be_visible()
    assert violations(specimen) == []
    specimen.keyboard.press("Escape")
    specimen.keyboard.press("Escape")
    specimen.keyboard.press("?")
    expect(specimen.locator("#keys")).to_be_visible()
    assert violations(specimen) == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_scrolls_sideways_at_four_hundred_percent(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_form_works_without_scripts(browser: Browser, live_site: Site, colleague: Membership) -> None:
    with browser.new_context(base_url=live_site.url, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto("/tili/login/?next=/tyylit/")
        page.locator("#id_login").fill(colleague.user.username)
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_test_id("sign-in").click()
        page.wait_for_url("**/tyylit/")
        page.get_by_test_id("form-save").click()
        expect(page.locator("#specimen .errsum")).to_be_visible()


def test_the_first_visit_is_light(page: Page) -> None:
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto("/tili/login/")
    page.wait_for_load_state("networkidle")
    weight = sum(
        len(body) if answer.url.endswith("woff2") else len(gzip.compress(body))
        for answer in answers
        if (body := answer.body())
    )
    assert len(answers) <= 8
    assert weight <= 120_000


def test_a_swap_that_would_put_a_page_into_a_part_is_refused(specimen: Page) -> None:
    page = (environment.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
    specimen.route("**/tyylit/koe/ok/", lambda route: route.fulfill(status=404, body="<!doctype html>" + page))
    specimen.get_by_test_id("press-ok").click()
    expect(specimen.locator("[data-toast]")).to_contain_text("no longer here")
    expect(specimen.get_by_test_id("pressed")).to_have_text("Ei vielä painettu")
