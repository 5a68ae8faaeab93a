"""Opening hours in words: pure functions over the plain values of a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from tyoparkki.texts import pick

EXCEPTIONS_AHEAD = timedelta(days=35)
_A_MONDAY = date(2026, 11, 16)


def week_lines(hours: Iterable[Mapping[str, Any]]) -> list[str]:
    """Weekly hours, days with equal hours together: "ma–to 9–15", "pe 9–12"."""
    spans: dict[int, list[str]] = {}
    for row in hours:
        for day in row.get("days", ()):
            spans.setdefault(day, []).append(_span(row))
    lines: list[tuple[list[int], str]] = []
    for day in sorted(spans):
        text = ", ".join(sorted(set(spans[day]), key=spans[day].index))
        if lines and lines[-1][1] == text and lines[-1][0][-1] == day - 1:
            lines[-1][0].append(day)
        else:
            lines.append(([day], text))
    return [f"{_days(days)} {text}" for days, text in lines]


def exception_lines(hours: Iterable[Mapping[str, Any]], today: date) -> list[str]:
    """Days that differ in the coming weeks, with why: "24.12. suljettu (jouluaatto)"."""
    coming = []
    for row in hours:
        if not row.get("on"):
            continue
        first, last = date.fromisoformat(row["on"]), date.fromisoformat(row["until"])
        if last < today or first > today + EXCEPTIONS_AHEAD:
            continue
        when = _dates(first, last)
        what = _("closed") if row.get("closed") else _span(row)
        why = pick(row.get("note"))
        why = "" if why.casefold() == what.casefold() else why
        coming.append((first, f"{when} {what} ({why})" if why else f"{when} {what}"))
    return [line for _first, line in sorted(coming)]


def _span(row: Mapping[str, Any]) -> str:
    starts, ends = str(row.get("from", "")), str(row.get("to", ""))
    if not starts or (starts == "00:00" and ends in {"00:00", "24:00", "23:59"}):
        return _("round the clock")
    return f"{_clock(starts)}–{_clock(ends)}"


def _clock(text: str) -> str:
    """9, 8.30: the way that Finns write times."""
    hour, _colon, minute = text.partition(":")
    return f"{int(hour)}" if minute in {"", "00"} else f"{int(hour)}.{minute}"


def _days(days: list[int]) -> str:
    def name(day: int) -> str:
        return formats.date_format(_A_MONDAY + timedelta(days=day - 1), "D").lower()

    return name(days[0]) if len(days) == 1 else f"{name(days[0])}–{name(days[-1])}"


def _dates(first: date, last: date) -> str:
    if first == last:
        return f"{first.day}.{first.month}."
    same = first.month == last.month
    return f"{first.day}.–{last.day}.{last.month}." if same else f"{first.day}.{first.month}.–{last.day}.{last.month}."
