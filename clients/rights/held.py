"""How each kind of row belongs to a person: found by what, told in which words, and what becomes of it at the end.

Each app declares its own tables when it is ready. `gaps` walks the keys of all tables from the person on: a table that
can reach a person and is declared nowhere is found by a test before it can be forgotten by an export or an erasure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

Words = Any  # a text that is translated when it is read

GOES, STAYS = "goes", "stays"
ROOT = "clients.Client"

Which = Callable[[UUID], Q]
Before = Callable[[UUID, datetime, str], None]


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of row about a person.

    `which` finds the person's rows; `title` and `told` (column: words) are what the readable page says of them, while
    the data file has every column but those `kept_back`, each with its reason. At erasure the row `goes`, or it
    `stays` for the figures and the columns of `emptied` lose what they say. `own_words` tells what must be mended in
    a column before it is told: a colleague's name in it.
    """

    which: Which
    title: Words
    told: Mapping[str, Words] = field(default_factory=dict)
    kept_back: Mapping[str, str] = field(default_factory=dict)
    ending: str = GOES
    emptied: Mapping[str, Any] = field(default_factory=dict)
    own_words: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ("pk",)


def at(path: str) -> Which:
    """The rows from which this path of keys leads to the person."""
    return lambda person: Q(**{path: person})


_held: dict[str, Held] = {}
_nobodys: dict[str, str] = {}
_also: dict[str, list[Which]] = {}
_before: dict[str, Before] = {}


def declare(
    held: Mapping[str, Held],
    *,
    nobodys: Mapping[str, str] | None = None,
    also: Mapping[str, Which] | None = None,
) -> None:
    """Say how tables, by `app.Model`, belong to a person.

    `nobodys` are tables, or whole apps, that say nothing of anybody on file, each with its reason; `also` finds more
    of the person's rows in tables of the apps below.
    """
    _held.update(held)
    _nobodys.update(nobodys or {})
    for label, which in (also or {}).items():
        _also.setdefault(label, []).append(which)


def when_erased(name: str, hook: Before) -> None:
    """Register what an app keeps for its figures just before a person goes: keys and codes, never a word."""
    _before[name] = hook


def before_erasure(person: UUID, at: datetime, using: str) -> None:
    """Let every app keep what its figures need."""
    for hook in _before.values():
        hook(person, at, using)


def declared() -> dict[type[models.Model], Held]:
    """Every declared table, the person's own first and those that hang on them after."""
    order = {model: place for place, model in enumerate(apps.get_models(include_auto_created=True))}
    found = {apps.get_model(label): held for label, held in _held.items()}
    return dict(sorted(found.items(), key=lambda pair: (pair[0]._meta.label != ROOT, order[pair[0]])))


def gaps(every: Iterable[type[models.Model]], roots: Iterable[str] = (ROOT,)) -> list[str]:
    """Tables tied to a person by keys, over any number of tables in either direction, that are declared nowhere.

    What a row only points at is a border when it is nobody's (a colleague, a service): it ties nobody to anybody. What
    itself points at something of a person must be declared by its own name.
    """
    known = list(every)
    keys = {model: [key.related_model for key in model._meta.concrete_fields if key.is_relation] for model in known}
    reached: set[Any] = set()
    ahead: set[Any] = {model for model in known if model._meta.label in set(roots)}
    found: set[str] = set()
    while ahead:
        model = ahead.pop()
        reached.add(model)
        label = model._meta.label
        if label in _nobodys:
            continue
        if label not in _held:
            found.add(label)
        pointed_at = {other for other in keys.get(model, ()) if not _is_border(other)}
        pointing = {other for other in known if model in keys[other]}
        ahead |= (pointed_at | pointing) - reached
    return sorted(found)


def _is_border(model: Any) -> bool:
    return model._meta.label not in _held and bool({model._meta.label, model._meta.app_label} & set(_nobodys))


def nobodys() -> dict[str, str]:
    """Tables that say nothing of a person, each with its reason."""
    return dict(_nobodys)


def rows_of(model: type[models.Model], held: Held, person: UUID, *, using: str) -> models.QuerySet[Any]:
    """The person's rows of one table."""
    rows: models.QuerySet[Any] = models.QuerySet(model, using=using)
    condition = held.which(person)
    for which in _also.get(model._meta.label, ()):
        condition |= which(person)
    mine = rows.filter(condition).values("pk")
    return rows.filter(pk__in=mine).order_by(*held.order)
