"""A person's visits on the person's page, and what a leaving colleague leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from team import departure
from visits import past
from visits.actions import encounters, guidance, identity
from visits.actions.departing import WithAVisitor
from visits.models import Invitation, Visit

if TYPE_CHECKING:
    from django.test import RequestFactory

    from tests.factories.visits import House


def person(house: House) -> object:
    from clients.actions.client import Person, record_person
    from clients.actions.consent import Given, load_consent_texts

    load_consent_texts(at=house.now)
    return record_person(Person(name="Aino Esimerkki"), by=house.desk, at=house.now, consent=Given())


def test_a_person_page_lists_the_visits_and_only_the_readers_own_steps(house: House, rf: RequestFactory) -> None:
    advisor, other = house.advisor(), house.advisor()
    client = person(house)
    encounter = house.in_service(advisor)
    identity.join_client(encounter.visit, client, by=advisor, at=house.now)
    guidance.agree_step(encounter, what="Soita opinto-ohjaajalle", by=advisor, at=house.now)
    for reader, sees in ((advisor, True), (other, False)):
        request = rf.get("/")
        request.member = reader
        text = past.of_person(request, client)
        assert "Tyonhaku" in text
        assert ("Soita opinto-ohjaajalle" in text) == sees


def test_a_colleague_with_a_visitor_cannot_leave(house: House) -> None:
    advisor = house.advisor()
    house.in_service(advisor)
    with pytest.raises(WithAVisitor):
        departure.carry_out([advisor.membership], house.desk, house.now)


def test_a_leaving_colleagues_wishes_and_invitations_are_freed(house: House) -> None:
    leaver, host = house.advisor(), house.advisor()
    wished = house.arrive(asks_for=leaver.membership)
    encounter = house.in_service(host)
    invitation = encounters.invite(
        encounter.visit, leaver.membership, mode=Invitation.Mode.TOGETHER, by=host, at=house.now
    )
    assert departure.carry_out([leaver.membership], house.desk, house.now)["visits"] == 2
    assert Visit.objects.get(pk=wished.pk).asks_for is None
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.WITHDRAWN
