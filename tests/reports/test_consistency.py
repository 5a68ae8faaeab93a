"""Each planted corruption is found and named; a day of the desk breaks nothing."""

# ruff: noqa: E501 - a corruption on a line
from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from clients.actions import companion as companions
from clients.actions import instrument as instruments
from clients.actions import merge as merges
from clients.actions import outcome as outcomes
from clients.actions import recusal as recusals
from clients.actions import referral as referrals
from clients.actions import responsibility as responsibilities
from clients.actions.client import Person, record_person
from clients.actions.consent import Given
from clients.actions.plan import approve_plan
from clients.models import Client, OutcomeType
from reports.consistency import INVARIANTS, broken
from team.access import Member
from team.models import ServiceDay
from tests.factories.clients import person_on_file, plan_of
from tests.factories.feedback import Tablet
from tests.factories.team import at
from tests.factories.visits import House
from tests.fixtures.world import standing_in
from tyoparkki import outbox
from visits.actions import arrival, calling, closing, encounters, guidance, identity, undo
from visits.models import Encounter, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats"])


@pytest.fixture
def played() -> Iterator[House]:
    """A house after a day with everything in it."""
    with standing_in("played", played_through) as house:
        yield house


def played_through() -> House:
    """A day with everything in it: served, handed over, waiting, left, undone, referred, answered."""
    house = House()
    anna, bo = house.advisor(), house.advisor(partner=True)
    first = house.in_service(anna, moment=at(10, 5)).visit
    person = person_on_file(anna, moment=at(10))
    identity.join_client(first, person, by=anna, at=at(10, 6))
    responsibilities.take(person, by=anna, at=at(10, 7))
    offered = responsibilities.offer(person, bo.membership, by=anna, at=at(10, 8))
    responsibilities.accept(offered, by=bo, at=at(10, 9))
    responsibilities.offer(person, anna.membership, by=bo, at=at(10, 9))
    encounter = Encounter.objects.get(visit=first)
    sent = guidance.refer(encounter, organisation=bo.membership.organisation, by=anna, at=at(10, 10))
    referrals.receive(sent, by=bo, at=at(12))
    encounters.finish(first, result=house.result("ohjattu"), by=anna, at=at(10, 20))
    second = house.in_service(anna, moment=at(10, 30)).visit
    invitation = encounters.invite(second, bo.membership, mode="together", by=anna, at=at(10, 31), client_agreed=True)
    encounters.come_along(invitation, by=bo, at=at(10, 32))
    encounters.step_out(second, by=bo, at=at(10, 40))
    encounters.invite(second, bo.membership, mode="together", by=anna, at=at(10, 41), client_agreed=True)
    calling.pause(second, by=anna, at=at(10, 45))
    calling.bring_back(second, by=house.desk, at=at(10, 50))
    calling.leave(house.arrive(at(11)), by=house.desk, at=at(11, 20))
    gone = house.arrive(at(11, 2))
    undo.undo(gone.events.get(), by=house.desk, at=at(11, 3))
    house.in_service(bo, moment=at(11, 10))
    gone_along_with(anna, bo)
    Tablet(point=house.point).answer(at(12))
    outbox.drain()
    return house


def gone_along_with(anna: Member, bo: Member) -> None:
    """Two people with approved plans, one of whom got work; a companion, a mark as near, a file merged into another."""
    instruments.load_outcome_types(at=at(9))
    instruments.load_shipped(at=at(9))
    consent = {"consent": Given(), "may_contact": True, "by": anna}
    onni, kielo = (record_person(Person(name), at=at(10), **consent) for name in ("Onni Toinen", "Kielo Kolmas"))
    for person in (onni, kielo):
        plan = plan_of(person, anna, moment=at(10, 20))
        approve_plan(plan, how="words", by=anna, at=at(10, 25), version=plan.version)
    companions.add_companion(onni, bo.membership, by=anna, at=at(10, 30))
    work = OutcomeType.objects.get(code="tyo")
    outcomes.record_outcome(onni, work, since_on=at(9).date(), known="told", by=anna, at=at(10, 40))
    recusals.recuse(kielo, by=bo, at=at(10, 50))
    again = record_person(Person("Kielo Kolmas"), by=anna, at=at(10, 55), consent=Given())
    open_to = Client.objects.visible_to(anna).select_related("controller")
    merges.merge(open_to.get(pk=kielo.pk), open_to.get(pk=again.pk), by=anna, at=at(11))


@pytest.fixture
def as_owner(played: House) -> Iterator[None]:
    """What the test plants is gone after it."""
    with transaction.atomic(using="owner"):
        yield
        transaction.set_rollback(True, using="owner")


def test_what_is_told_after_the_night_breaks_nothing(played: House) -> None:
    came, vain = played.advisor(), played.advisor()
    called = {who: calling.call_in(played.arrive(), by=who, at=played.now) for who in (came, vain)}
    closing.end_leftovers(ServiceDay.objects.get(pk=played.day.pk), at=at(23))
    encounters.sat_after_all(called[came], by=came, at=at(23, 30))
    told = closing.nobody_came(called[vain], by=vain, at=at(23, 30))
    outbox.drain()
    assert broken() == []
    closing.nobody_came_undone(told, by=vain, at=at(23, 30))
    outbox.drain()
    assert broken() == []


def test_who_is_let_in_before_the_hour_breaks_nothing_though_nobody_opens_the_doors() -> None:
    house = House(planned=True)
    advisor = house.advisor()
    arrival.arrive(point=house.point, topic=house.topic(), by=house.desk, at=at(9, 55), outside_hours=True)
    outbox.drain()
    assert ServiceDay.objects.get().state == ServiceDay.State.PLANNED
    assert broken() == []
    served = house.in_service(advisor, Visit.objects.get(), at(9, 58)).visit
    encounters.finish(served, result=house.result(), by=advisor, at=at(10, 20))
    closing.end_past_days(at=at(3, on=house.day.on + timedelta(days=1)))
    outbox.drain()
    assert ServiceDay.objects.get().state == ServiceDay.State.CLOSED
    assert broken() == []


def test_a_day_of_the_desk_breaks_nothing(played: House) -> None:
    assert broken() == []
    told = io.StringIO()
    call_command("check_consistency", "--json", stdout=told)
    assert json.loads(told.getvalue()) == {"invariants": len(INVARIANTS), "broken": []}
    assert len({rule.code for rule in INVARIANTS}) == len(INVARIANTS) >= 20


SERVED = "(SELECT id FROM visits_visit WHERE state = 'done')"
RUNNING = "(SELECT id FROM visits_encounter WHERE ended_at IS NULL)"
ASKED = """
    WITH answered AS (
        INSERT INTO clients_selfassessment (id, client_id, version_id, point_id, filled_at, how, language, is_agreed,
                                            recorded_at, recorded_by_id)
        SELECT gen_random_uuid(), p.client_id, v.id, p.point_id, p.opened_at, 'words', 'fi', true, now(), p.opened_by_id
        FROM clients_plan p, clients_instrumentversion v LIMIT 1 RETURNING id, client_id, version_id)
    INSERT INTO clients_assessmentask (id, client_id, instrument_id, planned_at, ended_at, assessment_id)
    SELECT gen_random_uuid(), o.id, v.instrument_id, now(), now(), a.id FROM answered a
    JOIN clients_instrumentversion v ON v.id = a.version_id JOIN clients_client o ON o.id <> a.client_id LIMIT 1"""
CORRUPTIONS = {
    "visit_arrived_once": f"DELETE FROM visits_visitevent WHERE kind = 'arrived' AND visit_id = {SERVED}",
    "visit_state_is_last_event": "UPDATE visits_visit SET state = 'paused' WHERE state = 'waiting'",
    "visit_ends_after_arrival": "UPDATE visits_visit SET ended_at = arrived_at - interval '1 minute' WHERE state = 'left'",
    "finished_has_result": "UPDATE visits_visit SET result_id = NULL WHERE state = 'done'",
    "waiting_is_not_called": "UPDATE visits_visit SET calls = 1 WHERE state = 'waiting'",
    "visit_words_are_the_points": "UPDATE visits_visit SET result_id = (SELECT id FROM team_term WHERE kind = 'situation' LIMIT 1) WHERE state = 'done'",
    "visited_day_is_held": "UPDATE team_serviceday SET opened_at = NULL",
    "numbers_without_gaps": "UPDATE visits_visit SET number = number + 7 WHERE state = 'left'",
    "counter_is_highest_number": "UPDATE visits_daycounter SET last = last + 1",
    "undo_points_back": "UPDATE visits_visitevent SET undoes_id = (SELECT max(id) FROM visits_visitevent WHERE kind = 'left') WHERE kind = 'undone'",
    "in_service_has_encounter": "UPDATE visits_encounter SET ended_at = started_at WHERE ended_at IS NULL",
    "running_encounter_has_somebody": f"UPDATE visits_participation SET ended_at = joined_at WHERE encounter_id = {RUNNING}",
    "nobody_is_in_an_ended_encounter": f"UPDATE visits_participation SET ended_at = NULL WHERE encounter_id IN (SELECT id FROM visits_encounter WHERE visit_id = {SERVED})",
    "encounter_times_in_order": "UPDATE visits_encounter SET started_at = started_at - interval '1 day'",
    "encounters_are_numbered": f"UPDATE visits_encounter SET sequence = 4 WHERE id = {RUNNING}",
    "starts_are_encounters": f"UPDATE visits_encounter SET undone_at = ended_at WHERE visit_id = {SERVED}",
    "encounter_has_guidance": f"DELETE FROM visits_guidance WHERE encounter_id = {RUNNING}",
    "part_is_the_memberships": f"UPDATE visits_participation SET organisation_id = (SELECT id FROM team_organisation o WHERE o.id <> visits_participation.organisation_id LIMIT 1) WHERE encounter_id = {RUNNING}",
    "open_invitation_has_encounter": "UPDATE visits_invitation SET state = 'open', answered_at = NULL WHERE state = 'withdrawn'",
    "who_came_took_part": "UPDATE visits_invitation SET invited_id = by_id, by_id = invited_id, visit_id = (SELECT visit_id FROM visits_encounter WHERE ended_at IS NULL) WHERE state = 'accepted'",
    "client_agreed_to_be_recorded": "DELETE FROM clients_consent",
    "share_says_to_whom_and_what": "UPDATE clients_consent SET purpose = 'share' WHERE purpose = 'contact'",
    "merged_is_away": "UPDATE clients_mergerecord SET gone_id = kept_id",
    "who_is_near_answers_for_nobody": "UPDATE clients_recusal SET user_id = (SELECT user_id FROM team_membership m JOIN clients_responsibility r ON r.membership_id = m.id WHERE r.client_id = clients_recusal.client_id AND r.ended_at IS NULL)",
    "companion_may_sign_in": "UPDATE team_user SET is_active = false WHERE id IN (SELECT m.user_id FROM team_membership m JOIN clients_companion c ON c.membership_id = m.id)",
    "step_is_of_its_plan": "UPDATE clients_planstep SET goal_id = (SELECT g.id FROM clients_goal g WHERE g.plan_id <> clients_planstep.plan_id LIMIT 1)",
    "approved_version_is_kept": "UPDATE clients_planversion SET undone_at = approved_at",
    "reminder_is_of_one_person": "INSERT INTO clients_reminder (id, kind, audience, subject_id, point_id, client_id, plan_id, since_at, due_on, raised_at, how) SELECT gen_random_uuid(), 'plan_review', 'responsible', p.id, p.point_id, o.client_id, p.id, p.opened_at, current_date, now(), '' FROM clients_plan p JOIN clients_plan o ON o.id <> p.id",
    "followed_up_is_of_one_person": "UPDATE clients_followup SET client_id = (SELECT c.id FROM clients_client c WHERE c.id <> clients_followup.client_id LIMIT 1)",
    "asked_and_answered_is_of_one_person": ASKED,
    "one_answers_at_a_time": "UPDATE clients_responsibility SET since_at = since_at - interval '1 minute' WHERE ended_at IS NULL",
    "who_accepted_answers": "DELETE FROM clients_responsibility WHERE ended_at IS NULL",
    "offered_by_who_answers": "UPDATE clients_responsibility SET ended_at = since_at WHERE ended_at IS NULL",
    "referral_status_is_last_event": "UPDATE clients_referralevent SET undone_at = at WHERE status = 'received'",
    "answered_after_sent": "UPDATE clients_referral SET sent_at = answered_at + interval '1 hour'",
    "answers_are_counted_by_device": "UPDATE feedback_deviceday SET answers = answers + 1",
    "faces_answer_questions": "UPDATE feedback_response SET faces = '{\"kohtaaminen\": 6}'",
    "figures_equal_the_rows": "UPDATE reports_dailyfigure SET n = n + 1 WHERE figure = 'visits'",
    "figures_have_their_stamp": "DELETE FROM reports_aggregatedday",
}  # fmt: skip


@pytest.mark.parametrize("code", CORRUPTIONS)
def test_a_planted_corruption_is_found_and_named(as_owner: None, code: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(CORRUPTIONS[code])
        assert cursor.rowcount > 0
    found = {rule.code: rule for rule in broken()}
    assert code in found
    assert found[code].rows


def test_the_command_exits_with_one(played: House) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE visits_daycounter SET last = 99")
    with pytest.raises(SystemExit) as end:
        call_command("check_consistency", stdout=io.StringIO())
    assert end.value.code == 1
    assert Visit.objects.exists()
