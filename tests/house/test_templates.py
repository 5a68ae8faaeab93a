"""What no page of the product may hold."""

from __future__ import annotations

import re

import pytest

from tests.addresses import SET_ASIDE
from tyoparkki import environment

ROOT = environment.BASE_DIR
PAGES = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")])
FORBIDDEN = {
    "a style in the element": r"<[a-z][^>]*\sstyle\s*=",
    "a style in the page": r"<style\b",
    "a script in the page": r"<script(?![^>]*\b(src=|type=\"application/json\"))",
    "a handler in the element": r"<[a-z][^>]*\son[a-z]+\s*=",
    "a handler of htmx in the element": r"\bhx-on\b",
    "an address that is a script": r"javascript:",
    "unescaped text": r"\|\s*safe\b|\{%\s*autoescape\s+off|safeseq",
    "something from another origin": (
        r"<(script|link|img|source|iframe|form|video|audio)\b[^>]*\b(src|href|action)\s*=\s*[\"']?(https?:)?//"
    ),
}


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_page_holds(fault: str) -> None:
    pattern = re.compile(FORBIDDEN[fault], re.IGNORECASE)
    found = []
    for page in PAGES:
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{page.relative_to(ROOT)}:{number} {line.strip()[:80]}")
    assert found == []


def test_every_form_that_writes_works_without_scripts() -> None:
    faults = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL | re.IGNORECASE):
            head = form[: form.index(">") + 1]
            if re.search(r"method\s*=\s*[\"']?post", head, re.IGNORECASE):
                if "action=" not in head:
                    faults.append(f"{page.relative_to(ROOT)}: a form without an address")
                if "csrf_token" not in form and "crispy" not in form:
                    faults.append(f"{page.relative_to(ROOT)}: a form without its token")
            elif "hx-post" in head:
                faults.append(f"{page.relative_to(ROOT)}: a form that only a script can send")
    assert faults == []


# Forms of the sign-in's library, codes and turns that work once by themselves, and those that store nothing of ours
# (tests/addresses says why).
WITHOUT_KEY = {
    "account_login",
    "account_logout",
    "team:pair",
    "clients:handover",
    "clients:reveal",
    "clients:identity_reveal",
    "visits:give_slip",
    *SET_ASIDE,
}


def test_every_form_that_writes_carries_the_key_of_its_sending() -> None:
    faults = []
    for page in PAGES:
        if page.parent.name in {"account", "allauth", "elements"}:
            continue
        for form in re.findall(r"<form\b.*?</form>", page.read_text(encoding="utf-8"), re.DOTALL | re.IGNORECASE):
            head = form[: form.index(">") + 1]
            to = re.search(r"\baction=\"\{% url '([\w:]+)'", form)
            if (
                "post" not in head
                or "submission_key" in form
                or "links.act_as" in head
                or (to and to[1] in WITHOUT_KEY)
            ):
                continue
            faults.append(f"{page.relative_to(ROOT)}: {head[:100]}")
    assert faults == []


def test_a_chosen_chip_is_ticked_by_the_styles_alone() -> None:
    chip = re.compile(r'<(label|button)\b[^>]*class="chip\b.*?</\1>', re.DOTALL)
    drawn = [
        f"{page.relative_to(ROOT)}: {found[0][:80]}"
        for page in PAGES
        for found in chip.finditer(page.read_text(encoding="utf-8"))
        if re.search(r'icon "check', found[0])
    ]
    assert drawn == []


def test_texts_are_wrapped_for_translation() -> None:
    """A word between two tags that stands outside of every translation block."""
    word = re.compile(r">\s*([A-Za-zÅÄÖåäö][^<]*?[A-Za-zÅÄÖåäö]{2}[^<]*)<")
    tags = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
    names = {"TyöParkki", "Suomi", "Svenska", "English", "suomi", "selkosuomi", "svenska"}
    covered = re.compile(
        r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}"
        r"|\{#.*?#\}|<(code|kbd|title|script)\b.*?</\1>",
        re.DOTALL,
    )
    own = {"404.html", "403.html", "500.html", "503.html"}
    faults = []
    for page in PAGES:
        if page.name in own or "styleguide" in str(page):
            continue
        text = tags.sub(" ", covered.sub("", page.read_text(encoding="utf-8")))
        words = (match.group(1).strip() for match in word.finditer(text))
        faults += [f"{page.relative_to(ROOT)}: {found[:60]}" for found in words if set(found.split()) - names]
    assert faults == []
