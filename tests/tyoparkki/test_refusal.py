"""A refusal that no view answers is a sentence with its status, never a fault; nothing typed is lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from team.access import Member
from team.actions import day as days
from team.models import Role, ServiceDay
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from visits.actions import encounters
from visits.models import VisitTopic

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}
OTHER_CONTENT = "Lomake on jo lähetetty toisen sisältöisenä"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


def browser(who: Member) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def test_a_topic_pressed_after_the_day_is_closed_is_refused_with_a_sentence(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    encounters.finish(visit, result=house.result(), by=advisor, at=at(11, 30))
    days.mark_closed(ServiceDay.objects.get(pk=house.day.pk), by=house.desk, at=at(11, 40))
    page = browser(advisor).get(f"/kaynnit/{visit.pk}/").content.decode()
    assert re.search(r'id="topic-cv"[^>]* disabled ', page), "what the day has settled is not offered"
    answer = browser(advisor).post(
        f"/kaynnit/{visit.pk}/aihe/", {"topic": house.topic("cv").pk, "on": "1"}, headers=PART
    )
    assert answer.status_code == 409
    assert answer.headers["HX-Reswap"] == "none"
    assert "Palvelupäivä on suljettu" in answer.content.decode()
    assert not VisitTopic.objects.filter(visit=visit, topic=house.topic("cv")).exists()


@pytest.mark.parametrize(
    ("role", "path", "first", "second"),
    [
        (Role.ADVISOR, "/asetukset/", {"language": "fi"}, {"language": "sv"}),
        (Role.MANAGER, "/laitteet/", {"kind": "board", "name": "Aula"}, {"kind": "board", "name": "Ovi"}),
    ],
)
def test_a_key_used_for_other_content_answers_422_with_what_was_typed(
    house: House, role: str, path: str, first: dict[str, str], second: dict[str, str]
) -> None:
    client, key = browser(Member(MembershipFactory(point=house.point, role=role))), str(uuid4())
    assert client.post(path, first | {"submission_key": key}).status_code < 400
    page = client.post(path, second | {"submission_key": key})
    assert page.status_code == 422
    text = page.content.decode()
    assert OTHER_CONTENT in text
    assert 'data-testid="refused-again"' in text
    for name, value in second.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in text
    assert key not in text, "sent once more, it is a new sending"
    part = client.post(path, second | {"submission_key": key}, headers=PART)
    assert part.status_code == 422
    assert OTHER_CONTENT in part.content.decode()
    assert "<!doctype" not in part.content.decode()


def test_a_lone_press_that_came_too_late_leads_back_to_its_page_where_the_sentence_is_said(house: House) -> None:
    client = browser(house.desk)
    visit = house.arrive()
    event = visit.arrival.pk  # type: ignore[attr-defined]  # what an undo takes back
    undo = f"/tapahtumat/{event}/kumoa/"
    assert client.post(undo).status_code == 303
    late = client.post(undo, headers={"Referer": "http://testserver/tanaan/"})
    assert (late.status_code, late.headers["Location"]) == (303, "http://testserver/tanaan/")
    assert "Tämä on jo kumottu" in client.get("/tanaan/").content.decode()


@pytest.mark.parametrize("referer", ["", "https://muualla.example/"])
def test_from_nowhere_or_from_elsewhere_the_sentence_stands_on_a_page_of_its_own(house: House, referer: str) -> None:
    client = browser(house.desk)
    visit = house.arrive()
    undo = f"/tapahtumat/{visit.arrival.pk}/kumoa/"  # type: ignore[attr-defined]  # what an undo takes back
    client.post(undo)
    late = client.post(undo, headers={"Referer": referer})
    assert late.status_code == 409
    assert "Tämä on jo kumottu" in late.content.decode()
    assert 'href="/"' in late.content.decode()
    assert "muualla" not in late.content.decode()
