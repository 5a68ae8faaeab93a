"""Taking back: what the visitor's course was before is what it is again, whoever came and went in between."""

from __future__ import annotations

import pytest
from django.utils import translation

from team.access import Member
from team.models import User
from tests.factories.team import at
from tests.factories.visits import House
from visits.actions import calling, encounters, moves, undo
from visits.models import Encounter, Participation, Visit

pytestmark = pytest.mark.django_db


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
