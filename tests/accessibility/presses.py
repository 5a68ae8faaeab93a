"""What a hand does on a page before it is looked at: presses, words typed, forms sent as they are."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import Error, Page

Act = Callable[[Page], None]

BUSY = "document.querySelector('.htmx-request, [aria-busy=true]') !== null || document.readyState !== 'complete'"


def settle(page: Page) -> None:
    """Wait until nothing is on its way any more."""
    for _ in range(40):
        page.wait_for_load_state("load")
        page.wait_for_timeout(100)
        try:
            if not page.evaluate(BUSY):
                return
        except Error:  # this page gives way to the next one
            continue


def one(testid: str) -> str:
    """The first of the controls of this name that can be seen."""
    return f'[data-testid="{testid}"]:visible >> nth=0'


def press(*testids: str) -> Act:
    """Press one control after another."""

    def act(page: Page) -> None:
        for testid in testids:
            page.locator(one(testid)).click()
            settle(page)

    return act


def send(testid: str, **typed: str) -> Act:
    """Fill fields by their names and send the form; the answer of the server is waited for."""

    def act(page: Page) -> None:
        for name, value in typed.items():
            page.locator(f'[name="{name}"]:visible >> nth=0').fill(value)
        page.evaluate("for (const form of document.forms) form.noValidate = true")  # it is the server's answer we want
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator(one(testid)).click()
        settle(page)

    return act


def write(selector: str, text: str) -> Act:
    """Type letter by letter, as a search that answers while one types needs it."""

    def act(page: Page) -> None:
        with page.expect_response(
            lambda answer: answer.request.resource_type in {"xhr", "fetch"} and answer.status < 400
        ):
            page.locator(selector).press_sequentially(text, delay=15)
        page.wait_for_timeout(250)
        settle(page)

    return act


def keys(*names: str) -> Act:
    """Press keys with the focus where it is."""

    def act(page: Page) -> None:
        for name in names:
            page.keyboard.press(name)
            page.wait_for_timeout(150)
        settle(page)

    return act


def unfold(selector: str) -> Act:
    """Open what is folded."""

    def act(page: Page) -> None:
        page.locator(selector).first.click()
        settle(page)

    return act


def then(*acts: Act) -> Act:
    """One after another."""

    def act(page: Page) -> None:
        for each in acts:
            each(page)

    return act


def on_paper(page: Page) -> None:
    """As it is printed."""
    page.emulate_media(media="print")
    settle(page)


def signed_out(page: Page) -> None:
    """The session ended in another window; the next press asks to sign in again, on the same page."""
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def offline(page: Page) -> None:
    """The line is cut."""
    page.context.set_offline(True)
    page.wait_for_timeout(300)
