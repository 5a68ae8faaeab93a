"""The night erases background to which nobody agrees any more, as the role that tidies up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clients.actions import background as acts
from clients.actions import consent as consents
from clients.actions import merge as merges
from clients.models import Background, Client, Consent, MergeRecord
from clients.models.consent import Purpose
from clients.tasks import erase_lapsed
from team.access import Member
from tests.clients.tiers.conftest import NOW, WORDS, agree, tell
from tests.factories.clients import person_on_file
from tests.factories.team import at
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "system"])


def withdraw(by: Member) -> None:
    consents.withdraw_consent(Consent.objects.get(purpose=Purpose.BACKGROUND), by=by, at=NOW)


def test_it_erases_what_nobody_agrees_to_since_an_earlier_day(
    told: list[Background], person: Client, anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(anna)
    stays = person_on_file(anna, moment=at(9), name="Vanamo Esimerkki")
    agree(stays, anna)
    tell(stays, anna, words="Jää")
    assert acts.erase_without_consent(at=NOW + timedelta(hours=8)) == 0  # the undo may still come
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-19T03:00:00+02:00")
    erase_lapsed()
    assert set(Background.objects.values_list("client", flat=True)) == {stays.pk}
    assert AuditEvent.objects.get(verb="retention.ended", object_kind="clients.background").reason == "3"
    erase_lapsed()
    assert Background.objects.count() == 3


def test_what_a_merge_keeps_of_it_for_its_undo_goes_too(told: list[Background], person: Client, anna: Member) -> None:
    other = person_on_file(anna, moment=at(9), name="Kielo Esimerki")
    files = Client.objects.visible_to(anna).in_bulk([person.pk, other.pk])
    merges.merge(files[other.pk], files[person.pk], by=anna, at=NOW)
    acts.erase_without_consent(at=NOW + timedelta(days=1))
    assert WORDS in str(MergeRecord.objects.get().rows)
    withdraw(anna)
    acts.erase_without_consent(at=NOW + timedelta(days=1))
    row = MergeRecord.objects.get()
    assert WORDS not in str(row.rows)
    assert "clients_consent" in row.rows["moved"], "the rest stays for the undo"


def test_it_goes_with_the_consent_to_be_recorded(told: list[Background], person: Client) -> None:
    Consent.objects.filter(client=person, purpose=Purpose.RECORD).update(expires_on=NOW.date())
    assert acts.erase_without_consent(at=NOW) == 0
    assert acts.erase_without_consent(at=NOW + timedelta(days=1)) == 3
