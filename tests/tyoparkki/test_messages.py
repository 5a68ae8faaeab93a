"""Translations: what is gathered, how lists fill it, and what a check refuses."""

from __future__ import annotations

import gettext
from typing import TYPE_CHECKING

import pytest

from tyoparkki import catalogue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with one page and one module."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}<h1>{% translate "Queue" %}</h1> it\'s <b title="{% translate \'Say "hi"\' %}">\n'
        "{% blocktranslate trimmed count n=n %}\n  One waits\n{% plural %}\n  {{ n }} wait\n{% endblocktranslate %}\n"
        "{% blocktranslate with name=x.name trimmed %}Call {{ name }}, 50 %{% endblocktranslate %}"
        '{{ _("Close")|upper }}'
        '{% translate "May" context "month" %}{# {% translate "Never said" %} #}',
        encoding="utf-8",
    )
    (tmp_path / "visits").mkdir()
    (tmp_path / "visits" / "words.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext\n"
        'A = _("Long "\n      "sentence")\nB = ngettext("%(n)d visit", "%(n)d visits", 3)\n'
        "C = f\"{1} {_('inside')}\"\n",
        encoding="utf-8",
    )
    return tmp_path


def gather_and_write(root: Path, triples: list[catalogue.Triple] | None = None) -> None:
    template = catalogue.gather(root)
    for language in catalogue.LANGUAGES:
        catalogue.write(root, language, catalogue.renew(root, language, template, triples or []))


def lists(root: Path, *lines: str) -> tuple[list[catalogue.Triple], list[str]]:
    folder = root / "lists"
    folder.mkdir(exist_ok=True)
    (folder / "one.tsv").write_text("\n".join(lines), encoding="utf-8")
    return catalogue.read_triples(folder)


def test_texts_of_pages_and_modules_are_gathered(house: Path) -> None:
    found = {(message.id, message.context) for message in catalogue.gather(house) if message.id}
    assert found == {
        ("Queue", None),
        ('Say "hi"', None),
        (("One waits", "%(n)s wait"), None),
        ("Call %(name)s, 50 %%", None),
        ("Close", None),
        ("May", "month"),
        ("Long sentence", None),
        ("inside", None),
        (("%(n)d visit", "%(n)d visits"), None),
    }


def test_english_is_the_text_of_the_source(house: Path) -> None:
    gather_and_write(house)
    catalogue.compile_all(house)
    with catalogue.path_of(house, "en").with_suffix(".mo").open("rb") as file:
        english = gettext.GNUTranslations(file)
    assert english.gettext("Queue") == "Queue"
    assert english.ngettext("%(n)d visit", "%(n)d visits", 2) == "%(n)d visits"


def test_lists_fill_finnish_and_swedish(house: Path) -> None:
    triples, faults = lists(
        house, "Queue\tJono\tKö", "One waits|||%(n)s wait\tYksi odottaa|||%(n)s odottaa\tEn|||%(n)s"
    )
    assert faults == []
    gather_and_write(house, triples)
    assert catalogue.load(house, "fi").get("Queue").string == "Jono"
    assert catalogue.load(house, "sv").get(("One waits", "%(n)s wait")).string == ("En", "%(n)s")


def test_gathering_again_keeps_translations_and_drops_texts_out_of_use(house: Path) -> None:
    gather_and_write(house, lists(house, "Queue\tJono\tKö", "Close\tSulje\tStäng")[0])
    page = house / "templates" / "page.html"
    page.write_text(page.read_text(encoding="utf-8").replace('_("Close")', "x"), encoding="utf-8")
    gather_and_write(house)
    finnish = catalogue.load(house, "fi")
    assert finnish.get("Queue").string == "Jono"
    assert finnish.get("Close") is None


def test_the_same_texts_give_the_same_file(house: Path) -> None:
    gather_and_write(house)
    first = catalogue.path_of(house, "fi").read_bytes()
    gather_and_write(house)
    assert catalogue.path_of(house, "fi").read_bytes() == first


@pytest.mark.parametrize(
    "line",
    [
        "Queue\tJono",
        "Queue\tJono\t",
        "One|||Many\tYksi\tEn",
        "Call %(name)s\tKutsu\tKalla %(name)s",
        "Queue\tJono %(n)s\tKö",
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_left_out(house: Path, line: str) -> None:
    triples, faults = lists(house, line)
    assert triples == []
    assert faults[0].startswith("one.tsv:1: ")


def test_the_check_names_what_is_missing_unsure_or_out_of_use(house: Path) -> None:
    gather_and_write(house, lists(house, "Queue\tJono\tKö")[0])
    path = catalogue.path_of(house, "fi")
    text = path.read_text(encoding="utf-8").replace('msgid "Queue"', '#, fuzzy\nmsgid "Queue"')
    path.write_text(text + '\nmsgid "Old"\nmsgstr "Vanha"\n', encoding="utf-8")
    faults = catalogue.faults_of(house)
    assert "fi: marked as unsure: Queue" in faults
    assert "fi: no longer in use: Old" in faults
    assert "sv: not translated: Close" in faults
    assert not [fault for fault in faults if fault.startswith("en:")]
    assert "sv: not translated: Queue" not in faults


def test_nothing_is_missing_when_every_text_is_there(house: Path) -> None:
    template = catalogue.gather(house)
    triples = [catalogue.Triple(m.id, {"fi": m.id, "sv": m.id}) for m in template if m.id]
    gather_and_write(house, triples)
    assert catalogue.faults_of(house) == []
