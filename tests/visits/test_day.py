"""Opening, pausing and closing the day from the desk, and what the screen says meanwhile."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from team.models import HelpCall, ServiceDay, ServicePoint, Shift
from tests.factories.team import DeviceFactory, ShiftFactory
from tests.factories.visits import House
from visits.actions import calling, closing
from visits.models import Visit

HX = {"HX-Request": "true"}
Browser = Callable[..., Client]


@pytest.fixture
def screen(house: House, client_for: Browser, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The front desk's browser at the house's own moment."""
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    return client_for(house.desk)


def act(screen: Client, address: str, **data: Any) -> Any:
    """A press as htmx sends it."""
    return screen.post(address, {"submission_key": uuid.uuid4(), **data}, headers=HX)


def state(house: House) -> str:
    """The day as it stands."""
    return ServiceDay.objects.get(pk=house.day.pk).state


def test_the_day_is_opened_paused_resumed_and_closed(screen: Client, house: House) -> None:
    ServiceDay.objects.filter(pk=house.day.pk).update(state="planned", opened_at=None)
    for word, after in (
        ("avaa", "open"),
        ("tauko", "paused"),
        ("jatka", "open"),
        ("sulje", "closed"),
        ("avaa", "open"),
    ):
        assert act(screen, f"/paiva/{word}/").status_code == 200
        assert state(house) == after


def test_a_day_opened_a_moment_ago_by_a_colleague_is_told_kindly(screen: Client) -> None:
    answer = act(screen, "/paiva/avaa/")
    assert answer.status_code == 409
    assert b"data-toast" in answer.content


def test_before_opening_the_screen_shows_what_is_ready(screen: Client, house: House) -> None:
    ServiceDay.objects.filter(pk=house.day.pk).update(state="planned", opened_at=None)
    DeviceFactory(point=house.point, kind="board")
    house.advisor()
    page = screen.get("/tanaan/").content.decode()
    assert 'data-testid="before-opening"' in page
    assert 'data-testid="open-day"' in page
    assert "arrival-topic-tyonhaku" in page


def test_before_opening_the_page_keeps_to_its_budget(
    screen: Client, house: House, assert_budget: Callable[..., Any]
) -> None:
    ServiceDay.objects.filter(pk=house.day.pk).update(state="planned", opened_at=None)
    screen.get("/tanaan/")
    with assert_budget(12):
        screen.get("/tanaan/")


def test_the_first_arrival_opens_the_doors(screen: Client, house: House) -> None:
    ServiceDay.objects.filter(pk=house.day.pk).update(state="planned", opened_at=None)
    act(screen, "/kaynnit/", topic=house.topic().pk, language="fi")
    assert state(house) == "open"


def test_looking_makes_no_day_and_the_first_press_makes_it_from_the_opening_hours(screen: Client, house: House) -> None:
    ServiceDay.objects.filter(pk=house.day.pk).delete()
    for page in ("/tanaan/", "/tanaan/osa/"):
        assert screen.get(page).status_code == 200
    assert not ServiceDay.objects.filter(point=house.point).exists()
    act(screen, "/paiva/avaa/")
    made = ServiceDay.objects.get(point=house.point)
    assert (made.state, made.opens_at.hour, made.closes_at.hour) == ("open", 10, 18)


def test_closing_asks_first_and_names_who_still_waits(screen: Client, house: House) -> None:
    first, second = house.arrive(), house.arrive()
    served = house.in_service(house.advisor()).visit
    calling.pause(second, by=house.desk, at=house.now)
    question = act(screen, "/paiva/sulje/")
    assert (question.status_code, question["HX-Retarget"]) == (422, "#day-question")
    asked = question.content.decode()
    assert re.findall(r'name="waits" value="(\w+)"', asked) == [first.ticket, second.ticket]
    assert f"{first.ticket} ja {second.ticket} odottavat yhä" in asked
    assert served.ticket not in asked
    assert state(house) == "open"
    answer = act(screen, "/paiva/sulje/", waits=[first.ticket, second.ticket]).content.decode()
    assert 'data-testid="still-here"' in answer
    assert 'id="day-question" hx-swap-oob="true"' in answer
    assert 'data-testid="close-question"' not in answer
    for visit in (first, second, served):
        assert visit.ticket in answer
    assert state(house) == "closed"


def test_who_comes_between_the_question_and_the_answer_is_asked_about_too(screen: Client, house: House) -> None:
    first = house.arrive()
    act(screen, "/paiva/sulje/")
    late = house.arrive()
    question = act(screen, "/paiva/sulje/", waits=[first.ticket])
    assert question.status_code == 422
    assert late.ticket in question.content.decode()
    assert state(house) == "open"


def test_a_question_about_closing_goes_when_a_colleague_has_closed(screen: Client, house: House) -> None:
    visit = house.arrive()
    gone = 'id="day-question" hx-swap-oob="true"'
    act(screen, "/paiva/sulje/")
    assert gone not in screen.get("/tanaan/osa/", headers={"HX-Request": "true"}).content.decode()
    closing.close_day(house.day, by=house.desk, at=house.now, known=[visit.ticket])
    assert gone in screen.get("/tanaan/osa/", headers={"HX-Request": "true"}).content.decode()


def test_without_script_the_whole_screen_asks(screen: Client, house: House) -> None:
    visit = house.arrive()
    page = screen.post("/paiva/sulje/")
    assert page.status_code == 422
    assert f'name="waits" value="{visit.ticket}"' in page.content.decode()
    assert screen.post("/paiva/sulje/", {"waits": visit.ticket}).status_code == 303
    assert state(house) == "closed"


def test_with_nobody_waiting_the_day_closes_at_once_and_the_press_is_taken_back(screen: Client, house: House) -> None:
    house.in_service(house.advisor())
    answer = act(screen, "/paiva/sulje/")
    assert answer.status_code == 200
    assert state(house) == "closed"
    toast = answer.content.decode().split('data-testid="toast"')[1]
    assert 'hx-post="/paiva/avaa/"' in toast
    assert 'data-testid="undo-toast"' in toast
    assert act(screen, "/paiva/avaa/").status_code == 200
    assert state(house) == "open"


def test_those_still_here_may_be_served_after_closing(screen: Client, house: House) -> None:
    advisor = house.advisor()
    visit = house.arrive()
    act(screen, "/paiva/sulje/", waits=visit.ticket)
    assert act(screen, f"/kaynnit/{visit.pk}/kutsu/", whom=advisor.membership_id).status_code == 200
    visit.refresh_from_db()
    assert visit.state == "called"


def test_nobody_is_called_while_the_day_is_paused(screen: Client, house: House) -> None:
    advisor = house.advisor()
    visit = house.arrive()
    act(screen, "/paiva/tauko/")
    page = screen.get("/tanaan/").content.decode()
    [button] = re.findall(rf'<button[^>]*data-testid="call-{visit.ticket}"[^>]*>', page)
    assert " disabled " in button
    assert f'name="whom" value="{advisor.membership_id}"' not in page
    answer = act(screen, f"/kaynnit/{visit.pk}/kutsu/", whom=advisor.membership_id)
    assert answer.status_code == 409
    assert Visit.objects.get(pk=visit.pk).state == "waiting"
    act(screen, "/paiva/jatka/")
    assert f'name="whom" value="{advisor.membership_id}"' in screen.get("/tanaan/").content.decode()


def test_a_call_that_somebody_else_made_first_says_who_and_when(screen: Client, house: House) -> None:
    elif_, jukka = house.advisor(), house.advisor()
    visit = house.arrive()
    calling.call_in(visit, by=elif_, at=house.now)
    answer = act(screen, f"/kaynnit/{visit.pk}/kutsu/", whom=jukka.membership_id)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert elif_.user.first_name in text
    assert visit.ticket in text


def test_a_press_that_comes_too_late_says_who_did_what(screen: Client, house: House) -> None:
    advisor = house.advisor()
    visit = house.arrive()
    calling.call_in(visit, by=advisor, at=house.now)
    calling.put_back(visit, by=advisor, at=house.now)
    for word in ("uudelleen", "ei-tullut", "jonoon"):
        answer = act(screen, f"/kaynnit/{visit.pk}/jono/{word}/")
        assert answer.status_code == 409
        assert f"{advisor.user.first_name} palautti vuoron {visit.ticket}" in answer.content.decode()
    act(screen, "/paiva/sulje/", waits=visit.ticket)
    assert f"{house.desk.user.first_name} sulki päivän" in act(screen, "/paiva/sulje/").content.decode()


@pytest.mark.parametrize(
    ("word", "after"), [("jonoon", "waiting"), ("uudelleen", "called"), ("tauolle", "paused"), ("lahti", "left")]
)
def test_a_called_visitor_moves_as_pressed(screen: Client, house: House, word: str, after: str) -> None:
    advisor = house.advisor()
    visit = house.arrive()
    calling.call_in(visit, by=house.desk, at=house.now, whom=advisor.membership)
    assert act(screen, f"/kaynnit/{visit.pk}/jono/{word}/").status_code == 200
    visit.refresh_from_db()
    assert visit.state == after


def test_did_not_come_is_offered_after_two_calls_only(screen: Client, house: House) -> None:
    advisor = house.advisor()
    visit = house.arrive()
    calling.call_in(visit, by=house.desk, at=house.now, whom=advisor.membership)
    assert f"no-show-{visit.ticket}" not in screen.get("/tanaan/").content.decode()
    assert act(screen, f"/kaynnit/{visit.pk}/jono/ei-tullut/").status_code == 409
    answer = act(screen, f"/kaynnit/{visit.pk}/jono/uudelleen/").content.decode()
    assert f"no-show-{visit.ticket}" in answer
    act(screen, f"/kaynnit/{visit.pk}/jono/ei-tullut/")
    visit.refresh_from_db()
    assert visit.state == "left"


def test_undo_from_the_desk_brings_the_visitor_back(screen: Client, house: House) -> None:
    visit = house.arrive()
    answer = act(screen, f"/kaynnit/{visit.pk}/jono/lahti/").content.decode()
    assert 'data-testid="undo-toast"' in answer
    event = visit.events.order_by("-id").first()
    assert event is not None
    assert act(screen, f"/tapahtumat/{event.pk}/kumoa/").status_code == 200
    visit.refresh_from_db()
    assert visit.state == "waiting"


def test_the_days_first_arrival_can_still_be_undone_from_the_whole_day(screen: Client, house: House) -> None:
    first = house.arrive()
    for _n in range(40):
        house.arrive()
    assert f"undo-{first.ticket}" not in screen.get("/tanaan/").content.decode()
    page = screen.get("/tanaan/tapahtumat/").content.decode()
    assert f"undo-{first.ticket}" in page
    event = first.events.get()
    answer = screen.post(f"/tapahtumat/{event.pk}/kumoa/", {"submission_key": uuid.uuid4(), "from": "events"})
    assert answer.headers["Location"] == "/tanaan/tapahtumat/"
    assert Visit.objects.get(pk=first.pk).state == "undone"


@pytest.mark.parametrize("visits", [1, 40])
def test_the_whole_day_costs_the_same_however_long(
    screen: Client, house: House, assert_budget: Callable[..., Any], visits: int
) -> None:
    for _n in range(visits):
        house.arrive()
    with assert_budget(6):
        assert screen.get("/tanaan/tapahtumat/").status_code == 200


def test_calls_to_a_foreign_desk_or_colleague_are_not_found(screen: Client, house: House) -> None:
    visit = house.arrive()
    stranger = House().advisor()
    assert act(screen, f"/kaynnit/{visit.pk}/kutsu/", whom=stranger.membership_id).status_code == 404
    assert act(screen, f"/kaynnit/{visit.pk}/kutsu/", whom="nonsense").status_code == 404
    assert act(screen, f"/kaynnit/{visit.pk}/jono/pois/").status_code == 404


def test_ones_own_break_begins_and_ends(screen: Client, house: House) -> None:
    shift: Shift = ShiftFactory(day=house.day, membership=house.desk.membership)
    act(screen, "/oma-tauko/", away="")
    assert shift.breaks.filter(ended_at__isnull=True).exists()
    act(screen, "/oma-tauko/", away="1")
    assert not shift.breaks.filter(ended_at__isnull=True).exists()


def test_who_should_be_back_already_is_told_as_late(
    screen: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift: Shift = ShiftFactory(day=house.day, membership=house.desk.membership)
    act(screen, "/oma-tauko/", away="")
    shift.breaks.update(until=house.now + timedelta(minutes=15))
    assert "palaa" in screen.get("/tanaan/").content.decode()
    monkeypatch.setenv("TYOPARKKI_NOW", (house.now + timedelta(minutes=16)).isoformat())
    page = screen.get("/tanaan/").content.decode()
    assert "piti palata" in page


def test_a_call_for_help_is_on_every_colleagues_screen_until_somebody_comes(
    screen: Client, house: House, client_for: Browser
) -> None:
    advisor = house.advisor()
    act(client_for(advisor), "/apua/")
    page = screen.get("/tanaan/").content.decode()
    assert 'data-testid="help-call"' in page
    assert advisor.user.name in page
    call = HelpCall.objects.get()
    assert call.desk is not None
    act(screen, f"/apua/{call.pk}/tulen/")
    assert 'data-testid="help-call"' not in screen.get("/tanaan/").content.decode()


def test_a_call_for_help_shows_on_a_day_without_service_too(screen: Client, house: House) -> None:
    ServiceDay.objects.filter(pk=house.day.pk).delete()
    ServicePoint.objects.get(pk=house.point.pk).opening_rules.all().delete()
    act(screen, "/apua/")
    assert 'data-testid="help-call"' in screen.get("/tanaan/").content.decode()
