"""Kinds of statutory plans, as data: what a reference is called, and by which act; never a plan's content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tyoparkki.texts import pick

DATA = Path(__file__).resolve().parent / "data" / "statutory_plans.json"


@dataclass(frozen=True)
class StatutoryKind:
    """One kind of plan that the law knows."""

    code: str
    names: dict[str, str]
    act: str

    @property
    def name(self) -> str:
        """The name in the reader's language, with the act's number."""
        return f"{pick(self.names)} ({self.act})"


@cache
def kinds() -> dict[str, StatutoryKind]:
    """All kinds by their codes."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return {one["code"]: StatutoryKind(one["code"], one["names"], one["act"]) for one in data["kinds"]}
