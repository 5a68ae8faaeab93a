"""The documents keep up with the code."""

import re
from functools import cache
from pathlib import Path

import pytest

from tyoparkki import environment

ROOT = environment.BASE_DIR
APPS = ("tyoparkki", "team", "services", "clients", "employers", "visits", "feedback", "reports")
OWN_AFFAIRS = {"TYOPARKKI_TESTING", "TYOPARKKI_TEST_DATABASE", "TYOPARKKI_FAST_HASH"}


@cache
def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@cache
def code() -> str:
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_variable_of_the_environment_is_explained() -> None:
    asked = set(re.findall(r"environment\.(?:text|flag|number|items)\(\s*\"([A-Z_]+)\"", code())) - OWN_AFFAIRS
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", document("operations.md")))
    assert asked - named == set()


def test_every_command_is_explained() -> None:
    commands = {
        path.stem for app in APPS for path in (ROOT / app).glob("management/commands/*.py") if path.stem[0] != "_"
    }
    assert {name for name in commands if f"`{name}" not in document("operations.md")} == set()


def test_every_identifier_of_the_glossary_is_in_the_code() -> None:
    rows = re.findall(r"^\|[^|]*\|([^|]*)\|", document("glossary.md"), re.MULTILINE)
    names = {name.split(".")[0] for row in rows for name in re.findall(r"`([A-Za-z_.]+)`", row)}
    assert {name for name in names if not re.search(rf"\b{name}\b", code())} == set()


def test_a_finnish_term_has_one_english_name() -> None:
    terms = re.findall(r"^\| ([^|]+?) \|", document("glossary.md"), re.MULTILINE)
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_is_numbered_short_and_complete(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = int(path.stem.split("-")[0])
    assert text.startswith(f"# {number}. ")
    assert text.count("\n") < 60
    if number:
        for part in ("**Wanted.**", "**Chosen.**", "**Costs.**", "**Anew when**"):
            assert part in text
