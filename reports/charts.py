"""Where the bars stand: plain values for drawings made on the server, the same on the page, on paper and in print.

Coordinates are texts with a decimal point, for a template would write them with a comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil


def _at(value: float) -> str:
    return f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle with what is written at it."""

    x: str
    y: str
    width: str
    height: str
    look: str = "c-act"
    text: str = ""
    text_x: str = ""
    text_y: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line with its number, or a target."""

    at: str
    text_at: str
    text: str
    side: str = "start"


@dataclass
class Chart:
    """A drawing: `kind` names its template, `said` is the sentence that says the same.

    `narrow` is the same drawn for a phone, where the wide one would have to be scrolled.
    """

    kind: str
    width: int
    height: int
    said: str
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    target: Line | None = None
    base: str = ""
    narrow: Chart | None = None

    @property
    def template(self) -> str:
        """Where its drawing is made."""
        return f"reports/charts/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Column:
    """One service day or month: how many, how many of them in the evening (exactly, or as a mean; None: not told)."""

    label: str
    total: int
    evening: float | None
    is_exact: bool = True


def columns(rows: Sequence[Column], *, said: str, width: int = 840) -> Chart:
    """Standing bars in two parts: the evening below in the dark colour, the rest above it."""
    height, left, top, base = 250, 34, 28, 210
    most = max((row.total for row in rows), default=0)
    step = next((n for n in (5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10000) if most / n <= 4.5), 50000)
    scale = (base - top) / max(most, 1)
    chart = Chart("columns", width, height, said, base=_at(base))
    for n in range(0, most + 1, step):
        y = base - n * scale
        chart.lines.append(Line(_at(y), _at(y + 5), str(n)))
    room = (width - left) / max(len(rows), 1)
    wide = min(room * 0.74, 64)
    every = ceil(46 / room)  # as many names as have room side by side
    for place, row in enumerate(rows):
        x = left + room * place + (room - wide) / 2
        middle = _at(x + wide / 2)
        y = base - row.total * scale
        label = row.label if place % every == 0 else ""
        number = str(row.total) if room > 15 or label else ""
        look = "c2" if row.evening is not None else "c-hide"
        chart.bars.append(Bar(_at(x), _at(y), _at(wide), _at(base - y), look, number, middle, _at(y - 7), label))
        if row.evening:
            tall = row.evening * scale
            text = str(round(row.evening)) if row.is_exact and tall > 16 and wide > 18 else ""
            chart.bars.append(Bar(_at(x), _at(base - tall), _at(wide), _at(tall), "c1", text, middle, _at(base - 6)))
    return chart


@dataclass(frozen=True, slots=True)
class Bin:
    """A range of minutes, with how many waited so long and with which meaning it is coloured."""

    label: str
    n: int
    look: str
    first: int | None


def histogram(bins: Sequence[Bin], *, target: int, target_text: str, said: str) -> Chart:
    """Standing bars side by side, with the target as a line between them."""
    width, height, top, base = 400, 250, 44, 196
    most = max((row.n for row in bins), default=0)
    scale = (base - top) / max(most, 1)
    room = width / max(len(bins), 1)
    chart = Chart("histogram", width, height, said, base=_at(base))
    for place, row in enumerate(bins):
        x, tall = room * place + 4, row.n * scale
        middle = _at(x + (room - 8) / 2)
        text = str(row.n)
        chart.bars.append(
            Bar(
                _at(x),
                _at(base - tall),
                _at(room - 8),
                _at(tall),
                row.look,
                text,
                middle,
                _at(base - tall - 7),
                row.label,
            )
        )
        if row.first == target:
            edge = room * place
            right = edge < width * 0.6
            chart.target = Line(_at(edge), _at(edge + (6 if right else -6)), target_text, "start" if right else "end")
    return chart


@dataclass(frozen=True, slots=True)
class Lying:
    """A lying bar: its name, its length as a share of the longest, and what is written behind it."""

    label: str
    n: float
    text: str
    look: str = "c-act"
    more: str = ""


def lying(rows: Sequence[Lying], *, said: str, width: int = 400, left: int = 130, row_height: int = 35) -> Chart:
    """Lying bars with their names before them."""
    most = max((row.n for row in rows), default=0) or 1
    chart = Chart("lying", width, row_height * len(rows) + 6, said)
    room = width - left - (62 if width < 700 else 110)
    for place, row in enumerate(rows):
        y = 8 + place * row_height
        wide = max(2.0, room * row.n / most)
        chart.bars.append(
            Bar(_at(left), _at(y), _at(wide), "24", row.look, row.text, _at(left + wide + 8), _at(y + 17), row.label)
        )
    return chart


def steps(rows: Sequence[Lying], *, said: str) -> Chart:
    """Lying bars with their names above them, each a part of the first."""
    width = 540
    most = max((row.n for row in rows), default=0) or 1
    chart = Chart("steps", width, 73 * len(rows), said)
    for place, row in enumerate(rows):
        y = 32 + place * 73
        wide = max(2.0, 420 * row.n / most)
        chart.bars.append(Bar("0", _at(y), _at(wide), "26", row.look, row.text, _at(wide + 12), _at(y + 20), row.label))
        chart.lines.append(Line(_at(y - 10), _at(y + 20), row.more))
    return chart


@dataclass(frozen=True, slots=True)
class Split:
    """One question: its words, its mean, and its answers as (name, how many, look)."""

    label: str
    value: str
    parts: Sequence[tuple[str, int, str]]


def splits(rows: Sequence[Split], *, said: str) -> Chart:
    """One whole bar a question, divided by answers."""
    width = 400
    chart = Chart("splits", width, 62 * len(rows) + 8, said)
    for place, row in enumerate(rows):
        y = 27 + place * 62
        chart.lines.append(Line(_at(y - 9), row.value, row.label))
        total = sum(n for _, n, _ in row.parts) or 1
        x = 0.0
        for _name, n, look in row.parts:
            wide = (width - 2) * n / total
            if n:
                text = f"{round(100 * n / total)} %" if wide > 38 else ""
                middle = _at(x + wide / 2)
                chart.bars.append(Bar(_at(x), _at(y), _at(max(1.0, wide - 2)), "24", look, text, middle, _at(y + 17)))
            x += wide
    return chart


def sparkline(values: Sequence[float]) -> str:
    """The points of a small line, 92 × 34; nothing for fewer than three values."""
    if len(values) < 3:
        return ""
    low, high = min(values), max(values)
    room = (high - low) or 1
    return " ".join(
        f"{4 + 84 * place / (len(values) - 1):.1f},{30 - 26 * (value - low) / room:.1f}"
        for place, value in enumerate(values)
    )
