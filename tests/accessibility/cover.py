"""The grid of cells, and a small choice of them in which every pair of values still meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

LANGUAGES = ("fi", "en")
WIDTHS = (1280, 360)


class Cell(NamedTuple):
    """One look: a screen in a state, a language, a width."""

    screen: str
    state: str
    language: str
    width: int


Pair = tuple[tuple[str, object], tuple[str, object]]


def pairs_of(cell: Cell) -> set[Pair]:
    """Every two values that meet in a cell."""
    values = [
        ("screen", cell.screen),
        ("state", cell.state),
        ("language", cell.language),
        ("width", cell.width),
    ]
    return set(combinations(values, 2))


def grid(states: Mapping[str, Sequence[str]]) -> Iterator[Cell]:
    """Every cell."""
    for screen, names in states.items():
        for state, language, width in product(names, LANGUAGES, WIDTHS):
            yield Cell(screen, state, language, width)


def cover(states: Mapping[str, Sequence[str]]) -> list[Cell]:
    """Cells in which each screen meets each of its states, languages and widths, and each language each width.

    Two languages and two widths: turn by turn, so that a screen of two states already meets all.
    """
    chosen: list[Cell] = []
    for place, (screen, names) in enumerate(states.items()):
        turns = [("fi", 1280), ("en", 360)] if place % 2 else [("fi", 360), ("en", 1280)]
        looked = names if len(names) > 1 else [*names, *names]
        for number, state in enumerate(looked):
            language, width = turns[number % 2]
            chosen.append(Cell(screen, state, language, width))
    return chosen
