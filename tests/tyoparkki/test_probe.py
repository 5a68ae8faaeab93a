"""Containers ask whether their process lives."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.fixtures.site import Site, environment_of_children, free_port
from tyoparkki import probe
from tyoparkki.models import Heartbeat


@pytest.mark.django_db(transaction=True)
def test_the_clock_lives_while_its_heartbeat_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", environment_of_children()["DATABASE_URL"])
    assert not probe.clock()
    Heartbeat.objects.create(name="worker", at=timezone.now())
    assert probe.clock()
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=91))
    assert not probe.clock()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert not probe.clock()


@pytest.mark.slow
def test_the_web_server_lives_while_it_answers(live_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", live_site.url.rsplit(":", 1)[1])
    assert probe.web()
    monkeypatch.setenv("PORT", str(free_port()))
    assert not probe.web()
