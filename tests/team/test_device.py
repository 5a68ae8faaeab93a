"""Devices become ours by six digits, once, within ten minutes, and stop being ours at once."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import translation

from team.access import Member
from team.actions import device as devices
from team.models import Device, PairingCode
from team.views import devices as screen
from tests.factories.team import DeviceFactory, MembershipFactory, PointFactory, at
from tyoparkki.codes import Offer, TooManyTries
from tyoparkki.ids import secret_hash
from tyoparkki.models import Installation

NOW = at(9)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def desk(db: None) -> Member:
    """A member of the front desk."""
    return Member(MembershipFactory(front_desk=True))


def offered(desk: Member, kind: str = "feedback") -> Offer[PairingCode]:
    """Six digits."""
    return devices.offer_code(desk.membership.point, kind=kind, name="Tabletti ovella", by=desk, at=NOW)


def test_a_code_pairs_one_device_once(desk: Member) -> None:
    offer = offered(desk)
    assert len(offer.code) == 6
    assert offer.code not in str(PairingCode.objects.values().get())
    paired = devices.pair(offer.code, at=NOW + timedelta(minutes=9))
    assert paired is not None
    assert (paired.device.kind, paired.device.name) == ("feedback", "Tabletti ovella")
    assert paired.device.token_hash == secret_hash(paired.token)
    assert len(paired.token) >= 32
    assert devices.pair(offer.code, at=NOW) is None


def test_a_code_is_dead_after_ten_minutes(desk: Member) -> None:
    assert devices.pair(offered(desk).code, at=NOW + timedelta(minutes=10)) is None


def test_guessing_ends(desk: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "MOST_WRONG", 3)
    for _ in range(3):
        assert devices.pair("000000", at=NOW) is None
    code = offered(desk).code
    with pytest.raises(TooManyTries):
        devices.pair(code, at=NOW)


def test_tries_are_counted_by_the_visitors_address_behind_the_houses_proxy(db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    browser = Browser()

    def tried(address: str) -> str:
        answer = browser.post("/pariliitos/", {"code": "000000"}, headers={"X-Forwarded-For": address})
        return answer.content.decode()

    with translation.override("fi"):
        told = str(TooManyTries.message)
    for _ in range(10):
        assert told not in tried("203.0.113.7")
    assert told in tried("203.0.113.7")
    assert told not in tried("203.0.113.8")


def test_a_revoked_device_is_revoked_once(desk: Member) -> None:
    device = DeviceFactory(point=desk.membership.point)
    devices.revoke(device, by=desk, at=NOW)
    with pytest.raises(devices.AlreadyRevoked):
        devices.revoke(device, by=desk, at=NOW)
    assert not Device.objects.at_point(desk.point_id).paired().exists()


def test_the_whole_way_on_the_screens(desk: Member, client_for: Callable[..., Browser]) -> None:
    staff, tablet = client_for(desk), Browser()
    assert staff.get("/laitteet/").status_code == 200
    assert staff.post("/laitteet/", {"kind": "feedback", "name": ""}).status_code == 422
    code = staff.post("/laitteet/", {"kind": "board", "name": "Aulan taulu"}).context["offer"].code
    assert tablet.get("/pariliitos/").status_code == 200
    assert tablet.post("/pariliitos/", {"code": "12"}).status_code == 422
    assert tablet.post("/pariliitos/", {"code": f"{(int(code) + 1) % 1_000_000:06d}"}).status_code == 422
    paired = tablet.post("/pariliitos/", {"code": f"{code[:3]} {code[3:]}"})
    assert paired.status_code == 200
    cookie = paired.cookies["device_board"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    device = Device.objects.get()
    assert device.token_hash == secret_hash(cookie.value)
    assert 'href="/taulu/"' in paired.content.decode()
    assert staff.post(f"/laitteet/{device.pk}/poista/").status_code == 303
    device.refresh_from_db()
    assert device.revoked_at == NOW


def test_an_address_may_try_ten_times(desk: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "TRIES", 2)
    tablet, code = Browser(), offered(desk).code
    for _ in range(2):
        assert tablet.post("/pariliitos/", {"code": "000001"}).status_code == 422
    assert tablet.post("/pariliitos/", {"code": code}).status_code == 422
    assert not Device.objects.exists()


def test_a_foreign_device_is_not_there(desk: Member, client_for: Callable[..., Browser]) -> None:
    foreign = DeviceFactory()
    browser = client_for(desk)
    assert foreign.name not in browser.get("/laitteet/").content.decode()
    assert browser.post(f"/laitteet/{foreign.pk}/poista/").status_code == 404


def run(*arguments: str) -> dict[str, Any]:
    """What the command prints."""
    out = StringIO()
    call_command("pair_tablet", *arguments, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_of_several_points_the_command_takes_only_a_demonstrations_first(db: None) -> None:
    first, _second = PointFactory(), PointFactory()
    with pytest.raises(CommandError, match="--point"):
        run()
    Installation.objects.update_or_create(id=1, defaults={"is_demo": True})
    assert run()["point"] == first.slug


def test_the_command_offers_a_code_or_a_token(db: None) -> None:
    with pytest.raises(CommandError):
        run()
    point = PointFactory()
    answer = run()
    assert answer["url"].endswith("/pariliitos/")
    assert devices.pair(answer["code"], at=NOW) is not None
    token = run("--token", "--kind", "board", "--name", "Taulu")["token"]
    assert Device.objects.get(kind="board").token_hash == secret_hash(token)
    PointFactory()
    with pytest.raises(CommandError):
        run()
    assert run("--point", point.slug)["point"] == point.slug
