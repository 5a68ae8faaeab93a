"""Steps by keyboard alone: a partner gets a name, an earlier step is told of, a suggestion put aside; the phone too."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from team.models import Term, Topic
from tests.browser.test_visit import advisor, arrive, by, window
from tests.factories.clients import person_on_file
from tests.factories.services import ServiceFactory
from tests.factories.visits import House
from tests.fixtures.axe import violations
from tests.fixtures.site import Site
from tyoparkki import clock
from visits.actions import calling, encounters, guidance, identity
from visits.models import AgreedStep, Guidance

pytestmark = pytest.mark.browser


@pytest.fixture
def today(live_site: Site) -> House:
    """A service day that is today, with something to suggest and a word for the young."""
    house = House(on=clock.local_date(timezone.now()))
    Topic.objects.filter(point=house.point, code="tyonhaku").update(service_classes=["P10.7"])
    terms = {"fi": "Olet työtön työnhakija.", "sv": "Du är arbetslös.", "en": "You are unemployed."}
    ServiceFactory(names={"fi": "Työpaja Alku"}, requirements=terms, indexed=True)
    Term.objects.create(point=house.point, kind=Term.Kind.AGE_BAND, code="alle_30", names={"fi": "Alle 30"})
    return house


def sits(house: House, who: Any, person: Any) -> Any:
    """The person sits with an advisor now."""
    now = timezone.now()
    visit = calling.call_in(arrive(house), by=who, at=now)
    encounter = encounters.start(visit, by=who, at=now)
    identity.join_client(visit, person, by=who, at=now)
    return encounter


def second_visit(house: House, who: Any) -> Any:
    """What was agreed on an earlier visit waits to be told of."""
    person = person_on_file(who, moment=timezone.now())
    earlier = sits(house, who, person)
    guidance.agree_step(earlier, what="Lähettää hakemuksen", by=who, at=timezone.now())
    encounters.finish(earlier.visit, result=house.result(), by=who, at=timezone.now())
    return sits(house, who, person)


def shoot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: `LOOK=folder`."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_partner_is_named_a_step_told_of_and_a_suggestion_put_aside_by_keyboard_alone(
    browser: Browser, live_site: Site, today: House
) -> None:
    who = advisor(today)
    encounter = second_visit(today, who)
    with window(browser, live_site, who) as page:
        page.keyboard.press("a")
        page.keyboard.type("Ottaa yhteyttä")
        page.keyboard.press("Tab")
        page.keyboard.type("Ku")
        expect(by(page, "visit-step-who")).to_have_value("partner")
        page.keyboard.press("Tab")
        while not page.evaluate("document.activeElement.id === 'step-partner'"):
            page.keyboard.press("Tab")
        page.keyboard.type("paja")
        expect(by(page, "visit-step-partner-hit")).to_have_count(1)
        shoot(page, "partner-1280")
        page.keyboard.press("Enter")
        expect(by(page, "visit-step-partner")).to_have_value("Työpaja Alku")
        by(page, "visit-step-add").focus()
        page.keyboard.press("Enter")
        expect(by(page, "visit-step")).to_contain_text("Työpaja Alku")
        by(page, "visit-step-tehty").focus()
        page.keyboard.press("Enter")
        expect(by(page, "visit-step-avoin")).to_be_visible()
        assert page.evaluate("document.activeElement !== document.body")
        by(page, "visit-aside").focus()
        page.keyboard.press("Enter")
        shoot(page, "aside-1280")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(by(page, "visit-suggestion")).to_have_count(0)
        assert page.evaluate("document.activeElement !== document.body")
        by(page, "visit-age-alle_30").focus()
        page.keyboard.press("Enter")
        expect(by(page, "visit-pointer")).to_be_visible()
        shoot(page, "done-1280")
        assert violations(page) == []
    assert AgreedStep.objects.get(encounter=encounter).partner == "Työpaja Alku"
    assert AgreedStep.objects.exclude(encounter=encounter).get().status == "done"
    assert len(Guidance.objects.get(pk=encounter.pk).put_aside) == 1


def test_a_partner_without_a_name_is_asked_for_and_nothing_typed_is_lost(
    browser: Browser, live_site: Site, today: House
) -> None:
    who = advisor(today)
    second_visit(today, who)
    with window(browser, live_site, who) as page:
        by(page, "visit-step-what-field").fill("Ottaa yhteyttä")
        by(page, "visit-step-who").select_option("partner")
        by(page, "visit-step-add").click()
        unsent = by(page, "visit-step-unsent")
        expect(unsent).to_contain_text("Kerro, kuka sen tekee")
        shoot(page, "unnamed-1280")
        unsent.locator("[data-back]").press("Enter")
        expect(by(page, "visit-step-what-field")).to_have_value("Ottaa yhteyttä")
        expect(by(page, "visit-step-partner")).to_be_visible()
        by(page, "visit-step-partner").fill("Naapurin Maija")
        by(page, "visit-step-add").click()
        expect(by(page, "visit-step")).to_contain_text("Naapurin Maija")


def test_the_next_step_with_a_day_is_agreed_on_the_phone_without_sideways_scrolling(
    browser: Browser, live_site: Site, today: House
) -> None:
    who = advisor(today)
    second_visit(today, who)
    with window(browser, live_site, who, viewport={"width": 360, "height": 740}) as page:
        page.locator(".solution > summary").click()
        by(page, "visit-next-step").fill("Soitan oppilaitokseen")
        by(page, "visit-next-due").fill("2099-11-25")
        by(page, "visit-next-agree").click()
        expect(by(page, "visit-step")).to_contain_text("Soitan oppilaitokseen")
        page.locator(".sure > summary").click()
        by(page, "visit-sure-7").click()
        expect(by(page, "visit-sure-7")).to_have_attribute("aria-pressed", "true")
        shoot(page, "visit-360")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for tab in ("Asiakas", "Ohjaa"):
            page.locator(".m-tabs label", has_text=tab).click()
            shoot(page, f"{tab}-360")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
