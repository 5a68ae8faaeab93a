"""Numbers as they are read: decimal comma, a space before the percent sign, en dash in ranges."""

from __future__ import annotations

from datetime import date

from django.utils import formats

NARROW = "\u00a0"


def decimal(value: float, places: int = 1) -> str:
    """4,4"""
    return formats.number_format(value, decimal_pos=places)


def whole(value: float) -> str:
    """1 234"""
    return formats.number_format(round(value), decimal_pos=0, force_grouping=True)


def percent(share: float) -> str:
    """37 %"""
    return f"{round(share * 100)}{NARROW}%"


def short_day(on: date) -> str:
    """18.11."""
    return f"{on.day}.{on.month}."


def days_between(first: date, last: date) -> str:
    """5.8.–11.11.2026"""
    if first == last:
        return f"{first.day}.{first.month}.{first.year}"
    begins = short_day(first) if first.year == last.year else f"{short_day(first)}{first.year}"
    return f"{begins}–{last.day}.{last.month}.{last.year}"
