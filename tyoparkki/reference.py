"""Loads the reference data that the product ships: municipalities and languages. Doing it again changes nothing."""

import csv
from pathlib import Path

from tyoparkki.models import Language, Municipality

DATA = Path(__file__).parent / "data"


def load() -> dict[str, int]:
    """Bring the tables up to the shipped files; returns how many rows each holds."""
    municipalities = [
        Municipality(
            code=row["code"],
            names={"fi": row["name_fi"], "sv": row["name_sv"], "en": row["name_fi"]},
            employment_area=row["employment_area_code"],
            employment_area_name=row["employment_area_fi"],
        )
        for row in _rows("municipalities_2026.csv")
    ]
    Municipality.objects.bulk_create(
        municipalities,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["names", "employment_area", "employment_area_name"],
    )
    languages = [
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
        languages,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["names", "native", "direction", "desk_order"],
    )
    return {"municipalities": len(municipalities), "languages": len(languages)}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
