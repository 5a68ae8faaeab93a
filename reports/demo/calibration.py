"""The shares and medians that the demonstration and the benchmark data are drawn from."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from random import Random

FILE = Path(__file__).parent.parent / "data" / "calibration_figures.csv"


@cache
def figures() -> dict[str, dict[str, float]]:
    """`{group: {figure: value}}`."""
    found: dict[str, dict[str, float]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["group"], {})[row["figure"]] = float(row["value"])
    return found


def share(group: str, figure: str) -> float:
    """A percentage as a share of one."""
    return figures()[group][figure] / 100


def draw(random: Random, group: str) -> str:
    """One figure of a group, by its share."""
    shares = figures()[group]
    return random.choices(list(shares), weights=list(shares.values()))[0]
