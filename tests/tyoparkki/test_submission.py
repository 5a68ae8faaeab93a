"""A form sent twice has one effect, whatever the order, the threads or the connection do."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from tyoparkki import submission
from tyoparkki.actor import PUBLIC, SYSTEM, Actor
from tyoparkki.errors import Refused
from tyoparkki.models import JobSlot, Submission

AT = datetime(2026, 11, 18, 14, 36, tzinfo=UTC)
BODY = {"topic": ["work"], "language": ["fi"]}


def send(key: UUID, *, by: Actor = SYSTEM, route: str = "visits:arrive", body: submission.Body = BODY) -> str:
    """One press: adds a row unless it was pressed before; returns the row's id."""
    with submission.once(key, by=by, route=route, body=body, at=AT) as sending:
        if sending.first:
            sending.object_id = JobSlot.objects.create(task="effect", slot=str(uuid4()), at=AT).pk
    return str(sending.object_id)


@pytest.mark.django_db
def test_the_second_sending_finds_what_the_first_made() -> None:
    key = uuid4()
    assert send(key) == send(key)
    assert JobSlot.objects.count() == 1


@pytest.mark.django_db
def test_two_keys_are_two_acts() -> None:
    assert send(uuid4()) != send(uuid4())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [{"body": {"topic": ["study"]}}, {"route": "visits:leave"}, {"by": PUBLIC}],
)
def test_the_same_key_with_other_content_route_or_actor_is_refused(other: dict[str, object]) -> None:
    key = uuid4()
    send(key)
    with pytest.raises(submission.OtherContent):
        send(key, **other)
    assert JobSlot.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_act_leaves_its_key_free() -> None:
    key = uuid4()
    with pytest.raises(Refused), submission.once(key, by=SYSTEM, route="r", body=BODY, at=AT):
        raise Refused
    assert not Submission.objects.exists()
    assert send(key, route="r", body={"topic": ["corrected"]})


@pytest.mark.django_db
def test_what_was_typed_is_not_stored() -> None:
    send(uuid4(), body={"name": ["Aino Esimerkki"]})
    assert "Aino" not in str(Submission.objects.values().get())


def posted(key: str | None, **fields: str) -> HttpRequest:
    """A posted form at an address."""
    data = {**fields, "csrfmiddlewaretoken": uuid4().hex}
    if key is not None:
        data["submission_key"] = key
    request = RequestFactory().post("/", data)
    request.resolver_match = SimpleNamespace(view_name="visits:arrive", kwargs={"pk": 1})
    return request


@pytest.mark.django_db
def test_a_posted_form_is_told_by_its_hidden_key() -> None:
    key = str(uuid4())
    with submission.once_for(posted(key, topic="work"), at=AT) as first:
        first.object_id = 12
    with submission.once_for(posted(key, topic="work"), at=AT) as second:
        assert (second.first, second.object_id) == (False, "12")
    with pytest.raises(submission.OtherContent), submission.once_for(posted(key, topic="study"), at=AT):
        pass


@pytest.mark.django_db
def test_a_form_without_a_key_is_still_done_and_a_broken_key_is_refused() -> None:
    with submission.once_for(posted(None, topic="work"), at=AT) as sending:
        assert sending.first
    with pytest.raises(submission.BadKey), submission.once_for(posted("12", topic="work"), at=AT):
        pass


@pytest.mark.django_db
def test_the_guard_costs_two_statements_each_time(assert_budget: Callable[..., Any]) -> None:
    key = uuid4()
    for first in (True, False):
        with assert_budget(2, exactly=True), submission.once(key, by=SYSTEM, route="r", body=BODY, at=AT) as sending:
            assert sending.first is first
            sending.object_id = 1


@pytest.mark.django_db(transaction=True)
def test_fifty_double_presses_at_once_have_fifty_effects() -> None:
    keys = [uuid4() for _ in range(50)]
    barrier = threading.Barrier(2, timeout=20)

    def clerk() -> list[str]:
        results = []
        try:
            for key in keys:
                barrier.wait()
                with transaction.atomic():
                    results.append(send(key))
        finally:
            connections.close_all()
        return results

    with ThreadPoolExecutor(2) as pool:
        one, other = [clerks.result() for clerks in [pool.submit(clerk) for _ in range(2)]]
    assert one == other
    assert JobSlot.objects.count() == 50
