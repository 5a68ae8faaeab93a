"""The one page of a person with everything on it: in one order, in at most 15 statements, whatever the history."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import assessment as assessments
from clients.actions import background as backgrounds
from clients.actions import companion as companions
from clients.actions import consent as consents
from clients.actions import identity_code as codes
from clients.actions import instrument as instruments
from clients.actions import link as links
from clients.actions import merge as merges
from clients.actions import outcome as outcomes
from clients.actions import plan as plans
from clients.actions import referral as referrals
from clients.actions import responsibility as responsibilities
from clients.actions.consent import Given
from clients.actions.plan import Step
from clients.models import Client, ContactNote, InstrumentVersion, OutcomeType, Plan, Reminder
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import ServiceRowFactory, person_on_file
from tests.factories.team import OrganisationFactory, at
from tests.factories.visits import House
from tyoparkki.models import AccessEvent
from visits.actions import encounters, guidance, identity

NOW = at(12)
Sign = Callable[[Member], Browser]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """The advisor who answers."""
    return house.advisor()


@pytest.fixture
def person(house: House, anna: Member) -> Client:
    """Somebody with something in every part of the page."""
    instruments.load_shipped(at=at(8))
    instruments.load_outcome_types(at=at(8))
    told = {"contact_kind": "phone", "contact_value": "+358 000 000 012"}
    person = person_on_file(anna, moment=at(9), name="Kielo Esimerkki", **told)
    other = person_on_file(anna, moment=at(9), name="Kielo Esimerki")
    bo, by = house.advisor(), {"by": anna, "at": at(11)}
    both = Client.objects.visible_to(anna).in_bulk([person.pk, other.pk])
    merges.merge(both[person.pk], both[other.pk], **by)
    share = {"purpose": Purpose.SHARE, "organisation": OrganisationFactory(), "contents": ["plan", "contact"]}
    consents.give_consent(person, given=Given(), **share, **by)
    consents.give_consent(person, given=Given(), purpose=Purpose.CONTACT, **by)
    consents.give_consent(person, given=Given(), purpose=Purpose.BACKGROUND, **by)
    codes.keep_code(person, "131052-9085", **by)
    responsibilities.take(person, **by)
    responsibilities.offer(person, bo.membership, reason="Tuttu kasvo", **by)
    companions.add_companion(person, bo.membership, **by)
    plan = plans.open_plan(person, goal="Oma työ", **by)
    plans.add_step(plan, step=Step("Soita oppilaitokseen", "staff", by_on=at(9).date()), **by)
    assessments.ask_after_service(person, ServiceRowFactory(), at(11), by=anna.actor)
    link = links.issue_receipt(person, language="fi", **by)
    AccessEvent.objects.create(
        at=at(11), bucket=at(11), actor_kind="link", organisation_id=anna.organisation_id, device_id=link.row.pk,
        person_kind="client", person_id=person.pk, kind="own", outcome="shown",
    )  # fmt: skip
    more(house, anna, person)
    return person


def more(house: House, anna: Member, person: Client) -> None:
    """One more of all that grows with the years."""
    by = {"by": anna, "at": at(11)}
    encounter = house.in_service(anna)
    identity.join_client(encounter.visit, person, **by)
    guidance.agree_step(encounter, what="Soita opinto-ohjaajalle", **by)
    encounters.finish(encounter.visit, result=house.result(), **by)
    referrals.refer(
        point=house.point, organisation=OrganisationFactory(names={"fi": "Kurssikeskus"}), client=person, **by
    )
    version = InstrumentVersion.objects.on_offer()[0]
    assessments.record_assessment(person, version, {version.keys[0]: 2}, is_agreed=True, **by)
    outcomes.record_outcome(
        person, OutcomeType.objects.get(code="tyo"), since_on=at(9).date(), known="told", by=anna, at=at(11)
    )
    plan = Plan.objects.get(client=person)
    plans.add_goal(plan, words="Lyhyt matka", **by)
    seen = backgrounds.Told("guidance", words=f"Ryhmä {Reminder.objects.count()}")
    backgrounds.record_background(person, seen, **by)
    due = at(9).date() - timedelta(days=Reminder.objects.count())
    Reminder.objects.create(
        kind="plan_review", audience="responsible", subject_id=plan.pk, point=house.point, client=person, plan=plan,
        since_at=at(8), due_on=due, raised_at=at(8),
    )  # fmt: skip


def shown(browser: Browser, person: Client) -> str:
    return browser.get(f"/asiakkaat/{person.pk}/").content.decode()


def test_the_whole_page_takes_15_statements_whatever_the_history(
    house: House, anna: Member, person: Client, client_for: Sign, assert_budget: Callable[..., Any]
) -> None:
    browser = client_for(anna)
    with assert_budget(15) as first:
        text = shown(browser, person)
    for part in (
        "Ryhmä 0", "identity-masked",
        "Kielo Esimerkki", "+358 000 000 012", "Soita oppilaitokseen", "Oma työ", "Tuttu kasvo", "Kurssikeskus",
        "Soita opinto-ohjaajalle", "client-due", "companion-end", "responsibility-waits", "own-view-ask",
        "own-view-outcome", "around-organisations", "consent-share", "client-looks", "client-merge-undo",
    ):  # fmt: skip
        assert part in text, part
    for _again in range(8):
        more(house, anna, person)
    with assert_budget(len(first), exactly=True):
        shown(browser, person)


def test_the_parts_come_in_the_order_in_which_they_are_asked_for(
    anna: Member, person: Client, client_for: Sign
) -> None:
    text = shown(client_for(anna), person)
    found = re.findall(
        r'id="(h-now|h-plan-short|h-responsible|h-past|h-referrals|h-own-view|h-background|h-consents|h-looks)"'
        r'|data-testid="(client-seldom)"',
        text,
    )
    assert ["".join(one) for one in found] == [
        "h-now", "h-plan-short", "h-responsible", "h-past", "h-referrals", "h-own-view", "h-background",
        "h-consents", "h-looks", "client-seldom",
    ]  # fmt: skip


def test_open_referrals_come_first_and_only_the_readers_own(
    house: House, anna: Member, person: Client, client_for: Sign
) -> None:
    row = person.referrals.get()
    referrals.withdraw(row, by=anna, at=NOW)
    to = OrganisationFactory(names={"fi": "Toinen paikka"})
    referrals.refer(point=house.point, organisation=to, client=person, by=anna, at=at(10))
    mine = shown(client_for(anna), person).split('data-testid="client-referrals"')[1]
    assert mine.index("Toinen paikka") < mine.index("Kurssikeskus")
    assert "Toinen paikka" not in shown(client_for(house.advisor()), person)
    assert "h-referrals" not in shown(client_for(house.desk), person)


def test_the_front_desk_sees_no_plan_and_no_own_view(house: House, person: Client, client_for: Sign) -> None:
    text = shown(client_for(house.desk), person)
    assert "responsible-person" in text
    for hidden in ("Oma työ", "Soita oppilaitokseen", "own-view", "plan_review", "h-plan-short", "h-background"):
        assert hidden not in text


def test_a_hidden_number_is_not_even_fetched_until_it_is_asked_for(
    anna: Member, client_for: Sign, assert_budget: Callable[..., Any]
) -> None:
    hidden = person_on_file(
        anna, name="Aino Koe", contact_kind="phone", contact_value="+358 000 000 034", is_non_disclosure=True
    )
    browser = client_for(anna)
    with assert_budget(15) as sent:
        assert "000 000 034" not in shown(browser, hidden)
    assert not [one for one in sent if "clients_contactpoint" in one]
    with assert_budget(16):
        assert "000 000 034" in browser.post(f"/asiakkaat/{hidden.pk}/yhteystieto/").content.decode()


def test_a_contact_noted_on_the_page_comes_back_to_it_and_so_does_its_undo(
    anna: Member, person: Client, client_for: Sign
) -> None:
    browser = client_for(anna)
    answer = browser.post(f"/asiakkaat/{person.pk}/yhteys/", {"mode": "phone", "page": "1"})
    assert (answer.status_code, answer["Location"]) == (303, f"/asiakkaat/{person.pk}/")
    undo = re.search(r"/yhteydet/[0-9a-f-]+/peru/\?page=1", shown(browser, person))
    assert undo
    assert browser.post(undo[0])["Location"] == f"/asiakkaat/{person.pk}/"
    assert ContactNote.objects.filter(undone_at__isnull=True).count() == 0


def test_a_press_of_the_panel_tells_the_top_of_the_page_too(anna: Member, client_for: Sign) -> None:
    somebody = person_on_file(anna, name="Aino Koe")
    answer = client_for(anna).post(f"/asiakkaat/{somebody.pk}/vastuu/ota/", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert 'id="nyt-vastaa" hx-swap-oob="true"' in text


def test_the_receipt_tells_the_person_how_the_referrals_stand_in_kind_words(
    house: House, anna: Member, person: Client, client_for: Sign
) -> None:
    by = {"by": anna, "at": at(11)}
    to = OrganisationFactory(names={"fi": "Luonnospaja"})
    referrals.refer(point=house.point, organisation=to, client=person, draft=True, **by)
    stranger = person_on_file(anna, moment=at(9), name="Aino Koe")
    elsewhere = OrganisationFactory(names={"fi": "Vieras paja"})
    referrals.refer(point=house.point, organisation=elsewhere, client=stranger, **by)
    issued = links.issue_receipt(person, language="fi", **by)
    paper = client_for(anna).get(f"/asiakkaat/{person.pk}/kuitti/").content.decode()
    for text in (Browser().get(f"/oma/{issued.token}/").content.decode(), paper):
        assert "Kysyimme sinulle apua" in text
        assert "Kurssikeskus" in text
        assert "Luonnospaja" not in text
        assert "Vieras paja" not in text
    assert "Kurssikeskus" not in client_for(house.desk).get(f"/asiakkaat/{person.pk}/kuitti/").content.decode()
