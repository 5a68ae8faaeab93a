"""Honest figures: intervals, chance, and cells under five hidden with whatever would give them away. All pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from tyoparkki.anonymity import FEWEST

Z = 1.959964
# Two-sided 95 % points of Student's t, by degrees of freedom; beyond the last the normal one serves.
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share (0–1) or a mean with its 95 % interval and the number of observations."""

    value: float
    low: float
    high: float
    n: int

    def holds(self, target: float) -> bool:
        """Whether a target lies inside the interval: the difference may be chance."""
        return self.low <= target <= self.high


def wilson(part: int, n: int) -> Estimate | None:
    """A share with Wilson's interval; None without observations."""
    if n <= 0:
        return None
    share = part / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Estimate(share, max(0.0, centre - reach), min(1.0, centre + reach), n)


def mean(counts: Mapping[int, int]) -> Estimate | None:
    """The mean of graded answers (`{grade: how many}`) with its t interval; None under five answers."""
    n = sum(counts.values())
    if n < FEWEST:
        return None
    middle = sum(grade * number for grade, number in counts.items()) / n
    spread = sum(number * (grade - middle) ** 2 for grade, number in counts.items()) / (n - 1)
    reach = (_T[n - 2] if n - 2 < len(_T) else Z) * math.sqrt(spread / n)
    lowest, highest = min(counts), max(counts)
    return Estimate(middle, max(lowest, middle - reach), min(highest, middle + reach), n)


def differs(first: int, first_days: int, second: int, second_days: int) -> bool:
    """Whether two counts over so many days differ by more than chance (Poisson, 95 %)."""
    if not (first_days and second_days):
        return False
    gap = first / first_days - second / second_days
    return abs(gap) > Z * math.sqrt(first / first_days**2 + second / second_days**2)


# --- small cells -----------------------------------------------------------------------------------------------------


def is_small(number: int) -> bool:
    """Between one and four: somebody could be recognised. Nobody at all is not somebody."""
    return 0 < number < FEWEST


def shows_share(part: int, n: int) -> bool:
    """Whether a share may be told: neither those in it nor those outside of it are few."""
    return n >= FEWEST and not is_small(part) and not is_small(n - part)


def hidden_of(cells: Sequence[int]) -> set[int]:
    """Which cells to hide when their sum is told: the small ones, and one more when they would stand alone."""
    return {place for _, place in hidden_in([list(cells)], with_column_sums=False)}


def hidden_in(table: Sequence[Sequence[int]], *, with_column_sums: bool = True) -> set[tuple[int, int]]:
    """Which cells of a table to hide when every row's sum (and every column's) is told.

    A hidden cell stands firm when some other table with the same sums has another number in it. Nobody at all is
    always told, so whoever looks knows that a hidden cell has at least one. Seen as roads between rows and columns,
    a cell stands firm on a round trip of hidden cells that may each have one visitor more and one fewer by turns,
    and none of them would be left without anybody. So roads are added until every one lies on a round trip.
    """
    cells = {(r, c): number for r, row in enumerate(table) for c, number in enumerate(row)}
    hidden = {place for place, number in cells.items() if is_small(number)}
    while lonely := _exposed(cells, hidden, with_column_sums=with_column_sums):
        more = _next_to_hide(cells, hidden, lonely, with_column_sums=with_column_sums)
        if more is None:
            # Nothing left to hide it among: everything in its row goes, and the caller merges or drops the sum.
            return {place for place, number in cells.items() if number}
        hidden.add(more)
    return hidden


def _next_to_hide(
    cells: Mapping[tuple[int, int], int],
    hidden: set[tuple[int, int]],
    lonely: set[tuple[int, int]],
    *,
    with_column_sums: bool,
) -> tuple[int, int] | None:
    free = [place for place, number in cells.items() if number and place not in hidden]
    rows, columns = {r for r, _ in lonely}, {c for _, c in lonely}
    near = [place for place in free if place[0] in rows or (with_column_sums and place[1] in columns)]

    def worth(place: tuple[int, int]) -> tuple[int, int, tuple[int, int]]:
        left = len(_exposed(cells, hidden | {place}, with_column_sums=with_column_sums))
        return left, cells[place], place

    return min(near, key=worth, default=None)


Node = tuple[str, int]


def _exposed(
    cells: Mapping[tuple[int, int], int], hidden: set[tuple[int, int]], *, with_column_sums: bool
) -> set[tuple[int, int]]:
    """The hidden cells that no other table with the same sums can change. Without column sums all columns are one."""
    roads: dict[Node, list[tuple[Node, tuple[int, int]]]] = {}
    ends: dict[tuple[int, int], tuple[Node, Node]] = {}
    for r, c in sorted(hidden):
        row, column = ends[r, c] = ("row", r), ("column", c if with_column_sums else 0)
        roads.setdefault(row, []).append((column, (r, c)))  # one more
        if cells[r, c] > 1:
            roads.setdefault(column, []).append((row, (r, c)))  # one fewer
    return {
        road
        for road, (row, column) in ends.items()
        if not _leads(roads, column, row, without=road)
        and not (cells[road] > 1 and _leads(roads, row, column, without=road))
    }


def _leads(
    roads: Mapping[Node, Sequence[tuple[Node, tuple[int, int]]]], start: Node, goal: Node, *, without: tuple[int, int]
) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        for there, by in roads.get(ahead.pop(), ()):
            if by == without or there in seen:
                continue
            if there == goal:
                return True
            seen.add(there)
            ahead.append(there)
    return False


def merged(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours put together until no group is small: `[(first, last), …]`, for parts that have an order."""
    groups: list[tuple[int, int]] = []
    first, total = 0, 0
    for place, number in zip(count(), cells, strict=False):
        total += number
        if not is_small(total):
            groups.append((first, place))
            first, total = place + 1, 0
    if total:
        # The last ones are few: they join the group before them that holds somebody.
        while groups:
            first = groups.pop()[0]
            if not is_small(sum(cells[first:])):
                break
        groups.append((first, len(cells) - 1))
    return groups
