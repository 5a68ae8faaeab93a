"""The waiting room's board: numbers and desks only, at most a moment old, the same for every board of the point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from team.actions import day as days
from tests.factories.team import DeviceFactory, MembershipFactory, at
from tests.factories.visits import House
from tyoparkki.live import passes
from visits import board
from visits.actions import calling, closing
from visits.views.board import _is_committed

pytestmark = pytest.mark.django_db
TOKEN = "taulun-salaisuus-koetta-varten-0001"
NOW = at(14, 36)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday, 14.36."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def wall(house: House) -> Client:
    """A paired board of the house."""
    DeviceFactory(point=house.point, kind="board", token=TOKEN)
    client = Client()
    client.cookies["device_board"] = TOKEN
    return client


def test_the_latest_call_is_the_large_one_and_earlier_ones_stand_beside_it(house: House) -> None:
    first, second = house.advisor(), house.advisor()
    visits = [house.arrive(at(14, minute)) for minute in (1, 2, 3)]
    calling.call_in(visits[0], by=first, at=at(14, 30))
    calling.call_in(visits[1], by=second, at=at(14, 35))
    now = board.read(house.point, at=NOW)
    assert now.now == board.Call("A02", 2, 1, is_waited_for=True)
    assert now.earlier == [board.Call("A01", 1, 1, is_waited_for=True)]
    assert [turn.ticket for turn in now.following] == ["A03"]


def test_a_number_that_sat_down_stays_for_half_an_hour_and_is_no_longer_large(house: House) -> None:
    house.in_service(house.advisor(), moment=at(14, 20))
    now = board.read(house.point, at=NOW)
    assert now.now is None
    assert [call.ticket for call in now.earlier] == ["A01"]
    assert board.read(house.point, at=at(14, 51)).earlier == []


def test_a_second_call_sounds_anew(house: House) -> None:
    advisor = house.advisor()
    visit = calling.call_in(house.arrive(at(14)), by=advisor, at=at(14, 30))
    before = board.read(house.point, at=NOW).now
    calling.call_again(visit, by=advisor, at=at(14, 34))
    after = board.read(house.point, at=NOW).now
    assert before is not None
    assert after is not None
    assert before.mark != after.mark


def test_the_room_sees_numbers_and_never_a_person_a_topic_or_a_language(house: House, wall: Client) -> None:
    house.advisor()
    house.arrive(at(14), called_name="Salanimi", note="Tarvitsee tulkin", language="ar")
    page = wall.get("/taulu/").content.decode()
    assert "A01" in page
    for private in ("Salanimi", "tulkin", "Tyonhaku", "Kollega"):
        assert private not in page


def test_unknown_waits_are_a_dash(house: House, wall: Client) -> None:
    house.arrive(at(14))
    now = board.read(house.point, at=NOW)
    assert (now.following[0].wait, now.new) == (None, None)
    assert "–</span></li>" in wall.get("/taulu/osa/").content.decode()


def test_a_colleague_on_a_break_or_still_to_come_is_reckoned_with(house: House) -> None:
    advisor = house.advisor()
    shift = advisor.membership.shifts.get()
    shift.starts_at = at(15, 6)
    shift.save()
    house.arrive(at(14))
    wait = board.read(house.point, at=NOW).following[0].wait
    assert wait is not None
    assert (wait.low, wait.high) == (20, 40)


def test_all_that_the_board_says_takes_turns_in_its_languages(house: House, wall: Client) -> None:
    house.point.board_languages = ["fi", "ru"]
    house.point.save()
    page = wall.get("/taulu/").content.decode()
    for said in ("Avoinna tänään 10–18", "Сегодня открыто 10–18", "Сейчас никого не вызывают", "Никто не ждёт"):
        assert said in page
    assert "Новый номер сейчас" in page
    days.pause_day(house.day, by=house.desk, at=house.now)
    assert "У нас короткий перерыв" in wall.get("/taulu/").content.decode()
    days.resume_day(house.day, by=house.desk, at=house.now)
    closing.close_day(house.day, by=house.desk, at=house.now)
    page = wall.get("/taulu/").content.decode()
    for said in (
        "Suljettu nyt",
        "Сейчас закрыто",
        "Tervetuloa ke 25.11. klo 10–18",
        "Добро пожаловать ср 25.11. в 10–18",
    ):
        assert said in page


def test_every_language_of_the_board_has_every_word() -> None:
    words = board._words()
    assert {frozenset(one) - {"draft"} for one in words.values()} == {frozenset(words["fi"])}


def test_a_closed_day_says_when_the_doors_open_next(house: House, wall: Client) -> None:
    closing.close_day(house.day, by=house.desk, at=at(14, 30))
    page = wall.get("/taulu/")
    assert page.context["board"].next_open.on.isoformat() == "2026-11-25"
    assert "25.11." in page.content.decode()


def test_whoever_is_still_here_when_the_doors_close_is_called_on_the_board(house: House, wall: Client) -> None:
    advisor = house.advisor()
    visit = house.arrive(at(14))
    closing.close_day(house.day, by=house.desk, at=at(14, 30))
    calling.call_in(visit, by=advisor, at=at(14, 31))
    page = wall.get("/taulu/")
    assert page.context["board"].now.ticket == visit.ticket
    assert page.context["board"].new is None
    assert "25.11." in page.content.decode()


def test_a_paused_day_shows_the_queue_but_promises_nothing_new(house: House, wall: Client) -> None:
    house.advisor()
    house.arrive(at(14))
    days.pause_day(house.day, by=house.desk, at=at(14, 30))
    now = wall.get("/taulu/").context["board"]
    assert (now.is_open, now.is_paused, now.new) == (True, True, None)


def test_only_a_board_of_the_point_or_its_staff_may_look(
    house: House, wall: Client, client_for: Callable[[Any], Client]
) -> None:
    assert wall.get("/taulu/").status_code == 200
    assert client_for(house.desk).get("/taulu/").status_code == 200
    assert Client().get("/taulu/").status_code == 401
    assert Client().get("/taulu/osa/").json() == {"error": "pairing_needed"}
    DeviceFactory(point=house.point, kind="feedback", token="tabletin-salaisuus-tablettia-varten")
    assert (
        Client(headers={"Authorization": "Bearer tabletin-salaisuus-tablettia-varten"}).get("/taulu/").status_code
        == 401
    )
    assert wall.post("/taulu/").status_code == 405
    for path in ("/tanaan/", "/tabletti/", "/tiimi/"):
        assert wall.get(path).status_code in {302, 401, 404}


def test_a_board_hears_of_its_own_point_only(house: House, wall: Client) -> None:
    for path in ("/taulu/", "/taulu/osa/"):
        answer = wall.get(path)
        given = passes.read(f"tp_live={answer.cookies['tp_live'].value}")
        assert given is not None
        assert given.topics == (house.point.live_topic,)
        assert "no-store" in answer["Cache-Control"]


def test_boards_share_what_was_made_for_a_version(
    house: House, wall: Client, assert_budget: Callable[..., Any]
) -> None:
    wall.get("/taulu/osa/?v=100")
    with assert_budget(3):
        first = wall.get("/taulu/osa/?v=100").content
    house.arrive(at(14))
    assert wall.get("/taulu/osa/?v=100").content == first
    assert b"A01" in wall.get("/taulu/osa/?v=101").content
    assert b"A01" in wall.get("/taulu/osa/").content


@pytest.mark.parametrize("version", ["", "9223372036854775807", "99999999999999999999", "x", "-1", "1;2", "٣"])
def test_what_is_made_for_a_version_to_come_is_not_kept(house: House, wall: Client, version: str) -> None:
    assert not _is_committed(version)
    assert wall.get("/taulu/osa/", {"v": version}).status_code == 200
    assert not any(cache.get(f"board:{house.point.pk}:{version}:{hour}") for hour in ("1436",))


@pytest.mark.parametrize("people", [1, 30])
def test_a_board_costs_the_same_however_many_wait(
    house: House, wall: Client, assert_budget: Callable[..., Any], people: int
) -> None:
    for _ in range(3):
        house.advisor()
    for minute in range(people):
        house.arrive(at(13, minute))
    with assert_budget(6, exactly=True):
        wall.get("/taulu/osa/")


def test_the_languages_of_the_point_take_turns(house: House, wall: Client) -> None:
    house.point.board_languages = ["fi", "ar", "xx"]
    house.point.save()
    page = wall.get("/taulu/")
    assert [one["lang"] for one in page.context["all_words"]] == ["fi", "ar"]
    assert 'dir="rtl"' in page.content.decode()


def test_another_points_staff_sees_its_own_board(house: House, client_for: Callable[[Any], Client]) -> None:
    house.arrive(at(14))
    stranger = MembershipFactory(front_desk=True)
    assert "A01" not in client_for(stranger).get("/taulu/").content.decode()
