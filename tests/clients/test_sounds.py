"""A name is found however it was carried over from another alphabet, and what is written so comes first."""

from typing import Any

import pytest

from clients.keys import sought
from clients.models import Client
from clients.sounds import sound, sound_parts, sounds, typed_sounds
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at
from tests.fixtures.walls import as_actor

ALIKE = [
    "Aleksandr Alexander Oleksandr Aleksander Alexandr",
    "Mohammed Muhammad Mohamed Mohamud Mohammad",
    "Yusuf Jusuf Youssef Yousef",
    "Hussein Husein Hossein Hussain",
    "Sergei Sergey Sergej",
    "Yulia Julija Julia Iuliia",
    "Dmitri Dmitry Dmitrii Dimitri",
    "Natalia Natalija Nataliya",
    "Abdirahman Abdurahman Abdirahmaan",
    "Shukri Šukri Sukri",
    "Chernov Tšernov Černov Tshernov",
    "Petrovitš Petrovich Petrovitsh",
    "Yevgeni Evgeni Jevgeni",
    "Ahmed Ahmad Achmed Akhmed",
    "Jamal Dzhamal Džamal",
    "Hämäläinen Hamalainen",
    "Said Saeed",
    "Ville Wille",
]


@pytest.mark.parametrize("group", ALIKE)
def test_one_name_carried_over_in_several_ways_has_one_key(group: str) -> None:
    heard = [sound(word) for word in group.split()]
    assert len({one.bones or one.voice for one in heard}) == 1, heard


@pytest.mark.parametrize("pair", ["Aino Anna", "Mika Mikko", "Virtanen Vartiainen", "Koivu Koivisto", "Timo Tiina"])
def test_names_that_are_two_stay_two(pair: str) -> None:
    one, other = (sound(word) for word in pair.split())
    assert one != other


def test_a_hyphen_that_is_forgotten_changes_nothing() -> None:
    assert sound("Annamaija") in sounds("Anna-Maija")
    assert typed_sounds("Anna-Maija") == typed_sounds("annamaija")


def test_the_fathers_name_is_no_condition_beside_two_others() -> None:
    assert len(typed_sounds("Ivan Petrovitš Sidorov")) == 2
    assert len(typed_sounds("Petrovitš Ivan")) == 2


def test_what_is_no_letter_of_any_alphabet_has_no_sound() -> None:
    assert sound_parts("%% - '") == []
    assert sounds("Иван") == []


PEOPLE: list[dict[str, Any]] = [
    {"name": "Oleksandr Petrenko", "year_of_birth": 1979},
    {"name": "Alexander Berg"},
    {"name": "Muhammad Al-Salman"},
    {"name": "Youssef Haddad"},
    {"name": "Julija Tšernova"},
    {"name": "Anna-Maija Hämäläinen"},
    {"name": "Ivan Sidorov"},
    {"name": "Sirpa Koe"},
]


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> Member:
    """A point with people of many alphabets on file."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    desk = Member(MembershipFactory(front_desk=True))
    for person in PEOPLE:
        person_on_file(desk, **person)
    return desk


def found(desk: Member, typed: str, *, most: int | None = None) -> list[str]:
    """Names found by what was typed, the best first."""
    what = sought(typed)
    with as_actor(desk.actor):
        rows = Client.objects.visible_to(desk).found_by(what, desk, most=most).best_first(what)
        return list(rows.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("alexander", ["Alexander Berg", "Oleksandr Petrenko"]),
        ("alexan", ["Alexander Berg", "Oleksandr Petrenko"]),
        ("Aleksandr Petrenko", ["Oleksandr Petrenko"]),
        ("petrenko aleksandr 1979", ["Oleksandr Petrenko"]),
        ("petrenko aleksandr 1980", []),
        ("moh", ["Muhammad Al-Salman"]),
        ("mohammed alsalman", ["Muhammad Al-Salman"]),
        ("yusuf", ["Youssef Haddad"]),
        ("yulia chernova", ["Julija Tšernova"]),
        ("annamaija", ["Anna-Maija Hämäläinen"]),
        ("hamalai", ["Anna-Maija Hämäläinen"]),
        ("Sidorov Ivan Petrovich", ["Ivan Sidorov"]),
        ("shi", []),
    ],
)
def test_a_search_hears(desk: Member, typed: str, names: list[str]) -> None:
    assert found(desk, typed) == names


def test_those_written_so_are_never_pushed_out_by_those_that_sound_so(desk: Member) -> None:
    assert found(desk, "alexander", most=1) == ["Alexander Berg"]
    assert found(desk, "oleksandr", most=1) == ["Oleksandr Petrenko"]


def test_what_sounds_so_is_found_only_by_those_who_may_see_it(desk: Member) -> None:
    other = Member(MembershipFactory(front_desk=True))
    assert found(other, "aleksandr petrenko") == []
    with as_actor(other.actor):
        assert not Client.objects.found_by(sought("aleksandr petrenko"), other).exists()
