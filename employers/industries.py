"""Industries by TOL 2008 (Statistics Finland): the divisions, as the product ships them."""

import csv
from functools import cache
from pathlib import Path

from tyoparkki.names import name_key
from tyoparkki.texts import pick

FILE = Path(__file__).parent / "data" / "tol2008.csv"


@cache
def _divisions() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if len(row["code"]) == 2 and row["code"].isdigit()]
    return {row["code"]: {"fi": row["fi"], "sv": row["sv"], "en": row["en"]} for row in rows}


def name(code: str) -> str:
    """The division's name in the reader's language, or nothing."""
    return pick(_divisions().get(code))


def choices() -> list[tuple[str, str]]:
    """All divisions by name, for a select."""
    return sorted(((code, pick(names)) for code, names in _divisions().items()), key=lambda row: name_key(row[1]))
