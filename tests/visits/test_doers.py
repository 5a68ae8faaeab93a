"""Each agreed step has one named doer, and at the next visit somebody asks how it went."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.factories.clients import person_on_file
from tests.factories.services import ServiceFactory
from tests.factories.team import OrganisationFactory, at
from tests.factories.visits import House
from tyoparkki.models import AuditEvent
from visits.actions import encounters, guidance, identity
from visits.models import AgreedStep, Encounter

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def screen_of(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def test_a_partners_step_is_not_agreed_before_the_partner_has_a_name(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    screen, url = screen_of(advisor), f"/kaynnit/{encounter.visit_id}/askeleet/"
    form = {"what": "Ottaa yhteyttä", "who": "partner", "benefit": "Rytmi", "submission_key": uuid4()}
    refused = screen.post(url, form | {"partner": "  "}, headers=PART)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert not AgreedStep.objects.exists()
    assert all(typed in html for typed in ("Ottaa yhteyttä", "Rytmi", 'aria-describedby="step-error"'))
    assert 'id="step-error" role="alert"' in html
    assert screen.post(url, form | {"partner": "Työpaja Alku"}, headers=PART).status_code == 200
    assert "Työpaja Alku" in screen.get("/oma-kaynti/").content.decode()
    assert "Työpaja Alku" in screen.get(f"/kaynnit/{encounter.visit_id}/muistilista/").content.decode()
    step = AgreedStep.objects.get()
    assert (step.who, step.partner, step.membership) == ("partner", "Työpaja Alku", None)


def test_no_other_way_leads_to_a_step_of_nobody(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    with pytest.raises(guidance.NobodyNamed):
        guidance.agree_step(encounter, what="Soittaa", who=AgreedStep.Who.PARTNER, by=advisor, at=house.now)
    step = guidance.agree_step(encounter, what="Soittaa", who=AgreedStep.Who.ADVISOR, by=advisor, at=house.now)
    assert step.membership == advisor.membership


def test_a_name_typed_for_the_visitors_own_step_is_not_kept(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    form = {"what": "Soittaa", "who": "visitor", "partner": "Työpaja Alku"}
    screen_of(advisor).post(f"/kaynnit/{encounter.visit_id}/askeleet/", form, headers=PART)
    assert AgreedStep.objects.get().partner == ""


def test_the_catalogue_offers_partners_by_name_and_no_address_holds_what_is_typed(house: House) -> None:
    advisor = house.advisor()
    url = f"/kaynnit/{house.in_service(advisor).visit_id}/tekijat/"
    ServiceFactory(names={"fi": "Työpaja Alku", "sv": "Verkstad", "en": "Workshop"}, indexed=True)
    OrganisationFactory(names={"fi": "Työpajayhdistys", "sv": "Föreningen", "en": "Association"})
    screen = screen_of(advisor)
    html = screen.post(url, {"q": "työpaja"}, headers=PART).content.decode()
    assert 'data-label="Työpaja Alku"' in html
    assert 'data-label="Työpajayhdistys"' in html
    assert 'aria-disabled="true"' in screen.post(url, {"q": "Maija"}, headers=PART).content.decode()
    assert screen.get(url, {"q": "työpaja"}).status_code == 405
    assert screen_of(house.advisor()).post(url, {"q": "työpaja"}, headers=PART).status_code == 404


def second_visit(house: House, first: Any, second: Any, **agreed: Any) -> tuple[AgreedStep, Encounter]:
    """Agreed with one advisor, and the same person sits with another now."""
    earlier = house.in_service(first)
    step = guidance.agree_step(earlier, what="Lähettää hakemuksen", by=first, at=house.now, **agreed)
    encounters.finish(earlier.visit, result=house.result(), by=first, at=house.now)
    person = person_on_file(first, moment=at(10))
    now = house.in_service(second)
    for sitting, by in ((earlier, first), (now, second)):
        identity.join_client(sitting.visit, person, by=by, at=house.now)
    return step, now


@pytest.mark.parametrize(("word", "status"), [("tehty", "done"), ("ei-tehty", "not_done"), ("siirtyi", "put_off")])
def test_how_a_step_went_is_one_press_at_the_next_visit_and_one_to_take_it_back(
    word: str, status: str, house: House
) -> None:
    advisor = house.advisor()
    step, now = second_visit(house, advisor, advisor)
    screen, url = screen_of(advisor), f"/kaynnit/{now.visit_id}/aiemmat-askeleet/{step.pk}/"
    assert f"{url}{word}/" in screen.get("/oma-kaynti/").content.decode()
    key = {"submission_key": uuid4()}
    told = screen.post(f"{url}{word}/", key, headers=PART).content.decode()
    screen.post(f"{url}{word}/", key, headers=PART)
    step.refresh_from_db()
    assert (step.status, step.told_by, step.told_at) == (status, advisor.membership, at(11, 5))
    assert AuditEvent.objects.filter(verb="step.told", object_id=str(step.pk)).count() == 1
    fresh, toast = told.split('<div id="toast"')
    assert f'action="{url}avoin/"' in toast
    assert (f'action="{url}tehty/"' in fresh) == (status == "put_off")
    assert step.get_status_display() in screen.get(f"/asiakkaat/{step_person(step)}/").content.decode()
    screen.post(f"{url}avoin/", headers=PART)
    step.refresh_from_db()
    assert (step.status, step.told_by, step.told_at) == ("open", None, None)


def step_person(step: AgreedStep) -> Any:
    return step.encounter.visit.client_links.get().client_id


def test_a_reader_of_the_shared_record_tells_and_others_see_no_step(house: House) -> None:
    first, reader, stranger = house.advisor(), house.advisor(), house.advisor(partner=True)
    step, now = second_visit(house, first, reader)
    url = f"/kaynnit/{now.visit_id}/aiemmat-askeleet/{step.pk}/tehty/"
    assert screen_of(reader).post(url, headers=PART).status_code == 404
    guidance.share(step.encounter, reader.membership.organisation, by=first, at=house.now)
    assert screen_of(stranger).post(url, headers=PART).status_code == 404
    assert screen_of(reader).post(url, headers=PART).status_code == 200
    step.refresh_from_db()
    assert (step.status, step.told_by) == ("done", reader.membership)


def test_a_step_of_somebody_else_or_of_todays_visit_is_not_told_here(house: House) -> None:
    advisor = house.advisor()
    step, now = second_visit(house, advisor, advisor)
    own = guidance.agree_step(now, what="Tämä käynti", by=advisor, at=house.now)
    identity.part_client(step.encounter.visit, by=advisor, at=house.now)
    for one in (own, step):
        url = f"/kaynnit/{now.visit_id}/aiemmat-askeleet/{one.pk}/tehty/"
        assert screen_of(advisor).post(url, headers=PART).status_code == 404
    assert set(AgreedStep.objects.values_list("status", flat=True)) == {"open"}


def test_a_word_that_nobody_offers_is_no_address(house: House) -> None:
    advisor = house.advisor()
    step, now = second_visit(house, advisor, advisor)
    url = f"/kaynnit/{now.visit_id}/aiemmat-askeleet/{step.pk}/ehka/"
    assert screen_of(advisor).post(url, headers=PART).status_code == 404


def test_what_was_told_has_who_and_when(house: House) -> None:
    advisor = house.advisor()
    step = guidance.agree_step(house.in_service(advisor), what="Soittaa", by=advisor, at=house.now)
    with pytest.raises(IntegrityError, match="agreed_step_told_has_who_and_when"), transaction.atomic():
        AgreedStep.objects.filter(pk=step.pk).update(status="done")
