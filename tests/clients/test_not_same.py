"""Two files that look alike are of two people: said once, never asked again, until the details change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import translation

from clients import merging
from clients.actions import merge as merges
from clients.actions import not_same as acts
from clients.actions.client import Person, change_person
from clients.actions.erasure import erase
from clients.models import Client, NotSame
from clients.suspects import pairs, told_apart
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, PointFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki.models import AuditEvent

NOW = at(12)
Sign = Callable[[Member], Browser]
pytestmark = pytest.mark.django_db

NUMBER = {"contact_kind": "phone", "contact_value": "+358 000 000 012"}


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """The advisor who compares."""
    return house.advisor()


@pytest.fixture
def one(anna: Member) -> Client:
    """One of two namesakes."""
    return person_on_file(anna, moment=at(9), name="Mohammed Esimerkki", year_of_birth=1980)


@pytest.fixture
def other(anna: Member) -> Client:
    """The other of the two."""
    return person_on_file(anna, moment=at(10), name="Muhammad Esimerkki", year_of_birth=1980)


def seen(person: Client, by: Member) -> Client:
    """The file as this member sees it."""
    return Client.objects.visible_to(by).get(pk=person.pk)


def on_list(by: Member) -> set[frozenset[object]]:
    """The pairs of the list."""
    with as_actor(by.actor):
        return {frozenset({pair.one.pk, pair.other.pk}) for pair in pairs(by)[0]}


def tell(one: Client, other: Client, by: Member) -> None:
    acts.tell_apart(seen(one, by), seen(other, by), by=by, at=NOW)


def changed(person: Client, by: Member, **told: Any) -> None:
    """The details are corrected: all as they were but these."""
    row = seen(person, by)
    columns: dict[str, Any] = {"name": row.name, "year_of_birth": row.year_of_birth, **told}
    change_person(row, Person(**columns), by=by, at=NOW, version=row.version)


def test_one_press_takes_the_pair_off_the_list_and_another_brings_it_back(
    one: Client, other: Client, anna: Member, client_for: Sign
) -> None:
    browser, url = client_for(anna), f"/asiakkaat/{one.pk}/eri-henkilo/{other.pk}/"
    assert "client-not-same" in browser.get("/asiakkaat/kaksoiskappaleet/").content.decode()
    key = str(uuid4())
    for _press in range(2):
        assert browser.post(url, {"submission_key": key}).status_code == 303
    assert on_list(anna) == set()
    page = browser.get("/asiakkaat/kaksoiskappaleet/").content.decode()
    assert 'data-testid="client-pairs"' not in page
    assert anna.user.name in page.split('data-testid="client-apart"')[1]
    marks = NotSame.objects.standing()
    assert {(mark.marked_by_id, mark.marked_at) for mark in marks} == {(anna.membership_id, NOW)}
    assert marks.count() == 2
    assert browser.post(f"{url}peru/", {}).status_code == 303
    assert on_list(anna) == {frozenset({one.pk, other.pk})}
    assert {mark.ended_by_id for mark in NotSame.objects.all()} == {anna.membership_id}
    assert AuditEvent.objects.filter(verb="client.told_apart_no_more").count() == 2


def test_said_by_two_colleagues_it_stands_once(one: Client, other: Client, anna: Member, house: House) -> None:
    tell(one, other, anna)
    tell(other, one, house.advisor())
    assert NotSame.objects.count() == 2
    assert {mark.marked_by_id for mark in NotSame.objects.all()} == {anna.membership_id}
    assert [(pair.one.pk, pair.other.pk) for pair in told_apart(anna)] in (
        [(one.pk, other.pk)],
        [(other.pk, one.pk)],
    )


@pytest.mark.parametrize("told", [{"name": "Mohammed Toinen"}, {"year_of_birth": 1981}, NUMBER])
def test_when_what_was_compared_changes_it_holds_no_more(
    one: Client, other: Client, anna: Member, told: dict[str, object]
) -> None:
    tell(one, other, anna)
    changed(other, anna, **told)
    assert not NotSame.objects.standing().exists()


def test_who_corrects_one_file_without_seeing_the_other_ends_the_pair_too(
    one: Client, other: Client, anna: Member
) -> None:
    tell(one, other, anna)
    NotSame.objects.filter(client=one).update(ended_at=NOW + timedelta(minutes=1), ended_by=anna.membership)
    assert on_list(anna) == {frozenset({one.pk, other.pk})}


@pytest.mark.parametrize("told", [{}, {"language": "ar"}, {"name": "MOHAMMED  Esimerkki"}])
def test_another_change_leaves_it(one: Client, other: Client, anna: Member, told: dict[str, object]) -> None:
    tell(one, other, anna)
    changed(one, anna, **told)
    assert on_list(anna) == set()
    assert NotSame.objects.standing().count() == 2


def test_a_merge_of_one_of_them_takes_it_along_and_its_undo_brings_it_back(
    one: Client, other: Client, anna: Member
) -> None:
    twin = person_on_file(anna, moment=at(11), name="Mohammed Esimerkki", year_of_birth=1980)
    assert len(on_list(anna)) == 3
    tell(one, other, anna)
    before = sorted(NotSame.objects.values_list("pk", "client", "other_id"))
    record = merges.merge(seen(twin, anna), seen(one, anna), by=anna, at=NOW)
    assert on_list(anna) == set()
    assert [{pair.one.pk, pair.other.pk} for pair in told_apart(anna)] == [{twin.pk, other.pk}]
    merges.undo_merge(record, by=anna, at=NOW + timedelta(days=1))
    assert sorted(NotSame.objects.values_list("pk", "client", "other_id")) == before
    assert on_list(anna) == {frozenset({one.pk, twin.pk}), frozenset({twin.pk, other.pk})}


def test_a_merge_of_the_two_after_all_sets_it_aside_and_says_so(one: Client, other: Client, anna: Member) -> None:
    tell(one, other, anna)
    with translation.override("en"):
        terms = merging.terms(one, other)
    assert len(terms.aside["clients_notsame"]) == 2
    assert any("two people" in sentence for sentence in terms.told)
    record = merges.merge(seen(one, anna), seen(other, anna), by=anna, at=NOW)
    assert not NotSame.objects.exists()
    merges.undo_merge(record, by=anna, at=NOW)
    assert NotSame.objects.standing().count() == 2


def test_where_both_were_told_apart_from_a_third_it_stands_once(one: Client, other: Client, anna: Member) -> None:
    third = person_on_file(anna, moment=at(11), name="Mohammed Esimerkki", year_of_birth=1980)
    for twin in (one, other):
        tell(twin, third, anna)
    merges.merge(seen(one, anna), seen(other, anna), by=anna, at=NOW)
    assert NotSame.objects.filter(client=one, other_id=third.pk).count() == 1
    assert on_list(anna) == set()


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "system"])
def test_an_erasure_of_either_ends_it_at_both(one: Client, other: Client, anna: Member) -> None:
    tell(one, other, anna)
    erase(other.pk, at=NOW, why="asked")
    assert NotSame.objects.count() == 0


def test_whoever_does_not_keep_both_files_cannot_say_it(
    one: Client, other: Client, anna: Member, client_for: Sign
) -> None:
    stranger = Member(MembershipFactory(point=PointFactory()))
    theirs = person_on_file(stranger, moment=at(10))
    assert client_for(anna).post(f"/asiakkaat/{one.pk}/eri-henkilo/{theirs.pk}/", {}).status_code == 404
    assert client_for(stranger).post(f"/asiakkaat/{one.pk}/eri-henkilo/{other.pk}/", {}).status_code == 404
    assert client_for(anna).post(f"/asiakkaat/{one.pk}/eri-henkilo/{one.pk}/", {}).status_code == 404
    assert not NotSame.objects.exists()
