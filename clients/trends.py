"""Change over time: each area by itself, the first answer as the baseline, told in words and drawn from plain values.

Nothing is added up or compared between people. What is strongest comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from clients.models import Instrument, SelfAssessment
from clients.models.instrument import Area, InstrumentVersion
from tyoparkki import clock
from tyoparkki.texts import pick, spoken

WIDTH, HEIGHT, MARGIN = 220, 56, 10


@dataclass(frozen=True, slots=True)
class Point:
    """One answer: when, which value, in which words, and where it stands in the drawing."""

    on: date
    value: int
    words: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class AreaTrend:
    """One area from its first answer to its latest; its names are those of the version last asked."""

    key: str
    name: str
    language: str
    points: Sequence[Point]
    said: str

    @property
    def first(self) -> Point:
        """The baseline."""
        return self.points[0]

    @property
    def latest(self) -> Point:
        """How the person sees it now."""
        return self.points[-1]

    @property
    def change(self) -> int:
        """How many steps up or down from the baseline."""
        return self.latest.value - self.first.value

    @property
    def line(self) -> str:
        """The points of the drawn line."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True, slots=True)
class Column:
    """One filling-in as a column of the table, with the words of its own version."""

    assessment: SelfAssessment
    version: InstrumentVersion

    @property
    def answers(self) -> list[tuple[Area, int | None]]:
        """Each area that this version asked, in its own words, with the answer."""
        values = {score.area: score.value for score in self.assessment.scores.all()}
        return [(area, values.get(area.key)) for area in self.version.items if area.key in values]


@dataclass(frozen=True, slots=True)
class InstrumentTrend:
    """All that one person has answered to one instrument."""

    instrument: Instrument
    columns: Sequence[Column]
    areas: Sequence[AreaTrend]

    @property
    def latest(self) -> Column:
        """The newest filling-in."""
        return self.columns[-1]

    @property
    def has_change(self) -> bool:
        """Whether there is anything to compare yet."""
        return len(self.columns) > 1

    @property
    def rows(self) -> list[tuple[str, str, list[int | None]]]:
        """The table: an area a row, a filling-in a column."""
        values = [{score.area: score.value for score in column.assessment.scores.all()} for column in self.columns]
        return [(area.name, area.language, [one.get(area.key) for one in values]) for area in self.areas]


def trends(assessments: Iterable[SelfAssessment]) -> list[InstrumentTrend]:
    """One person's self-assessments, the oldest first, as trends by instrument."""
    by_instrument: dict[Instrument, list[SelfAssessment]] = {}
    for row in assessments:
        by_instrument.setdefault(row.version.instrument, []).append(row)
    ordered = sorted(by_instrument.items(), key=lambda pair: pair[0].position)
    return [_trend(instrument, rows) for instrument, rows in ordered]


def _trend(instrument: Instrument, rows: Sequence[SelfAssessment]) -> InstrumentTrend:
    answers: dict[str, list[tuple[datetime, int, str]]] = {}
    named: dict[str, Area] = {}
    for row in rows:
        for score in row.scores.all():
            area = row.version.area(score.area)
            if score.value is None or area is None:
                continue
            named[score.area] = area
            answers.setdefault(score.area, []).append(
                (row.filled_at, score.value, pick(area.answers.get(str(score.value))))
            )
    scale = (instrument.least, instrument.most)
    areas = [_area(named[key], said, scale) for key, said in answers.items()]
    areas.sort(key=lambda area: -area.latest.value)
    return InstrumentTrend(instrument, [Column(row, row.version) for row in rows], areas)


def _area(area: Area, said: Sequence[tuple[datetime, int, str]], scale: tuple[int, int]) -> AreaTrend:
    xs = _places(len(said))
    points = [
        Point(clock.local_date(at), value, words, xs[place], _height(value, scale))
        for place, (at, value, words) in enumerate(said)
    ]
    values = [point.value for point in points]
    return AreaTrend(area.key, pick(area.names), spoken(area.names), points, change_in_words(values, points[0].on))


def change_in_words(values: Sequence[int], first_on: date) -> str:
    """What has happened since the first answer, in one calm sentence."""
    first, latest = values[0], values[-1]
    told = {"first": first, "latest": latest, "on": f"{first_on.day}.{first_on.month}.{first_on.year}"}
    if len(values) == 1:
        return _("The first answer: %(first)s. Change shows with the next one.") % told
    if latest > first:
        return _("Risen from %(first)s to %(latest)s since %(on)s.") % told
    if latest < first:
        return _("Now %(latest)s; at the start, on %(on)s, it was %(first)s.") % told
    return _("%(latest)s, as at the start on %(on)s.") % told


def _places(count: int) -> list[str]:
    """Where the answers stand from left to right, at even distances: the drawing tells their order, the table days."""
    if count == 1:
        return [_at(MARGIN)]
    step = (WIDTH - 2 * MARGIN) / (count - 1)
    return [_at(MARGIN + place * step) for place in range(count)]


def _height(value: int, scale: tuple[int, int]) -> str:
    least, most = scale
    share = (value - least) / (most - least)
    return _at(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN))


def _at(value: float) -> str:
    return f"{value:.1f}"
