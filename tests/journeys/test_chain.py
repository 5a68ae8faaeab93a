"""One person's way: from an anonymous visit to the result of a referral, and to the consent withdrawn.

The partner answers by a one-time link and has no account; a colleague of the same organisation who has one, and works
elsewhere, sees the same, until the person takes the consent back on the own page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default as mail_policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db.models import Count
from playwright.sync_api import Page, expect

from clients.models import Client, Consent, Plan, Referral
from clients.models.consent import Purpose
from tests.fixtures.site import eventually
from tests.journeys.people import PHONE, TABLET, People, paired
from visits.models import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats", "system"]),
]

PARTNER = "Kanta-Hämeen hyvinvointialue"
MAILBOX = "tyokyky@kanta-hame.example"
GOAL = "Haluan töihin, joissa selkä kestää."
STEP = "Kysyn, millainen työ sopii selälleni"
WHY = "Nostaminen ei onnistu, muu työ kyllä."


@dataclass
class Chain:
    """Who is there, and what the story knows so far."""

    people: People
    desk: Page
    advisor: Page
    tablet: Page
    partner: Page
    link: Page
    phone: Page
    ticket: str = ""
    person: Client = field(default_factory=Client)
    referral: str = ""
    secret: str = ""

    @property
    def file(self) -> str:
        """The address of the person's page."""
        return f"/asiakkaat/{self.person.pk}/"

    @property
    def traces(self) -> list[str]:
        """What tells who the person is, or what they want."""
        contact = self.person.contact_points.using("owner").get(ended_at__isnull=True)
        return [self.person.name, self.person.short_name, contact.value, WHY, STEP, GOAL]

    def keep(self, page: Page, name: str, *, whole: bool = True) -> None:
        """A picture for the album."""
        self.people.album.keep(page, name, whole=whole)


def test_from_an_anonymous_visit_to_a_result_and_a_consent_taken_back(
    wednesday: tuple[People, dict[str, Any]],
) -> None:
    chain = those_who_take_part(*wednesday)
    somebody_comes_and_says_no_name(chain)
    the_advisor_joins_the_visit_to_a_person_on_file(chain)
    the_person_agrees_on_the_tablet(chain)
    a_plan_is_made_and_approved(chain)
    the_person_is_guided_to_the_partner(chain)
    the_partner_answers_by_the_link(chain)
    the_sender_sees_the_result(chain)
    the_colleague_with_an_account_sees_what_the_person_lets_be_told(chain)
    the_person_reads_the_receipt(chain)
    the_person_takes_the_consent_back_and_nothing_is_shown_any_more(chain)


def those_who_take_part(people: People, demo: dict[str, Any]) -> Chain:
    """Three sign in; the tablet is paired; the partner's link and the person's phone are windows without a sign-in."""
    chain = Chain(
        people=people,
        desk=people.staff("vastaanotto", "/tanaan/"),
        advisor=people.staff("neuvoja", "/oma-kaynti/"),
        tablet=people.window(TABLET),
        partner=people.staff("forssa", "/ohjaukset/"),
        link=people.window(PHONE),
        phone=people.window(PHONE),
    )
    office = people.staff("paakayttaja", "/laitteet/")
    paired(office, chain.tablet, kind="handover", start="/luovutus/")
    expect(chain.tablet.get_by_test_id("handover-waits")).to_be_visible()
    office.context.close()
    return chain


def somebody_comes_and_says_no_name(chain: Chain) -> None:
    """One key at the desk; the advisor calls the number."""
    chain.desk.locator("#sisalto").focus()
    chain.desk.keyboard.press("1")
    chain.ticket = chain.desk.get_by_test_id("logged-number").inner_text()
    page = chain.advisor
    page.get_by_test_id("visit-result-riitti").check(force=True)
    page.get_by_test_id("visit-finish").click()
    page.get_by_test_id(f"visit-call-{chain.ticket}").click()
    page.get_by_test_id("visit-start").click()
    expect(page.get_by_test_id("visit-anonymous")).to_be_visible()


def the_advisor_joins_the_visit_to_a_person_on_file(chain: Chain) -> None:
    """Letters of the name find the person; one press joins."""
    chain.person = somebody_without_a_plan()
    page = chain.advisor
    page.get_by_test_id("visit-client-search").focus()
    page.keyboard.type(chain.person.name, delay=20)
    found = page.locator("#visit-client-options [role=option]")
    expect(found).to_have_count(1)
    chain.keep(page, "haku-kaynnilla", whole=False)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("visit-client")).to_be_visible()
    visit = Visit.objects.using("owner").get(client_links__client=chain.person)
    assert f"A{visit.number:02}" == chain.ticket
    page.goto(chain.file)
    expect(page.locator("h1")).to_have_text(chain.person.name)


def somebody_without_a_plan() -> Client:
    """Somebody on file of whom nothing goes on yet, and whose name nobody else has."""
    people = Client.objects.using("owner")
    once = people.values("name").annotate(n=Count("pk")).filter(n=1).values("name")
    new = people.filter(name__in=once, plans=None, contact_points__ended_at__isnull=True, visit_links=None)
    known = new.exclude(consents__purpose=Purpose.SHARE).filter(consents__purpose=Purpose.CONTACT, language="fi")
    return known.order_by("name", "pk")[0]


def the_person_agrees_on_the_tablet(chain: Chain) -> None:
    """Six digits open one matter; the person reads and says yes."""
    page = chain.advisor
    page.get_by_test_id("give-share").click()
    page.locator("[name=organisation]").select_option(label=PARTNER)
    for content in ("contact", "situation", "plan"):
        page.locator(f"[name=contents][value={content}]").check()
    tablet_choice = page.locator("[name=how]")
    tablet_choice.select_option("tablet")
    chain.keep(page, "suostumus")
    page.get_by_test_id("consent-save").click()
    code = page.get_by_test_id("handover-code").inner_text()
    chain.keep(page, "numerot", whole=False)
    tablet = chain.tablet
    tablet.locator("[name=code]").fill(code)
    tablet.get_by_test_id("handover-take").tap()
    expect(tablet.get_by_test_id("handover-matter")).to_contain_text(PARTNER)
    chain.keep(tablet, "tabletti-suostumus", whole=False)
    tablet.get_by_test_id("handover-yes").tap()
    expect(tablet.get_by_test_id("handover-thanks")).to_be_visible()
    chain.keep(tablet, "tabletti-kiitos", whole=False)
    expect(page.get_by_test_id("handover-state")).to_have_attribute("data-state", "agreed")
    chain.keep(page, "suostumus-annettu", whole=False)
    page.get_by_test_id("handover-back").click()
    expect(page.get_by_test_id("consent-share")).to_contain_text(PARTNER)
    given = Consent.objects.using("owner").get(client=chain.person, purpose=Purpose.SHARE)
    assert (given.how, sorted(given.contents)) == ("tablet", ["contact", "plan", "situation"])


def a_plan_is_made_and_approved(chain: Chain) -> None:
    """The person's own goal, one step towards it, and the yes to both."""
    page = chain.advisor
    page.get_by_test_id("client-plan").click()
    page.locator("[name=words]").fill(GOAL)
    page.get_by_test_id("plan-open").click()
    form = page.locator("#plan-step-form")
    form.locator("[name=what]").fill(STEP)
    form.locator("[name=by_on]").fill("2026-11-27")
    form.get_by_test_id("plan-step-add").click()
    expect(page.locator("#plan-steps, main")).to_contain_text([STEP])
    page.get_by_test_id("plan-approve").click()
    expect(page.get_by_test_id("plan-approval-undo")).to_be_visible()
    chain.keep(page, "suunnitelma")
    assert Plan.objects.using("owner").get(client=chain.person).is_in_force


def the_person_is_guided_to_the_partner(chain: Chain) -> None:
    """What goes is looked at, then sent; the worker writes the letter with the link, which names nobody."""
    page = chain.advisor
    box = Path(settings.EMAIL_FILE_PATH)
    before = set(box.glob("*")) if box.exists() else set()
    page.goto(chain.file)
    page.get_by_test_id("client-refer").click()
    page.get_by_test_id("refer-q").fill("Kanta-Hämeen hyvin")
    page.get_by_test_id("refer-search").click()
    page.locator("label.pick").filter(has_text=re.compile(f"{PARTNER}.*Organisaatio", re.DOTALL)).click()
    page.locator("[name=reason]").fill(WHY)
    page.locator("[name=recipient_email]").fill(MAILBOX)
    chain.keep(page, "ohjaa")
    page.get_by_test_id("refer-save").click()
    expect(page.get_by_test_id("referral-send")).to_be_visible()
    chain.keep(page, "ohjaus-luonnos")
    page.get_by_test_id("referral-send").click()
    expect(page.get_by_test_id("referral-state")).to_be_visible()
    chain.referral = urlsplit(page.url).path
    chain.keep(page, "ohjaus-lahetetty")
    letters = eventually(lambda: set(box.glob("*")) - before if box.exists() else set(), within=30, every=0.3)
    text = eventually(lambda: letter_in(letters), within=5, every=0.2)
    assert not any(trace in text for trace in chain.traces), text
    found = re.search(r"/linkki/[^/\s]+/", text)
    assert found, text
    chain.secret = found[0]


def letter_in(letters: set[Path]) -> str:
    """The words of the letter that was written."""
    mail = message_from_bytes(next(iter(letters)).read_bytes(), policy=mail_policy)
    assert mail["To"] == MAILBOX
    return str(mail.get_content())


def the_partner_answers_by_the_link(chain: Chain) -> None:
    """Each answer is a choice and a press."""
    page = chain.link
    page.goto(chain.secret)
    told = page.get_by_test_id("referral-link")
    for trace in (chain.person.name, STEP, WHY):
        expect(told).to_contain_text(trace)
    chain.keep(page, "linkki")
    for answer, state in (("receive", "received"), ("contact", "contacted"), ("start", "started")):
        answered(page, f"[name=answer][value={answer}]", state)
    chain.keep(page, "linkki-alkoi")
    answered(page, "[name=answer][value^=end]", "ended")
    chain.keep(page, "linkki-paattyi")
    row = Referral.objects.using("owner").get(client=chain.person)
    assert (row.status, row.next_actor, row.result is None) == ("ended", "nobody", False)


def answered(page: Page, choice: str, state: str) -> None:
    """Two presses."""
    page.locator(f"label:has({choice})").first.tap()
    page.get_by_test_id("referral-link-send").tap()
    expect(page.get_by_test_id("referral-link-state")).to_have_attribute("data-state", state)
    expect(page.get_by_test_id("referral-link-said")).to_be_visible()


def the_sender_sees_the_result(chain: Chain) -> None:
    """On the referral's page, with every step that the partner told."""
    page = chain.advisor
    page.goto(chain.referral)
    row = Referral.objects.using("owner").select_related("result").get(client=chain.person)
    expect(page.locator("main")).to_contain_text(str(row.result))
    expect(page.get_by_test_id("referral-events").locator("li")).to_have_count(6)
    chain.keep(page, "ohjaus-tulos")


def the_colleague_with_an_account_sees_what_the_person_lets_be_told(chain: Chain) -> None:
    """In the inbox, on the person's page and by search: with the consent, and no more than it lets."""
    page = chain.partner
    page.goto("/ohjaukset/")
    expect(page.locator("main")).to_contain_text(chain.person.short_name)
    chain.keep(page, "kumppanin-ohjaukset")
    assert chain.person.name in found_by(page, chain.person.name)
    page.goto(chain.file)
    expect(page.locator("h1")).to_have_text(chain.person.name)
    chain.keep(page, "kumppani-nakee")


def found_by(page: Page, typed: str) -> str:
    """What a search finds."""
    page.goto("/asiakkaat/")
    page.locator("[name=q]").fill(typed)
    page.locator("[name=q]").press("Enter")
    page.wait_for_load_state("networkidle")
    return page.locator("main").inner_text()


def the_person_reads_the_receipt(chain: Chain) -> None:
    """A link to the own page: what was agreed, and who has looked, by organisation and role."""
    page = chain.advisor
    page.goto(chain.file)
    page.get_by_test_id("client-receipt").click()
    page.get_by_test_id("receipt-link").click()
    address = page.get_by_test_id("receipt-address").inner_text()
    chain.keep(page, "kuitti")
    chain.phone.goto(urlsplit(address).path)
    own = chain.phone.get_by_test_id("own")
    expect(own.get_by_test_id("own-share")).to_contain_text(PARTNER)
    looks = " ".join(own.get_by_test_id("own-looks").all_inner_texts())
    assert PARTNER in looks
    assert "Noora" not in looks
    chain.keep(chain.phone, "oma-kuitti")


def the_person_takes_the_consent_back_and_nothing_is_shown_any_more(chain: Chain) -> None:
    """One press on the phone; the next request of everybody at the partner's, whatever it asks, finds nobody."""
    open_page, inbox = chain.partner, chain.partner.context.new_page()
    open_page.goto(chain.file)
    inbox.goto("/ohjaukset/")
    row = inbox.locator(f"li:has(a[href='{chain.referral}'])")
    expect(row).to_contain_text(chain.person.short_name)
    chain.phone.get_by_test_id("own-withdraw-share").tap()
    expect(chain.phone.get_by_test_id("own-share")).to_have_count(0)
    chain.keep(chain.phone, "oma-peruttu")

    # The partner's windows close by themselves, without a press.
    expect(open_page.locator("h1")).not_to_have_text(chain.person.name)
    shows_nothing(chain, open_page.content())
    expect(row).not_to_contain_text(chain.person.short_name)
    shows_nothing(chain, inbox.content())
    chain.keep(open_page, "kumppanin-sivu-sulkeutui", whole=False)
    assert reload_of(chain.link, chain.secret) == 404
    shows_nothing(chain, chain.link.content())
    chain.keep(chain.link, "linkki-perumisen-jalkeen")
    row.get_by_test_id("referral-open").click()
    inbox.wait_for_url(f"**{chain.referral}")
    shows_nothing(chain, inbox.content())
    chain.keep(inbox, "kumppanin-ohjaus-perumisen-jalkeen")
    assert reload_of(open_page, chain.file) == 404
    chain.keep(open_page, "kumppani-ei-nae", whole=False)
    shows_nothing(chain, open_page.content())
    for part in ("", "suunnitelma/", "suunnitelma/tuloste/", "suunnitelma/teksti/", "muutos/", "kuitti/"):
        answer = open_page.request.get(f"{chain.people.site.url}{chain.file}{part}")
        assert answer.status in {403, 404}, part
        shows_nothing(chain, answer.text())
    for path in ("/ohjaukset/", chain.referral, "/asiakkaat/omat/"):
        open_page.goto(path)
        shows_nothing(chain, open_page.content())
    found_by(open_page, chain.person.name)
    expect(open_page.get_by_test_id("client-hits").get_by_role("link")).to_have_count(0)
    assert chain.file not in open_page.content()
    # For the team of the point nothing has changed but the consent.
    chain.advisor.goto(chain.file)
    expect(chain.advisor.locator("h1")).to_have_text(chain.person.name)
    expect(chain.advisor.get_by_test_id("consent-share")).to_have_count(0)


def reload_of(page: Page, path: str) -> int:
    """How the page answers now."""
    answer = page.goto(path)
    assert answer
    return answer.status


def shows_nothing(chain: Chain, html: str) -> None:
    """No trace of the person."""
    for trace in chain.traces:
        assert trace not in html, trace
