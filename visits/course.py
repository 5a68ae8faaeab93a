"""The day's course as a picture: one mark a visit, in the half hour of its arrival. Plain values for an SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from team.models import Party
from tyoparkki import clock
from tyoparkki.templatetags.tp import hm
from visits.models import Visit

if TYPE_CHECKING:
    from visits.desk import FrontDesk

WIDTH, HEIGHT, BASE = 960, 118, 93
SLOT = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TALLEST = 8
STEP, WIDEST = 10.4, 28.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One visit: how high it is drawn, and what it is by now."""

    y: str
    middle_y: str
    kind: str
    is_employer: bool


@dataclass(frozen=True, slots=True)
class Column:
    """The visits of one half hour, stacked; all columns are drawn alike, so that the picture weighs little."""

    x: str
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place along the foot or the top."""

    x: str
    label: str


@dataclass(slots=True)
class Chart:
    """Marks by half hour, hours along the foot, and where now is."""

    done: int
    serving: int
    waiting: int
    columns: list[Column] = field(default_factory=list)
    ticks: list[Label] = field(default_factory=list)
    more: list[Label] = field(default_factory=list)
    mark_width: str = ""
    mark_middle: str = ""
    now_x: str = ""
    now_box: str = ""
    now_label: str = ""
    sentence: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE


def chart(desk: FrontDesk) -> Chart | None:
    """The picture of the day so far; None without a service day."""
    if desk.day is None:
        return None
    first, hours = _span(desk)
    kinds = [_kind(visit) for visit in desk.visits]
    picture = Chart(done=kinds.count("done"), serving=kinds.count("serving"), waiting=kinds.count("waiting"))
    unit = WIDTH / hours
    every = 1 if hours <= 12 else 2
    picture.ticks = [Label(_n(n * unit), str((first.hour + n) % 24)) for n in range(0, hours + 1, every)]
    _place_marks(picture, desk, first, unit)
    now_x = (desk.at - first).total_seconds() / 3600 * unit
    if 0 <= now_x <= WIDTH:
        picture.now_x, picture.now_box = _n(now_x), _n(now_x - 25)
        picture.now_label = hm(desk.at)
    return picture


def _span(desk: FrontDesk) -> tuple[datetime, int]:
    """The hour in which the picture begins, and how many hours it shows; of a very long day only the middle of it."""
    day = desk.day
    if day is None:
        return desk.at, 1
    arrivals = [visit.arrived_at for visit in desk.visits]
    first, last = min([day.starts, *arrivals]), max([day.ends, *arrivals])
    if last - first > LONGEST:
        first = max(first, min([*arrivals, desk.at - timedelta(hours=6)]))
        last = min(last, max([*arrivals, desk.at + timedelta(hours=2)]))
    first = clock.local(first).replace(minute=0, second=0, microsecond=0)
    return first, max(1, -(-int((last - first).total_seconds()) // 3600))


def _place_marks(picture: Chart, desk: FrontDesk, first: datetime, unit: float) -> None:
    """Stack the visits of each half hour: the finished below, those who wait on top."""
    slots: dict[int, list[Visit]] = {}
    for visit in sorted(desk.visits, key=lambda one: (_rank(one), one.arrived_at, one.pk)):
        slots.setdefault(int((visit.arrived_at - first) / SLOT), []).append(visit)
    width = min(WIDEST, unit / 2 * 0.8)
    picture.mark_width, picture.mark_middle = _n(width), _n(width / 2)
    for slot, visits in sorted(slots.items()):
        middle = (slot + 0.5) * unit / 2
        shown = visits if len(visits) <= TALLEST else visits[1 - TALLEST :]
        picture.columns.append(
            Column(_n(middle - width / 2), [_mark(visit, level) for level, visit in enumerate(shown)])
        )
        if len(visits) > len(shown):
            picture.more.append(Label(_n(middle), f"+{len(visits) - len(shown)}"))
    half_hours = (f"{hm(first + slot * SLOT)} {len(visits)}" for slot, visits in sorted(slots.items()))
    picture.sentence = ", ".join(half_hours) or "–"


def _mark(visit: Visit, level: int) -> Mark:
    y = BASE - 14 - level * STEP
    return Mark(_n(y), _n(y + 4), _kind(visit), visit.party == Party.EMPLOYER)


def _n(value: float) -> str:
    return f"{value:.1f}"


def _kind(visit: Visit) -> str:
    if visit.state in (Visit.State.WAITING, Visit.State.PAUSED):
        return "waiting"
    return "serving" if visit.state in (Visit.State.IN_SERVICE, Visit.State.CALLED) else "done"


def _rank(visit: Visit) -> int:
    return {"done": 0, "serving": 1, "waiting": 2}[_kind(visit)]
