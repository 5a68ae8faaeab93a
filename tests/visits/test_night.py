"""The night: what nobody ended is ended, what lives for a day is gone, and the advisor is told kindly."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from clients.models import Background, IdentityCode
from team.actions import day as days
from team.models import ServiceDay
from tests.factories.team import at
from tests.factories.visits import House
from tyoparkki.celery import app
from tyoparkki.retention import DAY_END
from visits.actions import arrival, calling, closing, encounters, moves
from visits.actions.turn import give_turn
from visits.models import Encounter, Invitation, Participation, Visit, VisitEvent, VisitNote, VisitTurn


def night(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """The clock strikes: the task that the schedule names, as a worker runs it."""
    monkeypatch.setenv("TYOPARKKI_NOW", moment.isoformat())
    name = settings.CELERY_BEAT_SCHEDULE["night"]["task"]
    app.loader.import_default_modules()
    assert app.tasks[name].apply().successful()


def morning_after(house: House) -> Any:
    return house.day.on.replace(day=house.day.on.day + 1)


def test_visits_that_nobody_ended_end_at_three_and_the_doors_close(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisor = house.advisor()
    sat = house.in_service(advisor).visit
    waiting, called, paused, gone = (house.arrive() for _ in range(4))
    calling.call_in(called, by=house.advisor(), at=house.now)
    calling.pause(paused, by=house.desk, at=house.now)
    calling.leave(gone, by=house.desk, at=house.now)
    night(monkeypatch, at(3, on=morning_after(house)))
    states = dict(Visit.objects.values_list("pk", "state"))
    assert {states[one.pk] for one in (sat, waiting, called, paused)} == {Visit.State.ENDED}
    assert states[gone.pk] == Visit.State.LEFT
    assert not Participation.objects.filter(ended_at__isnull=True).exists()
    assert not Encounter.objects.filter(ended_at__isnull=True).exists()
    day = ServiceDay.objects.get(pk=house.day.pk)
    assert (day.state, day.closed_by) == (ServiceDay.State.CLOSED, None)
    assert VisitEvent.objects.filter(kind="ended", by__isnull=True).count() == 4


def test_today_is_left_in_peace(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = house.arrive(note="Odottaa tulkkia")
    night(monkeypatch, at(23, on=house.day.on))
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.WAITING
    assert VisitNote.objects.filter(visit=visit).exists()


def test_a_machine_that_slept_for_a_week_catches_up_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.arrive()
    late = at(9, on=house.day.on.replace(day=house.day.on.day + 7))
    night(monkeypatch, late)
    night(monkeypatch, late.replace(hour=10))
    assert VisitEvent.objects.filter(kind="ended").count() == 1


def test_nights_run_hourly_from_three_so_that_no_day_is_missed() -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE["night"]["schedule"]
    assert sorted(schedule.hour) == list(range(3, 24))


def test_what_lives_for_one_day_is_gone_even_of_a_day_that_was_closed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = house.arrive(called_name="Aino", note="Odottaa tulkkia")
    give_turn(visit, by=house.desk, at=house.now)
    calling.leave(visit, by=house.desk, at=house.now)
    closing.close_day(house.day, by=house.desk, at=house.now)
    night(monkeypatch, at(3, on=morning_after(house)))
    of_a_day = {
        model for model in apps.get_models() if getattr(model, "retention", None) and model.retention.days == DAY_END
    }
    assert of_a_day == {VisitNote, VisitTurn, Background, IdentityCode}
    assert [model for model in of_a_day if model._default_manager.exists()] == []


def test_an_invitation_for_afterwards_ends_with_the_night(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    visit = house.in_service(advisor).visit
    encounters.invite(visit, colleague.membership, mode="after", by=advisor, at=house.now)
    encounters.finish(visit, result=None, by=advisor, at=house.now)
    night(monkeypatch, at(3, on=morning_after(house)))
    assert Invitation.objects.get().state == Invitation.State.WITHDRAWN


def test_the_advisor_is_told_the_next_time_and_tells_how_the_visit_ended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisor, other = house.advisor(), house.advisor()
    visit = house.in_service(advisor).visit
    arrival.arrive(point=house.point, topic=house.topic(), by=house.desk, at=house.now)
    night(monkeypatch, at(3, on=morning_after(house)))
    monkeypatch.setenv("TYOPARKKI_NOW", at(10, on=morning_after(house)).isoformat())
    client, colleague = Client(), Client()
    client.force_login(advisor.user)
    colleague.force_login(other.user)
    page = client.get("/oma-kaynti/").content.decode()
    assert page.count('data-testid="ended-at-night"') == 1
    assert f"/kaynnit/{visit.pk}/" in page
    assert 'data-testid="ended-at-night"' not in colleague.get("/oma-kaynti/").content.decode()
    assert 'data-testid="visit-told-riitti"' in client.get(f"/kaynnit/{visit.pk}/").content.decode()
    form = {"result": house.result().pk, "submission_key": uuid4()}
    assert colleague.post(f"/kaynnit/{visit.pk}/tulos/", form).status_code == 404
    assert client.post(f"/kaynnit/{visit.pk}/tulos/", {}, headers={"HX-Request": "true"}).status_code == 422
    assert client.post(f"/kaynnit/{visit.pk}/tulos/", form, headers={"HX-Request": "true"}).status_code == 200
    told = Visit.objects.get(pk=visit.pk)
    assert (told.state, told.result) == (Visit.State.ENDED, house.result())
    assert 'data-testid="ended-at-night"' not in client.get("/oma-kaynti/").content.decode()


def test_what_the_night_ended_has_not_left_though_the_day_goes_on(house: House) -> None:
    visit = house.arrive()
    closing.close_day(house.day, by=house.desk, at=at(18))
    closing.end_leftovers(house.day, at=at(19))
    days.open_day(house.day, by=house.desk, at=at(19, 5))
    with pytest.raises(moves.TooLate):
        calling.leave(visit, by=house.desk, at=at(19, 10))
    assert Visit.objects.get().state == Visit.State.ENDED


def test_only_a_visit_that_the_night_ended_is_told_afterwards(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    with pytest.raises(closing.NotAtNight):
        closing.tell_result(visit, result=house.result(), by=advisor, at=house.now)


def in_vain(house: House, advisor: Any, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Called, never started, ended by the night; it is the next morning."""
    visit = house.arrive()
    calling.call_in(visit, by=advisor, at=house.now)
    night(monkeypatch, at(3, on=morning_after(house)))
    monkeypatch.setenv("TYOPARKKI_NOW", at(10, on=morning_after(house)).isoformat())
    return visit


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def test_who_called_in_vain_is_told_and_writes_the_record_when_the_visitor_did_come(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisor, other = house.advisor(), house.advisor()
    visit = in_vain(house, advisor, monkeypatch)
    client, url = signed_in(advisor), f"/kaynnit/{visit.pk}/yolla/tuli/"
    assert client.get("/oma-kaynti/").content.decode().count('data-testid="called-in-vain"') == 1
    assert 'data-testid="called-in-vain"' not in signed_in(other).get("/oma-kaynti/").content.decode()
    assert signed_in(other).post(url, headers={"HX-Request": "true"}).status_code == 404
    key = str(uuid4())
    for _press in range(2):
        assert client.post(url, {"submission_key": key}).headers["Location"] == f"/kaynnit/{visit.pk}/"
    assert client.post(url, headers={"HX-Request": "true"}).status_code == 409
    encounter = Encounter.objects.get(visit=visit)
    assert (encounter.started_at, encounter.ended_at) == (house.now, at(3, on=morning_after(house)))
    page = client.get(f"/kaynnit/{visit.pk}/").content.decode()
    assert 'data-testid="visit-told-riitti"' in page
    assert 'data-autosave="/kaynnit/' in page
    assert 'data-testid="ended-at-night"' in client.get("/oma-kaynti/").content.decode()
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.ENDED


def test_an_advisor_with_another_visitor_can_still_write_the_record_of_the_night(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisor = house.advisor()
    visit = in_vain(house, advisor, monkeypatch)
    today = House(on=morning_after(house), point=house.point)
    today.in_service(advisor)
    encounters.sat_after_all(visit, by=advisor, at=today.now)
    assert Participation.objects.filter(membership=advisor.membership, ended_at__isnull=True).count() == 1


def test_that_nobody_came_is_said_once_and_can_be_taken_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    advisor = house.advisor()
    visit = in_vain(house, advisor, monkeypatch)
    client, part = signed_in(advisor), {"HX-Request": "true"}
    assert client.post(f"/kaynnit/{visit.pk}/yolla/ei-tullut/", headers=part).status_code == 200
    assert client.post(f"/kaynnit/{visit.pk}/yolla/ei-tullut/", headers=part).status_code == 409
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.LEFT
    assert 'data-testid="called-in-vain"' not in client.get("/oma-kaynti/").content.decode()
    told = VisitEvent.objects.get(visit=visit, kind="no_show")
    assert (told.at, told.recorded_at) == (at(3, on=morning_after(house)), at(10, on=morning_after(house)))
    for status in (200, 409):
        assert client.post(f"/oma-kaynti/yolla/{told.pk}/kumoa/", headers=part).status_code == status
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.ENDED
    assert 'data-testid="called-in-vain"' in client.get("/oma-kaynti/").content.decode()


def test_what_the_day_itself_settled_is_not_taken_back_as_if_the_night_had(house: House) -> None:
    advisor, visit = house.advisor(), house.arrive()
    for press in (calling.call_in, calling.call_again):
        press(visit, by=advisor, at=house.now)
    calling.did_not_come(visit, by=advisor, at=house.now)
    for event in VisitEvent.objects.filter(visit=visit):
        with pytest.raises(moves.TooLate):
            closing.nobody_came_undone(event, by=advisor, at=house.now)
    with pytest.raises(moves.TooLate):
        closing.nobody_came(visit, by=advisor, at=house.now)
