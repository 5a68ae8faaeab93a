"""Background closes with its consent in the same second, and no merge opens it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import background as acts
from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions import merge as merges
from clients.models import Background, Client, Consent
from clients.models.consent import Purpose
from team.access import Member
from tests.clients.tiers.conftest import NOW, WORDS, agree, seen_by, share, tell
from tests.factories.clients import person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor

Sign = Callable[[Any], Browser]


def page_of(person: Client) -> str:
    return reverse("clients:client", args=[person.pk])


def form_of(person: Client) -> str:
    return reverse("clients:background", args=[person.pk])


def test_withdrawn_it_closes_in_the_same_second_for_everybody(
    told: list[Background], person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    share(person, anna, partner, ["background", "contact"])
    browser = client_for(anna)
    consent = Consent.objects.get(purpose=Purpose.BACKGROUND)
    assert browser.post(reverse("clients:withdraw", args=[consent.pk])).status_code == 303
    assert (seen_by(anna), seen_by(partner)) == ((0, 0), (0, 0))
    page = browser.get(page_of(person)).content.decode()
    assert (WORDS in page, 'data-testid="background"' in page) == (False, False)
    assert browser.get(form_of(person)).status_code == 404
    for name in ("background_end", "background_restore", "background_undo"):
        assert browser.post(reverse(f"clients:{name}", args=[told[0].pk])).status_code == 404
    assert "h-background" not in client_for(partner).get(page_of(person)).content.decode()
    with as_actor(anna.actor):
        assert Background.objects.update(ended_at=NOW, ended_by=anna.membership) == 0
    with pytest.raises(acts.NotAgreed):
        tell(person, anna)
    assert browser.post(reverse("clients:give_again", args=[consent.pk])).status_code == 303
    assert seen_by(anna) == (3, 3)


def test_the_person_closes_it_from_the_own_page(told: list[Background], person: Client, anna: Member) -> None:
    issued = links.issue_receipt(person, by=anna, at=NOW)
    consent = Consent.objects.get(purpose=Purpose.BACKGROUND)
    assert Browser().post(f"/oma/{issued.token}/", {"consent": consent.pk}).status_code == 200
    assert seen_by(anna) == (0, 0)


def test_with_the_consent_to_be_recorded_it_ends_too(told: list[Background], person: Client, anna: Member) -> None:
    record = Consent.objects.get(client=person, purpose=Purpose.RECORD)
    consents.withdraw_consent(record, by=anna, at=NOW)
    assert not Consent.objects.not_withdrawn().filter(client=person).exists()
    consents.give_again(record, by=anna, at=NOW)
    assert seen_by(anna) == (3, 3)


def test_a_consent_with_an_end_ends_with_its_day(person: Client, anna: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(person, anna, expires_on=NOW.date())
    tell(person, anna)
    assert seen_by(anna) == (3, 3)
    monkeypatch.setenv("TYOPARKKI_NOW", "2026-11-19T00:00:01+02:00")
    assert seen_by(anna) == (0, 0)


def both(anna: Member, person: Client, other: Client) -> dict[Any, Client]:
    return Client.objects.visible_to(anna).in_bulk([person.pk, other.pk])


def rows_of_all() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT one::text FROM clients_background one ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


def test_merged_it_moves_and_the_undo_puts_each_row_back(
    house: House, told: list[Background], person: Client, anna: Member
) -> None:
    """The front desk merges and sees none of it; what was taken away waits with what the undo needs."""
    acts.end_background(told[2], by=anna, at=NOW)
    other = person_on_file(anna, moment=at(9), name="Kielo Esimerki")
    before, files = rows_of_all(), both(house.desk, other, person)
    record = merges.merge(files[other.pk], files[person.pk], by=house.desk, at=NOW)
    moved = Background.objects.values_list("client", flat=True)
    assert list(moved) == [other.pk] * 2
    assert seen_by(anna) == (2, 2)
    merges.undo_merge(record, by=house.desk, at=NOW + timedelta(hours=1))
    assert rows_of_all() == before


def test_a_merge_opens_nothing_that_was_withdrawn(told: list[Background], person: Client, anna: Member) -> None:
    consents.withdraw_consent(Consent.objects.get(purpose=Purpose.BACKGROUND), by=anna, at=NOW)
    other = person_on_file(anna, moment=at(9), name="Kielo Esimerki")
    agree(other, anna)
    before, files = rows_of_all(), both(anna, other, person)
    record = merges.merge(files[other.pk], files[person.pk], by=anna, at=NOW)
    assert not Background.objects.exists()
    merges.undo_merge(record, by=anna, at=NOW)
    assert rows_of_all() == before
    assert seen_by(anna) == (0, 0)


def still_open(browser: Browser, person: Client, member: Member, mark: str) -> tuple[int, str | None]:
    answer = browser.get(reverse("clients:still_open", args=[person.pk]), {"v": mark})
    return answer.status_code, answer.get("HX-Refresh")


def mark_for(member: Member, person: Client) -> str:
    with as_actor(member.actor):
        return Client.objects.visible_to(member).with_openness().get(pk=person.pk).openness


def test_an_open_page_closes_with_it_for_the_team_and_for_whoever_is_told(
    told: list[Background], person: Client, anna: Member, partner: Member, client_for: Sign, monkeypatch: Any
) -> None:
    share(person, anna, partner, ["background", "contact"])
    readers = [(client_for(who), who, mark_for(who, person)) for who in (anna, partner)]
    assert [still_open(browser, person, who, mark) for browser, who, mark in readers] == [(204, None)] * 2
    announced: list[str] = []
    monkeypatch.setattr("tyoparkki.live.announce", lambda *topics: announced.extend(topics) or "")
    consents.withdraw_consent(Consent.objects.get(purpose=Purpose.BACKGROUND), by=anna, at=NOW)
    assert {f"consents:{anna.point_id}", f"consents:{partner.organisation_id}"} <= set(announced)
    assert [still_open(browser, person, who, mark) for browser, who, mark in readers] == [(204, "true")] * 2


@pytest.mark.parametrize("name", ["clients:background", "clients:client"])
def test_its_own_page_asks_whether_it_may_stay(
    told: list[Background], person: Client, anna: Member, client_for: Sign, name: str
) -> None:
    page = client_for(anna).get(reverse(name, args=[person.pk])).content.decode()
    assert f"/auki/?v={mark_for(anna, person)}" in page


def test_it_closes_with_the_consent_to_be_recorded_when_that_one_runs_out(
    told: list[Background], person: Client, anna: Member, partner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(person, anna, partner, ["background"])
    Consent.objects.filter(client=person, purpose=Purpose.RECORD).update(expires_on=NOW.date())
    assert (seen_by(anna), seen_by(partner)) == ((3, 3), (3, 3))
    monkeypatch.setenv("TYOPARKKI_NOW", (NOW + timedelta(days=1)).isoformat())
    assert (seen_by(anna), seen_by(partner)) == ((0, 0), (0, 0))
