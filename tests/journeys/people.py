"""The people of a day, each with a window of their own, and the album of what they saw."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Response, expect

from reports.demo.house import PASSWORD
from tests.fixtures.site import Site

LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
TABLET = {"width": 1180, "height": 820}
TELEVISION = {"width": 1920, "height": 1080}


class Album:
    """With JOURNEY_SHOTS=folder each step is kept as a picture, with README_SHOTS=folder the two of the README."""

    def __init__(self) -> None:
        self.folder = os.environ.get("JOURNEY_SHOTS", "")
        self.readme = os.environ.get("README_SHOTS", "")
        self.count = 0

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """What this window shows now, numbered in the order of the story."""
        self.count += 1
        if self.folder:
            Path(self.folder).mkdir(parents=True, exist_ok=True)
            # The caret stays: to hide it, the driver writes styles into fields, which a swap would then carry over.
            path = str(Path(self.folder) / f"{self.count:02}-{name}.png")
            page.screenshot(path=path, full_page=whole, caret="initial")

    def for_readme(self, page: Page, name: str) -> None:
        """A small picture (WebP) of the window."""
        if self.readme:
            Path(self.readme).mkdir(parents=True, exist_ok=True)
            shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": 82})
            (Path(self.readme) / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))


# Paper comes out of the printer without a dialog; here it is only counted. What the policy refuses says what it was.
PREPARED = """
  window.print = () => { window.wasPrinted = true; };
  addEventListener("securitypolicyviolation", (refused) => console.error("Content Security Policy:",
    refused.effectiveDirective, refused.sourceFile, refused.lineNumber, refused.sample,
    refused.target?.outerHTML?.slice(0, 200)));
"""


@dataclass
class People:
    """Everybody's windows; whatever goes wrong in any of them is remembered."""

    browser: Browser
    site: Site
    album: Album = field(default_factory=Album)
    faults: list[str] = field(default_factory=list)

    def window(self, size: dict[str, int]) -> Page:
        """Somebody new opens a browser, in Finnish."""
        context = self.browser.new_context(
            base_url=self.site.url,
            locale="fi-FI",
            timezone_id="Europe/Helsinki",
            reduced_motion="reduce",
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=size in (PHONE, TABLET),
        )
        context.add_init_script(PREPARED)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: script error: {error}"))
        page.on("console", lambda said: self._hear(page, said.text))
        page.on("response", self._see)
        return page

    def _hear(self, page: Page, text: str) -> None:
        if "Content Security Policy" in text:
            self.faults.append(f"{page.url}: {text}")

    def _see(self, answer: Response) -> None:
        if answer.status >= 500:
            self.faults.append(f"{answer.status} {answer.url}")

    def staff(self, username: str, path: str = "/") -> Page:
        """A member of staff signs in by hand and goes to a screen."""
        page = self.window(LAPTOP)
        page.goto(path)
        page.locator("[name=login]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_test_id("sign-in").click()
        page.wait_for_url(lambda url: "/tili/" not in url)
        return page


def number(place: Locator, within: str = r"[\d\s]+") -> int:
    """The whole number that stands there, or that a sentence tells; its thin spaces left out."""
    text = place.text_content() or ""
    found = re.search(within, text)
    assert found, text
    return int(re.sub(r"\D", "", found[0]))


def paired(office: Page, device: Page, *, kind: str, start: str) -> None:
    """The administrator shows six digits, which let one device in, once."""
    office.goto("/laitteet/")
    office.locator("[name=kind]").select_option(kind)
    office.locator("[name=name]").fill("Aulan uusi laite")
    office.get_by_test_id("device-offer").click()
    code = office.get_by_test_id("pairing-code").inner_text().replace(" ", "")
    assert device.goto(start).status in {200, 401}
    assert device.url.endswith(start)
    device.goto("/pariliitos/")
    device.locator("[name=code]").fill(code)
    device.get_by_test_id("device-pair").click()
    device.get_by_test_id("device-start").click()
    expect(device).to_have_url(re.compile(start))
