"""The server picks the part, and only for a request that asks for one; a change answers with its part or a way back."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxDetails

from tests.factories.team import MembershipFactory, UserFactory
from tyoparkki.htmx import after, render_part, wants_part

HTMX = {"HX-Request": "true"}
BOOSTED = {**HTMX, "HX-Boosted": "true"}
RESTORED = {**HTMX, "HX-History-Restore-Request": "true"}


def request(**headers: str):
    made = RequestFactory().get("/", headers={name.replace("_", "-"): value for name, value in headers.items()})
    made.htmx = HtmxDetails(made)
    made.member = None
    return made


@pytest.mark.parametrize(("headers", "part"), [({}, False), (HTMX, True), (BOOSTED, False), (RESTORED, False)])
def test_only_a_plain_htmx_request_wants_a_part(headers: dict[str, str], part: bool) -> None:
    assert wants_part(request(**headers)) is part


@pytest.mark.parametrize(("headers", "whole"), [({}, True), (HTMX, False), (BOOSTED, True), (RESTORED, True)])
def test_the_specimen_answers_with_the_page_or_its_part(
    client: Client, db: None, headers: dict[str, str], whole: bool
) -> None:
    answer = client.get("/tyylit/", headers=headers)
    assert ("<!doctype html>" in answer.text) is whole
    assert 'id="live-panel"' in answer.text
    assert "HX-Request" in answer["Vary"]


def test_a_part_equals_the_same_part_of_the_page(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-18T14:36:00+02:00")
    page = client.get("/tyylit/").text
    part = client.get("/tyylit/", headers=HTMX).text
    assert part.strip() in page


def test_a_part_keeps_its_status() -> None:
    answer = render_part(request(**HTMX), "styleguide/page.html", "saved", {"conflict": False, "now": None}, status=422)
    assert answer.status_code == 422


def test_after_a_change_htmx_gets_the_part() -> None:
    part = HttpResponse("row")
    assert after(request(**HTMX), "/", part=part) is part
    assert "HX-Request" in part["Vary"]


def test_after_a_change_htmx_without_a_part_is_led_on() -> None:
    answer = after(request(**HTMX), "styleguide")
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/tyylit/"


def test_after_a_change_a_plain_form_goes_back_to_the_page() -> None:
    answer = after(request(), "styleguide", part=HttpResponse("row"))
    assert answer.status_code == 303
    assert answer["Location"] == "/tyylit/"


def test_a_form_with_a_mistake_answers_422_and_keeps_what_was_typed(client: Client, db: None) -> None:
    answer = client.post("/tyylit/koe/lomake/", {"what": "", "on": "25/11"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'value="25/11"' in answer.text
    assert 'role="alert"' in answer.text


def test_an_ended_session_answers_401_to_a_part_and_the_sign_in_page_to_a_page(client: Client, db: None) -> None:
    assert client.get("/asetukset/", headers=HTMX).status_code == 401
    assert client.get("/asetukset/").status_code == 302


def test_signing_in_goes_by_user_name_and_shows_no_password(client: Client, db: None) -> None:
    MembershipFactory(user=UserFactory(username="neuvoja"))
    answer = client.post("/tili/login/", {"login": "neuvoja", "password": "not this one at all"})
    assert 'value="neuvoja"' in answer.text
    assert "not this one at all" not in answer.text


@pytest.mark.parametrize(
    "address", ["/tili/2fa/", "/tili/2fa/totp/activate/", "/tili/2fa/webauthn/", "/tili/password/change/"]
)
def test_the_pages_of_the_sign_in_library_stand_in_our_frame(client: Client, db: None, address: str) -> None:
    membership = MembershipFactory(user=UserFactory(username="neuvoja"))
    client.post("/tili/login/", {"login": "neuvoja", "password": "kadunvarren penkki 18"})
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    assert membership.user.initials in answer.text
    assert 'class="topbar' in answer.text


def test_a_missing_page_is_said_kindly(client: Client, db: None) -> None:
    answer = client.get("/ei-ole-olemassa/")
    assert answer.status_code == 404
    assert "ei-ole-olemassa" not in answer.text


def test_a_fault_of_ours_is_said_without_the_database(client: Client) -> None:
    from tyoparkki.failure import server_error

    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Vika on meillä, ei sinussa" in answer.content.decode()


def test_the_specimen_exists_only_in_demonstrations_and_tests(client: Client, db: None, settings) -> None:
    settings.TESTING = settings.DEMO = settings.DEBUG = False
    assert client.get("/tyylit/").status_code == 404
