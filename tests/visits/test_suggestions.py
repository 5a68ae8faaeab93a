"""A suggestion says why and for whom; one that does not suit is put aside with a reason and stays away."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from services.matching import for_whom
from services.models import Service
from team.models import Topic
from tests.factories.services import ServiceFactory
from tests.factories.team import PointFactory, at
from tests.factories.visits import House
from tyoparkki.models import AuditEvent
from visits.models import Encounter, Guidance

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def screen_of(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


@pytest.fixture
def service(house: House) -> Service:
    """Something that is suggested to everybody who comes for work."""
    Topic.objects.filter(point=house.point, code="tyonhaku").update(service_classes=["P10.7"])
    terms = {"fi": "Sinulla on lähete.", "sv": "Du har remiss.", "en": "You have a referral."}
    made: Service = ServiceFactory(names={"fi": "Paja Malli"}, target_groups=["KR1", "KR1.3"], requirements=terms)
    return made


def test_a_suggestion_tells_everybody_why_and_for_whom(house: House, service: Service) -> None:
    advisor = house.advisor()
    house.in_service(advisor)
    html = screen_of(advisor).get("/oma-kaynti/").content.decode()
    row = html.split('data-testid="visit-suggestion"')[1].split('data-testid="visit-aside"')[0]
    assert "Sopii aiheeseen" in row
    assert 'class="sr"' not in row
    assert "Nuoret. Sinulla on lähete." in row


def test_whom_a_service_is_for_is_told_as_far_as_the_catalogue_knows() -> None:
    assert for_whom(Service(target_groups=["KR1", "KR2"], requirements={})) == ""
    assert for_whom(Service(target_groups=["KR1.6", "KR9.9"], requirements={})) == "Vammaiset"


def aside(house: House, advisor: Any, encounter: Encounter, service: Service, **more: Any) -> Any:
    reason = house.point.terms.get(kind="aside", code="ei_halua")
    url = f"/kaynnit/{encounter.visit_id}/ehdotukset/{service.pk}/sivuun/"
    return screen_of(advisor).post(url, {"reason": reason.pk, **more}, headers=PART)


def test_what_is_put_aside_stays_away_during_the_visit_and_comes_back_by_one_press(
    house: House, service: Service
) -> None:
    advisor = house.advisor()
    encounter, key = house.in_service(advisor), uuid4()
    for _ in range(2):
        answer = aside(house, advisor, encounter, service, submission_key=key)
        assert answer.status_code == 200
    html = answer.content.decode()
    assert 'data-testid="visit-suggestion"' not in html
    assert "(ei_halua)" in html
    assert Guidance.objects.get(pk=encounter.pk).put_aside == [{"service": str(service.pk), "reason": "ei_halua"}]
    assert AuditEvent.objects.get(verb="suggestion.put_aside").reason == "ei_halua"
    screen, url = screen_of(advisor), f"/kaynnit/{encounter.visit_id}/"
    assert 'data-testid="visit-suggestion"' not in screen.get("/oma-kaynti/").content.decode()
    back = screen.post(f"{url}ehdotukset/{service.pk}/takaisin/", headers=PART).content.decode()
    assert 'data-testid="visit-suggestion"' in back
    assert Guidance.objects.get(pk=encounter.pk).put_aside == []


def test_the_next_visitor_is_suggested_the_same_again(house: House, service: Service) -> None:
    first, second = house.advisor(), house.advisor()
    aside(house, first, house.in_service(first), service)
    house.in_service(second)
    assert 'data-testid="visit-suggestion"' in screen_of(second).get("/oma-kaynti/").content.decode()


def test_a_reason_is_one_of_the_points_own_words_for_it(house: House, service: Service) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    wrong = [
        house.point.terms.get(kind="refusal", code="muu").pk,
        PointFactory().terms.get(kind="aside", code="muu").pk,
        "",
    ]
    for reason in wrong:
        assert aside(house, advisor, encounter, service, reason=reason).status_code == 422
    assert Guidance.objects.get(pk=encounter.pk).put_aside == []


def test_only_those_with_the_visitor_put_aside(house: House, service: Service) -> None:
    encounter = house.in_service(house.advisor())
    assert aside(house, house.advisor(), encounter, service).status_code == 404
