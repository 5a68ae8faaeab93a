"""Who else serves a visitor of an age: a kind word beside what is served here, never a refusal.

Which age leads to which class of the catalogue is data: visits/data/pointers.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.models import Service


@dataclass(frozen=True, slots=True)
class Pointer:
    """An age has a place of its own elsewhere; `service` is where, when the catalogue has one."""

    service: Service | None


def elsewhere(age_band: str) -> Pointer | None:
    """The place of an age band, by the code of the band; None where there is none but here."""
    classes = _classes().get(age_band)
    if classes is None:
        return None
    return Pointer(Service.objects.published().of_classes(classes).for_lists().order_by("names__fi", "pk").first())


@cache
def _classes() -> dict[str, list[str]]:
    rows = json.loads((Path(__file__).parent / "data" / "pointers.json").read_text(encoding="utf-8"))
    return {row["age_band"]: row["service_classes"] for row in rows}
