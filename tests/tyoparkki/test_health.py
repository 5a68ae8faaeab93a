"""What machines are told about the product's health."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tyoparkki import health
from tyoparkki.models import Heartbeat

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_the_database(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True}
    assert "no-store" in answer["Cache-Control"]


def test_ready_means_database_migrations_broker_and_worker(client: Client) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now())
    answer = client.get("/readyz")
    assert answer.json() == {"ok": True, "database": True, "migrations": True, "broker": True, "worker": True}
    assert answer.status_code == 200


def test_a_silent_worker_makes_it_unready(client: Client) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(seconds=91))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"] is False
    assert answer.json()["database"] is True


def test_a_beat_from_before_the_clock_was_set_back_shows_nothing(client: Client) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now() + timedelta(hours=1))
    assert client.get("/readyz").json()["worker"] is False


def test_a_missing_broker_makes_it_unready(client: Client, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] is False


def test_an_unapplied_migration_makes_it_unready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_up_to_date", False)
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *_: ["something"])
    assert client.get("/readyz").json()["migrations"] is False


def test_health_answers_reading_only(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
