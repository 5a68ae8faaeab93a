"""What people come for, in their own words, over the catalogue's service classes and target groups."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tyoparkki.texts import pick

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Need:
    """A group of service classes by which the list is narrowed."""

    code: str
    name: Promise
    classes: tuple[str, ...]


NEEDS = (
    Need("job", _("Finding work"), ("P10.1", "P10.2")),
    Need("learning", _("Education and skills"), ("P6",)),
    Need("trying", _("Trying out and training for work"), ("P10.7",)),
    Need("ability", _("Work ability and health"), ("P10.4", "P5")),
    Need("language", _("Language and integration"), ("P22",)),
    Need("living", _("Everyday life and money"), ("P4", "P10.6", "P10.8", "P15.1", "P15.3")),
    Need("enterprise", _("Entrepreneurship"), ("P11", "P15.8")),
    Need("employer", _("For employers"), ("P12",)),
)


def falls_under(code: str, group: str) -> bool:
    """Whether a class is the group itself or one of its parts: P10.7 under P10."""
    return code == group or code.startswith(f"{group}.")


def needs_of(classes: Collection[str]) -> frozenset[str]:
    """The needs that a service with these classes answers."""
    return frozenset(
        need.code for need in NEEDS if any(falls_under(code, group) for code in classes for group in need.classes)
    )


@cache
def _names(table: str) -> dict[str, dict[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as rows:
        return {row["code"]: {code: row[code] for code in ("fi", "sv", "en")} for row in csv.DictReader(rows)}


def class_name(code: str) -> str:
    """What the national catalogue calls a service class, in the reader's language."""
    return pick(_names("service_classes.csv").get(code))


def groups_named(codes: Collection[str]) -> list[str]:
    """For whom a service is meant in particular, in the reader's language: everybody and every firm say nothing."""
    names = _names("target_groups.csv")
    return [pick(names[code]) for code in codes if code in names and "." in code]
