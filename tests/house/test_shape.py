"""The house rules that can be read off the source."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tyoparkki import environment

ROOT = environment.BASE_DIR
APPS = ("tyoparkki", "team", "services", "clients", "employers", "visits", "feedback", "reports")
DRAWERS = {"utils", "helpers", "services", "selectors", "managers", "signals", "constants", "misc", "common"}
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".json",
    ".toml",
    ".md",
    ".txt",
    ".in",
    ".yml",
    ".yaml",
    ".sh",
    ".po",
    "",
}
# Written by programs, or data that the product ships with its source.
MADE_BY_PROGRAMS = ("package-lock.json", "requirements/", "locale/")


@cache
def committed() -> tuple[str, ...]:
    """Every file of the repository, by its path."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(name for name in names.split("\0") if name and (ROOT / name).is_file())


def python(*, tests: bool = False) -> list[str]:
    wanted = (*APPS, "tests", "bench") if tests else APPS
    return [name for name in committed() if name.endswith(".py") and name.split("/")[0] in wanted]


def source(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(source(name))


def test_no_file_is_named_after_a_drawer() -> None:
    assert [
        name for name in python() if Path(name).stem in DRAWERS or Path(name).parent.name in DRAWERS - {"services"}
    ] == []


def test_modules_are_short() -> None:
    lengths = {name: source(name).count("\n") for name in python(tests=True) if "/migrations/" not in name}
    assert {n: lines for n, lines in lengths.items() if lines > (600 if n.startswith("tests/") else 400)} == {}


def test_nothing_is_left_for_later() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    names = [n for n in committed() if Path(n).suffix in TEXT and n != "tests/house/test_shape.py"]
    assert [n for n in names if not n.startswith(MADE_BY_PROGRAMS) and left.search(_text(n))] == []


def test_no_committed_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    hosts = ["npm" + "js.org", "python" + "hosted.org", "pypi" + ".org/simple", "registry." + "yarnpkg"]
    places = ["/" + "work/main", "/" + "root/", "/" + "home/user"]
    found = [
        (name, word)
        for name in committed()
        if Path(name).suffix in TEXT or name == "Makefile"
        for word in hosts + places
        if word in _text(name)
    ]
    assert found == []


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def test_every_exception_to_a_check_says_why() -> None:
    bare = re.compile(r"#\s*(noqa: [A-Z0-9, ]+$|noqa\s*$|type: ignore(\[[^\]]*\])?\s*$)", re.MULTILINE)
    assert [name for name in python() if bare.search(source(name))] == []


def _public(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]


def test_every_module_and_every_public_name_says_what_it_means() -> None:
    silent = []
    for name in python():
        if "/migrations/" in name or Path(name).name == "apps.py":
            continue
        if not ast.get_docstring(tree(name)) and tree(name).body:
            silent.append(name)
        for node in _public(tree(name).body):
            if not ast.get_docstring(node):
                silent.append(f"{name}:{node.name}")
            if isinstance(node, ast.ClassDef):
                silent += [
                    f"{name}:{node.name}.{inner.name}"
                    for inner in _public(node.body)
                    if not isinstance(inner, ast.ClassDef) and not ast.get_docstring(inner)
                ]
    assert silent == []


def test_tests_need_no_mocks_of_our_own_code() -> None:
    names = [name for name in python(tests=True) if name.startswith("tests/") and "/house/" not in name]
    assert [name for name in names if "unittest.mock" in source(name) or "mocker" in source(name)] == []


def test_apps_do_not_talk_by_signals() -> None:
    wires = re.compile(r"django\.(db\.models|dispatch).*import.*\b(Signal|receiver|post_save|pre_save|post_delete)\b")
    assert [name for name in python() if wires.search(source(name))] == []


WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# Where rows may be written: actions, and what keeps the house (migrations, demo and bench data, retention, outbox…).
WRITERS = re.compile(r"/(actions(\.py|/)|migrations/|management/|models(\.py|/)|demo|bench|importer\.py)|^tyoparkki/")


def test_only_actions_write() -> None:
    found = []
    for name in python():
        if WRITERS.search(name):
            continue
        calls = (node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call))
        found += [
            f"{name}:{call.lineno} {call.attr}" for call in calls if isinstance(call, ast.Attribute) and _writes(call)
        ]
    assert found == []


def _writes(call: ast.Attribute) -> bool:
    chain = ast.unparse(call.value)
    return call.attr in WRITES or (call.attr in {"update", "delete"} and "objects" in chain)


def _views() -> list[tuple[str, ast.FunctionDef]]:
    modules = [name for name in python() if Path(name).stem == "views" or "/views/" in name]
    return [(n, node) for n in modules for node in ast.walk(tree(n)) if isinstance(node, ast.FunctionDef)]


def test_views_are_short_functions() -> None:
    long = [f"{n}:{v.name}" for n, v in _views() if (v.end_lineno or 0) - v.body[0].lineno + 1 > 30]
    assert long == []
    assert [name for name in python() if "views" in name and "as_view(" in source(name)] == []


def test_views_answer_with_rendered_pages() -> None:
    lazy = re.compile(r"\b(TemplateResponse|StreamingHttpResponse)\b")
    assert [n for n in python() if ("/views" in n or n.endswith("views.py")) and lazy.search(source(n))] == []


def test_the_clock_is_asked_in_one_place() -> None:
    allowed = {"tyoparkki/clock.py", "tyoparkki/health.py"}
    asked = re.compile(r"timezone\.now\(|datetime\.(now|today|utcnow)\(|date\.today\(")
    domain = [name for name in python() if not name.startswith("tyoparkki/") and "/migrations/" not in name]
    assert [name for name in domain if name not in allowed and asked.search(source(name))] == []


@pytest.mark.parametrize("app", APPS)
def test_migrations_have_names_of_their_own(app: str) -> None:
    assert [name for name in python() if name.startswith(f"{app}/migrations/") and "_auto_" in name] == []
