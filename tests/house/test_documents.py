"""The documents keep up with the code."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from team import matrix
from team.access import Member
from team.models import Role
from tests.addresses import PRESSES
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
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


# What stands between two marks of a name is filled in: a code, a number, a user name.
FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
NO_CONTROLS = {"data-state"}  # what a control says of itself
ONLY_HERE = "templates/styleguide/"  # the page of the house's own parts is no job of anybody's


def controls() -> set[str]:
    """The name of every control of the product, with `*` where something is filled in."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").rglob("*.js")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(files) if ONLY_HERE not in path.as_posix())
    names = re.findall(r'testid="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})+)"', text + code())
    return {FILLED.sub("*", name) for name in names} - {"*"}


def told() -> set[str]:
    """Every name in the pages of controls and form fields; `CODE` is filled in; `name=value` tells both."""
    text = document("operations.md").split("## Controls and form fields")[1]
    names = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
    return names | {name.split("=")[0] for name in names}


def fits(pattern: str, names: set[str]) -> bool:
    """Whether a control is told of."""
    parts = [re.escape(part) for part in pattern.split("*")]
    return any(re.fullmatch(".+".join(parts), name) for name in names)


def test_every_control_is_told_of() -> None:
    names = told()
    assert {name for name in controls() if not fits(name, names)} == set()


def cells_of_controls() -> list[str]:
    """The cells of every table's column of controls."""
    lines = document("operations.md").split("## Controls and form fields")[1].splitlines()
    cells, place = [], 0
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        parts = line.split("|")
        if below.startswith("|---"):
            place = next((n for n, part in enumerate(parts) if "control" in part), 0)
        elif place and len(parts) > place and not line.startswith("|---"):
            cells.append(parts[place])
    return cells


def test_every_control_that_is_told_of_is_there() -> None:
    patterns = [re.compile(".+".join(map(re.escape, name.split("*")))) for name in controls()]
    named = {
        name for cell in cells_of_controls() for name in re.findall(r"`([a-z_]+(?:-[A-Za-z0-9_]+)*)`", cell)
    } - NO_CONTROLS
    assert len(named) > 150
    assert {name for name in named if not any(pattern.fullmatch(name) for pattern in patterns)} == set()


def test_every_field_that_is_sent_is_told_of(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", at(11).isoformat())
    names = told()
    unknown: dict[str, set[str]] = {}
    for row in matrix.rows():
        if row.name in PRESSES and row.access and not row.route.startswith("/tyylit/"):
            house = House()
            role = next((role for role in Role.values if row.allowed[role]), Role.ADMIN)
            sample = PRESSES[row.name](house, Member(MembershipFactory(point=house.point, role=role)))
            fields = set() if sample.is_json else set(sample.data)
            if lacking := {name for name in fields if name not in names and not fits_family(name, names)}:
                unknown[row.name] = lacking
    assert unknown == {}


def fits_family(name: str, names: set[str]) -> bool:
    """`shown_notes` is one of `shown_…`, said once for all."""
    return any(name.startswith(one.removesuffix("…")) for one in names if one.endswith("…"))


def _identifiers() -> set[str]:
    """The names of code that the glossary gives its terms."""
    rows = re.findall(r"^\|[^|]*\|([^|]*)\|", document("glossary.md"), re.MULTILINE)
    return {name.split(".")[0] for row in rows for name in re.findall(r"`([A-Za-z_.]+)`", row)}


def test_every_kind_of_row_has_its_word() -> None:
    own = {model.__name__ for model in apps.get_models() if model._meta.app_label in APPS}
    assert own - _identifiers() == set()


def test_every_identifier_of_the_glossary_is_in_the_code() -> None:
    names = _identifiers()
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
