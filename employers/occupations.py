"""Occupational fields by ISCO-08 (the European Commission's ESCO), as the product ships them."""

import csv
from functools import cache
from pathlib import Path

from tyoparkki.names import name_key
from tyoparkki.texts import pick

FILE = Path(__file__).parent / "data" / "isco08.csv"
FIELD = 2


@cache
def _entries() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as rows:
        return {row["code"]: {code: row[code] for code in ("fi", "sv", "en")} for row in csv.DictReader(rows)}


def name(code: str) -> str:
    """What an occupation or a field is called in the reader's language, or nothing."""
    return pick(_entries().get(code))


def choices() -> list[tuple[str, str]]:
    """The fields (sub-major groups) by name, for a select."""
    fields = ((code, pick(names)) for code, names in _entries().items() if len(code) == FIELD)
    return sorted(fields, key=lambda row: name_key(row[1]))
