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
from tests.factories.team import ShiftFactory, at
from tests.factories.visits import House
from tests.fixtures.site import Site
from visits.actions import encounters
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

    def go(self, name: str, *, backwards: bool = False) -> None:
        """Reach a control and press it."""
        self.reach(name, backwards=backwards)
        self.press("Enter")

    def first(self, key: str) -> None:
        """The first key on a page just opened, where nothing has the focus yet."""
        self.page.keyboard.press(key)
        settle(self.page)

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(text, delay=15)
        self.page.wait_for_timeout(350)
        settle(self.page)

    def new_window(self, key: str) -> Page:
        """A key that opens a page of its own: the page."""
        with self.page.context.expect_page() as opened:
            self.page.keyboard.press(key)
        opened.value.wait_for_load_state()
        return opened.value

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
    advisor = scene.member("advisor")
    ShiftFactory(day=house.day, membership=house.desk.membership)
    person_on_file(house.desk, moment=at(9), name="Kielo Esimerkki")
    with hands_of(house.desk, browser, wednesday_site, "/tanaan/") as hands:
        page = hands.page
        open_and_log(hands)
        tell_more(hands, advisor)
        call_and_miss(hands)
        rearrange(hands)
        look_after_each_other(hands)
        # The day pauses, goes on, and closes with those who are still here by number.
        hands.go("pause-day", backwards=True)
        hands.go("resume-day")
        hands.go("close-day")
        expect(page.get_by_test_id("close-question")).to_contain_text("A01")
        hands.press("Enter")
        expect(page.get_by_test_id("open-day")).to_be_visible()
        expect(page.get_by_test_id("still-here")).to_contain_text("A01")
    first = Visit.objects.get(day=house.day, letter="A", number=1)
    assert (first.party_size, first.language, first.asks_for_id) == (3, "sv", advisor.membership_id)
    assert first.situation is not None
    assert first.situation.code == "tyoton"
    assert [row.topic.code for row in first.topics.all()] == ["koulutus"]


def open_and_log(hands: Hands) -> None:
    """The doors open; one press logs an anonymous visitor, three letters a known one, a name an employer."""
    page = hands.page
    hands.first("Enter")
    expect(page.get_by_test_id("close-day")).to_be_visible()
    hands.press("1")
    expect(page.get_by_test_id("logged-number")).to_have_text("A01")
    expect(page.locator("[data-ticket=A01]")).to_be_visible()
    slip = hands.new_window("l")
    expect(slip.locator("body")).to_contain_text("A01")
    slip.close()
    hands.press("h")
    assert hands.here == "arrival-client-search"
    hands.type("kie")
    hands.press("Enter")
    expect(page.get_by_test_id("arrival-topic-tyonhaku")).to_be_focused()
    hands.press("2")
    expect(page.get_by_test_id("logged-number")).to_have_text("A02")
    expect(page.locator("[data-ticket=A02]")).to_contain_text("Kielo")
    # An employer who is not on the register yet; what is learnt is added to the last one logged.
    hands.press("t")
    assert hands.here == "arrival-employer-search"
    hands.type("Koivikon Kahvila")
    hands.press("Enter")
    expect(page.get_by_test_id("logged-number")).to_have_text("T01")
    hands.press("e")
    hands.reach("details-note")
    hands.type("Etsii kahta kesätyöntekijää.")
    hands.press("Control+Enter")
    expect(page.locator("[data-ticket=T01]")).to_contain_text("kesätyöntekijää")
    # One press too many is taken back.
    hands.press("4")
    expect(page.locator("[data-queue] [data-ticket=A03]")).to_be_visible()
    hands.press("z")
    expect(page.locator("[data-queue] [data-ticket=A03]")).to_have_count(0)


def tell_more(hands: Hands, advisor: Member) -> None:
    """Everything that the desk may add to a visit in the queue."""
    page = hands.page
    hands.press("j")
    assert hands.here == "call-A01"
    hands.go("more-A01")
    hands.go("details-A01")
    assert hands.here == "id_language"
    hands.type("Svenska")
    hands.reach("id_second_topics_0")
    while page.evaluate("document.activeElement.parentElement.textContent.trim()") != "Koulutus":
        page.keyboard.press("Tab")
    hands.press("Space")
    hands.reach("id_situation_0")
    hands.press("ArrowDown")
    hands.reach("id_age_band_0")
    hands.press("ArrowDown")
    hands.reach("id_asks")
    hands.type(advisor.user.name)
    hands.reach("id_party_size")
    hands.press("Control+a")
    hands.type("3")
    hands.reach("details-called-name")
    hands.type("Sisu")
    hands.press("Control+Enter")
    expect(page.get_by_test_id("details-form")).to_have_count(0)
    expect(page.locator("[data-ticket=A01]")).to_contain_text("Sisu")


def call_and_miss(hands: Hands) -> None:
    """Call, call again, did not come; taken back; back to the queue in the old place."""
    page = hands.page
    hands.press("k")
    hands.reach("call-A01")
    hands.press("Enter")
    hands.go("recall-A01")
    hands.go("no-show-A01")
    expect(page.locator("[data-testid=called-row]")).to_have_count(0)
    hands.press("z")
    hands.go("put-back-A01")
    expect(page.locator("[data-queue] > li").first).to_have_attribute("data-ticket", "A01")


def rearrange(hands: Hands) -> None:
    """Another topic; a pause and back; left, and taken back."""
    page = hands.page
    hands.go("more-A02")
    hands.go("topic-A02")
    assert hands.here == "id_topic"
    hands.type("Raha")
    hands.press("Control+Enter")
    expect(page.locator("[data-ticket=A02]")).to_contain_text("Raha")
    hands.reach("call-A02")
    hands.press("p")
    expect(page.locator("[data-queue] [data-ticket=A02]")).to_have_count(0)
    hands.go("back-A02")
    expect(page.locator("[data-queue] [data-ticket=A02]")).to_be_visible()
    hands.go("more-A02")
    hands.go("left-A02")
    expect(page.locator("[data-queue] [data-ticket=A02]")).to_have_count(0)
    hands.press("z")
    expect(page.locator("[data-queue] [data-ticket=A02]")).to_be_visible()


def look_after_each_other(hands: Hands) -> None:
    """A break and back; a colleague is asked to come, and is not needed after all."""
    page = hands.page
    hands.go("own-break")
    expect(page.get_by_test_id("own-break")).to_contain_text("Palasin tauolta")
    hands.go("own-break")
    hands.go("call-help")
    expect(page.get_by_test_id("help-call")).to_be_visible()
    hands.go("answer-help")
    expect(page.get_by_test_id("help-call")).to_have_count(0)


def test_an_advisor_s_day(browser: Browser, wednesday_site: Site) -> None:
    house = House()
    scene = Scene(house)
    advisor, partner = scene.advisor, scene.partner
    service = ServiceFactory(
        organisation=partner.membership.organisation,
        names={"fi": "Työhönvalmennus", "sv": "Arbetsträning", "en": "Job coaching"},
        indexed=True,
    )
    person_on_file(house.desk, moment=at(9), name="Kielo Esimerkki")
    first, second = scene.waiting(40), scene.waiting(45)
    with hands_of(advisor, browser, wednesday_site, "/oma-kaynti/") as hands:
        page = hands.page
        # The proposed visitor is called, called again, put back; then called and sits down.
        hands.first("Enter")
        assert hands.here == "visit-start"
        hands.go("visit-recall")
        hands.reach("visit-no-show")
        hands.go("visit-put-back")
        expect(page.get_by_test_id("visit-call-next")).to_contain_text(first.ticket)
        hands.press("Enter")
        assert hands.here == "visit-start"
        hands.press("Enter")
        expect(page.get_by_test_id("visit-number")).to_have_text(first.ticket)
        who_it_is(hands)
        what_was_agreed(hands)
        who_comes_along(hands, partner)
        # Onwards to a service: O, three letters, Enter.
        hands.press("o")
        hands.type("val")
        hands.press("Enter")
        expect(page.get_by_test_id("visit-referral")).to_contain_text(str(service.names["fi"]))
        hands.press("Escape")
        slip = hands.new_window("p")
        expect(slip.locator("body")).to_contain_text("Lähetä hakemus")
        slip.close()
        # The end: one choice and Ctrl Enter; the focus is on the next visitor. It can be taken back.
        finish(hands)
        expect(page.get_by_test_id("visit-call-next")).to_be_focused()
        hands.press("z")
        expect(page.get_by_test_id("visit-number")).to_have_text(first.ticket)
        finish(hands)
        a_break(hands)
        onwards_and_pause(hands, partner, second.ticket)
    visit = Visit.objects.get(pk=first.pk)
    assert (visit.state, visit.situation.code if visit.situation else "") == (Visit.State.DONE, "tyoton")
    assert AgreedStep.objects.get(encounter__visit=visit).what == "Lähetä hakemus"
    assert Visit.objects.get(pk=second.pk).asks_for_id == partner.membership_id


def who_it_is(hands: Hands) -> None:
    """The situation, the age, and the person on file whom the visit belongs to."""
    page = hands.page
    hands.go("visit-situation-tyoton")
    expect(page.get_by_test_id("visit-situation-tyoton")).to_have_attribute("aria-pressed", "true")
    hands.go("visit-age-30_34")
    hands.press("h")
    hands.type("kie")
    hands.press("Enter")
    expect(page.get_by_test_id("visit-client")).to_be_visible()


def what_was_agreed(hands: Hands) -> None:
    """What was spoken of, the note that saves itself, the next small step, the agreed step."""
    page = hands.page
    hands.press("2")
    expect(page.get_by_test_id("visit-topic-cv")).to_have_attribute("aria-pressed", "true")
    hands.press("n")
    assert hands.here == "visit-note"
    hands.type("Päivitettiin CV yhdessä.")
    expect(page.locator("#text-status")).to_contain_text("Tallennettu")
    hands.press("Escape")
    hands.press("a")
    assert hands.here == "visit-step-what-field"
    hands.type("Lähetä hakemus")
    hands.press("Enter")
    expect(page.get_by_test_id("visit-step")).to_have_count(1)
    hands.press("Escape")


def who_comes_along(hands: Hands, partner: Member) -> None:
    """A colleague of another organisation comes along when the visitor says yes."""
    hands.press("m")
    hands.go(f"visit-invite-{partner.user.username}")
    hands.go("visit-ask-yes")
    expect(hands.page.get_by_test_id(f"visit-uninvite-{partner.user.username}")).to_be_visible()


def finish(hands: Hands) -> None:
    """The result and the end."""
    hands.reach("visit-result-riitti")
    hands.press("Space")
    hands.press("Control+Enter")


def a_break(hands: Hands) -> None:
    """Away and back."""
    page = hands.page
    hands.go("visit-break")
    expect(page.get_by_test_id("visit-free")).to_contain_text("Olet tauolla")
    hands.go("visit-break")


def onwards_and_pause(hands: Hands, partner: Member, ticket: str) -> None:
    """The next visitor is called by choice, and goes on to a colleague, keeping the place."""
    page = hands.page
    hands.go(f"visit-call-{ticket}")
    assert hands.here == "visit-start"
    hands.press("Enter")
    hands.go("visit-more")
    hands.reach("visit-pause")
    hands.reach("visit-onwards")
    page.keyboard.press("Enter")
    page.wait_for_url("**/eteenpain/")
    settle(page)
    hands.reach(f"visit-hand-over-{partner.user.username}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mukaan/**")  # to another organisation only after the visitor's yes
    settle(page)
    hands.reach("visit-ask-yes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/oma-kaynti/")


def test_a_colleague_who_is_asked_along(browser: Browser, wednesday_site: Site) -> None:
    house = House()
    scene = Scene(house)
    running = house.in_service(scene.advisor, scene.waiting(40), at(10, 45))
    encounters.invite(
        running.visit, scene.partner.membership, mode="together", by=scene.advisor, at=at(10, 50), client_agreed=True
    )
    with hands_of(scene.partner, browser, wednesday_site, "/oma-kaynti/") as hands:
        page = hands.page
        hands.go("asked-come")
        expect(page.get_by_test_id("visit-multi")).to_be_visible()
        hands.press("n")
        assert hands.here == "visit-note"
        hands.press("Escape")
        hands.go("visit-more")
        hands.go("visit-step-out")
        expect(page.get_by_test_id("visit-number")).to_have_count(0)
    assert running.visit.events.filter(kind="stepped_out").exists()
