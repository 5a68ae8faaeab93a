"""Near-duplicates are told with their reasons, and people who only share a name are left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from clients import suspects
from clients.duplicates import Facts, Reason, likeness
from clients.keys import phone_parts
from clients.models import Client, Consent, ContactPoint
from clients.sounds import sound_parts
from team.access import Member
from tests.clients.generated import One, Town
from tests.factories.clients import ConsentTextFactory
from tests.factories.team import MembershipFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki import embedded
from tyoparkki.ids import new_id
from tyoparkki.models import Municipality
from tyoparkki.names import name_key, name_parts

AINO = Facts("Aino Koivulahti", reached="0000000012", year_of_birth=1985, language="fi", municipality="109")


def facts(name: str, number: str = "", year: int | None = None, **more: Any) -> Facts:
    """A person as a row of a table of examples."""
    return Facts(name, reached=number, year_of_birth=year, **more)


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (facts("Aino Koivulahti", "0000000012", 1985), {Reason.SAME_NUMBER, Reason.SAME_NAME, Reason.SAME_YEAR}),
        (facts("Koivulahti Aino", "", 1985), {Reason.SAME_NAME, Reason.SAME_YEAR}),
        (facts("Aino Koivulahri", "", 1985), {Reason.TYPING_SLIP, Reason.SAME_YEAR}),
        (facts("Aino Koivulahti"), {Reason.SAME_NAME}),
        (facts("Aino Koivulahti", "0000000012"), {Reason.SAME_NUMBER, Reason.SAME_NAME}),
        (facts("Aino Rantapelto", "0000000012", 1985), {Reason.SAME_NUMBER, Reason.SHARED_WORD, Reason.SAME_YEAR}),
        (facts("Aino", "0000000012"), {Reason.SAME_NUMBER, Reason.SHARED_WORD}),
        (facts("Kesäkuu", "0000000012", is_alias=True), {Reason.SAME_NUMBER}),
    ],
)
def test_it_may_be_one_person_because(other: Facts, reasons: set[Reason]) -> None:
    for one, two in ((AINO, other), (other, AINO)):
        found = likeness(one, two)
        assert found is not None
        assert set(found.reasons) == reasons


@pytest.mark.parametrize(
    "other",
    [
        facts("Aino Koivulahti", "0000000099", 1956),
        facts("Aino Koivulahti", "0000000099"),
        facts("Eero Koivulahti", "0000000012", 2010),
        facts("Aino Rantapelto", "", 1985),
        facts("Heikki Metsävuori"),
    ],
)
def test_these_are_two_people(other: Facts) -> None:
    assert likeness(AINO, other) is None
    assert likeness(other, AINO) is None


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Oleksandr Petrenko", "Alexander Petrenko", Reason.SOUNDS_ALIKE),
        ("Anna-Maija Koe", "Annamaija Koe", Reason.SAME_NAME),
        ("Anna-Maija Koe", "Anna Maija Koe", Reason.SAME_NAME),
        ("Ivan Petrovitš Sidorov", "Ivan Sidorov", Reason.SAME_NAME),
        ("Mohammed Al-Salman", "Alsalman Muhammad", Reason.SOUNDS_ALIKE),
    ],
)
def test_a_name_is_one_however_it_is_written(one: str, other: str, reason: Reason) -> None:
    found = likeness(facts(one, year=1990), facts(other, year=1990))
    assert found is not None
    assert found.reasons[0] is reason


def test_the_weightiest_reason_is_told_first() -> None:
    found = likeness(AINO, AINO)
    assert found is not None
    assert found.reasons == (
        Reason.SAME_NAME,
        Reason.SAME_NUMBER,
        Reason.SAME_YEAR,
        Reason.SAME_LANGUAGE,
        Reason.SAME_MUNICIPALITY,
    )


# --- among many ----------------------------------------------------------------------------------------------------


@dataclass
class File:
    """A point with many people on file."""

    desk: Member
    town: Town
    people: list[One]
    ids: list[Any]

    def hits(self, one: One, *, without: Any = None) -> set[Any]:
        """Who is flagged when this person is about to be recorded."""
        reached = str(one.number) if one.number is not None else ""
        given = Facts(one.name, False, reached, one.year, one.language, one.municipality)
        return {hit.client.pk for hit in suspects.suspects(self.desk, given, without=without)}


def filed(count: int, moment: datetime) -> File:
    """So many generated people on file."""
    desk, town = Member(MembershipFactory(front_desk=True)), Town(seed=7)
    text, people, at_desk = ConsentTextFactory(), town.people(count), desk.membership
    for code in {one.municipality for one in people} - {""}:
        Municipality.objects.get_or_create(code=code, defaults={"names": {"fi": code}})
    ids = [new_id() for _one in people]
    own = {"controller_id": desk.organisation_id, "point_id": desk.point_id, "created_at": moment}
    Client.objects.bulk_create(
        [
            Client(
                pk=pk, name=one.name, name_key=name_key(one.name), name_parts=name_parts(one.name),
                sound_parts=sound_parts(one.name), year_of_birth=one.year, language=one.language,
                municipality_id=one.municipality or None, created_by=at_desk, **own,
            )
            for pk, one in zip(ids, people, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip
    Consent.objects.bulk_create(
        [
            Consent(
                client_id=pk, purpose="record", recipient_point_id=desk.point_id, text=text, how="words",
                given_at=moment, recorded_by=at_desk,
            )
            for pk in ids
        ],
        batch_size=2000,
    )  # fmt: skip
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                client_id=pk, kind="phone", value=str(one.number), value_key=str(one.number),
                value_parts=phone_parts(str(one.number)), created_at=moment,
            )
            for pk, one in zip(ids, people, strict=True)
            if one.number is not None
        ],
        batch_size=2000,
    )  # fmt: skip
    with embedded.superuser(name=connection.settings_dict["NAME"]) as owner:
        owner.execute("ANALYZE")  # as the database itself does after a while
    return File(desk, town, people, ids)


def measured(file: File, *, again: int, others: int) -> tuple[float, float]:
    """The share of near-duplicates that are flagged, and the share of others who are flagged for nothing."""
    places = range(len(file.people))
    with as_actor(file.desk.actor):
        seeded = file.town.random.sample(places, again)
        near = ((place, file.town.again(file.people[place], len(places) + place)) for place in seeded)
        flagged = sum(file.ids[place] in file.hits(one) for place, one in near)
        alone = file.town.random.sample(places, others)
        alarms = sum(bool(file.hits(file.people[place], without=file.ids[place])) for place in alone)
    return flagged / again, alarms / others


@pytest.mark.django_db(transaction=True)
def test_near_duplicates_are_flagged_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    flagged, alarms = measured(filed(2_000, at(10)), again=100, others=100)
    assert flagged >= 0.98
    assert alarms <= 0.02


@pytest.mark.parametrize(
    ("among", "again", "others"),
    [
        pytest.param(5_000, 150, 200, marks=pytest.mark.slow),
        pytest.param(50_000, 500, 2_000, marks=pytest.mark.long),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_of_near_duplicates_among_many_at_least_98_of_100_are_flagged(
    monkeypatch: pytest.MonkeyPatch, among: int, again: int, others: int
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    flagged, alarms = measured(filed(among, at(10)), again=again, others=others)
    assert flagged >= 0.98
    assert alarms <= 0.02


@pytest.mark.django_db(transaction=True)
def test_nobody_is_hinted_at_whom_the_member_may_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    file = filed(20, at(10))
    file.desk = Member(MembershipFactory(front_desk=True))
    with as_actor(file.desk.actor):
        assert not any(file.hits(one) for one in file.people)
