"""The product as it runs: one port for pages and the live channel, a worker that beats."""

from __future__ import annotations

import httpx
import pytest
from django.utils import timezone

from tests.fixtures.site import Site, eventually
from tyoparkki.models import Heartbeat


def test_pages_and_the_live_channel_share_one_port(live_site: Site) -> None:
    assert httpx.get(f"{live_site.url}/healthz").json() == {"ok": True}
    assert httpx.get(f"{live_site.url}/live/").status_code == 401
    assert httpx.get(f"{live_site.url}/no-such-page/").status_code == 404
    policy = httpx.get(f"{live_site.url}/live/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_the_running_product_sees_what_a_test_committed(live_site: Site) -> None:
    assert httpx.get(f"{live_site.url}/readyz").json()["worker"] is False
    Heartbeat.objects.create(name="worker", at=timezone.now())
    assert httpx.get(f"{live_site.url}/readyz").json() == {
        "ok": True,
        "database": True,
        "migrations": True,
        "broker": True,
        "worker": True,
    }


def test_nothing_of_the_test_before_is_left(live_site: Site) -> None:
    assert not Heartbeat.objects.exists()


@pytest.mark.slow
def test_a_real_worker_beats(worker: object) -> None:
    eventually(lambda: Heartbeat.objects.filter(name="worker").exists(), within=20)
