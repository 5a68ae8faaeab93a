"""The identity code: off by default; sealed, masked, shown once for a reason, found by its like, never told to others.

All codes here are artificial (900–999): they are given to nobody.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import identity_code as acts
from clients.actions import merge as merges
from clients.models import Client, IdentityCode
from team.access import Member
from tests.clients.tiers.conftest import NOW, share
from tests.factories.clients import person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki import environment
from tyoparkki.models import AccessEvent, AuditEvent

CODE, SIGN_ONLY, OTHER = "150374-9029", "150374Y9029", "131052-9085"
ROUTES = ("identity_code", "identity_reveal", "identity_remove", "identity_restore")
Sign = Callable[[Any], Browser]


@pytest.fixture
def coded(person: Client, anna: Member) -> Client:
    """Somebody whose code is recorded."""
    acts.keep_code(person, CODE, by=anna, at=at(11))
    return person


def address(name: str, person: Client) -> str:
    return reverse(f"clients:{name}", args=[person.pk])


def page(browser: Browser, person: Client) -> str:
    return browser.get(address("client", person)).content.decode()


def codes_of(member: Member) -> tuple[int, int]:
    """How many codes the program's filter shows behind the wall, and how many the wall alone does."""
    with as_actor(member.actor):
        return IdentityCode.objects.visible_to(member).count(), IdentityCode.objects.count()


# --- off by default ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "is_on"), [(None, False), ("", False), ("0", False), ("1", True)])
def test_a_site_has_none_until_it_says_so(said: str | None, is_on: bool) -> None:
    told = {name: value for name, value in os.environ.items() if name != "TYOPARKKI_IDENTITY_CODES"}
    if said is not None:
        told["TYOPARKKI_IDENTITY_CODES"] = said
    asks = "from tyoparkki import settings; print(settings.IDENTITY_CODES)"
    done = subprocess.run(
        [sys.executable, "-c", asks], env=told, cwd=environment.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(is_on)


def test_turned_off_there_is_nothing_to_see_and_no_address(
    settings: Any, coded: Client, anna: Member, client_for: Sign
) -> None:
    browser = client_for(anna)
    assert "Henkilötunnus" in page(browser, coded)
    assert "Kysymme henkilötunnusta vain" in browser.get("/tietosuoja/").content.decode()
    settings.IDENTITY_CODES = False
    text = page(browser, coded)
    assert "Henkilötunnus" not in text
    assert "henkilotunnus" not in text
    for name in ROUTES:
        assert browser.post(address(name, coded), {"reason": "identify", "code": OTHER}).status_code == 404, name
    assert browser.get(address("identity_code", coded)).status_code == 404
    assert IdentityCode.objects.standing().count() == 1
    assert "Emme kysy henkilötunnusta" in browser.get("/tietosuoja/").content.decode()


# --- recorded ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [CODE, f" {CODE.lower()} ", "150374–9029", SIGN_ONLY])
def test_a_right_code_is_recorded_sealed(typed: str, person: Client, anna: Member, client_for: Sign) -> None:
    browser = client_for(anna)
    assert browser.post(address("identity_code", person), {"code": typed}).status_code == 303
    with connection.cursor() as cursor:
        cursor.execute("SELECT one::text FROM clients_identitycode one")
        (row,) = cursor.fetchone()
    assert "150374" not in row
    assert acts.show_code(person, reason="check", by=anna, at=NOW) == (SIGN_ONLY if typed == SIGN_ONLY else CODE)
    text = page(browser, person)
    assert "******-****" in text
    assert "150374" not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Kirjoita henkilötunnus."),
        ("150374-902X", "Viimeinen merkki ei sovi muihin."),
        ("310274-9029", "Tämä ei ole vielä henkilötunnus"),
        ("15.3.1974", "Tämä ei ole vielä henkilötunnus"),
    ],
)
def test_a_wrong_code_is_told_kindly_and_what_was_typed_stays(
    typed: str, said: str, person: Client, anna: Member, client_for: Sign
) -> None:
    answer = client_for(anna).post(address("identity_code", person), {"code": typed})
    text = answer.content.decode()
    assert (answer.status_code, said in text, f'value="{typed}"' in text or not typed) == (422, True, True)
    assert not IdentityCode.objects.exists()


def test_the_same_press_twice_and_the_same_code_again_leave_one_row(
    person: Client, anna: Member, client_for: Sign
) -> None:
    browser = client_for(anna)
    form = browser.get(address("identity_code", person)).content.decode()
    key = re.search(r'name="submission_key" value="([0-9a-f-]+)"', form)
    assert key
    sent = {"code": CODE, "submission_key": key[1]}
    assert [browser.post(address("identity_code", person), sent).status_code for _press in range(2)] == [303, 303]
    browser.post(address("identity_code", person), {"code": CODE})
    assert IdentityCode.objects.count() == 1
    assert AuditEvent.objects.filter(verb="identity_code.recorded").count() == 1


def test_another_code_takes_its_place_and_the_form_never_shows_the_one_that_is_there(
    coded: Client, anna: Member, client_for: Sign
) -> None:
    browser = client_for(anna)
    assert "150374" not in browser.get(address("identity_code", coded)).content.decode()
    browser.post(address("identity_code", coded), {"code": OTHER})
    assert acts.show_code(coded, reason="check", by=anna, at=NOW) == OTHER
    assert IdentityCode.objects.filter(ended_at__isnull=False).count() == 1


def test_a_code_that_somebody_on_file_has_leads_to_that_file(coded: Client, anna: Member, client_for: Sign) -> None:
    twin, browser = person_on_file(anna, moment=at(9), name="Kielo Esimerki"), client_for(anna)
    answer = browser.post(address("identity_code", twin), {"code": CODE})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert address("client", coded) in text
    assert reverse("clients:merge", args=[twin.pk, coded.pk]) in text
    assert AccessEvent.objects.filter(person_id=coded.pk, kind="alike").exists()
    assert IdentityCode.objects.count() == 1
    assert browser.post(address("identity_code", twin), {"code": SIGN_ONLY}).status_code == 303


def test_a_file_of_another_house_is_not_hinted_at(coded: Client, client_for: Sign) -> None:
    there = House()
    somebody, advisor = person_on_file(there.desk, moment=at(9), name="Kielo Muualla"), there.advisor()
    assert client_for(advisor).post(address("identity_code", somebody), {"code": CODE}).status_code == 303


# --- shown ------------------------------------------------------------------------------------------------------------


def test_one_press_with_a_reason_shows_it_once_and_is_written_down(
    coded: Client, anna: Member, client_for: Sign, assert_budget: Callable[..., Any]
) -> None:
    browser = client_for(anna)
    with assert_budget(19):
        answer = browser.post(address("identity_reveal", coded), {"reason": "form"})
    assert (answer.status_code, CODE in answer.content.decode()) == (200, True)
    assert "no-store" in answer["Cache-Control"]
    look = AccessEvent.objects.get(person_id=coded.pk, kind="identity")
    assert (look.outcome, look.membership_id) == ("shown", anna.membership_id)
    act = AuditEvent.objects.get(verb="identity_code.shown")
    assert (act.reason, act.fields) == ("form", ["code"])
    assert CODE not in page(browser, coded)
    assert "katsoi henkilötunnusta" in page(browser, coded)


def test_it_is_not_shown_without_a_reason_nor_to_an_address_that_is_opened(
    coded: Client, anna: Member, client_for: Sign
) -> None:
    browser = client_for(anna)
    for sent in ({}, {"reason": "curiosity"}):
        answer = browser.post(address("identity_reveal", coded), sent)
        text = answer.content.decode()
        assert (answer.status_code, "Valitse, miksi tarvitset tunnusta." in text, CODE in text) == (422, True, False)
    assert browser.get(address("identity_reveal", coded)).status_code == 405
    assert not AuditEvent.objects.filter(verb="identity_code.shown").exists()


def test_a_code_whose_key_is_gone_is_refused_in_words(
    settings: Any, coded: Client, anna: Member, client_for: Sign
) -> None:
    settings.SEALING_KEYS = ["aivan-toinen-avain-" + "z" * 32]
    answer = client_for(anna).post(address("identity_reveal", coded), {"reason": "check"})
    assert answer.status_code == 422
    assert "jota asennuksella ei enää ole" in answer.content.decode()


def test_under_a_non_disclosure_order_the_rule_is_the_same(anna: Member, client_for: Sign) -> None:
    hidden = person_on_file(anna, moment=at(9), name="Aino Koe", is_non_disclosure=True)
    acts.keep_code(hidden, CODE, by=anna, at=at(11))
    browser = client_for(anna)
    assert "******-****" in page(browser, hidden)
    assert CODE in browser.post(address("identity_reveal", hidden), {"reason": "check"}).content.decode()


def test_only_the_organisation_that_keeps_the_file_knows_of_it(
    house: House, coded: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    contents = ["contact", "situation", "guidance", "plan", "assessments", "background"]
    share(coded, anna, partner, contents)
    beside = house.advisor(partner=True)
    assert [codes_of(who) for who in (anna, house.desk, beside, partner)] == [(1, 1), (1, 1), (0, 0), (0, 0)]
    for blind in (beside, partner):
        browser = client_for(blind)
        text = page(browser, coded)
        assert "Kielo Esimerkki" in text
        assert "Henkilötunnus" not in text
        assert browser.post(address("identity_reveal", coded), {"reason": "check"}).status_code == 404


def test_no_search_finds_it_and_no_address_holds_it(coded: Client, anna: Member, client_for: Sign) -> None:
    browser = client_for(anna)
    for typed in (CODE, CODE[:6], CODE[-4:]):
        for found in (browser.post("/asiakkaat/", {"q": typed}), browser.post("/asiakkaat/haku/", {"q": typed})):
            assert "Kielo Esimerkki" not in found.content.decode()
    answer = browser.post(address("identity_reveal", coded), {"reason": "check"})
    assert not any(CODE in str(value) for value in answer.headers.values())
    assert CODE not in "".join(re.findall(r'(?:href|action|hx-\w+)="[^"]*"', answer.content.decode()))


# --- taken away, merged, sealed anew ----------------------------------------------------------------------------------


def test_taken_away_and_given_back(house: House, coded: Client, anna: Member, client_for: Sign) -> None:
    browser = client_for(anna)
    browser.post(address("identity_remove", coded))
    assert "******-****" not in (text := page(browser, coded))
    assert "henkilotunnus/palauta/" in text
    assert (
        "Henkilötunnusta ei ole kirjattu."
        in browser.post(address("identity_reveal", coded), {"reason": "check"}).content.decode()
    )
    with pytest.raises(acts.TooLateToUndo):
        acts.restore_code(coded, by=house.advisor(), at=NOW)
    with pytest.raises(acts.TooLateToUndo):
        acts.restore_code(coded, by=anna, at=NOW + timedelta(days=1))
    browser.post(address("identity_restore", coded))
    assert "******-****" in page(browser, coded)


def test_what_came_in_its_place_is_not_undone(coded: Client, anna: Member) -> None:
    acts.remove_code(coded, by=anna, at=NOW)
    with pytest.raises(acts.NoCode):
        acts.remove_code(coded, by=anna, at=NOW)
    acts.keep_code(coded, OTHER, by=anna, at=NOW)
    with pytest.raises(acts.TooLateToUndo):
        acts.restore_code(coded, by=anna, at=NOW)


def rows_of_all() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT one::text FROM clients_identitycode one ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


@pytest.mark.parametrize("theirs", ["", CODE])
def test_a_merge_keeps_one_code_and_its_undo_puts_each_row_back(theirs: str, coded: Client, anna: Member) -> None:
    other = person_on_file(anna, moment=at(9), name="Kielo Esimerki")
    if theirs:  # the same code came to both files by two doors at once
        row = IdentityCode.objects.get()
        IdentityCode.objects.create(
            client=other, sealed_code=row.sealed_code, code_hash=row.code_hash, recorded_at=NOW,
            recorded_by=anna.membership,
        )  # fmt: skip
    before, files = rows_of_all(), Client.objects.visible_to(anna).in_bulk([coded.pk, other.pk])
    record = merges.merge(files[other.pk], files[coded.pk], by=anna, at=NOW)
    assert acts.show_code(other, reason="check", by=anna, at=NOW) == CODE
    assert IdentityCode.objects.count() == 1
    merges.undo_merge(record, by=anna, at=NOW)
    assert rows_of_all() == before


def test_two_codes_are_of_two_people(coded: Client, anna: Member) -> None:
    other = person_on_file(anna, moment=at(9), name="Kielo Esimerki")
    acts.keep_code(other, SIGN_ONLY, by=anna, at=NOW)
    files = Client.objects.visible_to(anna).in_bulk([coded.pk, other.pk])
    with pytest.raises(merges.NotMerged, match="eri henkilötunnus"):
        merges.merge(files[other.pk], files[coded.pk], by=anna, at=NOW)
