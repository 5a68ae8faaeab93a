"""How rows that hang on a person move when two files are merged: each app says it of each of its tables.

A table without a rule is refused by a house test: nobody's rows are forgotten. A rule looks at the two files and names
the rows that are set aside, because one person may have only one of them at a time; or it refuses with a sentence that
says what to do first. All other rows move. `clients_merge` (clients/walls/merge.py) carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from clients.models import Client


@dataclass(frozen=True, slots=True)
class Part:
    """What a rule says of one table: rows to set aside, by key, and why, in a sentence for whoever confirms."""

    aside: tuple[Any, ...] = ()
    told: tuple[str, ...] = ()


Rule = Callable[["Client", "Client"], Part]


@dataclass(slots=True)
class Terms:
    """How a merge would go: rows set aside by table, what whoever confirms is told, and what stands in the way."""

    aside: dict[str, list[str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


_rules: dict[str, Rule] = {}


def all_move(_kept: Client, _leaving: Client) -> Part:
    """Every row moves as it is."""
    return Part()


def on_merge(table: str, rule: Rule = all_move) -> None:
    """Register how the rows of a table that hang on a person move."""
    _rules[table] = rule


def tables() -> Iterable[str]:
    """The tables that have a rule."""
    return _rules.keys()


def terms(kept: Client, leaving: Client) -> Terms:
    """Ask every rule about two files."""
    found = Terms()
    for table, rule in _rules.items():
        try:
            part = rule(kept, leaving)
        except Refused as refusal:
            found.refusals.append(str(refusal))
            continue
        if part.aside:
            found.aside[table] = [str(key) for key in part.aside]
        found.told += part.told
    return found
