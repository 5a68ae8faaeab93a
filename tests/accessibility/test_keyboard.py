"""A whole day of the front desk and of an advisor by the keyboard alone; the focus is never lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from team.access import Member
from tests.accessibility.look import has_lost_focus
from tests.accessibility.presses import settle
from tests.accessibility.world import Scene, cookies_of
from tests.factories.clients import person_on_file
from tests.factories.services import ServiceFactory
from tests.factories.team import at
from tests.factories.visits import House
from tests.fixtures.site import Site
from visits.models import AgreedStep, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FARTHEST = 60  # presses of Tab: from anywhere on a screen to anywhere

_NAME = """() => {
  const one = document.activeElement;
  return one.dataset.testid || one.id || one.tagName;
}"""


class Hands:
    """Two hands on a keyboard, and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def here(self) -> str:
        """What has the focus, by the name that tests know it by."""
        return str(self.page.evaluate(_NAME))

    def press(self, *keys: str) -> None:
        """Press keys one after another; after each, the answer is waited for and the focus must be somewhere."""
        for key in keys:
            self.page.keyboard.press(key)
            settle(self.page)
            assert not has_lost_focus(self.page), f"after {key} the focus is on the page as a whole"

    def first(self, key: str) -> None:
        """The first key on a page just opened, where nothing has the focus yet."""
        self.page.keyboard.press(key)
        settle(self.page)

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(text, delay=15)
        self.page.wait_for_timeout(350)
        settle(self.page)

    def reach(self, name: str, *, backwards: bool = False) -> None:
        """Go on with Tab until a control of this name has the focus."""
        seen: list[str] = []
        for _ in range(FARTHEST):
            if self.here == name:
                return
            seen.append(self.here)
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        pytest.fail(f"{name} is not reached by Tab: {seen}")


@contextmanager
def hands_of(who: Member, browser: Browser, site: Site, path: str) -> Iterator[Hands]:
    """A window of a member, with a keyboard."""
    with browser.new_context(
        base_url=site.url, locale="fi-FI", timezone_id="Europe/Helsinki", viewport={"width": 1280, "height": 800}
    ) as context:
        cookies = {settings.LANGUAGE_COOKIE_NAME: "fi", **cookies_of(who)}
        context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(8000)
        page.goto(path)
        settle(page)
        yield Hands(page)


def test_the_front_desk_s_day(browser: Browser, wednesday_site: Site) -> None:
    house = House(planned=True)
    scene = Scene(house)
    scene.member("advisor")
    person_on_file(house.desk, moment=at(9), name="Kielo Esimerkki")
    with hands_of(house.desk, browser, wednesday_site, "/tanaan/") as hands:
        page = hands.page
        # The doors open, and one press logs an anonymous visitor.
        hands.first("Enter")
        expect(page.get_by_test_id("close-day")).to_be_visible()
        hands.press("1")
        expect(page.get_by_test_id("logged-number")).to_have_text("A01")
        expect(page.locator("[data-ticket=A01]")).to_be_visible()
        # Somebody known: H, three letters, Enter.
        hands.press("h")
        assert hands.here == "arrival-client-search"
        hands.type("kie")
        hands.press("Enter")
        expect(page.get_by_test_id("logged-number")).to_have_text("A02")
        expect(page.locator("[data-ticket=A02]")).to_contain_text("Kielo")
        # An employer who is not on the register yet.
        hands.press("t")
        assert hands.here == "arrival-employer-search"
        hands.type("Koivikon Kahvila")
        hands.press("Enter")
        expect(page.get_by_test_id("logged-number")).to_have_text("T01")
        # What is learnt later is added to the last one.
        hands.press("e")
        hands.reach("details-note")
        hands.type("Etsii kahta kesätyöntekijää.")
        hands.press("Control+Enter")
        expect(page.locator("[data-ticket=T01]")).to_contain_text("kesätyöntekijää")
        # The queue: down to the first, call it, call it again, take the last press back.
        hands.press("j")
        assert hands.here == "call-A01"
        hands.press("Enter")
        expect(page.get_by_test_id("recall-A01")).to_be_visible()
        hands.reach("recall-A01")
        hands.press("Enter")
        hands.reach("no-show-A01")
        hands.press("z")
        expect(page.get_by_test_id("no-show-A01")).to_have_count(0)
        # The second waits a while elsewhere and keeps the place.
        hands.reach("more-A02")
        hands.press("Enter")
        hands.reach("pause-A02")
        hands.press("Enter")
        expect(page.locator("[data-queue] [data-ticket=A02]")).to_have_count(0)
        # The doors close.
        hands.reach("close-day", backwards=True)
        hands.press("Enter")
        expect(page.get_by_test_id("open-day")).to_be_visible()


def test_an_advisor_s_day(browser: Browser, wednesday_site: Site) -> None:
    house = House()
    scene = Scene(house)
    advisor, partner = scene.advisor, scene.partner
    service = ServiceFactory(
        organisation=partner.membership.organisation,
        names={"fi": "Työhönvalmennus", "sv": "Arbetsträning", "en": "Job coaching"},
        indexed=True,
    )
    first, _second = scene.waiting(40), scene.waiting(45)
    with hands_of(advisor, browser, wednesday_site, "/oma-kaynti/") as hands:
        page = hands.page
        # The proposed visitor is called, and sits down.
        hands.first("Enter")
        assert hands.here == "visit-start"
        hands.press("Enter")
        expect(page.get_by_test_id("visit-number")).to_have_text(first.ticket)
        # What was spoken of, what was agreed.
        hands.press("2")
        expect(page.get_by_test_id("visit-topic-cv")).to_have_attribute("aria-pressed", "true")
        hands.press("n")
        assert hands.here == "visit-note"
        hands.type("Päivitettiin CV yhdessä.")
        expect(page.locator("#text-status")).to_contain_text("Tallennettu")
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        assert hands.here == "visit-step-what-field"
        hands.type("Lähetä hakemus")
        hands.press("Enter")
        expect(page.get_by_test_id("visit-step")).to_have_count(1)
        # A colleague of another organisation comes along when the visitor says yes.
        page.keyboard.press("Escape")
        hands.press("m")
        invite = f"visit-invite-{partner.user.username}"
        hands.reach(invite)
        hands.press("Enter")
        hands.reach("visit-ask-yes")
        hands.press("Enter")
        expect(page.get_by_test_id(f"visit-uninvite-{partner.user.username}")).to_be_visible()
        # Onwards to a service: O, three letters, Enter.
        hands.press("o")
        hands.type("val")
        hands.press("Enter")
        expect(page.get_by_test_id("visit-referral")).to_contain_text(str(service.names["fi"]))
        # The end: one choice and Ctrl Enter; the focus is on the next visitor.
        page.keyboard.press("Escape")
        hands.reach("visit-result-riitti")
        page.keyboard.press("Space")
        hands.press("Control+Enter")
        expect(page.get_by_test_id("visit-call-next")).to_be_focused()
        # It can be taken back, and the break is a press away.
        hands.press("z")
        expect(page.get_by_test_id("visit-number")).to_have_text(first.ticket)
    visit = Visit.objects.get(pk=first.pk)
    assert visit.state == Visit.State.IN_SERVICE
    assert AgreedStep.objects.get(encounter__visit=visit).what == "Lähetä hakemus"
