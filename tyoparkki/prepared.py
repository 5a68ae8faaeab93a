"""Statements of the screens that everybody has open: written once, planned once, then only filled in.

A queryset is composed, turned into SQL and planned anew each time it is read. For the statements behind the desk, the
board of the queue and the visit that is most of their cost. A `Prepared` one is built from a queryset whose shape never
changes, once for each connection; PostgreSQL keeps its plan. Nothing that it reads is kept.

    SHIFTS = Prepared(lambda day: Shift.objects.filter(day_id=day), day=UUID)
    SHIFTS.rows(day=day.pk)

Conditions on a changing state belong in an index that leads with something else: a kept plan cannot use an index made
for one value of a parameter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")

_numbers = count(1)


def _blank(kind: type) -> Any:
    """A value that occurs nowhere else, to stand where the real one goes."""
    if kind is UUID:
        return uuid4()
    if kind is str:
        return f"prepared {next(_numbers)}"
    if kind is datetime:
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=next(_numbers))
    if kind is date:
        return date(1, 1, 1) + timedelta(days=next(_numbers))
    raise TypeError(f"A prepared statement takes no {kind.__name__}.")


class _Cursor(psycopg.Cursor[Any]):
    """Parameters go beside the statement, so that its plan can be kept."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        """As ever, but prepared."""
        return super().execute(query, params, prepare=True, **how)


class _Statement:
    """A statement as one connection knows it."""

    def __init__(self, queryset: models.QuerySet[Any], blanks: dict[str, Any]) -> None:
        self.compiler: SQLCompiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.connection = self.compiler.connection
        self.sql, parameters = self.compiler.as_sql()
        self.parameters = [self._name_of(value, blanks) for value in parameters]
        if missing := blanks.keys() - {name for name, _ in self.parameters}:
            raise LookupError(f"The statement does not ask for {', '.join(sorted(missing))}.")

    @staticmethod
    def _name_of(value: Any, blanks: dict[str, Any]) -> tuple[str | None, Any]:
        name = next((name for name, blank in blanks.items() if type(blank) is type(value) and blank == value), None)
        return name, value

    def run(self, values: dict[str, Any]) -> Iterator[Any]:
        """Fill in, send, and make of each row what the queryset would."""
        filled = [value if name is None else values[name] for name, value in self.parameters]
        database = self.connection
        database.ensure_connection()
        wrapped = database.make_debug_cursor if database.queries_logged else database.make_cursor
        with wrapped(_Cursor(database.connection)) as cursor:
            cursor.execute(self.sql, filled)
            rows = self.compiler.results_iter([cursor.fetchall()], tuple_expected=True)
        return self._models(rows) if self.compiler.query.default_cols else iter(rows)

    def _models(self, rows: Iterator[Any]) -> Iterator[Any]:
        info, select = self.compiler.klass_info, self.compiler.select
        model, first, last = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # Django 5.2
        for row in rows:
            made = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for one in related:
                one.populate(row, made)
            for name, place in self.compiler.annotation_col_map.items():
                setattr(made, name, row[place])
            yield made


class Prepared(Generic[Row]):
    """A queryset of one shape; `build` is given a stand-in for each parameter, named with its kind."""

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], **kinds: type) -> None:
        self.build = build
        self.blanks = {name: _blank(kind) for name, kind in kinds.items()}
        self.kept = threading.local()

    def rows(self, **values: Any) -> list[Row]:
        """What the queryset would read now with these values."""
        if values.keys() != self.blanks.keys():
            raise TypeError(f"The statement takes {', '.join(self.blanks)}.")
        statement = getattr(self.kept, "statement", None)
        if statement is None or statement.connection is not connections[DEFAULT_DB_ALIAS]:
            statement = self.kept.statement = _Statement(self.build(**self.blanks), self.blanks)
        return list(statement.run(values))
