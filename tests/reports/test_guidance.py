"""How guidance is given: contacts by way, help with digital services, plans by phase; the same after an erasure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import erasure
from clients.actions import instrument as instruments
from clients.actions import plan as plans
from clients.actions import reminder as reminders
from clients.models import Client, Consent, InstrumentVersion
from reports import guidance
from reports.guidance import Standing
from reports.models import KeptMonth
from reports.tables import HIDDEN
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from visits.actions import calling, encounters, identity
from visits.models import Invitation

Sign = Callable[[Any], Browser]
NOW = at(12)
LAST_SUMMER = NOW - timedelta(days=120)


def test_contacts_are_split_by_way_and_few_are_hidden_with_what_would_reveal_them() -> None:
    counts = {("contact", "phone"): 20, ("contact", "desk"): 9, ("contact", "video"): 2}
    rows = guidance.contacts(counts).rows
    assert [row[1] for row in rows] == [HIDDEN, 20, HIDDEN, 0, 0, 0, "31"]
    assert rows[1][2] == "65\u00a0%"
    assert guidance.contacts({("contact", "phone"): 4}).rows == []


@pytest.mark.parametrize(
    ("assisted", "alone", "told"), [(8, 12, "8"), (3, 12, HIDDEN), (12, 3, HIDDEN), (0, 9, "0"), (2, 1, HIDDEN)]
)
def test_the_share_that_needs_help_is_told_where_nobody_can_be_recognised(assisted: int, alone: int, told: Any) -> None:
    table = guidance.digital({("digital", "assisted"): assisted, ("digital", "alone"): alone})
    assert table.rows[0][1] == told
    assert table.rows[1][1] == (HIDDEN if assisted + alone < 5 else str(assisted + alone))


def test_plans_are_told_by_model_and_phase_with_the_median_of_days() -> None:
    rows = [
        Standing("job_first", "", 40, 3),
        Standing("job_first", "skills", 10, 4),
        Standing("job_first", "search", 30, 12),
        Standing("job_first", "start", 5, 2),
        Standing("manager_3_6", "first", 5, 4),
    ]
    (table,) = guidance.phases(rows)
    assert [row[1] for row in table.rows] == [HIDDEN, "10", HIDDEN, "0"]
    assert table.rows[1][2] == "30"


def test_a_plan_that_nobody_moved_stands_in_the_first_phase() -> None:
    (table,) = guidance.phases([Standing("", "", 40, 3), Standing("", "meet", 10, 4)])
    assert table.rows[0][1:] == ("5", "10")


# --- through the walls ------------------------------------------------------------------------------------------------


@pytest.fixture
def anna(monkeypatch: pytest.MonkeyPatch, db: None) -> Member:
    """An advisor, on a Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    return Member(MembershipFactory())


@pytest.fixture
def leader(anna: Member) -> Member:
    """Who leads the point."""
    return Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))


@pytest.fixture
def asked(db: None) -> InstrumentVersion:
    """The three questions on using services online."""
    instruments.load_shipped(at=NOW)
    return InstrumentVersion.objects.newest().get(instrument__key="digi")


def counts(reader: Member) -> dict[tuple[str, str], int]:
    with as_actor(reader.actor):
        return dict(guidance.monthly(reader.point_id, at=NOW))


def lived(anna: Member, asked: InstrumentVersion, number: int) -> Client:
    """Somebody with contacts of three ways, one of them taken back, and two fillings-in, of which the first counts."""
    person = person_on_file(anna, name=f"Aino Koe{number}", moment=LAST_SUMMER)
    for mode in ("phone", "outreach"):
        reminders.note_contact(person, mode=mode, by=anna, at=LAST_SUMMER)
    reminders.undo_contact(reminders.note_contact(person, mode="video", by=anna, at=LAST_SUMMER), by=anna, at=NOW)
    for moment, value in ((LAST_SUMMER, 0), (LAST_SUMMER + timedelta(days=20), 2)):
        scores = {"laite": 2, "asiointi": value}
        assessments.record_assessment(person, asked, scores, by=anna, at=moment, filled_at=moment)
    return person


def test_contacts_and_answers_are_counted_once_at_their_own_point(
    anna: Member, leader: Member, asked: InstrumentVersion
) -> None:
    lived(anna, asked, 1)
    told = {("contact", "phone"): 1, ("contact", "outreach"): 1, ("digital", "assisted"): 1}
    assert counts(leader) == counts(anna) == told
    assert counts(Member(MembershipFactory(role=Role.MANAGER))) == {}
    assert counts(Member(MembershipFactory(point=anna.membership.point, role=Role.FRONT_DESK))) == {}


def visited(house: House, by: Member, person: Client, hour: int, *others: Member) -> None:
    """The person visits and meets one or more colleagues."""
    visit = house.arrive(at(hour))
    calling.call_in(visit, by=by, at=at(hour, 5))
    encounters.start(visit, by=by, at=at(hour, 6))
    identity.join_client(visit, person, by=by, at=at(hour, 7))
    for other in others:
        asked = encounters.invite(
            visit, other.membership, mode=Invitation.Mode.TOGETHER, by=by, at=at(hour, 8), client_agreed=True
        )
        encounters.come_along(asked, by=other, at=at(hour, 9))
    encounters.finish(visit, result=house.result(), by=by, at=at(hour, 36))


def test_a_visit_is_of_the_same_colleague_when_one_of_them_was_there_before(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURES_FILE = str(tmp_path / "erasures.txt")
    later = at(12, on=date(2027, 1, 20))
    anna, bo = house.advisor(), house.advisor(partner=True)
    person = person_on_file(anna, moment=at(10))
    visited(house, anna, person, 11)
    visited(house, bo, person, 12, anna)
    visited(house, anna, person, 13)
    visited(house, bo, person, 14)
    visited(house, anna, person_on_file(anna, name="Toinen", moment=at(10)), 15)
    leader = Member(MembershipFactory(point=house.point, role=Role.MANAGER))
    monkeypatch.setenv("TYOPARKKI_NOW", later.isoformat())

    def told() -> tuple[dict[tuple[str, str], int], tuple[int, float]]:
        with as_actor(leader.actor):
            return dict(guidance.monthly(leader.point_id, at=later)), guidance.lengths(at=later)

    before = told()
    assert before == ({("continuity", "same"): 2, ("continuity", "other"): 1}, (5, 30.0))
    erasure.erase(person.pk, at=later, why="asked", using="default")
    assert told() == before


def test_continuity_is_told_beside_the_length_and_few_are_hidden() -> None:
    counts = {("continuity", "same"): 30, ("continuity", "other"): 10}
    assert [row[1] for row in guidance.continuity(counts, 50, 31.6).rows] == ["30", "32"]
    few = {("continuity", "same"): 30, ("continuity", "other"): 2}
    assert [row[1] for row in guidance.continuity(few, 4, 31.6).rows] == [HIDDEN, HIDDEN]
    assert guidance.continuity({}, 0, 0.0).rows == []


def test_whoever_took_the_consent_back_is_in_no_figure_of_what_they_answered(
    anna: Member, leader: Member, asked: InstrumentVersion
) -> None:
    person = lived(anna, asked, 1)
    consents.withdraw_consent(Consent.objects.get(client=person, purpose="record"), by=anna, at=NOW)
    assert ("digital", "assisted") not in counts(leader)


def test_the_figures_of_months_past_are_the_same_after_an_erasure(
    anna: Member, leader: Member, asked: InstrumentVersion, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURES_FILE = str(tmp_path / "erasures.txt")
    people = [lived(anna, asked, number) for number in (1, 2)]
    before = counts(leader)
    for person in people:
        erasure.erase(person.pk, at=NOW, why="asked", using="default")
    assert counts(leader) == before
    assert set(KeptMonth.objects.values_list("n", flat=True)) == {2}
    erasure.erase(people[0].pk, at=NOW, why="asked", using="default")
    assert counts(leader) == before


def test_the_page_tells_and_hides(anna: Member, leader: Member, asked: InstrumentVersion, client_for: Sign) -> None:
    empty = client_for(leader).get("/raportit/ohjaustyo/").content.decode()
    assert "alle 5 yhteydenottoa" in empty
    for number in range(6):
        plans.open_plan(lived(anna, asked, number), goal="Haluan töihin", by=anna, at=NOW - timedelta(days=9))
    text = client_for(leader).get("/raportit/ohjaustyo/").content.decode()
    assert "Puhelimella" in text or "Puhelimitse" in text
    assert "Tutustuminen" in text
    assert "Aino Koe" not in text
