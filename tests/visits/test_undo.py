"""Taking back: what the visitor's course was before is what it is again, whoever came and went in between."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from team.access import Member
from team.models import User
from tests.factories.team import OrganisationFactory, at
from tests.factories.visits import House
from visits.actions import calling, encounters, guidance, moves, undo
from visits.models import Encounter, Guidance, Participation, Visit

pytestmark = pytest.mark.django_db


def browser(who: Member) -> Client:
    """The member's browser."""
    client = Client()
    client.force_login(who.user)
    return client


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


def here(visit: Visit) -> set[object]:
    """Who is with the visitor now."""
    open_parts = Participation.objects.filter(encounter__visit=visit, ended_at__isnull=True)
    return set(open_parts.values_list("membership", flat=True))


def take_back(visit: Visit, house: House) -> Visit:
    """The last act on the visit is undone."""
    event = undo.latest(visit)
    assert event is not None
    return undo.undo(event, by=house.desk, at=at(11, 40))


def together(house: House) -> tuple[Member, Member, Encounter]:
    """An advisor and a colleague who came along."""
    advisor, guest = house.advisor(), house.advisor()
    running = house.in_service(advisor)
    asked = encounters.invite(running.visit, guest.membership, mode="together", by=advisor, at=at(11, 5))
    encounters.come_along(asked, by=guest, at=at(11, 10))
    return advisor, guest, running


def test_a_colleague_who_went_and_was_brought_back_goes_when_the_coming_is_taken_back(house: House) -> None:
    advisor, guest, running = together(house)
    encounters.step_out(running.visit, by=guest, at=at(11, 20))
    take_back(running.visit, house)
    assert here(running.visit) == {advisor.membership_id, guest.membership_id}
    take_back(running.visit, house)
    assert here(running.visit) == {advisor.membership_id}


def test_the_coming_of_the_only_one_left_is_not_taken_back(house: House) -> None:
    advisor, guest, running = together(house)
    calling.pause(running.visit, by=guest, at=at(11, 15))
    calling.call_in(house.arrive(), by=advisor, at=at(11, 20))
    take_back(running.visit, house)
    assert here(running.visit) == {guest.membership_id}
    with pytest.raises(undo.Superseded):
        take_back(running.visit, house)
    assert here(running.visit) == {guest.membership_id}


def writes(encounter: Encounter, by: Member, field: str) -> None:
    """A line in the record."""
    guidance.save(encounter, {field: "Ilta-aika sopii"}, {}, by=by, at=at(11, 15))


def saves(encounter: Encounter, _advisor: Member, guest: Member) -> None:
    """The colleague writes last."""
    writes(encounter, guest, "notes")


def saves_before_the_advisor(encounter: Encounter, advisor: Member, guest: Member) -> None:
    """The advisor writes after the colleague."""
    writes(encounter, guest, "notes")
    writes(encounter, advisor, "wish")


def agrees(encounter: Encounter, _advisor: Member, guest: Member) -> None:
    """The colleague agrees a step."""
    guidance.agree_step(encounter, what="Soita", by=guest, at=at(11, 15))


def refers(encounter: Encounter, _advisor: Member, guest: Member) -> None:
    """The colleague refers the visitor."""
    guidance.refer(encounter, organisation=OrganisationFactory(), by=guest, at=at(11, 15))


@pytest.mark.parametrize("wrote", [saves, saves_before_the_advisor, agrees, refers])
def test_the_coming_of_a_colleague_who_wrote_is_not_taken_back(
    house: House, wrote: Callable[[Encounter, Member, Member], None]
) -> None:
    advisor, guest, running = together(house)
    wrote(running, advisor, guest)
    came = undo.latest(running.visit)
    assert came is not None
    with pytest.raises(undo.Superseded):
        undo.undo(came, by=guest, at=at(11, 40))
    assert here(running.visit) == {advisor.membership_id, guest.membership_id}


def test_a_second_coming_is_taken_back_and_what_was_written_before_stays_open_to_its_writer(house: House) -> None:
    advisor, guest, running = together(house)
    writes(running, guest, "notes")
    encounters.step_out(running.visit, by=guest, at=at(11, 20))
    asked = encounters.invite(running.visit, guest.membership, mode="together", by=advisor, at=at(11, 25))
    encounters.come_along(asked, by=guest, at=at(11, 30))
    came = undo.latest(running.visit)
    assert came is not None
    undo.undo(came, by=guest, at=at(11, 40))
    assert here(running.visit) == {advisor.membership_id}
    assert Guidance.objects.visible_to(guest).filter(encounter=running).exists()


def test_whoever_comes_too_late_hears_who_called_and_to_whom(house: House) -> None:
    advisor, other, visit = house.advisor(), house.advisor(), house.arrive()
    for member, name in ((house.desk, "Kirsi Koe"), (advisor, "Osmo Koe")):
        User.objects.filter(pk=member.membership.user_id).update(name=name)
    calling.call_in(visit, by=house.desk, at=at(11, 5), whom=advisor.membership)
    with translation.override("fi"), pytest.raises(moves.TooLate) as late:
        calling.call_in(visit, by=other, at=at(11, 6))
    assert str(late.value) == "Kirsi ehti kutsua vuoron A01 klo 11.05, ohjaajana Osmo."


def test_only_who_is_with_the_visitor_pauses_the_visit(house: House) -> None:
    running = house.in_service(house.advisor())
    for other in (house.desk, house.advisor()):
        with pytest.raises(moves.TooLate):
            calling.pause(running.visit, by=other, at=at(11, 20))
    assert Visit.objects.get(pk=running.visit_id).state == Visit.State.IN_SERVICE


def started(house: House, who: Member) -> Visit:
    """A visit that has just begun."""
    return house.in_service(who).visit


def invited(house: House, who: Member) -> Visit:
    """A colleague was asked in."""
    visit = started(house, who)
    encounters.invite(visit, house.advisor().membership, mode="together", by=who, at=at(11, 5))
    return visit


def joined(house: House, who: Member) -> Visit:
    """The member came along with a colleague."""
    visit = started(house, owner := house.advisor())
    asked = encounters.invite(visit, who.membership, mode="together", by=owner, at=at(11, 5))
    return encounters.come_along(asked, by=who, at=at(11, 6))


def stepped_out(house: House, who: Member) -> Visit:
    """The member came along and went again."""
    return encounters.step_out(joined(house, who), by=who, at=at(11, 7))


def handed_over(house: House, who: Member) -> Visit:
    """The visitor waits for a colleague."""
    return encounters.hand_over(started(house, who), by=who, at=at(11, 5), to=house.advisor().membership)


def finished(house: House, who: Member) -> Visit:
    """The visit is over."""
    return encounters.finish(started(house, who), result=house.result(), by=who, at=at(11, 5))


@pytest.mark.parametrize("act", [started, invited, joined, stepped_out, handed_over, finished])
@pytest.mark.parametrize("address", ["/oma-kaynti/kumoa/{}/", "/tapahtumat/{}/kumoa/"])
def test_what_an_advisor_did_with_a_visitor_is_taken_back_by_that_advisor_alone(
    house: House, act: Callable[[House, Member], Visit], address: str
) -> None:
    owner = house.advisor()
    visit = act(house, owner)
    event = undo.latest(visit)
    assert event is not None
    for other in (house.advisor(), house.advisor(partner=True), house.desk):
        assert browser(other).post(address.format(event.pk)).status_code == 404
    assert undo.latest(visit) == event
    assert browser(owner).post(address.format(event.pk)).status_code == 303
    assert undo.latest(visit) != event


@pytest.mark.parametrize("address", ["/oma-kaynti/kumoa/{}/", "/tapahtumat/{}/kumoa/"])
def test_what_the_desk_did_is_taken_back_by_whoever_may_do_it_but_at_no_other_point(house: House, address: str) -> None:
    event = undo.latest(house.arrive())
    assert event is not None
    assert browser(House().advisor()).post(address.format(event.pk)).status_code == 404
    assert browser(house.advisor()).post(address.format(event.pk)).status_code == 303


def test_parts_that_were_taken_back_before_they_were_marked_are_marked_by_the_migration(house: House) -> None:
    _advisor, guest, running = together(house)
    take_back(running.visit, house)
    undone_start = house.in_service(house.advisor()).visit
    take_back(undone_start, house)
    marked = Participation.objects.filter(undone_at__isnull=False)
    expected = set(marked.values_list("pk", flat=True))
    assert len(expected) == 2
    assert guest.membership_id in set(marked.values_list("membership", flat=True))
    marked.update(undone_at=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("visits.migrations.0006_undone_parts_are_marked").MARK)
    assert set(marked.values_list("pk", flat=True)) == expected
