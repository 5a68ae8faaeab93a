"""Self-assessments, outcomes and follow-ups."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import instrument as instruments
from clients.actions import link as links
from clients.actions import outcome as outcomes
from clients.actions.consent import Given
from clients.models import AssessmentAsk, Client, FollowUp, InstrumentVersion, Outcome, OutcomeType, SelfAssessment
from clients.models.consent import Purpose
from tests.addresses.people import person
from tests.addresses.registry import page, press
from tests.factories.team import at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor


def situation() -> InstrumentVersion:
    """The product's own instrument of eight areas."""
    instruments.load_shipped(at=at(9))
    return InstrumentVersion.objects.on_offer().get(instrument__key="tilanne")


def filled(house: House, who: Any) -> SelfAssessment:
    """Somebody on file has told their own view."""
    return assessments.record_assessment(person(who), situation(), {"suunta": 3}, by=who, at=house.now)


def asked(who: Any, known: Client) -> AssessmentAsk:
    """A service ended for somebody on file."""
    situation()
    with as_actor(who.actor):
        assessments.ask_after_service(known, None, at(10))
    return AssessmentAsk.objects.get(client=known)


def came_of(house: House, who: Any) -> Outcome:
    """Somebody on file has got work."""
    instruments.load_outcome_types(at=at(9))
    kind = OutcomeType.objects.get(code="tyo")
    return outcomes.record_outcome(person(who), kind, since_on=house.now.date(), known="told", by=who, at=house.now)


def due(house: House, who: Any) -> FollowUp:
    """A month ago somebody on file, who may be contacted, got work."""
    known = person(who)
    consents.give_consent(known, by=who, at=at(10), purpose=Purpose.CONTACT, given=Given())
    instruments.load_outcome_types(at=at(9))
    long_ago = house.now - timedelta(days=35)
    kind = OutcomeType.objects.get(code="tyo")
    outcomes.record_outcome(known, kind, since_on=long_ago.date(), known="told", by=who, at=long_ago)
    return FollowUp.objects.get(client=known, months=1)


@page("clients:assessments")
def change(house: House, who: Any) -> list[Any]:
    return [filled(house, who).client_id]


@press("clients:assessment_fill")
def fill(house: House, who: Any) -> Any:
    known, version = person(who), situation()
    told = {"version": version.number, "language": "fi", "filled_on": "2026-11-18", "area-0": "4", "area-6": "3"}
    return [known.pk, version.instrument.key], told


@press("clients:assessment_hand")
def hand(house: House, who: Any) -> Any:
    return [person(who).pk, situation().instrument.key], {"read_in": "fi"}


@press("clients:assessment_link")
def ask_by_link(house: House, who: Any) -> Any:
    return [person(who).pk, situation().instrument.key], {"read_in": "fi", "way": "show"}


def questions_to(house: House, who: Any) -> links.Issued:
    """Somebody on file may tell their own view by a link."""
    return links.issue_questions(person(who), situation(), by=who, at=house.now, language="fi")


@press("clients:assessment_link_end")
def end_link(house: House, who: Any) -> Any:
    return [questions_to(house, who).row.pk], {}


@press("clients:link_questions")
def answer_by_link(house: House, who: Any) -> Any:
    """The person answers one area."""
    issued = questions_to(house, house.advisor())
    return [issued.token], {"language": "fi", "area": "suunta", "answer": "3"}


@press("clients:assessment_undo")
def undo(house: House, who: Any) -> Any:
    return [filled(house, who).pk], {}


@press("clients:assessment_leave_out")
def leave_out(house: House, who: Any) -> Any:
    return [asked(who, person(who)).pk], {}


@press("clients:outcome_record")
def record(house: House, who: Any) -> Any:
    instruments.load_outcome_types(at=at(9))
    return [person(who).pk], {"kind": "tyo", "since_on": "2026-11-02", "known": "told"}


@press("clients:outcome_end")
def end(house: House, who: Any) -> Any:
    return [came_of(house, who).pk], {"ended_on": "2026-11-18"}


@press("clients:outcome_undo")
def undo_outcome(house: House, who: Any) -> Any:
    return [came_of(house, who).pk], {}


@press("clients:follow_up_same")
def same(house: House, who: Any) -> Any:
    return [due(house, who).pk], {}


@press("clients:follow_up_unknown")
def unknown(house: House, who: Any) -> Any:
    return [due(house, who).pk], {}


@press("clients:follow_up_reopen")
def reopen(house: House, who: Any) -> Any:
    row = due(house, who)
    return [outcomes.answer_follow_up(row, "same", by=who, at=house.now).pk], {}
