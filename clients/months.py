"""The same day some months later, or the month's last day where there is no such day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """31 August and six months: 28 February, or the 29th in a leap year. Days, not hours: clocks may change between."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
