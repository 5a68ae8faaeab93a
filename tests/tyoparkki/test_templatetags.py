"""Icons, times the Finnish way, texts by language, the hidden key, labels and the links of errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation

from tyoparkki.forms import BaseForm
from tyoparkki.templatetags import tp


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


class StepForm(BaseForm):
    what = forms.CharField(label="What")
    how = forms.ChoiceField(label="How", choices=[("a", "A")], widget=forms.RadioSelect, required=False)
    kept = forms.CharField(widget=forms.HiddenInput)


def test_an_icon_of_our_own_pages_stands_in_one_file_and_is_hidden_from_readers() -> None:
    drawn = render('{% icon "people-fill" %}')
    assert 'aria-hidden="true"' in drawn
    assert '<use href="/static/icons.svg#people-fill"/>' in drawn
    together = (Path(settings.BASE_DIR) / "static" / "dist" / "icons.svg").read_text(encoding="utf-8")
    assert '<symbol id="people-fill" viewBox="0 0 16 16"><path' in together


def test_an_icon_that_an_administrator_chose_is_drawn_in_the_page() -> None:
    drawn = render('{% icon "airplane-engines-fill" %}')
    assert 'aria-hidden="true"' in drawn
    assert "<path" in drawn


def test_an_icon_of_an_unknown_name_draws_nothing() -> None:
    assert "<path" not in render('{% icon "no-such-icon" %}')


def test_each_form_has_a_key_of_its_own() -> None:
    keys = re.findall(
        r'name="submission_key" value="([0-9a-f-]{36})"', render("{% submission_key %}{% submission_key %}")
    )
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    ("path", "here"), [("/tiimi/", True), ("/tiimi/kollegat/", True), ("/tyonantajat/", False), ("/", False)]
)
def test_the_link_of_the_part_of_the_house_one_is_in_is_marked(path: str, here: bool) -> None:
    marked = render('{% current "/tiimi/" %}', request=SimpleNamespace(path=path))
    assert (marked == 'aria-current="page"') is here


def test_times_and_days_are_written_the_finnish_way() -> None:
    moment = datetime(2026, 11, 18, 12, 36, tzinfo=UTC)
    with translation.override("fi"):
        assert tp.hm(moment) == "14.36"
        assert tp.hm(datetime(2026, 11, 18, 7, 5, tzinfo=UTC)) == "9.05"
        assert tp.day(moment) == "ke 18.11."
        assert tp.long_day(date(2026, 11, 8)) == "8.11.2026"
        assert tp.weekday_day(date(2026, 11, 18)) == "Keskiviikko 18.11."
    assert (tp.hm(None), tp.day(None), tp.long_day(None)) == ("", "", "")


def test_the_day_of_a_late_moment_is_the_day_in_helsinki() -> None:
    assert tp.long_day(datetime(2026, 11, 17, 22, 30, tzinfo=UTC)) == "18.11.2026"


def test_minutes_are_whole_and_never_negative() -> None:
    assert tp.minutes(timedelta(minutes=3, seconds=59)) == 3
    assert tp.minutes(timedelta(minutes=-3)) == 0


def test_a_text_says_in_which_language_it_came() -> None:
    texts = {"fi": "Työnhaku", "sv": "Jobbsökning"}
    with translation.override("en"):
        assert tp.in_language(texts) == "Työnhaku"
        assert tp.spoken_in(texts) == "fi"
    with translation.override("sv"):
        assert tp.in_language(texts) == "Jobbsökning"


def test_initials_are_two_letters() -> None:
    assert [tp.initials(name) for name in ("Leila Farhadi", "Marja-Liisa Koski", "Elif", "")] == ["LF", "MK", "EL", ""]


def test_a_companys_legal_form_is_no_part_of_its_initials() -> None:
    names = ("Hämeen Siivouspalvelu Oy", "Uusi Askel ry", "Konepaja Ky", "Oy Ab")
    assert [tp.initials(name) for name in names] == ["HS", "UA", "KO", "OA"]


def test_hours_are_as_short_as_they_can_be() -> None:
    assert [tp.hours(time(10), time(18)), tp.hours(time(9, 5), time(14, 30))] == ["10–18", "9.05–14.30"]


def test_required_fields_say_so_in_words_where_others_are_optional() -> None:
    form = StepForm()
    assert str(form["what"].label) == "What (required)"
    assert str(form["how"].label) == "How"
    assert tp.plain_label(form["what"]) == "What"


def test_a_form_that_asks_only_what_it_needs_marks_nothing() -> None:
    class Short(BaseForm):
        what = forms.CharField(label="What")

    assert Short()["what"].label == "What"


def test_an_error_leads_to_its_field_or_to_the_group_of_choices() -> None:
    form = StepForm({})
    assert tp.anchor(form["what"]) == "id_what"
    assert tp.anchor(form["how"]) == "div_id_how"


def test_the_summary_names_each_mistake_once_and_says_how_to_mend_it() -> None:
    summary = render('{% include "components/error_summary.html" %}', form=StepForm({}))
    assert "Check 2 points" in summary
    assert '<a href="#id_what">What: Fill this in.</a>' in summary
    assert "id_kept" not in summary


def test_a_field_with_an_error_is_described_by_it() -> None:
    form = render("{% load crispy_forms_tags %}{{ form|crispy }}", form=StepForm({}))
    described = re.search(r'aria-describedby="([^"]+)"', form)
    assert described
    assert all(f'id="{name}"' in form for name in described.group(1).split())


@pytest.mark.parametrize(
    ("level", "words"), [("short", "a short wait"), ("long", "a long wait"), ("over", "over the limit")]
)
def test_a_wait_is_said_in_a_word_too(level: str, words: str) -> None:
    shown = render('{% include "components/wait.html" with minutes=17 level=level only %}', level=level)
    assert words in shown
    assert "17" in shown


def test_templates_come_without_the_indentation_of_their_files() -> None:
    source = get_template("components/wait.html").template.source
    assert "\n" in source
    assert "\n " not in source
