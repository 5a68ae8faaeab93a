"""Phases of a plan, as data: those of its model, else a small set for everybody; where it stands, what follows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tyoparkki.clock import local_date
from tyoparkki.texts import pick

if TYPE_CHECKING:
    from clients.models import Plan

DATA = Path(__file__).resolve().parent / "data" / "plan_phases.json"


@dataclass(frozen=True)
class Phase:
    """One phase: its key and its names."""

    key: str
    names: dict[str, str]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.names)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a plan stands among its phases, and since when."""

    phases: list[Phase]
    place: int  # from 0
    since_at: datetime

    @property
    def now(self) -> Phase:
        """The phase that goes on."""
        return self.phases[self.place]

    def days(self, today: date) -> int:
        """How many days the phase has gone on, its first day not counted."""
        return (today - local_date(self.since_at)).days

    @property
    def next(self) -> Phase | None:
        """What follows; nothing after the last."""
        return self.phases[self.place + 1] if self.place + 1 < len(self.phases) else None

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self.place + 1


@cache
def _all() -> dict[str, list[Phase]]:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return {model: [Phase(one["key"], one["names"]) for one in rows] for model, rows in data["phases"].items()}


def phases_of(plan: Plan) -> list[Phase]:
    """The phases of the plan's model, or those that every plan has."""
    return _all().get(plan.template) or _all()[""]


def name_of(key: str) -> str:
    """The name of a phase by its key, of whichever model."""
    return next((one.name for rows in _all().values() for one in rows if one.key == key), key)


def way_of(plan: Plan) -> Way:
    """Where the plan stands; one that nobody has moved yet stands at its beginning."""
    phases = phases_of(plan)
    place = next((n for n, one in enumerate(phases) if one.key == plan.phase), 0)
    return Way(phases, place, plan.phase_since_at or plan.opened_at)
