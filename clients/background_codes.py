"""The words of background as data: what a person may need, what may stand in the way, and what it is recorded for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tyoparkki.texts import pick

DATA = Path(__file__).resolve().parent / "data" / "background.json"
WHAT_FOR = "what_for"


@dataclass(frozen=True)
class Suggested:
    """What a need suggests: the word by which the catalogue's service is known, and what it is called."""

    word: str
    names: dict[str, str]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return pick(self.names)


@cache
def suggestions() -> dict[str, Suggested]:
    """The codes that suggest a service, as the product ships them."""
    told = json.loads(DATA.read_text(encoding="utf-8"))["lists"]
    rows = (row for name in told for row in told[name] if "suggests" in row)
    return {row["code"]: Suggested(**row["suggests"]) for row in rows}


@cache
def lists() -> dict[str, dict[str, dict[str, str]]]:
    """Each list with its codes in their order, and the names of each by language, as the product ships them."""
    told = json.loads(DATA.read_text(encoding="utf-8"))["lists"]
    return {name: {row["code"]: row["names"] for row in rows} for name, rows in told.items()}


def choices(name: str) -> list[tuple[str, str]]:
    """One list to choose from, in the reader's language."""
    return [(code, pick(names)) for code, names in lists()[name].items()]


def label(code: str) -> str:
    """A code of any list in the reader's language; one that is no longer on a list stands for itself."""
    return next((pick(codes[code]) for codes in lists().values() if code in codes), code)
