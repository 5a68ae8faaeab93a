"""Half-typed steps and reasons live on the server until they are sent; a draft that comes late stays away."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from services.models import Service
from tests.factories.clients import ServiceRowFactory
from tests.factories.team import OrganisationFactory, at
from tests.factories.visits import House
from visits.models import AgreedStep, Draft, Encounter

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def keep(client: Client, encounter: Encounter, word: str, key: object, **typed: str) -> int:
    url = f"/kaynnit/{encounter.visit_id}/luonnos/{word}/"
    return client.post(url, {"submission_key": key, **typed}, headers=PART).status_code


def test_a_half_typed_step_is_there_again_after_a_reload_with_the_key_it_will_be_sent_by(house: House) -> None:
    advisor = house.advisor()
    encounter, client, key = house.in_service(advisor), browser(advisor), uuid4()
    assert keep(client, encounter, "askel", key, what="Soita oppi", who="visitor", due_on="2026-12-01") == 204
    assert (
        keep(client, encounter, "askel", key, what="Soita oppilaitokseen ", who="partner", due_on="2026-12-01") == 204
    )
    page = client.get("/oma-kaynti/").content.decode()
    assert 'value="Soita oppilaitokseen "' in page
    assert 'value="2026-12-01"' in page
    assert '<option value="partner" selected>' in page
    assert str(key) in page
    assert Draft.objects.count() == 1


def test_sending_ends_the_draft_and_a_draft_that_comes_late_does_not_bring_it_back(house: House) -> None:
    advisor = house.advisor()
    encounter, client, key = house.in_service(advisor), browser(advisor), uuid4()
    keep(client, encounter, "askel", key, what="Soita", who="visitor")
    form = {"submission_key": key, "what": "Soita", "who": "visitor"}
    for _press in range(2):
        assert client.post(f"/kaynnit/{encounter.visit_id}/askeleet/", form, headers=PART).status_code == 200
    assert keep(client, encounter, "askel", key, what="Soita", who="visitor") == 204
    assert not Draft.objects.exists()
    assert AgreedStep.objects.count() == 1


def test_the_end_of_one_step_leaves_the_next_one_that_is_already_being_typed(house: House) -> None:
    advisor = house.advisor()
    encounter, client, first, second = house.in_service(advisor), browser(advisor), uuid4(), uuid4()
    keep(client, encounter, "askel", second, what="Toinen", who="visitor")
    form = {"submission_key": first, "what": "Ensimmäinen", "who": "visitor"}
    client.post(f"/kaynnit/{encounter.visit_id}/askeleet/", form, headers=PART)
    assert keep(client, encounter, "askel", first, what="", who="visitor") == 204
    assert Draft.objects.get().typed["what"] == "Toinen"


def test_a_reason_of_a_referral_is_kept_until_the_referral_is_made(house: House) -> None:
    advisor = house.advisor()
    service: Service = ServiceRowFactory(organisation=OrganisationFactory())
    encounter, client, key = house.in_service(advisor), browser(advisor), uuid4()
    assert keep(client, encounter, "ohjaus", key, reason="Kaipaa rytmiä", visitor_contacts="1") == 204
    page = client.get("/oma-kaynti/").content.decode()
    assert 'value="Kaipaa rytmiä"' in page
    assert "checked" in page.split('name="visitor_contacts"')[1][:30]
    form = {"submission_key": key, "found": service.pk, "reason": "Kaipaa rytmiä"}
    assert client.post(f"/kaynnit/{encounter.visit_id}/ohjaa/", form, headers=PART).status_code == 200
    assert not Draft.objects.exists()


def test_where_the_link_goes_is_kept_too_but_a_language_alone_is_no_draft(house: House) -> None:
    advisor = house.advisor()
    encounter, client, key = house.in_service(advisor), browser(advisor), uuid4()
    keep(client, encounter, "ohjaus", key, language="sv")
    assert not Draft.objects.exists()
    typed = {"recipient_email": "paja@paja.example", "recipient_phone": "040 000", "language": "sv"}
    assert keep(client, encounter, "ohjaus", key, **typed) == 204
    page = client.get("/oma-kaynti/").content.decode()
    assert 'value="paja@paja.example"' in page
    assert 'value="040 000"' in page
    assert '<option value="sv" selected>' in page


def test_emptied_fields_take_the_draft_away_and_ready_made_choices_alone_are_no_draft(house: House) -> None:
    advisor = house.advisor()
    encounter, client, key = house.in_service(advisor), browser(advisor), uuid4()
    keep(client, encounter, "askel", key, what="Soita", who="visitor")
    keep(client, encounter, "askel", key, what="  ", who="partner")
    assert not Draft.objects.exists()


def test_only_the_writer_sees_a_draft_and_only_those_of_the_visit_write_one(house: House) -> None:
    advisor, other = house.advisor(), house.advisor()
    encounter = house.in_service(advisor)
    keep(browser(advisor), encounter, "askel", uuid4(), what="Salainen ajatus", who="visitor")
    assert keep(browser(other), encounter, "askel", uuid4(), what="Vieras") == 404
    assert keep(browser(advisor), encounter, "muu", uuid4(), what="x") == 404
    assert keep(browser(advisor), encounter, "askel", "ei avain", what="x") == 404
    assert "Salainen ajatus" not in browser(other).get("/oma-kaynti/").content.decode()
    Encounter.objects.get(pk=encounter.pk).participations.create(
        membership=other.membership, organisation=other.membership.organisation, joined_at=at(11, 5)
    )
    theirs = browser(other).get("/oma-kaynti/").content.decode()
    assert 'data-testid="visit-step-add"' in theirs
    assert "Salainen ajatus" not in theirs


def test_the_page_without_script_shows_the_reason_again_when_no_service_was_chosen(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    answer = browser(advisor).post(f"/kaynnit/{encounter.visit_id}/ohjaa/", {"reason": "Kaipaa rytmiä"})
    assert answer.status_code == 422
    assert 'value="Kaipaa rytmiä"' in answer.content.decode()
