"""People are found by parts of the name in any order, by year of birth and by any part of the number."""

from typing import Any

import pytest

from clients.actions import consent as consents
from clients.actions.consent import Given
from clients.keys import phone_key, phone_parts, sought
from clients.models import Client
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at
from tests.fixtures.walls import as_actor

PEOPLE: list[dict[str, Any]] = [
    {"name": "Åsa Öhman", "year_of_birth": 1979},
    {
        "name": "Anna-Maija Järvinen",
        "year_of_birth": 1985,
        "contact_kind": "phone",
        "contact_value": "+358 000 000 012",
    },
    {"name": "Järvi Mäkelä", "contact_kind": "sms", "contact_value": "040 123 4567"},
    {"name": "Bo Ek"},
    {"name": "Omar al-Sayed", "year_of_birth": 1985},
    {"name": "Turvattu Henkilö", "contact_kind": "phone", "contact_value": "040 765 4321", "is_non_disclosure": True},
]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def desk(db: None) -> Member:
    """The front desk of a point with six people on file."""
    desk = Member(MembershipFactory(front_desk=True))
    for person in PEOPLE:
        person_on_file(desk, **person)
    return desk


def found(desk: Member, typed: str) -> set[str]:
    """Names found by what was typed."""
    with as_actor(desk.actor):
        return set(Client.objects.visible_to(desk).found_by(sought(typed), desk).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("jär", {"Anna-Maija Järvinen", "Järvi Mäkelä"}),
        ("JÄRVIN", {"Anna-Maija Järvinen"}),
        ("järvinen anna", {"Anna-Maija Järvinen"}),
        ("anna jär", {"Anna-Maija Järvinen"}),
        ("maija", {"Anna-Maija Järvinen"}),
        ("anna-maija", {"Anna-Maija Järvinen"}),
        ("anna maija järvinen", {"Anna-Maija Järvinen"}),
        ("öhm", {"Åsa Öhman"}),
        ("åsa", {"Åsa Öhman"}),
        ("asa", {"Åsa Öhman"}),
        ("say", {"Omar al-Sayed"}),
        ("al-say", {"Omar al-Sayed"}),
        ("bo ek", {"Bo Ek"}),
        ("1985", {"Anna-Maija Järvinen", "Omar al-Sayed"}),
        ("1985 omar", {"Omar al-Sayed"}),
        ("omar 1979", set()),
        ("000 012", {"Anna-Maija Järvinen"}),
        ("0000 000 12", {"Anna-Maija Järvinen"}),
        ("+358 40 123", {"Järvi Mäkelä"}),
        ("4567", {"Järvi Mäkelä"}),
        ("234", {"Järvi Mäkelä"}),
        ("järvi 4567", {"Järvi Mäkelä"}),
        ("040 765", set()),
        ("tur", {"Turvattu Henkilö"}),
        ("jä", set()),
        ("12", set()),
        ("", set()),
        ("%%%", set()),
        ("jär%", {"Anna-Maija Järvinen", "Järvi Mäkelä"}),
    ],
)
def test_a_search_finds(desk: Member, typed: str, names: set[str]) -> None:
    assert found(desk, typed) == names


def test_a_number_is_searched_only_where_it_may_be_seen(desk: Member) -> None:
    partner = Member(MembershipFactory())
    client = Client.objects.get(name="Järvi Mäkelä")
    share = {"by": desk, "at": at(12), "purpose": Purpose.SHARE, "given": Given()}
    given = consents.give_consent(client, organisation=partner.membership.organisation, contents=["situation"], **share)
    assert found(partner, "mäkelä") == {"Järvi Mäkelä"}
    assert found(partner, "4567") == set()
    consents.withdraw_consent(given, by=desk, at=at(12))
    assert found(partner, "mäkelä") == set()
    consents.give_consent(client, organisation=partner.membership.organisation, contents=["contact"], **share)
    assert found(partner, "4567") == {"Järvi Mäkelä"}


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("+358 40 123", "040123"),
        ("0035840123", "040123"),
        ("040-123", "040123"),
        ("+358 (0)40 123", "040123"),
        ("112", "112"),
    ],
)
def test_a_number_has_one_key_however_it_is_written(number: str, key: str) -> None:
    assert phone_key(number) == key


def test_the_index_of_a_number_holds_each_three_digits_in_a_row() -> None:
    assert phone_parts("04012") == ["012", "040", "401"]
    assert phone_parts("12") == []


def test_of_many_the_first_by_name_are_read(desk: Member) -> None:
    for first in ("Venla", "Aino", "Kaino", "Oiva"):
        person_on_file(desk, name=f"{first} Koivunen")
    with as_actor(desk.actor):
        rows = Client.objects.visible_to(desk).found_by(sought("koiv"), desk, most=3).for_lists()
        whole = Client.objects.visible_to(desk).found_by(sought("koiv"), desk).for_lists()
        assert [row.pk for row in rows] == [row.pk for row in whole][:3]
        assert len(whole) == 4
