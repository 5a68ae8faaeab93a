"""Multi-sectoral support (act 381/2023), as data: the three parties, and the criteria by which a person is referred."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tyoparkki.texts import pick

DATA = Path(__file__).resolve().parent / "data" / "multi_sectoral.json"


@dataclass(frozen=True)
class Criterion:
    """A fact that speaks for multi-sectoral support, and the act that it comes from."""

    code: str
    names: dict[str, str]
    sources: dict[str, str]

    @property
    def name(self) -> str:
        """The fact in the reader's language."""
        return pick(self.names)

    @property
    def source(self) -> str:
        """The act that it comes from."""
        return pick(self.sources)


@cache
def _data() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return read


@cache
def criteria() -> dict[str, Criterion]:
    """All criteria by their codes, in the order in which they are offered."""
    return {one["code"]: Criterion(one["code"], one["names"], one["source"]) for one in _data()["criteria"]}


def choices() -> list[tuple[str, str]]:
    """The criteria as a field of a model offers them, in the reader's language."""
    return [(one.code, one.name) for one in criteria().values()]


def met(codes: Iterable[str]) -> list[Criterion]:
    """The criteria of these codes, in the order of the list; a code that is not on it any more is its own name."""
    chosen = set(codes)
    known = [one for code, one in criteria().items() if code in chosen]
    return known + [Criterion(code, {"fi": code}, {}) for code in sorted(chosen - set(criteria()))]


def parties() -> list[str]:
    """Who work together, in the reader's language."""
    return [pick(one["names"]) for one in _data()["parties"]]
