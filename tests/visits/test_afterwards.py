"""A colleague asked for afterwards: the visitor really goes on to them in the old place, and it can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories.team import at
from tests.factories.visits import House
from visits import desk
from visits.actions import calling, encounters, undo
from visits.models import Invitation, Visit, VisitEvent

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """A little after eleven on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 30).isoformat())


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def asked(house: House, advisor: Any, colleague: Any) -> Invitation:
    visit = house.in_service(advisor).visit
    return encounters.invite(visit, colleague.membership, mode="after", by=advisor, at=at(11, 1), client_agreed=True)


def test_finishing_my_part_gives_the_visitor_to_the_colleague_in_the_old_place(house: House) -> None:
    advisor, colleague, later = house.advisor(), house.advisor(partner=True), house.arrive(at(11, 2))
    visit = asked(house, advisor, colleague).visit
    client = browser(advisor)
    page = client.get("/oma-kaynti/").content.decode()
    assert 'data-testid="visit-following"' in page
    assert 'data-testid="visit-result-riitti"' not in page
    answer = client.post(f"/kaynnit/{visit.pk}/paata/", {"notes": "Jatkuu kollegalla"}, headers=PART)
    assert answer.status_code == 200
    assert colleague.user.first_name in answer.content.decode()
    now = Visit.objects.get(pk=visit.pk)
    assert (now.state, now.asks_for_id, now.result) == (Visit.State.WAITING, colleague.membership_id, None)
    assert now.queued_at == visit.queued_at < later.queued_at
    assert calling.call_next(by=colleague, at=at(11, 6), day=house.day).pk == visit.pk
    encounters.start(now, by=colleague, at=at(11, 7))
    assert Invitation.objects.get().state == Invitation.State.ACCEPTED
    encounters.finish(now, result=house.result(), by=colleague, at=at(11, 20))
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.DONE
    assert [row.participations.count() for row in visit.encounters.all()] == [1, 1]


def test_nobody_else_is_proposed_the_visitor_who_waits_by_name(house: House) -> None:
    advisor, colleague, third = house.advisor(), house.advisor(), house.advisor()
    visit = asked(house, advisor, colleague).visit
    encounters.finish(visit, result=None, by=advisor, at=at(11, 5))
    with pytest.raises(calling.NobodySuitable):
        calling.call_next(by=third, at=at(11, 6), day=house.day)


def test_the_undo_brings_the_visitor_back_to_me_with_the_colleague_still_to_come(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    visit = asked(house, advisor, colleague).visit
    encounters.finish(visit, result=None, by=advisor, at=at(11, 5))
    event = VisitEvent.objects.get(visit=visit, kind="handed_over")
    assert browser(advisor).post(f"/oma-kaynti/kumoa/{event.pk}/", headers=PART).status_code == 200
    assert encounters.running(visit) is not None
    assert encounters.next_colleague(visit).invited_id == colleague.membership_id  # type: ignore[union-attr]  # asserted
    encounters.finish(visit, result=None, by=advisor, at=at(11, 9))
    started = Visit.objects.get(pk=visit.pk)
    calling.call_in(started, by=colleague, at=at(11, 10))
    encounters.start(started, by=colleague, at=at(11, 11))
    undo.undo(
        VisitEvent.objects.get(visit=visit, who=colleague.membership, kind="started"), by=colleague, at=at(11, 12)
    )
    assert Invitation.objects.get().state == Invitation.State.OPEN


def test_the_colleague_promises_and_both_see_it(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    invitation = asked(house, advisor, colleague)
    theirs = browser(colleague)
    answer = theirs.post(f"/kutsut/{invitation.pk}/tulen/", headers=PART)
    assert answer.status_code == 200
    assert Invitation.objects.get().state == Invitation.State.PROMISED
    assert 'data-testid="asked-come"' not in theirs.get("/oma-kaynti/").content.decode()
    assert theirs.post(f"/kutsut/{invitation.pk}/tulen/", headers=PART).status_code == 409
    assert Visit.objects.get(pk=invitation.visit_id).state == Visit.State.IN_SERVICE
    assert colleague.user.name in browser(advisor).get("/oma-kaynti/").content.decode()


def test_a_colleague_who_cannot_come_after_all_lets_anybody_call_the_visitor(house: House) -> None:
    advisor, colleague, third = house.advisor(), house.advisor(), house.advisor()
    invitation = asked(house, advisor, colleague)
    encounters.promise(invitation, by=colleague, at=at(11, 2))
    encounters.finish(invitation.visit, result=None, by=advisor, at=at(11, 5))
    assert browser(colleague).post(f"/kutsut/{invitation.pk}/en-paase/", headers=PART).status_code == 200
    assert calling.call_next(by=third, at=at(11, 6), day=house.day).pk == invitation.visit_id


def test_a_bar_that_promised_somebody_who_declined_asks_for_the_result_again(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    invitation = asked(house, advisor, colleague)
    encounters.decline(invitation, by=colleague, at=at(11, 2))
    client = browser(advisor)
    answer = client.post(f"/kaynnit/{invitation.visit_id}/paata/", headers=PART)
    assert answer.status_code == 422
    assert 'data-testid="visit-result-riitti"' in answer.content.decode()
    stale = client.get(f"/kaynnit/{invitation.visit_id}/osa/tiimi/?jatkaa={invitation.pk}", headers=PART)
    assert 'id="visit-paatos"' in stale.content.decode()
    fresh = client.get(f"/kaynnit/{invitation.visit_id}/osa/tiimi/?jatkaa=", headers=PART)
    assert 'id="visit-paatos"' not in fresh.content.decode()


def test_two_colleagues_asked_for_afterwards_come_in_the_order_of_asking(house: House) -> None:
    advisor, first, second = (house.advisor() for _ in range(3))
    visit = asked(house, advisor, first).visit
    encounters.invite(visit, second.membership, mode="after", by=advisor, at=at(11, 3))
    for after, colleague in ((5, first), (15, second)):
        encounters.finish(visit, result=None, by=advisor if colleague is first else first, at=at(11, after))
        waiting = calling.call_next(by=colleague, at=at(11, after + 1), day=house.day)
        encounters.start(waiting, by=colleague, at=at(11, after + 2))
    encounters.finish(visit, result=house.result(), by=second, at=at(11, 25))
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.DONE


def test_a_pause_keeps_the_colleague_and_a_hand_over_replaces_them(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    visit = asked(house, advisor, colleague).visit
    calling.pause(visit, by=advisor, at=at(11, 3))
    assert Invitation.objects.get().state == Invitation.State.OPEN
    calling.bring_back(visit, by=house.desk, at=at(11, 8))
    calling.call_in(visit, by=advisor, at=at(11, 9))
    encounters.start(visit, by=advisor, at=at(11, 10))
    encounters.hand_over(visit, by=advisor, at=at(11, 12), to=house.advisor().membership)
    assert Invitation.objects.get().state == Invitation.State.WITHDRAWN


def test_the_desk_shows_who_goes_on_afterwards_and_for_whom_the_visitor_waits(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    visit = asked(house, advisor, colleague).visit
    person = next(one for one in desk.read(house.desk, at=at(11, 5)).people if one.visit)
    assert person.following == colleague.user.first_name
    encounters.finish(visit, result=None, by=advisor, at=at(11, 6))
    page = browser(house.desk).get("/tanaan/").content.decode()
    assert colleague.user.first_name in page
    row = desk.read(house.desk, at=at(11, 7)).rows[0]
    assert row.waits_for == colleague.user.first_name
    assert row.match.best is not None
    assert row.match.best.membership_id == colleague.membership_id


def test_what_is_read_aloud_before_asking_for_afterwards_says_that_the_record_stays(house: House) -> None:
    advisor, partner = house.advisor(), house.advisor(partner=True)
    visit = house.in_service(advisor).visit
    client = browser(advisor)
    together = client.get(f"/kaynnit/{visit.pk}/mukaan/{partner.membership_id}/", headers=PART).content.decode()
    after = client.get(f"/kaynnit/{visit.pk}/mukaan/{partner.membership_id}/?tapa=after", headers=PART).content.decode()
    assert "näkee tämän käynnin ohjauksen" in together
    assert "Säilytät paikkasi jonossa" in after
    assert "näkee tämän käynnin ohjauksen" not in after
