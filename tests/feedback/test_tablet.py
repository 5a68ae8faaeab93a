"""The tablet in a real browser: one person at a time, nothing left behind, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from feedback.frame import words
from feedback.models import Response
from tests.factories.feedback import TOKEN, SaidAndDoneFactory, Tablet
from tests.factories.team import at
from tests.fixtures import axe
from tests.fixtures.site import Site, eventually

pytestmark = pytest.mark.browser

PRIVATE = "Tätä ei seuraava saa nähdä"


@pytest.fixture
def tablet(wednesday_site: Site) -> Tablet:
    """A paired tablet at the running site."""
    return Tablet()


@pytest.fixture
def opened(browser: Browser, wednesday_site: Site, tablet: Tablet) -> Iterator[Page]:
    """The tablet's page, its clock in the test's hands; a script error or a refused resource fails the test."""
    with window(browser, wednesday_site) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        page.clock.install()
        page.goto("/tabletti/")
        yield page
        assert faults == []


@contextmanager
def window(browser: Browser, site: Site, **how: Any) -> Iterator[Page]:
    how.setdefault("viewport", {"width": 1280, "height": 800})
    with browser.new_context(base_url=site.url, locale="fi-FI", **how) as context:
        context.add_cookies([{"name": "device_feedback", "value": TOKEN, "url": site.url}])
        yield context.new_page()


def choose(page: Page, face: int) -> None:
    """Press a face of the question on the screen; the next one follows by itself."""
    page.locator(f"[data-question]:not([hidden]) .face-{face}").click()
    page.clock.run_for(450)


def heading(page: Page) -> Any:
    return page.locator("h1:visible")


def answer_all(page: Page, language: str = "fi") -> None:
    page.get_by_test_id(f"language-{language}").click()
    for face in (4, 5, 3):
        choose(page, face)


def stored(count: int = 1) -> list[Response]:
    eventually(lambda: Response.objects.count() >= count)
    return list(Response.objects.all())


def test_five_presses_give_an_answer_in_finnish(opened: Page, tablet: Tablet) -> None:
    SaidAndDoneFactory(point=tablet.device.point)
    opened.reload()
    answer_all(opened)
    expect(heading(opened)).to_have_text("Mitä voisimme tehdä paremmin?")
    opened.get_by_test_id("words").fill("Tulkki olisi auttanut.")
    opened.get_by_test_id("send").click()
    expect(opened.get_by_test_id("thanks")).to_have_text("Kiitos palautteesta!")
    expect(opened.locator("[data-followed-text]")).to_contain_text("arabian tulkki")
    [row] = stored()
    assert (row.language, row.hour, row.words) == ("fi", at(11).hour, "Tulkki olisi auttanut.")
    assert row.faces == {"saitko-apua": 4, "kohtaaminen": 5, "seuraava-askel": 3}
    assert row.key.version == 4
    opened.clock.run_for(8100)
    expect(opened.get_by_test_id("language-fi")).to_be_visible()
    expect(opened.get_by_test_id("words")).to_have_value("")


@pytest.mark.parametrize("language", ["fi", "ar"])
@pytest.mark.parametrize("viewport", [(1280, 800), (800, 1280), (360, 740)])
def test_every_screen_is_accessible(
    browser: Browser, wednesday_site: Site, tablet: Tablet, language: str, viewport: tuple[int, int]
) -> None:
    with window(browser, wednesday_site, viewport={"width": viewport[0], "height": viewport[1]}) as page:
        page.goto("/tabletti/")
        assert axe.violations(page) == []
        page.get_by_test_id(f"language-{language}").click()
        for _ in range(4):
            assert axe.violations(page) == []
            small = page.evaluate(
                "() => [...document.querySelectorAll('.kbtn, .face, .langs a')].filter(e => e.checkVisibility())"
                ".map(e => e.getBoundingClientRect()).filter(r => r.height < 64 || r.width < 64).length"
            )
            assert small == 0
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if page.get_by_test_id("next").is_visible():
                page.get_by_test_id("next").click()
        page.get_by_test_id("words").fill("…")
        page.get_by_test_id("send").click()
        expect(page.get_by_test_id("thanks")).to_be_visible()
        assert axe.violations(page) == []


def test_arabic_is_mirrored_and_the_faces_keep_their_order(opened: Page) -> None:
    opened.get_by_test_id("language-ar").click()
    expect(opened.locator("html")).to_have_attribute("dir", "rtl")
    expect(opened.locator("html")).to_have_attribute("lang", "ar")
    expect(heading(opened)).to_have_text("هل حصلت على المساعدة التي تحتاجها؟")
    places = [opened.locator(f".face-{n}:visible").bounding_box() for n in (1, 5)]
    assert places[0] is not None
    assert places[1] is not None
    assert places[0]["x"] > places[1]["x"]
    for face in (1, 2, 5):
        choose(opened, face)
    opened.get_by_test_id("send").click()
    [row] = stored()
    assert (row.language, row.faces) == ("ar", {"saitko-apua": 1, "kohtaaminen": 2, "seuraava-askel": 5})


def test_the_keyboard_does_it_all_and_arrows_do_not_run_ahead(opened: Page) -> None:
    opened.get_by_test_id("language-en").focus()
    opened.keyboard.press("Enter")
    expect(heading(opened)).to_be_focused()
    opened.keyboard.press("Tab")
    opened.keyboard.press("Space")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    opened.clock.run_for(2000)
    expect(heading(opened)).to_have_text("Did you get the help you needed?")
    opened.keyboard.press("Enter")
    expect(heading(opened)).to_have_text("How were you treated?")
    expect(heading(opened)).to_be_focused()


def test_what_a_demonstration_says_of_itself_is_in_the_visitors_language(opened: Page, tablet: Tablet) -> None:
    opened.evaluate(
        "document.body.insertAdjacentElement('afterbegin', document.createElement('p')).className = 'demo-mark'"
    )
    opened.get_by_test_id("language-sv").click()
    expect(opened.locator(".demo-mark")).to_have_text(words()["sv"]["demo"])
    opened.clock.run_for(61_000)
    expect(opened.locator(".demo-mark")).to_have_text(words()["fi"]["demo"])


def test_what_a_demonstration_says_of_itself_is_in_the_language_of_the_page(
    tablet: Tablet, client: Client, settings: Any
) -> None:
    settings.DEMO = True
    client.cookies["device_feedback"] = TOKEN
    assert words()["en"]["demo"] in client.get("/tabletti/?kieli=en").content.decode()


def test_back_and_skip_go_one_question_at_a_time(opened: Page) -> None:
    opened.get_by_test_id("language-sv").click()
    choose(opened, 2)
    expect(heading(opened)).to_have_text("Hur blev du bemött?")
    opened.locator("[data-back]:visible").click()
    expect(opened.locator(".face-2:visible input")).to_be_checked()
    opened.get_by_test_id("next").click()
    opened.get_by_test_id("next").click()
    expect(heading(opened)).to_have_text("Vet du vad du ska göra härnäst?")


def test_after_45_quiet_seconds_it_asks_and_after_15_more_it_forgets(opened: Page) -> None:
    answer_all(opened)
    opened.get_by_test_id("words").fill(PRIVATE)
    opened.clock.run_for(44_000)
    expect(opened.locator("dialog")).not_to_be_visible()
    opened.clock.run_for(2_000)
    expect(opened.locator("dialog")).to_contain_text("Oletko vielä siinä?")
    assert axe.violations(opened) == []
    opened.mouse.click(640, 700)
    expect(opened.locator("dialog")).not_to_be_visible()
    expect(opened.get_by_test_id("words")).to_have_value(PRIVATE)
    opened.clock.run_for(46_000)
    expect(opened.locator("dialog")).to_be_visible()
    opened.clock.run_for(15_500)
    expect(opened.get_by_test_id("language-fi")).to_be_visible()
    assert PRIVATE not in opened.evaluate("document.documentElement.outerHTML + document.querySelector('#words').value")
    assert opened.locator("input:checked").count() == 0
    assert Response.objects.count() == 0


def test_nobody_goes_back_into_anothers_answers(opened: Page) -> None:
    answer_all(opened)
    opened.get_by_test_id("words").fill(PRIVATE)
    for _ in range(3):
        opened.evaluate("history.back()")
        expect(opened.get_by_test_id("language-fi")).to_be_visible()
        assert opened.evaluate("document.querySelector('#words').value") == ""
    answer_all(opened)
    opened.get_by_test_id("words").fill(PRIVATE)
    opened.reload()
    expect(opened.get_by_test_id("language-fi")).to_be_visible()
    assert opened.evaluate("document.querySelector('#words').value") == ""
    assert opened.locator("input:checked").count() == 0
    opened.goto("/healthz")
    opened.go_back()
    expect(opened.get_by_test_id("language-fi")).to_be_visible()
    assert opened.evaluate("document.querySelector('#words').value") == ""
    kept = opened.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert PRIVATE not in kept


def test_without_a_network_the_answer_waits_on_the_device(opened: Page, tablet: Tablet) -> None:
    opened.context.set_offline(True)
    answer_all(opened)
    expect(opened.locator("[data-net-text]")).to_contain_text("Ei yhteyttä")
    opened.get_by_test_id("send").click()
    expect(opened.get_by_test_id("thanks")).to_be_visible()
    assert Response.objects.count() == 0
    opened.context.set_offline(False)
    stored()
    expect(opened.locator("[data-net-text]")).to_have_text("Yhteys kunnossa")


def failing(statuses: list[int]) -> Callable[[Route], None]:
    """A server that answers with these first; its reply is lost where the status is 0, though it did the work."""

    def handle(route: Route) -> None:
        status = statuses.pop(0) if statuses else -1
        if status == 0:
            route.fetch()
            route.abort()
        elif status > 0:
            route.fulfill(status=status, json={})
        else:
            route.continue_()

    return handle


@pytest.mark.parametrize("status", [0, 401, 429, 500, 503])
def test_what_the_server_did_not_confirm_is_kept_and_sent_again_once(opened: Page, tablet: Tablet, status: int) -> None:
    opened.route("**/tabletti/vastaukset/", failing([status]))
    answer_all(opened)
    opened.get_by_test_id("send").click()
    expect(opened.get_by_test_id("thanks")).to_be_visible()
    waiting = opened.locator("[data-net]")
    expect(waiting).to_have_attribute("data-unsent", "1")
    if status == 401:
        expect(waiting).to_contain_text("henkilökuntaa")
    opened.clock.run_for(30_500)
    expect(waiting).to_have_attribute("data-unsent", "0")
    assert len(stored()) == 1


def test_what_can_never_be_taken_is_set_aside_and_does_not_stand_in_the_way(opened: Page, tablet: Tablet) -> None:
    opened.route("**/tabletti/vastaukset/", failing([422]))
    answer_all(opened)
    opened.get_by_test_id("send").click()
    expect(opened.locator("[data-net]")).to_have_attribute("data-refused", "1")
    expect(opened.locator("[data-net]")).to_have_attribute("data-unsent", "0")
    opened.unroute("**/tabletti/vastaukset/")  # a route waits for this thread, which soon waits for the database
    opened.clock.run_for(8100)
    answer_all(opened)
    opened.get_by_test_id("send").click()
    expect(opened.get_by_test_id("thanks")).to_be_visible()
    expect(opened.locator("[data-net]")).to_have_attribute("data-unsent", "0")
    assert len(stored()) == 1


def test_answers_survive_the_end_of_the_page(browser: Browser, wednesday_site: Site, tablet: Tablet) -> None:
    with window(browser, wednesday_site) as page:
        page.goto("/tabletti/")
        page.route("**/tabletti/vastaukset/", failing([503] * 50))
        page.get_by_test_id("language-fi").click()
        page.locator(".face-4:visible").click()
        for _ in range(3):
            page.get_by_test_id("next").click()
        page.get_by_test_id("send").click()
        expect(page.get_by_test_id("thanks")).to_be_visible()
        page.close()
        again = page.context.new_page()
        again.goto("/tabletti/")
        assert len(stored()) == 1


def test_it_works_without_scripts(browser: Browser, wednesday_site: Site, tablet: Tablet) -> None:
    with window(browser, wednesday_site, java_script_enabled=False) as page:
        page.goto("/tabletti/")
        expect(page.locator("form")).not_to_be_visible()
        page.get_by_test_id("language-sv").click()
        page.get_by_test_id("send").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        page.locator("[data-question=kohtaaminen] .face-2").click()
        page.get_by_test_id("words").fill("Tack")
        page.get_by_test_id("send").click()
        expect(page.get_by_test_id("thanks")).to_have_text("Tack för din respons!")
    [row] = stored()
    assert (row.language, row.faces, row.words) == ("sv", {"kohtaaminen": 2}, "Tack")


def test_a_device_that_is_not_ours_is_shown_how_to_become_ours(browser: Browser, wednesday_site: Site) -> None:
    with browser.new_context(base_url=wednesday_site.url, locale="fi-FI") as context:
        page = context.new_page()
        answer = page.goto("/tabletti/")
        assert answer is not None
        assert answer.status == 401
        expect(page.get_by_test_id("unpaired")).to_be_visible()
        assert axe.violations(page) == []
