"""Who covers what and when: pure functions over plain values.

Rules, in order:
1. a need is a topic (some profession must be there) or a language;
2. a colleague covers a need while on shift, by the shift's profession, by any own trade, or by a language;
3. cover is counted by the hour; a block of hours has the cover of its thinnest hour; a day has six blocks at most;
4. hours without cover that follow one another are one gap; all hours of a day without cover: the whole day;
5. a day without any shift is said once, not once for every need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tyoparkki.clock import HELSINKI

HOUR = timedelta(hours=1)
MOST_BLOCKS = 6


@dataclass(frozen=True, slots=True)
class Stint:
    """A colleague at work: from when to when, with which trades and languages."""

    starts_at: datetime
    ends_at: datetime
    professions: frozenset[int]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Need:
    """What visitors come for: one of some professions, or a language."""

    label: str
    professions: frozenset[int] = frozenset()
    language: str = ""

    def met_by(self, stint: Stint) -> bool:
        """Whether the colleague covers it."""
        return self.language in stint.languages if self.language else bool(self.professions & stint.professions)


@dataclass(frozen=True, slots=True)
class Block:
    """Some hours of a day and the cover of the thinnest of them."""

    starts: time
    ends: time
    cover: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours of a day in which nobody covers a need."""

    on: date
    starts: time
    ends: time
    label: str = ""
    is_whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """When the doors are open on a date."""

    on: date
    opens_at: time
    closes_at: time

    def steps(self, step: timedelta) -> list[tuple[datetime, datetime]]:
        """The day in steps; the last may be shorter."""
        start = datetime.combine(self.on, self.opens_at, tzinfo=HELSINKI)
        end = datetime.combine(self.on, self.closes_at, tzinfo=HELSINKI)
        steps = []
        while start < end:
            steps.append((start, min(start + step, end)))
            start += step
        return steps


def cover(need: Need, stints: Iterable[Stint], starts: datetime, ends: datetime) -> int:
    """How many colleagues cover a need through the whole of some time."""
    return sum(1 for stint in stints if stint.starts_at <= starts and stint.ends_at >= ends and need.met_by(stint))


def blocks(need: Need, hours: Hours, stints: Sequence[Stint]) -> list[Block]:
    """The day in blocks of two hours (of more on a long day), each with the cover of its thinnest hour."""
    size = max(2, -(-len(hours.steps(HOUR)) // MOST_BLOCKS))
    found = []
    for starts, ends in hours.steps(HOUR * size):
        inside = [step for step in hours.steps(HOUR) if starts <= step[0] < ends]
        found.append(Block(starts.time(), ends.time(), min(cover(need, stints, *step) for step in inside)))
    return found


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, in one sentence: on every one of the days, or on one of them."""

    label: str
    gap: Gap
    is_every_day: bool = False


def lacks(found: Sequence[Gap], days: int) -> list[Lack]:
    """Gaps put in words: a need that is missing on all of the days, all day, is said once."""
    whole: dict[str, int] = {}
    for gap in found:
        if gap.is_whole_day and gap.label:
            whole[gap.label] = whole.get(gap.label, 0) + 1
    said: set[str] = set()
    sentences = []
    for gap in found:
        always = days > 1 and whole.get(gap.label, 0) == days
        if not always or gap.label not in said:
            sentences.append(Lack(gap.label, gap, always))
        if always:
            said.add(gap.label)
    return sentences


def gaps(needs: Iterable[Need], hours: Hours, stints: Sequence[Stint]) -> list[Gap]:
    """What nobody covers on a day; one gap without a label when nobody is on shift at all."""
    if not stints:
        return [Gap(hours.on, hours.opens_at, hours.closes_at, is_whole_day=True)]
    return [gap for need in needs for gap in _gaps_of(need, hours, stints)]


def _gaps_of(need: Need, hours: Hours, stints: Sequence[Stint]) -> list[Gap]:
    found: list[list[datetime]] = []
    for starts, ends in hours.steps(HOUR):
        if cover(need, stints, starts, ends):
            continue
        if found and found[-1][1] == starts:
            found[-1][1] = ends
        else:
            found.append([starts, ends])
    whole = (hours.opens_at, hours.closes_at)
    return [
        Gap(hours.on, starts.time(), ends.time(), need.label, (starts.time(), ends.time()) == whole)
        for starts, ends in found
    ]
