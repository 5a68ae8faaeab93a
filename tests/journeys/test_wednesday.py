"""A Wednesday at TyöParkki as those who are there see it, from the door to the figures.

Everything is real: the demonstration's day at 14.36, the server, the background worker, and a browser for each person.
With JOURNEY_SHOTS=folder each step is kept as a picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db.models import Sum
from playwright.sync_api import Page, expect

from reports.models import DailyFigure
from tests.fixtures.site import eventually
from tests.journeys.people import PHONE, TABLET, TELEVISION, People, number, paired
from tyoparkki import pictures
from visits.actions.turn import secret_of
from visits.models import Encounter, Participation, Visit, VisitNote

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats", "system"]),
]

NOTE = "Kuulokoje, puhutaan selkeästi."
GUIDANCE = "Varastotyö kiinnostaa, iltavuorot sopivat. Selän takia nostoja vältetään."
WISH = "Vakituinen työ läheltä kotia."
STEP = "Soita trukkikurssin järjestäjälle"
PARTNERS_STEP = "Kysyn työfysioterapeutilta nostorajat"
WORDS = "Sain kerralla kaksi neuvojaa saman pöydän ääreen."
MARK = re.compile(r"iltavuorot sopivat|trukkikurssin|läheltä kotia")


@dataclass
class Day:
    """Who is there, and what the story knows so far."""

    people: People
    demo: dict[str, Any]
    manager: Page
    desk: Page
    advisor: Page
    partner: Page
    board: Page
    tablet: Page
    phone: Page
    counted: dict[str, int]
    ticket: str = ""
    pk: str = ""

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """A picture for the album."""
        self.people.album.keep(page, name, whole=whole)


def test_a_wednesday_from_the_door_to_the_figures(wednesday: tuple[People, dict[str, Any]]) -> None:
    day = everybody_comes_to_work(*wednesday)
    the_board_and_the_tablet_are_paired_by_a_code(day)
    somebody_comes_through_the_door(day)
    the_number_is_on_paper_and_on_the_phone(day)
    the_front_desk_adds_what_it_hears(day)
    the_advisors_end_what_they_are_at(day)
    the_advisor_calls_and_the_room_sees_the_same_number(day)
    they_write_down_what_they_speak_of(day)
    a_colleague_of_another_organisation_comes_into_the_same_visit(day)
    each_sees_what_is_theirs_to_see(day)
    the_visitor_is_guided_to_a_service(day)
    the_visit_ends_and_the_visitor_takes_a_page_along(day)
    the_tablet_is_answered_by_nobody_in_particular(day)
    the_manager_reads_it_in_the_figures(day)


# --- the morning's work -----------------------------------------------------------------------------------------------


def everybody_comes_to_work(people: People, demo: dict[str, Any]) -> Day:
    """Five sign in; the manager notes down how things stand."""
    day = Day(
        people=people,
        demo=demo,
        manager=people.staff("esihenkilo", "/raportit/"),
        desk=people.staff("vastaanotto", "/tanaan/"),
        advisor=people.staff("neuvoja", "/oma-kaynti/"),
        partner=people.staff("kumppani", "/oma-kaynti/"),
        board=people.window(TELEVISION),
        tablet=people.window(TABLET),
        phone=people.window(PHONE),
        counted={},
    )
    day.counted = counted(day.demo["point"])
    assert all(n > 0 for n in day.counted.values()), day.counted
    assert figures_of(day.manager) == as_told(day.counted)
    day.keep(day.desk, "vastaanotto")
    return day


def counted(point: str) -> dict[str, int]:
    """What the worker has counted for that page."""
    rows = DailyFigure.objects.at(UUID(point)).values_list("figure", "part").annotate(n=Sum("n")).order_by()
    sums = {(figure, part): n for figure, part, n in rows}
    return {
        "visits": sums.get(("visits", "all"), 0),
        "together": sums.get(("multi_professional", "all"), 0),
        "referrals": sums.get(("referral", "sent"), 0),
        "answers": sum(n for (figure, _), n in sums.items() if figure == "response"),
    }


def as_told(counts: dict[str, int]) -> dict[str, int]:
    """The visits as they are, all else in fives."""
    return {name: n if name == "visits" else max(5, (n + 2) // 5 * 5) for name, n in counts.items()}


def figures_of(page: Page) -> dict[str, int]:
    """What the manager's page tells of the last twelve weeks."""
    page.goto("/raportit/")
    referrals = page.get_by_test_id("panel-referrals").locator("table").first.locator("tbody tr")
    return {
        "visits": number(page.get_by_test_id("tile-visits").locator("b.n")),
        "together": number(page.get_by_test_id("tile-multi_professional").locator(".d"), r"[\d\s]+(?= käynti)"),
        "referrals": number(referrals.first.locator("td").first),
        "answers": number(page.get_by_test_id("tile-feedback").locator(".d"), r"[\d\s]+(?= vastau)"),
    }


def the_board_and_the_tablet_are_paired_by_a_code(day: Day) -> None:
    """The administrator shows six digits; each device is let in by its own, once."""
    office = day.people.staff("paakayttaja", "/laitteet/")
    for kind, device, start in (("board", day.board, "/taulu/"), ("feedback", day.tablet, "/tabletti/")):
        paired(office, device, kind=kind, start=start)
    day.keep(office, "laitteet")
    expect(day.board.get_by_test_id("board")).to_be_visible()
    expect(day.tablet.get_by_test_id("language-fi")).to_be_visible()
    office.context.close()


# --- the door ---------------------------------------------------------------------------------------------------------


def somebody_comes_through_the_door(day: Day) -> None:
    """One key: an anonymous visit is in the queue with its number, and the advisors' windows know it too."""
    last = Visit.objects.filter(day_id=day.demo["today"], letter="A").latest("number")
    waiting = day.desk.get_by_test_id("queue-row").count()
    day.ticket = f"A{last.number + 1:02}"
    day.desk.locator("#sisalto").focus()
    day.desk.keyboard.press("1")
    expect(day.desk.get_by_test_id("logged-number")).to_have_text(day.ticket)
    expect(day.desk.get_by_test_id("queue-row")).to_have_count(waiting + 1)
    visit = Visit.objects.get(day_id=day.demo["today"], letter="A", number=last.number + 1)
    assert (visit.state, visit.topic.code) == (Visit.State.WAITING, "tyonhaku")
    day.pk = str(visit.pk)
    day.keep(day.desk, "ovella")


def the_number_is_on_paper_and_on_the_phone(day: Day) -> None:
    """The slip prints itself; its code leads to one's own turn, where there is the number and an honest range only."""
    with day.desk.context.expect_page() as opened:
        day.desk.get_by_test_id("logged-slip").click()
    paper = opened.value
    paper.wait_for_load_state()
    expect(paper.get_by_test_id("slip-number")).to_have_text(day.ticket)
    assert paper.evaluate("window.wasPrinted") is True
    address = f"{day.people.site.url}/vuoro/{secret_of(Visit.objects.get(pk=day.pk))}/"
    assert paper.locator(".qr path").last.get_attribute("d") in str(pictures.qr(address))
    day.keep(paper, "vuorolappu", whole=True)
    paper.close()

    day.phone.goto(address)
    turn = day.phone.get_by_test_id("turn")
    expect(turn).to_have_attribute("data-state", "waiting")
    expect(turn.locator("h1")).to_contain_text(day.ticket)
    expect(turn).to_contain_text(re.compile(r"\d+[–-]\d+ min|noin \d+ min|Emme osaa"))
    day.keep(day.phone, "puhelin-jonossa")
    assert day.phone.request.get(f"{day.people.site.url}/vuoro/{secret_of(Visit(pk=uuid4()))}/").status == 404


def the_front_desk_adds_what_it_hears(day: Day) -> None:
    """Language and a note for the day, in place; an advisor who waits for the next one reads the note."""
    day.desk.keyboard.press("e")
    form = day.desk.get_by_test_id("details-form")
    form.locator("[name=language]").select_option("fi")
    form.locator("[name=note]").fill(NOTE)
    day.keep(day.desk, "tiedot")
    day.desk.get_by_test_id("details-save").click()
    expect(day.desk.locator(f"li[data-ticket={day.ticket}]")).to_contain_text(NOTE)
    assert VisitNote.objects.get(visit_id=day.pk).text == NOTE
    day.people.album.for_readme(day.desk, "vastaanotto")


# --- the visit --------------------------------------------------------------------------------------------------------


def the_advisors_end_what_they_are_at(day: Day) -> None:
    """Both were with somebody; one choice and one press, and they are free."""
    for page in (day.partner, day.advisor):
        page.get_by_test_id("visit-result-riitti").check(force=True)
        page.get_by_test_id("visit-finish").click()
        expect(page.get_by_test_id("visit-free")).to_be_visible()
    expect(day.advisor.locator(f"[data-testid=visit-row][data-ticket={day.ticket}]")).to_contain_text(NOTE)
    day.keep(day.advisor, "neuvoja-vapaana")


def the_advisor_calls_and_the_room_sees_the_same_number(day: Day) -> None:
    """The chosen one is called: the board, the phone and the front desk show the same number and desk."""
    day.advisor.get_by_test_id(f"visit-call-{day.ticket}").click()
    expect(day.advisor.get_by_test_id("visit-start")).to_be_visible()
    now = day.board.get_by_test_id("board-now")
    expect(now.locator("b").first).to_have_text(day.ticket)
    desk = Visit.objects.select_related("desk").get(pk=day.pk).desk
    assert desk is not None
    expect(now.locator("b").last).to_have_text(str(desk.number))
    expect(day.phone.get_by_test_id("turn")).to_have_attribute("data-state", "called", timeout=25_000)
    expect(day.phone.get_by_test_id("turn")).to_contain_text(f"pisteelle {desk.number}")
    expect(day.desk.locator(f"li[data-ticket={day.ticket}][data-testid=called-row]")).to_be_visible(timeout=5000)
    shown = day.board.locator("body").inner_text()
    assert NOTE not in shown
    assert "Leila" not in shown
    day.keep(day.board, "taulu")
    day.keep(day.phone, "puhelin-kutsuttu")


def they_write_down_what_they_speak_of(day: Day) -> None:
    """The record saves itself; one step is agreed."""
    page = day.advisor
    page.get_by_test_id("visit-start").click()
    expect(page.get_by_test_id("visit-number")).to_have_text(day.ticket)
    expect(page.get_by_test_id("visit-topic-tyonhaku")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("visit-note").fill(GUIDANCE)
    page.locator(".solution summary").click()
    page.get_by_test_id("visit-wish").fill(WISH)
    expect(page.locator("#text-status")).to_contain_text("Tallennettu")
    page.get_by_test_id("visit-step-what-field").fill(STEP)
    page.get_by_test_id("visit-step-due").fill("2026-11-25")
    page.get_by_test_id("visit-step-add").click()
    expect(page.get_by_test_id("visit-step")).to_have_count(1)


def a_colleague_of_another_organisation_comes_into_the_same_visit(day: Day) -> None:
    """The visitor is asked first; the colleague comes, reads what was written, and agrees a step of their own."""
    day.advisor.get_by_test_id("visit-invite-kumppani").click()
    day.keep(day.advisor, "suostumus-mukaan")
    day.advisor.get_by_test_id("visit-ask-yes").click()
    day.partner.get_by_test_id("asked-come").click()
    expect(day.partner.get_by_test_id("visit-number")).to_have_text(day.ticket)
    expect(day.partner.get_by_test_id("visit-note")).to_have_value(GUIDANCE)
    expect(day.partner.get_by_test_id("visit-wish")).to_have_value(WISH)
    day.partner.get_by_test_id("visit-step-what-field").fill(PARTNERS_STEP)
    day.partner.get_by_test_id("visit-step-who").select_option(label="Noora")
    day.partner.get_by_test_id("visit-step-add").click()
    expect(day.partner.get_by_test_id("visit-step")).to_have_count(2)
    day.keep(day.advisor, "neuvoja-yhdessa")
    expect(day.advisor.get_by_test_id("visit-step")).to_have_count(2)
    for page in (day.advisor, day.partner):
        expect(page.get_by_test_id("visit-multi")).to_be_visible()
    parts = Participation.objects.filter(encounter__visit_id=day.pk, ended_at__isnull=True)
    assert len(set(parts.values_list("organisation_id", flat=True))) == 2
    assert Encounter.objects.filter(visit_id=day.pk).count() == 1
    day.keep(day.partner, "kumppani-samassa-kaynnissa")


def each_sees_what_is_theirs_to_see(day: Day) -> None:
    """The front desk has the queue's fields, never the guidance; a visit of others is as good as none."""
    site = day.people.site.url
    here = f"{site}/kaynnit/{day.pk}/"
    missing = f"{site}/kaynnit/{uuid4()}/"
    for look in (here, f"{here}muistilista/", f"{here}osa/tiimi/"):
        assert day.desk.request.get(look).status in {403, 404}, look
    day.desk.goto("/tanaan/")
    assert not MARK.search(day.desk.content())
    assert not MARK.search(day.desk.request.get(f"{site}/tanaan/osa/").text())
    for page, username in ((day.partner, "kumppani"), (day.advisor, "neuvoja")):
        others = Visit.objects.filter(day_id=day.demo["today"], state=Visit.State.DONE).exclude(
            encounters__participations__membership__user__username=username
        )
        foreign = page.request.get(f"{site}/kaynnit/{others.latest('arrived_at').pk}/")
        unknown = page.request.get(missing)
        assert (foreign.status, unknown.status) == (404, 404)
        assert heading_of(foreign.text()) == heading_of(unknown.text())


def heading_of(html: str) -> str:
    """The words of a page's main heading."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found, html[:200]
    return found[1]


def the_visitor_is_guided_to_a_service(day: Day) -> None:
    """Three letters find the service; both see the referral and its code."""
    page = day.advisor
    page.get_by_test_id("visit-refer-search").focus()
    page.keyboard.type("työ", delay=30)
    expect(page.get_by_test_id("visit-refer-hit").first).to_be_visible()
    day.keep(page, "ohjaus-palveluun")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("visit-referral")).to_have_count(1)
    code = page.get_by_test_id("visit-referral-code").inner_text()
    expect(day.partner.get_by_test_id("visit-referral-code")).to_have_text(code)
    page.keyboard.press("Escape")
    day.keep(page, "kaynti")
    day.people.album.for_readme(page, "kaynti")


def the_visit_ends_and_the_visitor_takes_a_page_along(day: Day) -> None:
    """What next, on one page; the visit ends for both, and the phone says thank you."""
    page = day.advisor
    code = page.get_by_test_id("visit-referral-code").inner_text()
    with page.context.expect_page() as opened:
        page.get_by_test_id("visit-memo").click()
    paper = opened.value
    paper.wait_for_load_state()
    sheet = paper.get_by_test_id("memo")
    for words in (STEP, PARTNERS_STEP, "Noora", code, "25.11.2026", "Leila Farhadi"):
        expect(sheet).to_contain_text(words)
    assert GUIDANCE not in sheet.inner_text()
    assert paper.evaluate("window.wasPrinted") is True
    day.keep(paper, "mita-seuraavaksi", whole=True)
    paper.close()
    page.get_by_test_id("visit-result-ohjattu").check(force=True)
    page.get_by_test_id("visit-finish").click()
    expect(page.get_by_test_id("visit-free")).to_be_visible()
    expect(day.partner.get_by_test_id("visit-over")).to_be_visible()
    day.phone.locator("[data-again]").tap()
    expect(day.phone.get_by_test_id("turn")).to_have_attribute("data-state", "done")
    visit = Visit.objects.get(pk=day.pk)
    assert (visit.state, visit.result.code if visit.result else "") == (Visit.State.DONE, "ohjattu")


# --- after the visit --------------------------------------------------------------------------------------------------


def the_tablet_is_answered_by_nobody_in_particular(day: Day) -> None:
    """A language, three faces, a few words; the tablet says thank you and has nothing left to send."""
    page = day.tablet
    day.keep(page, "tabletti-kieli")
    page.get_by_test_id("language-fi").tap()
    for question, face in (("saitko-apua", 5), ("kohtaaminen", 5), ("seuraava-askel", 4)):
        asked = page.locator(f"fieldset[data-question={question}]")
        expect(asked).to_be_visible()
        day.keep(page, f"tabletti-{question}")
        asked.locator(f"label:has([data-testid=face-{face}])").tap()
    page.get_by_test_id("words").fill(WORDS)
    page.get_by_test_id("send").tap()
    expect(page.get_by_test_id("thanks")).to_be_visible()
    day.keep(page, "tabletti-kiitos")
    expect(page.locator("[data-net]")).to_have_attribute("data-unsent", "0")


def the_manager_reads_it_in_the_figures(day: Day) -> None:
    """The worker counted it meanwhile: one visit, one referral, one answer more; the page tells each as it may."""
    more = {name: n + 1 for name, n in day.counted.items()}
    eventually(lambda: counted(day.demo["point"]) == more, within=30, every=0.5)
    assert figures_of(day.manager) == as_told(more)
    expect(day.manager.get_by_test_id("reports-freshness")).to_contain_text("14.")
    day.keep(day.manager, "raportit", whole=True)
    day.manager.get_by_test_id("tile-visits").get_by_role("link").click()
    expect(day.manager.get_by_test_id("metric-visits")).to_be_in_viewport()
    day.keep(day.manager, "maaritelma")
    told = StringIO()
    call_command("recount", check=True, stdout=told)
    assert "0 differences" in told.getvalue()
