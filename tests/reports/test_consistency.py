"""Each rule finds the corruption that it is there for, and none cries over a sound house."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections

from reports import consistency
from tests.factories.visits import House
from tyoparkki import embedded
from visits.actions import arrival, calling, encounters, undo
from visits.models import Visit

# What an operator's slip or a lost restore could do, one statement each, and the rule that must name it.
PLANTED = [
    ("state_follows_events", "UPDATE visits_visit SET state = 'paused' WHERE state = 'waiting'"),
    ("numbers_without_gaps", "UPDATE visits_visit SET number = number + 10"),
    ("counter_is_the_last_number", "UPDATE visits_daycounter SET last = last + 1"),
    ("every_number_has_a_counter", "DELETE FROM visits_daycounter"),
    ("in_service_means_an_open_encounter", "UPDATE visits_encounter SET ended_at = started_at WHERE ended_at IS NULL"),
    ("an_open_encounter_means_in_service", "UPDATE visits_encounter SET ended_at = NULL WHERE ended_at IS NOT NULL"),
    ("nobody_sits_alone", "UPDATE visits_participation SET ended_at = joined_at WHERE ended_at IS NULL"),
    ("nobody_stays_behind", "UPDATE visits_encounter SET ended_at = started_at WHERE ended_at IS NULL"),
    ("times_run_forward", "UPDATE visits_participation SET ended_at = joined_at - interval '1 hour'"),
    ("every_encounter_has_its_record", "DELETE FROM visits_guidance"),
    ("nobody_waits_overnight", 'UPDATE team_serviceday SET "on" = "on" - 30'),
    ("finished_visits_say_how", "UPDATE visits_visit SET result_id = NULL WHERE state = 'done'"),
]
# The same by the owner, for what the product's own role may not touch at all.
PLANTED_BY_OWNER = [
    ("every_visit_arrived_once", "UPDATE visits_visitevent SET kind = 'detailed' WHERE kind = 'arrived'"),
    (
        "an_undo_points_at_its_own_visit",
        "UPDATE visits_visitevent SET visit_id = (SELECT id FROM visits_visit WHERE state = 'done') WHERE kind = 'undone'",
    ),
    ("the_trace_is_append_only", "GRANT DELETE ON tyoparkki_auditevent TO tp_app"),
]
MEND = "REVOKE DELETE ON tyoparkki_auditevent FROM tp_app"


def live_in(house: House) -> House:
    """A day with a visit in every state that the corruptions need."""
    first, second = house.advisor(), house.advisor()
    done = house.in_service(first)
    encounters.finish(done.visit, result=house.result(), by=first, at=house.now + timedelta(minutes=9))
    house.in_service(second, moment=house.now + timedelta(minutes=10))
    back = calling.call_in(house.arrive(), by=first, at=house.now + timedelta(minutes=11))
    event = undo.latest(back)
    assert event is not None
    undo.undo(event, by=first, at=house.now + timedelta(minutes=12))
    house.arrive(house.now + timedelta(minutes=13))
    return house


@pytest.fixture
def lived_in(house: House) -> House:
    """The same inside the test's own transaction."""
    return live_in(house)


def test_a_sound_house_breaks_no_rule(lived_in: House) -> None:
    assert consistency.broken(at=lived_in.now) == []


def test_an_undone_arrival_breaks_no_rule(lived_in: House) -> None:
    visit = arrival.arrive(point=lived_in.point, topic=lived_in.topic(), by=lived_in.desk, at=lived_in.now)
    event = undo.latest(visit)
    assert event is not None
    undo.undo(event, by=lived_in.desk, at=lived_in.now)
    assert Visit.objects.filter(state="undone").exists()
    assert consistency.broken(at=lived_in.now) == []


@pytest.mark.parametrize(("rule", "slip"), PLANTED, ids=[rule for rule, _slip in PLANTED])
def test_a_planted_corruption_is_named(lived_in: House, rule: str, slip: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(slip)
    assert rule in {one.name for one in consistency.broken(at=lived_in.now)}


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [one.name for one in consistency.INVARIANTS]
    assert len(names) == len(set(names)) >= 20


@pytest.mark.parametrize(("rule", "slip"), PLANTED_BY_OWNER, ids=[rule for rule, _slip in PLANTED_BY_OWNER])
def test_what_only_the_owner_could_corrupt_is_named_too(transactional_db: None, rule: str, slip: str) -> None:
    lived = live_in(House())
    name = connections["default"].settings_dict["NAME"]
    with embedded.superuser(name=name) as owner:
        owner.execute(slip)
        try:
            assert rule in {one.name for one in consistency.broken(at=lived.now)}
        finally:
            owner.execute(MEND)
