"""Working days of Finland."""

from __future__ import annotations

from datetime import date

import pytest

from tyoparkki.workdays import is_working_day, working_days_after, working_days_between


@pytest.mark.parametrize(
    ("on", "what"),
    [
        (date(2026, 6, 19), "Midsummer Eve"),
        (date(2027, 6, 25), "Midsummer Eve"),
        (date(2026, 12, 24), "Christmas Eve"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 6), "Independence Day, a Sunday"),
        (date(2027, 1, 6), "Epiphany"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 5, 14), "Ascension Day"),
        (date(2026, 11, 28), "a Saturday"),
    ],
)
def test_free_days_are_no_working_days(on: date, what: str) -> None:
    assert not is_working_day(on), what


def test_an_ordinary_wednesday_is_a_working_day() -> None:
    assert is_working_day(date(2026, 11, 25))


@pytest.mark.parametrize(
    ("since", "count", "until"),
    [
        (date(2026, 11, 25), 5, date(2026, 12, 2)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 6, 17), 2, date(2026, 6, 22)),  # over Midsummer
        (date(2026, 12, 23), 1, date(2026, 12, 28)),  # over Christmas
        (date(2026, 12, 30), 3, date(2027, 1, 5)),  # over the year's end
        (date(2026, 3, 27), 1, date(2026, 3, 30)),  # over the change of clocks
    ],
)
def test_a_promise_is_counted_in_working_days(since: date, count: int, until: date) -> None:
    assert working_days_after(since, count) == until
    assert working_days_between(since, until) == count


def test_no_working_day_passes_over_a_week_end() -> None:
    assert working_days_between(date(2026, 11, 27), date(2026, 11, 29)) == 0


def test_less_than_one_day_is_no_promise() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_days_after(date(2026, 11, 27), 0)
