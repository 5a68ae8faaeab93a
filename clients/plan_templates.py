"""Models of a plan, as data: what is agreed at the opening, in the person's language; each plan keeps which version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tyoparkki.texts import pick

DATA = Path(__file__).resolve().parent / "data" / "plan_templates.json"
LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A step that a model proposes, with its days."""

    what: str
    who: str
    by_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Template:
    """A model of a plan: how often one is in touch, and the first steps."""

    code: str
    version: int
    names: dict[str, str]
    intensity: str
    raw: tuple[dict[str, Any], ...]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.names)

    def steps(self, language: str, *, today: date) -> list[Proposed]:
        """The steps in a language, with their days counted from the opening."""
        code = language if language in LANGUAGES else "fi"
        return [
            Proposed(
                one["what"][code],
                one["who"],
                today + timedelta(days=one["days"]),
                today + timedelta(days=one["ends"]) if "ends" in one else None,
            )
            for one in self.raw
        ]


@cache
def templates() -> dict[str, Template]:
    """All models by their codes, as the product ships them."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    rows = (
        Template(one["code"], data["version"], one["names"], one["intensity"], tuple(one["steps"]))
        for one in data["templates"]
    )
    return {row.code: row for row in rows}
