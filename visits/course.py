"""The day's course as a picture: one mark a visit, in the half hour of its arrival. Plain values for an SVG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from team.models import Party
from tyoparkki import clock
from visits.models import Visit

if TYPE_CHECKING:
    from visits.desk import Desk

WIDTH, HEIGHT, BASE = 960, 132, 104
SLOT = timedelta(minutes=30)
TALLEST = 9
GAP, MARK = 3, 8


@dataclass(frozen=True, slots=True)
class Mark:
    """One visit: x and y in the picture's units, and what it is by now."""

    x: float
    y: float
    kind: str
    is_employer: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Marks, hours along the foot, and where now is."""

    marks: list[Mark]
    hours: list[tuple[float, str]]
    slot_width: float
    now_x: float | None
    now_label: str
    sentence_counts: dict[str, int]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE


def chart(desk: Desk) -> Chart | None:
    """The picture of the day so far; None without a service day."""
    day = desk.day
    if day is None:
        return None
    arrivals = [visit.arrived_at for visit in desk.visits]
    first = min([day.starts, *arrivals])
    last = max([day.ends, *arrivals])
    if last - first > timedelta(hours=12):
        first = min([*arrivals, desk.at - timedelta(hours=6)])
        last = max([*arrivals, desk.at + timedelta(hours=2)])
    first = clock.local(first).replace(minute=0, second=0, microsecond=0)
    hours = max(1, -(-int((last - first).total_seconds()) // 3600))
    unit = WIDTH / hours
    tops: dict[int, int] = {}
    marks = []
    for visit in sorted(desk.visits, key=lambda one: (_rank(one), one.arrived_at)):
        slot = int((visit.arrived_at - first) / SLOT)
        level = tops.get(slot, 0)
        tops[slot] = level + 1
        if level < TALLEST:
            y = BASE - 4 - (level + 1) * (MARK + GAP)
            marks.append(Mark(round(slot * unit / 2 + unit * 0.08, 1), y, _kind(visit), visit.party == Party.EMPLOYER))
    now_x = _place(desk.at, first, unit)
    return Chart(
        marks=marks,
        hours=[(round(n * unit, 1), str((first.hour + n) % 24)) for n in range(hours + 1)],
        slot_width=round(unit / 2 - unit * 0.16, 1),
        now_x=now_x if 0 <= now_x <= WIDTH else None,
        now_label=clock.local(desk.at).strftime("%H.%M"),
        sentence_counts={
            "done": sum(_kind(visit) == "done" for visit in desk.visits),
            "serving": sum(_kind(visit) == "serving" for visit in desk.visits),
            "waiting": sum(_kind(visit) == "waiting" for visit in desk.visits),
        },
    )


def _place(at: datetime, first: datetime, unit: float) -> float:
    return round((at - first).total_seconds() / 3600 * unit, 1)


def _kind(visit: Visit) -> str:
    if visit.state in (Visit.State.WAITING, Visit.State.PAUSED):
        return "waiting"
    return "serving" if visit.state in (Visit.State.IN_SERVICE, Visit.State.CALLED) else "done"


def _rank(visit: Visit) -> int:
    return {"done": 0, "serving": 1, "waiting": 2}[_kind(visit)]
