"""The tablet's interface: an answer is taken once, whole, and without a trace of who or when."""

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid1, uuid4

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import limits
from feedback.models import DeviceDay, Response
from tests.factories.feedback import TOKEN, Tablet
from tests.factories.team import DeviceFactory, MembershipFactory, at
from tyoparkki.models import AuditEvent, Outbox

URL = "/tabletti/vastaukset/"
NOW = at(14, 36)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday, 14.36."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def tablet(db: None) -> Tablet:
    """A paired tablet."""
    return Tablet()


@pytest.fixture
def browser(tablet: Tablet) -> Client:
    """The tablet's own browser, which checks tokens of forms as the real one does."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["device_feedback"] = TOKEN
    return client


def send(client: Client, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    answer = client.post(URL, text, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_an_answer_is_taken_with_its_day_and_hour_and_nothing_finer(tablet: Tablet, browser: Client) -> None:
    body = tablet.body(words="  Tulkki olisi auttanut.\r\nKiitos  ")
    assert send(browser, body) == (201, {"state": "new"})
    row = Response.objects.get(pk=body["key"])
    assert (row.on, row.hour, row.point_id, row.language) == (NOW.date(), 14, tablet.device.point_id, "fi")
    assert row.faces == body["faces"]
    assert row.words == "Tulkki olisi auttanut.\nKiitos"
    assert not [field.name for field in Response._meta.fields if field.get_internal_type() == "DateTimeField"]


def test_the_same_answer_again_is_known_and_another_under_its_key_is_refused(tablet: Tablet, browser: Client) -> None:
    body = tablet.body()
    assert send(browser, body)[0] == 201
    assert send(browser, body) == (200, {"state": "known"})
    assert send(browser, body | {"words": "Muuta"}) == (422, {"error": "key"})
    assert send(browser, body | {"faces": {"saitko-apua": 1}})[0] == 422
    assert Response.objects.count() == 1
    assert DeviceDay.objects.get().answers == 1


def test_a_key_known_at_another_point_is_refused_like_any_taken_key(tablet: Tablet, browser: Client) -> None:
    body = tablet.body()
    assert send(browser, body)[0] == 201
    other = Tablet(token="toisen-pisteen-salaisuus-0002")
    client = Client(headers={"Authorization": "Bearer toisen-pisteen-salaisuus-0002"})
    assert send(client, body | {"questionnaire": str(other.questionnaire.pk)}) == (422, {"error": "key"})


def test_a_bearer_does_as_well_as_the_cookie(tablet: Tablet) -> None:
    assert send(Client(), tablet.body(), Authorization=f"Bearer {TOKEN}")[0] == 201


def test_only_a_paired_feedback_tablet_may_answer(tablet: Tablet, browser: Client) -> None:
    body = tablet.body()
    assert send(Client(), body) == (401, {"error": "pairing_needed"})
    assert send(Client(), body, Authorization="Bearer vaara")[0] == 401
    DeviceFactory(point=tablet.device.point, kind="board", token="taulun-oma-salaisuus-0003")
    assert send(Client(), body, Authorization="Bearer taulun-oma-salaisuus-0003")[0] == 401
    tablet.device.revoked_at = NOW
    tablet.device.save()
    assert send(browser, body)[0] == 401
    assert Response.objects.count() == 0


def test_the_token_of_a_feedback_tablet_opens_nothing_else(tablet: Tablet, browser: Client) -> None:
    for path in ("/tanaan/", "/taulu/", "/palaute/", "/asiakkaat/"):
        assert browser.get(path).status_code in {302, 401, 404}, path


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_the_interface_takes_posts_only(browser: Client, method: str) -> None:
    assert getattr(browser, method)(URL).status_code == 405


def test_only_json_is_read(tablet: Tablet, browser: Client) -> None:
    assert browser.post(URL, tablet.body()).status_code == 415


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"key": "not-a-uuid"}, "key"),
        ({"key": str(uuid1())}, "key"),
        ({"key": None}, "key"),
        ({"key": 7}, "key"),
        ({"questionnaire": str(uuid4())}, "questionnaire"),
        ({"questionnaire": ""}, "questionnaire"),
        ({"language": "tlh"}, "language"),
        ({"language": None}, "language"),
        ({"faces": {"saitko-apua": 0}}, "faces"),
        ({"faces": {"saitko-apua": 6}}, "faces"),
        ({"faces": {"saitko-apua": True}}, "faces"),
        ({"faces": {"saitko-apua": "4"}}, "faces"),
        ({"faces": {"saitko-apua": 4.0}}, "faces"),
        ({"faces": {"paremmin": 4}}, "faces"),
        ({"faces": {"muu": 4}}, "faces"),
        ({"faces": [4, 5]}, "faces"),
        ({"faces": {}}, "faces"),
        ({"words": "x" * 501}, "words"),
        ({"words": "nolla\x00merkki"}, "words"),
        ({"words": "puolikas \ud800 merkki"}, "words"),
        ({"words": 7}, "words"),
        ({"name": "Kaisa"}, "body"),
    ],
)
def test_what_is_no_answer_is_refused_with_the_field(
    tablet: Tablet, browser: Client, change: dict[str, Any], error: str
) -> None:
    assert send(browser, tablet.body() | change) == (422, {"error": error})
    assert Response.objects.count() == 0


@pytest.mark.parametrize("body", [" ", "[]", "null", "7", "{", "x" * 9000, "[" * 7000, b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(browser: Client, body: Any) -> None:
    assert send(browser, body) == (422, {"error": "body"})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(["key", "questionnaire", "language", "faces", "words"]), value=anything)
def test_no_content_breaks_the_interface(tablet: Tablet, browser: Client, field: str, value: Any) -> None:
    status, _ = send(browser, tablet.body() | {field: value})
    assert status in {201, 422}


def test_words_alone_are_an_answer_and_skipped_questions_are_no_fault(tablet: Tablet, browser: Client) -> None:
    assert send(browser, tablet.body(faces={}, words="Kaikki hyvin"))[0] == 201
    assert send(browser, tablet.body(faces={"kohtaaminen": 2}, words=None))[0] == 201


def test_answers_to_an_ended_questionnaire_are_taken_and_to_a_draft_are_not(tablet: Tablet, browser: Client) -> None:
    tablet.questionnaire.status = "ended"
    tablet.questionnaire.save()
    assert send(browser, tablet.body())[0] == 201
    tablet.questionnaire.status = "draft"
    tablet.questionnaire.save()
    assert send(browser, tablet.body())[0] == 422


def test_an_answer_leaves_a_count_and_a_day_to_be_counted_and_nothing_else(tablet: Tablet, browser: Client) -> None:
    before = AuditEvent.objects.count()
    for _ in range(3):
        send(browser, tablet.body())
    assert AuditEvent.objects.count() == before
    assert list(DeviceDay.objects.values_list("on", "answers")) == [(NOW.date(), 3)]
    payloads = list(Outbox.objects.filter(task="reports.day_changed").values_list("payload", flat=True))
    assert payloads == [{"point": str(tablet.device.point_id), "on": "2026-11-18"}] * 3


def test_an_answer_near_midnight_belongs_to_the_day_in_finland(
    tablet: Tablet, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-18T22:30:00+00:00")
    send(browser, tablet.body())
    row = Response.objects.get()
    assert (row.on.isoformat(), row.hour) == ("2026-11-19", 0)


def test_a_flooding_device_is_told_to_wait(tablet: Tablet, browser: Client) -> None:
    cache.set(f"answers:{tablet.device.pk}", limits.MOST, 60)
    answer = browser.post(URL, json.dumps(tablet.body()), content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert Response.objects.count() == 0


def test_an_answer_costs_few_statements(tablet: Tablet, browser: Client, assert_budget: Callable[..., Any]) -> None:
    with assert_budget(7):
        send(browser, tablet.body())


def test_signed_in_staff_cannot_answer_without_a_tablet(tablet: Tablet, client_for: Callable[[Any], Client]) -> None:
    assert send(client_for(MembershipFactory(point=tablet.device.point)), tablet.body())[0] == 401


@pytest.mark.django_db(transaction=True)
def test_one_answer_sent_fifty_times_at_once_is_one_answer() -> None:
    tablet = Tablet()
    body = tablet.body(words="Kerran vain")
    start = threading.Barrier(10)
    seen: list[int] = []

    def hammer() -> None:
        try:
            client = Client(headers={"Authorization": f"Bearer {TOKEN}"})
            start.wait(20)
            seen.extend(send(client, body)[0] for _ in range(5))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hammer) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(seen) == [200] * 49 + [201]
    assert Response.objects.count() == 1
    assert DeviceDay.objects.get().answers == 1
    assert connection.in_atomic_block is False
