"""Every screen in every state, language and width: axe's rules, width, targets, focus.

`make axe` looks at the whole grid; a cover in which every pair of values meets is among the slow tests. With
AXE_SHOTS=folder each look is kept there as a picture.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as NotReached

from tests.accessibility import cover, look
from tests.accessibility.presses import settle
from tests.accessibility.screen import STATES, Screen
from tests.accessibility.screens import SCREENS
from tests.accessibility.world import Scene, World, cookies_of, device_cookies
from tests.fixtures.axe import violations
from tests.fixtures.site import Site, eventually

pytestmark = pytest.mark.browser

HEIGHT = 800
PATIENCE_MS = 8000
MAGNIFIED = 320  # 1280 px at 400 %
HEARD_S = 20  # a phone asks every fifteen seconds
LISTENS_MS = 800  # until the live channel is open
# The page as it came, to be compared with what became of it; a page loaded anew has forgotten.
REMEMBER = "window.asItCame = document.body.innerHTML"
CHANGED_IN_PLACE = "window.asItCame !== undefined && window.asItCame !== document.body.innerHTML"
SHOTS = os.environ.get("AXE_SHOTS", "")
STATES_OF = {name: list(screen.states) for name, screen in SCREENS.items()}


def by_screen(cells: Iterator[cover.Cell] | list[cover.Cell]) -> list[object]:
    """One test for each screen, with its cells in the order of the states."""
    ordered = sorted(cells, key=lambda cell: (cell.screen, STATES.index(cell.state), cell.language, -cell.width))
    return [
        pytest.param(list(group), id=name.replace(" ", "-"))
        for name, group in groupby(dict.fromkeys(ordered), key=lambda cell: cell.screen)
    ]


@pytest.fixture
def world(wednesday_site: Site) -> World:
    """The two points, made as they are asked for."""
    return World()


class Looker:
    """A browser that goes to screens and tells what is wrong with them."""

    def __init__(self, browser: Browser, site: Site, world: World) -> None:
        self.browser, self.site, self.world = browser, site, world
        self.found: list[str] = []

    def look(self, cells: list[cover.Cell]) -> None:
        """Each state once per language, at every width asked for."""
        for (name, state, language), group in groupby(cells, key=lambda cell: cell[:3]):
            self._state(SCREENS[name], state, language, [cell.width for cell in group])

    def _state(self, screen: Screen, name: str, language: str, widths: list[int]) -> None:
        state = screen.states[name]
        scene = self.world.bare if state.bare else self.world.full
        place = state.place(scene)
        with self._window(screen, scene, language) as context:
            page = context.new_page()
            if not state.scripts:
                context.route("**/*.js", lambda asked: asked.abort())
            here = f"{screen.name}, {name}, {language}"
            self._watch(page, here)
            page.set_default_timeout(PATIENCE_MS)
            try:
                page.goto(place)
                settle(page)
                page.evaluate(REMEMBER)
                if state.meanwhile:
                    self._happens(page, state.meanwhile, scene)
                if state.act:
                    state.act(page)
            except NotReached as error:
                self.found.append(f"{here}: the state was not reached: {str(error)[:400]}")
                self._picture(page, here)
                return
            if name == "swap" and not page.evaluate(CHANGED_IN_PLACE):
                self.found.append(f"{here}: nothing was swapped")
            if state.keeps_focus and look.has_lost_focus(page):
                self.found.append(f"{here}: the focus fell to the page as a whole")
            for width in widths:
                self._measure(page, screen, f"{here}, {width}", width)
            page.set_viewport_size({"width": MAGNIFIED, "height": 256})
            self._add(f"{here}, magnified four times", look.scrolls_sideways(page))
            if state.act is None and not page.url.startswith(f"{self.site.url}{place.split('?')[0]}"):
                self.found.append(f"{here}: was sent on to {page.url}")

    def _happens(self, page: Page, meanwhile: Callable[[Scene], object], scene: Scene) -> None:
        """Somebody else does something; the page shows it without a press."""
        page.wait_for_timeout(LISTENS_MS)
        meanwhile(scene)
        eventually(lambda: page.evaluate(CHANGED_IN_PLACE), within=HEARD_S)
        settle(page)

    def _measure(self, page: Page, screen: Screen, here: str, width: int) -> None:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.wait_for_timeout(60)
        self._add(here, violations(page))
        self._add(here, look.scrolls_sideways(page))
        least = look.SMALLEST_ON_TABLET if screen.is_huge else look.SMALLEST
        self._add(here, look.small_targets(page, least=least))
        self._picture(page, here)

    def _picture(self, page: Page, here: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(SHOTS) / f"{re.sub(r'[^a-z0-9]+', '-', here)}.png"), full_page=True)

    def _window(self, screen: Screen, scene: Scene, language: str) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.site.url,
            locale="fi-FI",
            timezone_id="Europe/Helsinki",
            reduced_motion="reduce",
            viewport={"width": cover.WIDTHS[0], "height": HEIGHT},
        )
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if screen.who in {"tablet", "handover"}:
            cookies |= device_cookies(scene.house, "feedback" if screen.who == "tablet" else "handover")
        elif screen.who != "nobody":
            cookies |= cookies_of(scene.member(screen.who))
        context.add_cookies([{"name": name, "value": value, "url": self.site.url} for name, value in cookies.items()])
        return context

    def _watch(self, page: Page, here: str) -> None:
        page.on(
            "response",
            lambda answer: (
                self.found.append(f"{here}: {answer.status} {answer.url}")
                if "/static/" in answer.url and answer.status >= 400
                else None
            ),
        )
        page.on("pageerror", lambda error: self.found.append(f"{here}: script error {error}"))
        page.on(
            "console",
            lambda said: self.found.append(f"{here}: {said.text}") if "Content Security Policy" in said.text else None,
        )

    def _add(self, here: str, found: list[str]) -> None:
        self.found += [f"{here}: {one}" for one in found]


def check(browser: Browser, site: Site, world: World, cells: list[cover.Cell]) -> None:
    """Nothing is wrong with these cells; otherwise everything that is, is said."""
    looker = Looker(browser, site, world)
    looker.look(cells)
    if looker.found:
        pytest.fail(f"{len(looker.found)} faults\n" + "\n".join(looker.found), pytrace=False)


@pytest.mark.slow
@pytest.mark.parametrize("cells", by_screen(cover.cover(STATES_OF)))
def test_a_cover_of_the_grid_holds(
    cells: list[cover.Cell], browser: Browser, wednesday_site: Site, world: World
) -> None:
    check(browser, wednesday_site, world, cells)


@pytest.mark.grid
@pytest.mark.parametrize("cells", by_screen(cover.grid(STATES_OF)))
def test_the_whole_grid_holds(cells: list[cover.Cell], browser: Browser, wednesday_site: Site, world: World) -> None:
    check(browser, wednesday_site, world, cells)
