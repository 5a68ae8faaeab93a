"""The front desk: arrivals, the queue, the day, breaks and calls for help."""

from __future__ import annotations

from typing import Any

from team.actions import day as days
from team.actions import help as help_calls
from team.models import ServiceDay, Shift
from tests.addresses.registry import press, word
from tests.factories.team import LanguageFactory, ShiftFactory
from tests.factories.visits import House
from visits.actions import calling, undo
from visits.models import Visit


def on_shift(house: House, who: Any) -> Any:
    """The member is at work now."""
    mine = Shift.objects.filter(day=house.day, membership=who.membership).first()
    return mine or ShiftFactory(day=house.day, membership=who.membership)


@press("visits:arrive")
def arrive(house: House, who: Any) -> Any:
    return {"topic": house.topic().pk, "party": "client", "language": "fi"}


@press("visits:details")
def details(house: House, who: Any) -> Any:
    visit = house.arrive()
    LanguageFactory(code="sv", desk_order=2)
    return [visit.pk], {
        "language": "sv",
        "topic": visit.topic_id,
        "party_size": 2,
        "called_name": "Aino",
        "note": "Kaipaa rauhallista paikkaa.",
    }


@press("visits:call")
def call(house: House, who: Any) -> Any:
    return [house.arrive().pk], {"whom": house.advisor().membership_id}


@press("visits:press")
def put_back(house: House, who: Any) -> Any:
    called = calling.call_in(house.arrive(), by=house.advisor(), at=house.now)
    return [called.pk, "uudelleen"], {}


def called_twice(house: House, by: Any) -> Visit:
    """Somebody called, called again, and not there yet."""
    return calling.call_again(calling.call_in(house.arrive(), by=by, at=house.now), by=by, at=house.now)


def paused(house: House) -> Visit:
    """Somebody who fetches a paper."""
    return calling.pause(house.arrive(), by=house.desk, at=house.now)


@word("visits:press", "ei-tullut")
def did_not_come(house: House, who: Any) -> Any:
    return [called_twice(house, house.advisor()).pk], {}


@word("visits:press", "jonoon")
def back_to_the_queue(house: House, who: Any) -> Any:
    return [called_twice(house, house.advisor()).pk], {}


@word("visits:press", "palasi")
def bring_back(house: House, who: Any) -> Any:
    return [paused(house).pk], {}


@word("visits:press", "tauolle")
@word("visits:press", "lahti")
def one_who_waits(house: House, who: Any) -> Any:
    return [house.arrive().pk], {}


@press("visits:undo")
def take_back(house: House, who: Any) -> Any:
    return [undo.latest(calling.leave(house.arrive(), by=house.desk, at=house.now)).pk], {}


@press("visits:day")
def pause_the_day(house: House, who: Any) -> Any:
    assert house.day.state == ServiceDay.State.OPEN
    return ["tauko"], {}


@word("visits:day", "avaa")
def open_the_day_again(house: House, who: Any) -> Any:
    days.mark_closed(house.day, by=house.desk, at=house.now)
    return {}


@word("visits:day", "jatka")
def resume_the_day(house: House, who: Any) -> Any:
    days.pause_day(house.day, by=house.desk, at=house.now)
    return {}


@word("visits:day", "sulje")
def close_the_day(house: House, who: Any) -> Any:
    return {"waits": house.arrive().ticket}


@press("visits:own_break")
def own_break(house: House, who: Any) -> Any:
    on_shift(house, who)
    return {}


@press("visits:call_help")
def call_help(house: House, who: Any) -> Any:
    return {}


@press("visits:answer_help")
def answer_help(house: House, who: Any) -> Any:
    return [help_calls.call_help(by=house.advisor(), at=house.now).pk], {}
