"""A person's visits on the person's page, and what a leaving colleague leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from clients.actions import consent as consents
from clients.actions.client import Person, record_person
from clients.actions.consent import Given, load_consent_texts
from clients.models import Client, Consent
from clients.models.consent import Purpose
from team import departure
from visits import known, past
from visits.actions import encounters, guidance, identity
from visits.actions.departing import WithAVisitor
from visits.models import Invitation, Visit

if TYPE_CHECKING:
    from django.test import RequestFactory

    from team.access import Member
    from tests.factories.visits import House


def person(house: House) -> Client:
    load_consent_texts(at=house.now)
    return record_person(Person(name="Aino Esimerkki"), by=house.desk, at=house.now, consent=Given())


def seen_by(reader: Member) -> Client:
    return Client.objects.visible_to(reader).get()


def asked_by(rf: RequestFactory, reader: Member) -> Any:
    request = rf.get("/")
    request.member = reader  # type: ignore[attr-defined]  # as `requires` sets it
    return request


def test_a_person_page_lists_the_visits_and_only_the_readers_own_steps(house: House, rf: RequestFactory) -> None:
    advisor, other = house.advisor(), house.advisor()
    client = person(house)
    encounter = house.in_service(advisor)
    identity.join_client(encounter.visit, client, by=advisor, at=house.now)
    guidance.agree_step(encounter, what="Soita opinto-ohjaajalle", by=advisor, at=house.now)
    for reader, sees in ((advisor, True), (other, False)):
        text = past.of_person(asked_by(rf, reader), seen_by(reader))
        assert "Tyonhaku" in text
        assert ("Soita opinto-ohjaajalle" in text) == sees


@pytest.mark.parametrize(("contents", "tells"), [(["contact", "situation"], False), (["guidance"], True)])
def test_an_organisation_learns_of_visits_only_when_the_person_agreed_to_tell_of_guidance(
    house: House, rf: RequestFactory, contents: list[str], tells: bool
) -> None:
    """The consent to be recorded has run out; the one to tell the partner, who sits at the same point, has not."""
    advisor, partner = house.advisor(), house.advisor(partner=True)
    client = person(house)
    visit = house.in_service(advisor).visit
    identity.join_client(visit, client, by=advisor, at=house.now)
    encounters.finish(visit, result=house.result(), by=advisor, at=house.now)
    theirs = partner.membership.organisation
    share = {"by": house.desk, "at": house.now, "purpose": Purpose.SHARE, "given": Given()}
    consents.give_consent(client, organisation=theirs, contents=contents, **share)
    Consent.objects.filter(purpose=Purpose.RECORD).update(expires_on=house.now.date() - timedelta(days=1))
    assert ("Tyonhaku" in past.of_person(asked_by(rf, partner), seen_by(partner))) == tells
    shown = known.person(partner, client.pk, without=uuid4())
    assert not shown.is_team
    assert bool(shown.earlier) == tells


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
