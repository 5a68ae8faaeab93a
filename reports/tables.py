"""The data behind a drawing, as a table: the same rows on the page, on paper and in the CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Hidden:
    """A number that is not told."""

    is_not_told = True

    def __str__(self) -> str:
        return _("not shown")


HIDDEN = Hidden()
Cell = str | int | Hidden


@dataclass
class Table:
    """A caption, the heads of the columns, and rows of cells, the first of which names the row."""

    caption: str
    heads: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    note: str = ""


def cell(number: int, *, is_hidden: bool) -> Cell:
    """A number, or that it is not told."""
    return HIDDEN if is_hidden else number


def as_csv(sections: Iterable[tuple[str, Table]], *, about: Sequence[tuple[str, str]]) -> bytes:
    """Every table under one another: semicolons, a mark of UTF-8, and nothing that a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for pair in about:
        writer.writerow([_harmless(value) for value in pair])
    for title, table in sections:
        writer.writerow([])
        writer.writerow([_harmless(title), _harmless(table.caption)])
        writer.writerow([_harmless(head) for head in table.heads])
        for row in table.rows:
            writer.writerow([_harmless(str(value)) for value in row])
        if table.note:
            writer.writerow([_harmless(table.note)])
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
