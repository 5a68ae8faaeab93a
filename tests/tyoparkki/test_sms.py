"""Text messages: a gateway that accepts, refuses, is slow or dies; without one they are files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.sms import SmsGateway
from tyoparkki import environment, outbox, sms
from tyoparkki.sms import Message, NotTaken

WEDNESDAY_NOON = "2026-11-18T12:00:00+02:00"
HELLO = Message("+358400000012", "Hei ä ö å", "0198f2c4-7a3e-7d2b-8c55-1b1f0a3d5e77")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages go at noon of a Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", WEDNESDAY_NOON)


def test_a_message_is_posted_with_its_key_and_the_secret_of_the_house(gateway: SmsGateway) -> None:
    sms.send(HELLO)
    assert gateway.asked == [
        {"to": HELLO.to, "from": "TyoParkki", "text": HELLO.text, "key": HELLO.key, "path": "/messages?v=1"}
    ]
    assert gateway.headers[0]["Authorization"] == "Bearer avain-0123"
    assert gateway.headers[0]["Idempotency-Key"] == HELLO.key


@pytest.mark.parametrize("how", ["refuses", "slow", "dies", "sends elsewhere"])
def test_what_was_not_taken_is_a_failure_that_tells_neither_number_nor_words(gateway: SmsGateway, how: str) -> None:
    gateway.answers = [how]
    with pytest.raises(NotTaken) as refused:
        sms.send(HELLO)
    assert refused.value.__cause__ is None
    assert HELLO.to not in str(refused.value)
    assert HELLO.text not in str(refused.value)


@pytest.mark.parametrize("how", ["slow", "takes and dies"])
def test_a_second_try_with_the_same_key_is_taken_and_not_delivered_twice(gateway: SmsGateway, how: str) -> None:
    gateway.answers = [how]
    with pytest.raises(NotTaken):
        sms.send(HELLO)
    sms.send(HELLO)
    assert [one["key"] for one in gateway.asked] == [HELLO.key] * 2
    assert gateway.texts == [HELLO.text]


def test_a_gateway_that_is_away_is_a_failure(gateway: SmsGateway) -> None:
    gateway.stop()
    with pytest.raises(NotTaken):
        sms.send(HELLO)
    assert gateway.asked == []


def test_without_a_gateway_messages_are_files_and_one_key_is_one_file(settings: Any, tmp_path: Path) -> None:
    settings.SMS_BACKEND, settings.SMS_FILE_PATH = "tyoparkki.sms.FileGateway", tmp_path / "sms"
    sms.send(HELLO)
    sms.send(HELLO)
    (file,) = (tmp_path / "sms").iterdir()
    assert file.read_text(encoding="utf-8") == "+358400000012\n\nHei ä ö å\n"
    assert (tmp_path / "sms").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("address", ["", "https://sms.example/v1", "http://127.0.0.1:8080/"])
def test_a_gateway_is_spoken_to_over_tls_or_on_this_machine(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SMS_GATEWAY_URL", address)
    assert environment.secure_address("SMS_GATEWAY_URL") == address


@pytest.mark.parametrize("address", ["http://sms.example/v1", "sms.example", "file:///etc/passwd", "https://"])
def test_any_other_address_stops_the_start_with_a_sentence(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SMS_GATEWAY_URL", address)
    with pytest.raises(environment.Misconfigured, match="https://"):
        environment.secure_address("SMS_GATEWAY_URL")


# --- quiet -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-11-18T07:59:59+02:00", "2026-11-18T08:00:00+02:00"),
        ("2026-11-18T08:00:00+02:00", None),
        ("2026-11-18T20:59:59+02:00", None),
        ("2026-11-18T21:00:00+02:00", "2026-11-19T08:00:00+02:00"),
        ("2026-11-21T21:30:00+02:00", "2026-11-23T08:00:00+02:00"),  # Saturday evening, over Sunday
        ("2026-11-22T12:00:00+02:00", "2026-11-23T08:00:00+02:00"),  # Sunday
        ("2026-12-24T12:00:00+02:00", "2026-12-28T08:00:00+02:00"),  # Christmas Eve to Boxing Day, then Sunday
        ("2026-06-18T21:00:00+03:00", "2026-06-22T08:00:00+03:00"),  # Midsummer, then Sunday
        ("2026-03-28T22:00:00+02:00", "2026-03-30T08:00:00+03:00"),  # the clock goes forward that night
        ("2026-10-24T22:00:00+03:00", "2026-10-26T08:00:00+02:00"),  # and back
        ("2026-12-31T23:00:00+02:00", "2027-01-02T08:00:00+02:00"),  # New Year
        ("2026-03-29T05:30:00+00:00", "2026-03-30T05:00:00+00:00"),  # told in another zone
    ],
)
def test_the_quiet_ends_in_the_morning_of_a_day_that_is_not_free(moment: str, ends: str | None) -> None:
    until = sms.quiet_until(datetime.fromisoformat(moment))
    assert until == (datetime.fromisoformat(ends) if ends else None)
    assert until is None or until.tzinfo is UTC


def test_the_quiet_is_a_setting(settings: Any) -> None:
    sunday, night = (
        datetime.fromisoformat("2026-11-22T12:00:00+02:00"),
        datetime.fromisoformat("2026-11-19T02:00+02:00"),
    )
    settings.SMS_QUIET_DAYS = False
    assert sms.quiet_until(sunday) is None
    assert sms.quiet_until(night) is not None
    settings.SMS_QUIET_FROM, settings.SMS_QUIET_UNTIL = 24, 0
    assert sms.quiet_until(night) is None
    settings.SMS_QUIET_DAYS = True
    assert sms.quiet_until(sunday) == datetime.fromisoformat("2026-11-23T00:00:00+02:00")


@pytest.mark.parametrize("moment", ["2026-11-18T22:00:00+02:00", "2026-11-22T12:00:00+02:00"])
def test_in_the_quiet_nothing_reaches_the_gateway(
    gateway: SmsGateway, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", moment)
    with pytest.raises(outbox.NotNow):
        sms.send(HELLO)
    assert gateway.asked == []
