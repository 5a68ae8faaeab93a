"""Help here: pressed at any desk, seen by every colleague and by no visitor, and gone in the morning."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from team.actions import help as help_calls
from team.models import HelpCall
from tests.factories.team import at
from tests.factories.visits import House
from visits.actions import closing

PART = {"HX-Request": "true"}
SCREENS = ("/tanaan/", "/oma-kaynti/")


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_advisor_with_a_visitor_asks_for_help_in_place_and_colleagues_see_it(house: House) -> None:
    advisor, free = house.advisor(), house.advisor()
    visit = house.in_service(advisor).visit
    busy = house.in_service(house.advisor())
    client = browser(advisor)
    assert 'data-testid="call-help"' in page(client, "/oma-kaynti/")
    key = str(uuid4())
    for _press in range(2):
        answer = client.post(f"/oma-kaynti/apua/?visit={visit.pk}", {"submission_key": key}, headers=PART)
        assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<div class="vh-wrap" id="visit-paa"')
    call = HelpCall.objects.get()
    assert call.desk is not None
    for colleague in (free, busy.participations.get().membership, house.desk):
        for path in SCREENS if colleague != house.desk else SCREENS[:1]:
            shown = page(browser(colleague), path)
            assert shown.count('data-testid="help-call"') == 1
            assert advisor.user.name in shown


def test_the_callers_own_screen_says_nothing_that_the_visitor_beside_could_read(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    client = browser(advisor)
    answer = client.post(f"/oma-kaynti/apua/?visit={visit.pk}", headers=PART).content.decode()
    assert 'data-testid="help-call"' not in answer
    assert "pyytää" not in answer
    assert 'data-testid="end-help"' in answer
    back = re.search(r'action="(/oma-kaynti/apua/[^"]+)"', answer[answer.index('data-testid="toast"') :])
    assert back is not None
    undone = client.post(back[1].replace("&amp;", "&"), headers=PART)
    assert 'data-testid="call-help"' in undone.content.decode()
    assert not HelpCall.objects.filter(ended_at__isnull=True).exists()


def test_between_two_visitors_help_is_called_and_a_colleague_comes_once(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    browser(advisor).post("/oma-kaynti/apua/", headers=PART)
    call = HelpCall.objects.get()
    assert 'id="mine"' in browser(colleague).post(f"/oma-kaynti/apua/{call.pk}/loppu/", headers=PART).content.decode()
    late = browser(house.advisor()).post(f"/oma-kaynti/apua/{call.pk}/loppu/", headers=PART)
    assert late.status_code == 409
    assert 'data-testid="help-call"' not in page(browser(house.advisor()), "/oma-kaynti/")


def test_without_script_the_press_leads_back_to_the_screen(house: House) -> None:
    advisor = house.advisor()
    assert browser(advisor).post("/oma-kaynti/apua/").headers["Location"] == "/oma-kaynti/"
    visit = house.in_service(advisor).visit
    assert browser(advisor).post(f"/oma-kaynti/apua/?visit={visit.pk}").headers["Location"] == "/oma-kaynti/"
    assert browser(advisor).post("/oma-kaynti/apua/?visit=x").status_code == 404


def test_no_visitor_sees_that_somebody_asked_for_help(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    board, public = "/taulu/osa/", f"/tanaan/{house.point.slug}/"
    turn = f"/vuoro/{visit.turn.secret}/" if hasattr(visit, "turn") else public
    before = [Client().get(path).content for path in (public, turn)] + [browser(house.desk).get(board).content]
    help_calls.call_help(by=advisor, at=house.now)
    after = [Client().get(path).content for path in (public, turn)] + [browser(house.desk).get(board).content]
    assert after == before


def test_a_call_that_nobody_answered_ends_at_night_and_the_next_one_is_seen(house: House) -> None:
    advisor = house.advisor()
    old = help_calls.call_help(by=advisor, at=house.now)
    closing.end_past_days(at=at(23))
    assert HelpCall.objects.get(pk=old.pk).ended_at is None
    closing.end_past_days(at=at(3) + timedelta(days=1))
    ended = HelpCall.objects.get(pk=old.pk)
    assert (ended.ended_at, ended.ended_by) == (at(3) + timedelta(days=1), None)
    assert help_calls.call_help(by=advisor, at=house.now + timedelta(days=7)).pk != old.pk
