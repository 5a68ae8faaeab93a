"""The night: what nobody ended is ended, what lives for a day is gone, and the advisor is told kindly."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from team.models import ServiceDay
from tests.factories.team import at
from tests.factories.visits import House
from tyoparkki.celery import app
from tyoparkki.retention import DAY_END
from visits.actions import arrival, calling, closing, encounters
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
    assert of_a_day == {VisitNote, VisitTurn}
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


def test_only_a_visit_that_the_night_ended_is_told_afterwards(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    with pytest.raises(closing.NotAtNight):
        closing.tell_result(visit, result=house.result(), by=advisor, at=house.now)
