"""What people outside see of the day: the public page, one's own turn, the number on paper."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from team.actions import day as days
from tests.factories.team import MembershipFactory, PointFactory, ProfessionFactory, at
from tests.factories.visits import House
from tyoparkki import reference
from tyoparkki.headers import JsonLine
from tyoparkki.models import AuditEvent
from visits import estimate
from visits.actions import calling, closing, encounters
from visits.actions.turn import give_turn, secret_of
from visits.models import VisitTurn

pytestmark = pytest.mark.django_db
NOW = at(14, 36)
Sign = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday, 14.36."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


def phone(house: House, visit: Any, **how: str) -> Any:
    secret = give_turn(visit, by=house.desk, at=NOW)
    return Client().get(f"/vuoro/{secret}/", how)


# --- today, for anybody ---------------------------------------------------------------------------------------------


def public(house: House, **how: str) -> Any:
    return Client().get(f"/tanaan/{house.point.slug}/", how)


def test_the_public_page_tells_trades_languages_waiting_and_wait(house: House) -> None:
    reference.load(at=at(9))
    house.advisor(professions=[ProfessionFactory(code="uraohjaus", names={"fi": "Uraohjaus"})], languages=["fi", "ar"])
    house.arrive(at(14))
    house.arrive(at(14, 1))
    today = public(house).context["today"]
    assert [(trade.name, trade.hours, trade.is_here) for trade in today.trades] == [("Uraohjaus", "10–18", True)]
    assert [language.code for language in today.languages] == ["fi", "ar"]
    assert today.waiting == 2
    assert str(today.board.new) != ""


def test_a_day_that_closed_early_promises_nobody_on_the_public_page(house: House) -> None:
    house.advisor(professions=[ProfessionFactory(code="uraohjaus", names={"fi": "Uraohjaus"})])
    house.arrive(at(14))
    closing.close_day(house.day, by=house.desk, at=at(14, 30))
    today = public(house).context["today"]
    assert (today.trades, today.languages, today.board.is_open) == ([], [], False)


def test_nobody_is_named_on_the_public_page(house: House) -> None:
    advisor = house.advisor()
    house.arrive(at(14), called_name="Salanimi", note="Tarvitsee tulkin")
    page = public(house).content.decode()
    for private in ("Salanimi", "tulkin", "A01", advisor.user.name, house.desk.user.name):
        assert private not in page


def test_the_public_page_may_be_kept_for_a_minute_and_is_the_same_for_everybody(house: House, client_for: Sign) -> None:
    client = client_for(house.desk)
    pages = [public(house), client.get(f"/tanaan/{house.point.slug}/")]
    for page in pages:
        assert page["Cache-Control"] == "public, max-age=55"
        assert "Cookie" not in page.get("Vary", "")
        assert not page.cookies
    assert pages[0].content == pages[1].content


def test_the_public_page_speaks_three_languages(house: House) -> None:
    for language in ("fi", "sv", "en"):
        assert f'<html lang="{language}"' in public(house, kieli=language).content.decode()
    assert '<html lang="fi"' in public(house, kieli="xx").content.decode()


def test_a_closed_point_says_when_it_opens(house: House) -> None:
    closing.close_day(house.day, by=house.desk, at=at(14, 30))
    page = public(house)
    assert page.context["today"].board.is_open is False
    assert "25.11." in page.content.decode()
    assert "10–18" in page.content.decode()


def test_a_point_that_is_not_there_or_not_in_use_has_no_page() -> None:
    assert Client().get("/tanaan/ei-ole/").status_code == 404
    assert Client().get(f"/tanaan/{PointFactory(is_active=False).slug}/").status_code == 404


def test_the_public_page_costs_few_statements(house: House, assert_budget: Callable[..., Any]) -> None:
    house.advisor(professions=[ProfessionFactory()])
    house.arrive(at(14))
    with assert_budget(12):
        public(house)


# --- one's own turn -------------------------------------------------------------------------------------------------


def test_the_phone_shows_number_state_and_range(house: House) -> None:
    advisor = house.advisor()
    visit = house.arrive(at(14))
    page = phone(house, visit)
    assert (page.context["visit"].ticket, str(page.context["outlook"].wait.high)) == ("A01", "5")
    calling.call_in(visit, by=advisor, at=NOW)
    assert 'data-state="called"' in phone(house, visit).content.decode()
    encounters.start(visit, by=advisor, at=NOW)
    assert 'data-state="in_service"' in phone(house, visit).content.decode()


def test_the_phone_shows_nothing_but_the_number(house: House) -> None:
    visit = house.arrive(at(14), called_name="Salanimi", note="Tarvitsee tulkin")
    page = phone(house, visit).content.decode()
    for private in ("Salanimi", "tulkin", "Tyonhaku", str(visit.pk)):
        assert private not in page


def test_the_phone_speaks_the_visitors_language(house: House) -> None:
    visit = house.arrive(at(14), language="sv")
    assert '<html lang="sv"' in phone(house, visit).content.decode()
    assert '<html lang="en"' in phone(house, visit, kieli="en").content.decode()
    assert phone(house, visit, osa="1").content.decode().strip().startswith('<div id="turn-part"')


def test_the_secret_goes_to_no_referer_no_cache_and_no_log(house: House) -> None:
    page = phone(house, house.arrive(at(14)))
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    line = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/vuoro/salaisuus/",), None)
    assert "salaisuus" not in JsonLine().format(line)
    answers = logging.LogRecord("x", logging.WARNING, "", 0, "%s: /tabletti/vastaukset/ now", ("Unauthorized",), None)
    assert "vastaukset" not in JsonLine().format(answers)


def test_a_secret_has_192_bits_is_stored_hashed_and_stays_the_same(house: House) -> None:
    visit, other = house.arrive(at(14)), house.arrive(at(14, 1))
    secret = give_turn(visit, by=house.desk, at=NOW)
    assert len(secret) == 32
    assert give_turn(visit, by=house.desk, at=NOW) == secret != give_turn(other, by=house.desk, at=NOW)
    assert secret not in str(list(VisitTurn.objects.values()))
    assert AuditEvent.objects.filter(verb="visit.turn_given", object_id=str(visit.pk)).count() == 1


def test_the_turn_is_dead_with_the_day_and_looks_like_a_missing_one(house: House) -> None:
    visit = house.arrive(at(14))
    secret = give_turn(visit, by=house.desk, at=NOW)
    missing = Client().get(f"/vuoro/{'x' * 32}/")
    assert Client().get(f"/vuoro/{secret}/").status_code == 200
    closing.end_leftovers(house.day, at=at(23))
    dead = Client().get(f"/vuoro/{secret}/")
    assert (dead.status_code, dead.content) == (404, missing.content)
    assert give_turn(house.point.visits.get(), by=house.desk, at=NOW) == ""


def test_tomorrow_the_turn_is_dead_even_if_the_night_did_not_tidy(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = give_turn(house.arrive(at(14)), by=house.desk, at=NOW)
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-19T00:01:00+02:00")
    assert Client().get(f"/vuoro/{secret}/").status_code == 404


def test_a_finished_visit_is_thanked(house: House) -> None:
    visit, advisor = house.arrive(at(14)), house.advisor()
    house.in_service(advisor, visit, NOW)
    secret = secret_of(visit)
    assert give_turn(visit, by=house.desk, at=NOW) == secret
    encounters.finish(visit, result=house.result(), by=advisor, at=NOW)
    assert 'data-state="done"' in Client().get(f"/vuoro/{secret}/").content.decode()


def test_a_paused_day_promises_no_time(house: House) -> None:
    house.advisor()
    visit = house.arrive(at(14))
    days.pause_day(house.day, by=house.desk, at=NOW)
    assert phone(house, visit).context["outlook"].is_paused


def test_many_readers_have_the_queue_played_forward_once(
    house: House, monkeypatch: pytest.MonkeyPatch, client_for: Sign
) -> None:
    house.advisor()
    first, second = house.arrive(at(14)), house.arrive(at(14, 1))
    played: list[object] = []
    real = estimate.waits
    monkeypatch.setattr(estimate, "waits", lambda *args, **more: [played.append(1), real(*args, **more)][1])
    ranges = [str(phone(house, one).context["outlook"].wait) for one in (first, second, first, second)]
    assert ranges[:2] == ranges[2:]
    assert ranges[0] != "None"
    once = len(played)
    third = house.arrive(at(14, 2))
    assert phone(house, third).context["outlook"].wait is not None
    assert len(played) == 2 * once
    del played[:]
    for _reader in range(3):
        public(house)
    pages = len(played)
    public(house, kieli="sv")
    assert len(played) == 2 * pages > 0
    del played[:]
    desk = client_for(house.desk)
    for _look in range(2):
        desk.get(f"/kaynnit/{first.pk}/lappu/")
    assert len(played) >= 2


# --- on paper -------------------------------------------------------------------------------------------------------


def test_the_slip_has_number_time_place_and_code(house: House, client_for: Sign) -> None:
    visit = house.arrive(at(14, 5))
    client = client_for(house.desk)
    given = client.post(f"/kaynnit/{visit.pk}/lappu/anna/")
    assert (given.status_code, given["Location"]) == (303, f"/kaynnit/{visit.pk}/lappu/")
    page = client.get(f"/kaynnit/{visit.pk}/lappu/")
    text = page.content.decode()
    for part in ("A01", "14.05", "18.11.2026", "Esimerkkikatu 1", "<svg", "data-print-now"):
        assert part in text
    again = client.get(f"/kaynnit/{visit.pk}/lappu/")
    assert page.context["picture"] == again.context["picture"] != ""
    assert Client().get(reverse("visits:turn", args=[secret_of(visit)])).status_code == 200


def test_looking_at_a_slip_makes_no_turn(house: House, client_for: Sign) -> None:
    visit = house.arrive(at(14))
    client = client_for(house.desk)
    assert client.get(f"/kaynnit/{visit.pk}/lappu/").context["picture"] == ""
    assert not VisitTurn.objects.exists()
    for _press in range(2):
        client.post(f"/kaynnit/{visit.pk}/lappu/anna/")
    assert VisitTurn.objects.get().visit == visit


def test_the_width_is_remembered_by_the_device(house: House, client_for: Sign) -> None:
    client, address = client_for(house.desk), f"/kaynnit/{house.arrive(at(14)).pk}/lappu/"
    assert client.get(address).context["size"] == "80"
    chosen = client.get(address, {"koko": "58"})
    assert chosen.context["size"] == "58"
    assert chosen.cookies["tp_slip"]["httponly"]
    assert client.get(address).context["size"] == "58"
    assert client.get(address, {"koko": "<a>"}).context["size"] == "58"


def test_the_slip_is_in_the_visitors_language(house: House, client_for: Sign) -> None:
    visit = house.arrive(at(14), language="sv")
    assert (
        '<article class="slip" lang="sv"' in client_for(house.desk).get(f"/kaynnit/{visit.pk}/lappu/").content.decode()
    )


def test_a_foreign_slip_is_answered_like_a_missing_one(house: House, client_for: Sign) -> None:
    stranger = client_for(MembershipFactory(front_desk=True))
    visit = house.arrive(at(14))
    for ask, end in ((stranger.get, ""), (stranger.post, "anna/")):
        foreign, missing = ask(f"/kaynnit/{visit.pk}/lappu/{end}"), ask(f"/kaynnit/{uuid4()}/lappu/{end}")
        assert (foreign.status_code, missing.status_code) == (404, 404)
    assert not VisitTurn.objects.exists()


def test_the_slip_of_a_visit_that_is_over_has_no_code(house: House, client_for: Sign) -> None:
    visit = house.arrive(at(14))
    give_turn(visit, by=house.desk, at=NOW)
    calling.leave(visit, by=house.desk, at=NOW)
    client = client_for(house.desk)
    client.post(f"/kaynnit/{visit.pk}/lappu/anna/")
    assert client.get(f"/kaynnit/{visit.pk}/lappu/").context["picture"] == ""
