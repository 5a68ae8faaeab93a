"""The front desk's screen: what it shows, to whom, and at what price in statements."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from team.actions import shift as shifts
from team.models import Shift
from tests.factories.team import ProfessionFactory, TopicFactory
from tests.factories.visits import House
from visits import desk
from visits.actions import calling, encounters, undo

Browser = Callable[..., Client]


@pytest.fixture
def screen(house: House, client_for: Browser, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The front desk's browser at the house's own moment."""
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    return client_for(house.desk)


@pytest.mark.parametrize("visitors", [1, 30])
def test_the_desk_costs_ten_statements_whatever_the_number_of_visitors(
    screen: Client, house: House, assert_budget: Callable[..., Any], visitors: int
) -> None:
    for _ in range(visitors % 7):
        house.in_service(house.advisor())
    for _ in range(visitors):
        house.arrive()
    screen.get("/tanaan/")
    with assert_budget(10):
        page = screen.get("/tanaan/")
    assert page.content.count(b'data-testid="queue-row"') == visitors


@pytest.mark.parametrize("visitors", [1, 30])
def test_the_live_part_costs_eight_statements(
    screen: Client, house: House, assert_budget: Callable[..., Any], visitors: int
) -> None:
    for _ in range(visitors):
        house.arrive()
    with assert_budget(8):
        screen.get("/tanaan/osa/", headers={"HX-Request": "true"})


def test_the_live_part_is_a_small_swap_on_a_full_afternoon(screen: Client, house: House) -> None:
    advisors = [house.advisor() for _ in range(8)]
    for advisor in advisors:
        for _ in range(8):
            visit = house.in_service(advisor).visit
            encounters.finish(visit, result=house.result(), by=advisor, at=house.now)
        house.in_service(advisor)
    for _ in range(12):
        house.arrive()
    part = screen.get("/tanaan/osa/", headers={"HX-Request": "true"}).content
    assert part.count(b'data-testid="queue-row"') == 12
    assert len(gzip.compress(part)) <= 6_000


def test_visits_that_are_over_come_from_their_own_table_alone(
    screen: Client, house: House, assert_budget: Callable[..., Any]
) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    encounters.finish(visit, result=house.result(), by=advisor, at=house.now)
    with assert_budget(10) as statements:
        screen.get("/tanaan/osa/", headers={"HX-Request": "true"})
    over = [one for one in statements if 'FROM "visits_visit"' in one and "visits_visitnote" not in one]
    assert len(over) == 1
    assert 'JOIN "team_topic"' not in over[0]


def test_what_a_row_offers_stands_once_on_the_page(screen: Client, house: House) -> None:
    for _ in range(3):
        house.arrive()
    page = screen.get("/tanaan/").content.decode()
    assert page.count('data-pattern="row-choices"') == 3
    assert page.count('data-testid="pause-{ticket}"') == page.count('id="row-choices"') == 1


def test_without_script_the_page_of_details_shows_what_a_row_offers(screen: Client, house: House) -> None:
    visit = house.arrive()
    page = screen.get(f"/kaynnit/{visit.pk}/tiedot/").content.decode()
    assert f'formaction="/kaynnit/{visit.pk}/jono/tauolle/"' in page
    assert f'data-testid="left-{visit.ticket}"' in page


def test_the_live_part_equals_the_same_part_of_the_page(screen: Client, house: House) -> None:
    advisor = house.advisor()
    house.in_service(advisor)
    house.arrive()
    page = screen.get("/tanaan/").content.decode()
    part = screen.get("/tanaan/osa/", headers={"HX-Request": "true"}).content.decode()
    for piece in ("queue-row", "team-row", 'data-testid="call-'):
        assert page.count(piece) == part.count(piece), piece
    assert "<!doctype" not in part.lower()


def test_the_facts_count_who_waits_who_is_served_and_who_is_free(house: House) -> None:
    busy = house.advisor()
    house.advisor()
    house.in_service(busy)
    house.arrive()
    house.arrive(party="employer", topic=house.topic("rekry"), employer=None)
    facts = desk.read(house.desk, at=house.now).facts
    assert (facts["waiting"], facts["serving"], facts["free"]) == (2, 1, 1)
    assert (facts["visits"], facts["employers"]) == (3, 1)


def test_the_front_desk_itself_is_never_proposed_for_a_visitor(house: House) -> None:
    from tests.factories.team import ShiftFactory

    ShiftFactory(day=house.day, membership=house.desk.membership)
    house.arrive()
    now = desk.read(house.desk, at=house.now)
    assert now.proposal is None
    assert now.facts["free"] == 0


def test_the_proposed_call_names_the_visitor_the_advisor_and_the_desk(screen: Client, house: House) -> None:
    house.advisor()
    visit = house.arrive()
    page = screen.get("/tanaan/").content.decode()
    assert 'data-testid="call-next"' in page
    assert f'data-ticket="{visit.ticket}"' in page


def test_a_topic_waits_for_its_own_profession(house: House) -> None:
    trade = ProfessionFactory(code="terveys")
    topic = TopicFactory(point=house.point, code="terveys")
    topic.professions.set([trade])
    house.advisor()
    visit = house.arrive(topic=topic)
    row = desk.read(house.desk, at=house.now).rows[0]
    assert row.visit == visit
    assert row.match.best is None
    expert = house.advisor(professions=[trade])
    row = desk.read(house.desk, at=house.now).rows[0]
    assert row.match.best is not None
    assert row.match.best.membership_id == expert.membership_id


def test_time_with_an_advisor_and_pauses_are_no_wait(house: House) -> None:
    first, second = house.advisor(), house.advisor()
    visit = house.arrive(house.now)
    house.in_service(first, visit, house.now + timedelta(minutes=5))
    encounters.hand_over(visit, by=first, to=second.membership, at=house.now + timedelta(minutes=25))
    row = desk.read(house.desk, at=house.now + timedelta(minutes=28)).rows[0]
    assert row.minutes == 8
    calling.pause(visit, by=house.desk, at=house.now + timedelta(minutes=30))
    calling.bring_back(visit, by=house.desk, at=house.now + timedelta(minutes=45))
    row = desk.read(house.desk, at=house.now + timedelta(minutes=46)).rows[0]
    assert row.minutes == 11


def test_an_undone_call_is_as_if_it_had_never_been(house: House) -> None:
    advisor = house.advisor()
    visit = house.arrive()
    calling.call_in(visit, by=house.desk, at=house.now + timedelta(minutes=3), whom=advisor.membership)
    event = undo.latest(visit)
    assert event is not None
    undo.undo(event, by=house.desk, at=house.now + timedelta(minutes=4))
    now = desk.read(house.desk, at=house.now + timedelta(minutes=10))
    assert now.rows[0].minutes == 10
    assert now.facts["median_wait"] is None


def test_over_the_limit_is_said_in_words_and_another_advisor_is_offered(
    screen: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = house.arrive()
    assert b"over-limit" not in screen.get("/tanaan/").content
    monkeypatch.setenv("TYOPARKKI_NOW", (house.now + timedelta(minutes=21)).isoformat())
    page = screen.get("/tanaan/").content.decode()
    assert 'data-testid="over-limit"' in page
    assert f'data-opens-menu="visit-{visit.pk}"' in page


def test_the_alarm_offers_whom_somebody_can_take_not_only_who_came_first(
    screen: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, away = house.advisor(), house.advisor()
    shifts.start_break(Shift.objects.get(membership=away.membership), by=away, at=house.now)
    stuck, easy = house.arrive(asks_for=away.membership), house.arrive()
    monkeypatch.setenv("TYOPARKKI_NOW", (house.now + timedelta(minutes=21)).isoformat())
    page = screen.get("/tanaan/").content.decode()
    alarm = page[page.index('data-testid="over-limit"') :][:1500]
    assert f"{stuck.ticket} ja {easy.ticket}" in alarm
    assert f"{easy.ticket}: {free.user.first_name} on vapaana." in alarm
    assert f'data-opens-menu="visit-{easy.pk}"' in alarm


def test_minutes_are_promised_until_the_usual_length_has_passed_and_none_after(
    screen: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisor = house.advisor()
    usual = house.in_service(advisor, moment=house.now).visit.topic.guidance_minutes
    house.arrive()
    for minutes, said in ((usual - 12, "noin 12 min"), (usual - 1, "noin 5 min"), (usual + 1, "kun vapautuu")):
        monkeypatch.setenv("TYOPARKKI_NOW", (house.now + timedelta(minutes=minutes)).isoformat())
        page = screen.get("/tanaan/").content.decode()
        assert f"{advisor.user.first_name} {said}" in page.replace(",", "")


def test_the_queue_shows_the_days_name_but_never_the_note_of_guidance(screen: Client, house: House) -> None:
    house.arrive(called_name="Sisu", note="Odottaa oven vieressä")
    page = screen.get("/tanaan/").content.decode()
    assert "Sisu" in page
    assert "Odottaa oven vieressä" in page


def test_another_points_visitors_are_not_on_this_desk(screen: Client, house: House) -> None:
    elsewhere = House()
    elsewhere.arrive(called_name="Vieras")
    assert b"Vieras" not in screen.get("/tanaan/").content


def test_a_role_that_logs_nothing_sees_the_day_without_buttons(
    house: House, client_for: Browser, member: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    house.advisor()
    house.arrive()
    page = client_for(member("expert", point=house.point)).get("/tanaan/").content.decode()
    assert 'data-testid="queue-row"' in page
    assert "arrival-topic-" not in page
    assert "call-next" not in page


def test_the_feed_offers_undo_only_for_the_last_word_on_a_visit(house: House) -> None:
    advisor = house.advisor()
    visit = house.arrive()
    calling.call_in(visit, by=house.desk, at=house.now, whom=advisor.membership)
    lines = desk.read(house.desk, at=house.now).lines
    assert [(line.kind, line.can_undo) for line in lines] == [("called", True), ("arrived", False)]


def test_the_front_desk_cannot_take_back_guidance(screen: Client, house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    event = undo.latest(encounter.visit)
    assert event is not None
    assert screen.post(f"/tapahtumat/{event.pk}/kumoa/").status_code == 404
    encounter.visit.refresh_from_db()
    assert encounter.visit.state == "in_service"
