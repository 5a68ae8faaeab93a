"""Pure rules: hours in words, needs, suggestions with their reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from services.hours import exception_lines, week_lines
from services.matching import ranked, suggest
from services.needs import class_name, falls_under, needs_of
from tests.factories.services import ServiceFactory
from tests.factories.team import WEDNESDAY, PointFactory

FI = "fi"


@pytest.fixture(autouse=True)
def in_finnish() -> Any:
    """Words are those of the screens."""
    with override(FI):
        yield


@pytest.mark.parametrize(
    ("hours", "lines"),
    [
        ([{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "15:00"}], ["ma–pe 9–15"]),
        (
            [{"days": [1, 2, 3, 4], "from": "09:00", "to": "15:00"}, {"days": [5], "from": "09:00", "to": "12:30"}],
            ["ma–to 9–15", "pe 9–12.30"],
        ),
        ([{"days": [2, 4], "from": "08:30", "to": "10:30"}], ["ti 8.30–10.30", "to 8.30–10.30"]),
        (
            [{"days": [3], "from": "09:00", "to": "11:00"}, {"days": [3], "from": "12:00", "to": "18:00"}],
            ["ke 9–11, 12–18"],
        ),
        ([{"on": "2026-12-24", "until": "2026-12-24", "closed": True, "note": {}}], []),
        ([], []),
    ],
)
def test_weekly_hours_in_words(hours: list[dict[str, Any]], lines: list[str]) -> None:
    assert week_lines(hours) == lines


def test_exceptions_of_the_coming_weeks_in_words() -> None:
    closed = {"on": "2026-12-06", "until": "2026-12-06", "closed": True, "note": {"fi": "Itsenäisyyspäivä"}}
    longer = {"on": "2026-11-25", "until": "2026-11-25", "from": "10:00", "to": "19:00", "closed": False, "note": {}}
    holiday = {"on": "2026-11-30", "until": "2026-12-02", "closed": True, "note": {"fi": "Suljettu"}}
    far = {"on": "2027-05-01", "until": "2027-05-01", "closed": True, "note": {}}
    past = {"on": "2026-11-01", "until": "2026-11-02", "closed": True, "note": {}}
    lines = exception_lines([closed, far, longer, past, holiday], WEDNESDAY)
    assert lines[0] == "25.11. 10–19"
    assert lines[1].startswith("30.11.–2.12. ")
    assert lines[2].endswith("(Itsenäisyyspäivä)")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("code", "group", "fits"),
    [("P10", "P10", True), ("P10.7", "P10", True), ("P1", "P10", False), ("P10", "P1", False)],
)
def test_a_class_falls_under_its_group(code: str, group: str, fits: bool) -> None:
    assert falls_under(code, group) is fits


def test_needs_come_from_the_classes() -> None:
    assert needs_of(["P6.10", "P10.1"]) == {"learning", "job"}
    assert needs_of(["P15.8"]) == {"enterprise"}
    assert needs_of([]) == frozenset()


def test_the_national_names_are_at_hand() -> None:
    assert class_name("P10.1") == "Työnhaku ja työpaikat"
    assert class_name("P999") == ""


@pytest.mark.django_db
def test_suggestions_say_why_and_the_topic_decides() -> None:
    same = ServiceFactory(names={"fi": "Sama luokka"}, service_classes=["P10.7"])
    old = ServiceFactory(names={"fi": "Vanha"}, service_classes=["P10.7"], verified_on=WEDNESDAY - timedelta(days=300))
    spoken = ServiceFactory(names={"fi": "Oma kieli"}, service_classes=["P10.7"], languages=["fi", "ar"])
    other = ServiceFactory(names={"fi": "Muu"}, service_classes=["P6.10"])
    found = ranked([same, old, spoken, other], ["P10.7"], language="ar", today=WEDNESDAY, limit=10)
    assert [one.service for one in found] == [spoken, same, old]
    assert all(one.reason for one in found)
    assert ranked([other], ["P10.7"], language="fi", today=WEDNESDAY, limit=10) == []
    assert len(ranked([same, spoken, old], ["P10.7"], language="fi", today=WEDNESDAY, limit=2)) == 2


@pytest.mark.django_db
def test_suggestions_for_topics_cost_two_statements(assert_budget: Callable[..., Any]) -> None:
    point = PointFactory()
    point.topics.filter(code="cv").update(service_classes=["P10.7"])
    service = ServiceFactory()
    with assert_budget(2):
        found = suggest(["cv"], "fi", 5, point_id=point.pk, today=WEDNESDAY)
    assert [one.service for one in found] == [service]
    assert suggest(["cv"], "fi", 5, point_id=point.pk, today=WEDNESDAY, without=[service.pk]) == []
    assert suggest(["tuntematon"], "fi", 5, point_id=point.pk, today=date(2026, 11, 18)) == []
