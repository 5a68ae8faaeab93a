"""The reference data that the product ships: each app registers what it loads. Loading again changes nothing."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tyoparkki.models import Language, Municipality

DATA = Path(__file__).parent / "data"
Loader = Callable[[datetime], int]

_loaders: dict[str, Loader] = {}


def on_load(name: str, loader: Loader) -> None:
    """Register what an app loads; it returns how many rows of its own there are now, or were made."""
    _loaders[name] = loader


@transaction.atomic
def load(*, at: datetime) -> dict[str, int]:
    """Bring the tables up to the shipped files; returns the number of rows by name."""
    return {
        "municipalities": _load_municipalities(),
        "languages": _load_languages(),
        **{name: loader(at) for name, loader in _loaders.items()},
    }


def _load_municipalities() -> int:
    rows = [
        Municipality(
            code=row["code"],
            names={"fi": row["name_fi"], "sv": row["name_sv"], "en": row["name_fi"]},
            employment_area=row["employment_area_code"],
            employment_area_name=row["employment_area_fi"],
        )
        for row in _rows("municipalities_2026.csv")
    ]
    Municipality.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["names", "employment_area", "employment_area_name"],
    )
    return len(rows)


def _load_languages() -> int:
    rows = [
        Language(
            code=row["code"],
            names={"fi": row["fi"], "sv": row["sv"], "en": row["en"]},
            native=row["native"],
            direction=row["direction"] or "ltr",
            desk_order=int(row["desk_order"]) if row["desk_order"] else None,
        )
        for row in _rows("languages.csv")
        if len(row["code"]) <= 3
    ]
    Language.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["names", "native", "direction", "desk_order"],
    )
    return len(rows)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
