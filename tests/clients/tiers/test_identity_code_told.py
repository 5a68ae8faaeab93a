"""The identity code is told to the person it belongs to, goes with the person, and is sealed anew."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from clients.actions import identity_code as acts
from clients.models import Client, IdentityCode
from team.access import Member
from tests.clients.tiers.conftest import NOW, WORDS
from tests.factories.team import at
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "system"])

CODE = "150374-9029"  # artificial: given to nobody
OLD, NEW = "vanha-avain-" + "x" * 32, "uusi-avain-" + "y" * 32


@pytest.fixture
def coded(told: Any, person: Client, anna: Member, settings: Any, tmp_path: Path) -> Client:
    """Somebody who has told of their background, and whose code is recorded."""
    settings.ERASURES_FILE = str(tmp_path / "erasures.txt")
    acts.keep_code(person, CODE, by=anna, at=at(11))
    return person


def test_the_persons_own_export_tells_both(coded: Client, tmp_path: Path) -> None:
    call_command("export_person", str(coded.pk), str(tmp_path / "one"), stdout=io.StringIO())
    told = json.loads((tmp_path / "one" / "person.json").read_text(encoding="utf-8"))["tables"]
    (code,) = told["clients.IdentityCode"]["rows"]
    assert code["sealed_code"] == CODE
    assert "code_hash" not in code
    rows = told["clients.Background"]["rows"]
    assert {row["words"] or row["code"] for row in rows} == {
        WORDS, "Sähköinen asiointi ja laitteet", "Matka on pitkä tai hankala",
    }  # fmt: skip
    assert {row["what_for"] for row in rows} == {"Ohjauksen suunnitteluun"}


def test_with_the_person_both_are_erased(coded: Client) -> None:
    call_command("erase_person", str(coded.pk), stdout=io.StringIO())
    with connections["owner"].cursor() as cursor:
        for table in ("clients_identitycode", "clients_background"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def test_every_code_is_sealed_with_the_newest_key(coded: Client, anna: Member, settings: Any) -> None:
    settings.SEALING_KEYS = [NEW, *settings.SEALING_KEYS]
    before = IdentityCode.objects.get()
    told = io.StringIO()
    call_command("reseal", stdout=told)
    assert told.getvalue().strip() == "1 sealed"
    after = IdentityCode.objects.get()
    assert (after.sealed_code != before.sealed_code, after.code_hash != before.code_hash) == (True, True)
    settings.SEALING_KEYS = [NEW]
    assert acts.show_code(coded, reason="check", by=anna, at=NOW) == CODE
    assert acts.keep_code(coded, CODE, by=anna, at=NOW).pk == after.pk
    assert AuditEvent.objects.filter(verb="identity_code.resealed").count() == 1


def test_a_code_that_no_key_opens_stops_the_command(coded: Client, settings: Any) -> None:
    before = IdentityCode.objects.get().sealed_code
    settings.SEALING_KEYS = [NEW]
    with pytest.raises(CommandError):
        call_command("reseal", stdout=io.StringIO())
    assert IdentityCode.objects.get().sealed_code == before
