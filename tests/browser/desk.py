"""The desk in a browser: a signed-in window, and where things are in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.fixtures.site import Site

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 800}, "has_touch": True}


@contextmanager
def window(browser: Browser, site: Site, who: Any, **size: Any) -> Iterator[Page]:
    """A window in which a member is signed in, with its live channel open."""
    client = Client()
    client.force_login(who.user)
    context = browser.new_context(base_url=site.url, locale="fi-FI", timezone_id="Europe/Helsinki", **(size or LAPTOP))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with page.expect_response("**/live/"):
        page.goto("/tanaan/")
    yield page
    context.close()
    assert faults == []


def by(page: Page, testid: str) -> Any:
    """A control by its lasting name."""
    return page.locator(f"[data-testid={testid}]")


def row(page: Page, ticket: str) -> Any:
    """A visitor's row, wherever it stands by now."""
    return page.locator(f"li[data-ticket={ticket}]")


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
