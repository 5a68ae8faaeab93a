"""The night's end of what has been kept long enough: each model's declared retention, carried out in batches.

A row is due when its days are over by the calendar of Helsinki, so that all rows of one day go in the same night. Then:

- what belongs to it goes along (on_delete=CASCADE), and a link to it that may be empty is emptied (SET_NULL);
- a row that must not outlive it (PROTECT) is waited for when it has an end of its own, and otherwise lets go of it;
- sealed rows, the trace, are ended by a function of the tables' owner that never takes anything younger.

Each batch is a transaction of its own, as the role that tidies up, with its line in the trace. A purge that was killed
goes on where it stopped; a second one finds nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q, QuerySet

from tyoparkki import actor, audit, clock
from tyoparkki.models import AuditEvent
from tyoparkki.retention import Retention

log = logging.getLogger(__name__)

BATCH = 1000
USING = "system"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model stands on a day: what it promises, how many rows are over, how many of them wait for others."""

    model: str
    purpose: str
    days: int
    since: str
    due: int
    held: int


def declared() -> list[type[models.Model]]:
    """Models whose rows have an end, those of the higher apps first: they hold on to the rows below."""
    found = [model for model in apps.get_models() if promise_of(model) and promise_of(model).days is not None]
    return list(reversed(found))


def promise_of(model: type[models.Model]) -> Any:
    """What a model declares of its rows' end (`Retention`); nothing for models of others."""
    return getattr(model, "retention", None)


def over(model: type[models.Model], *, today: date, using: str = USING) -> QuerySet[Any]:
    """Rows whose days are over."""
    promise: Retention = promise_of(model)
    assert promise.days is not None  # noqa: S101 - for the type checker: `declared` asks
    last = today - timedelta(days=promise.days)
    is_over = _before(model, promise.since, last)
    if promise.or_since:
        is_over |= Q(**{f"{promise.since}__isnull": True}) & _before(model, promise.or_since, last)
    return QuerySet(model, using=using).filter(is_over)


def _before(model: type[models.Model], name: str, day: date) -> Q:
    field = model._meta.get_field(name)
    if isinstance(field, models.DateTimeField):
        return Q(**{f"{name}__lt": datetime.combine(day, time(), tzinfo=clock.HELSINKI)})
    return Q(**{f"{name}__lt": day})


def due(model: type[models.Model], *, today: date, using: str = USING) -> QuerySet[Any]:
    """Rows whose days are over and that no row waits to outlive."""
    rows = over(model, today=today, using=using)
    for relation in _holding(model):
        held: QuerySet[Any] = QuerySet(relation.related_model).filter(**{relation.field.name: OuterRef("pk")})
        rows = rows.filter(~Exists(held))
    return rows


def _holding(model: type[models.Model]) -> Iterator[ForeignObjectRel]:
    """Relations whose rows are waited for."""
    return (one for one in _protecting(model) if not _lets_go(one))


def _protecting(model: type[models.Model]) -> Iterator[ForeignObjectRel]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and getattr(relation, "on_delete", None) is models.PROTECT:
            yield relation


def _lets_go(relation: ForeignObjectRel) -> bool:
    """Whether the row at the other end, which has no end of its own, may do without."""
    promise = promise_of(relation.related_model)
    return bool(relation.field.null) and (promise is None or promise.days is None)


def standing(*, today: date, using: str = USING) -> list[Standing]:
    """What a purge on this day would find; nothing is changed."""
    with transaction.atomic(using=using):
        actor.bind(actor.SYSTEM, using=using)
        found = []
        for model in declared():
            promise = promise_of(model)
            rows, free = over(model, today=today, using=using).count(), due(model, today=today, using=using).count()
            since = " or ".join(filter(None, (promise.since, promise.or_since)))
            found.append(Standing(model._meta.label, promise.purpose, promise.days, since, rows, rows - free))
    return found


def report(*, at: datetime, using: str = USING) -> list[Standing]:
    """Write in the trace what is over on this day and still there, a line a model: the monthly proof of the promises.

    `due` rows should have gone at night; `held` ones wait for rows that must not outlive them. Nothing is ended here.
    """
    rows = standing(today=clock.local_date(at), using=using)
    with transaction.atomic(using=using):
        actor.bind(actor.SYSTEM, using=using)
        for row in rows:
            audit.reported(row.model, row.due, row.held, at=at, using=using)
    if late := {row.model: row.due for row in rows if row.due}:
        log.warning("retention: rows are over and still there: %s", late)
    return rows


def ended_since(at: datetime, *, using: str = "default") -> dict[str, int]:
    """How many rows of each kind the purge has ended since a moment, by the trace."""
    ended: Counter[str] = Counter()
    lines = AuditEvent.objects.using(using).filter(verb="retention.ended", at__gte=at)
    for kind, count in lines.values_list("object_kind", "reason").order_by("pk"):
        ended[kind] += int(count)
    return dict(ended)


def carry_out(*, at: datetime, using: str = USING, batch: int = BATCH) -> dict[str, int]:
    """End all that is due, again and again until nothing is: what waited for others goes after them."""
    ended: Counter[str] = Counter()
    while count := _pass(at=at, using=using, batch=batch):
        ended.update(count)
    return dict(ended)


def _pass(*, at: datetime, using: str, batch: int) -> Counter[str]:
    ended: Counter[str] = Counter()
    for model in declared():
        end = _end_sealed if promise_of(model).sealed else _end_batch
        while count := end(model, at=at, using=using, batch=batch):
            ended[model._meta.label] += count
    return ended


def _end_batch(model: type[models.Model], *, at: datetime, using: str, batch: int) -> int:
    """One batch in one transaction; returns how many rows of the model ended."""
    today = clock.local_date(at)
    with transaction.atomic(using=using):
        actor.bind(actor.SYSTEM, using=using)
        rows = due(model, today=today, using=using).order_by("pk")
        keys = list(rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:batch])
        if not keys:
            return 0
        for relation in _protecting(model):
            if _lets_go(relation):
                held: QuerySet[Any] = QuerySet(relation.related_model, using=using)
                name = relation.field.name
                held.filter(**{f"{name}__in": keys}).update(**{name: None})
        QuerySet(model, using=using).filter(pk__in=keys).delete()
        audit.ended(model, len(keys), at=at, using=using)
    return len(keys)


def _end_sealed(model: type[models.Model], *, at: datetime, using: str, batch: int) -> int:
    """The trace, by the function of its owner; all at once, for whole months are dropped."""
    last = clock.local_date(at) - timedelta(days=promise_of(model).days)
    with transaction.atomic(using=using):
        actor.bind(actor.SYSTEM, using=using)
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT end_trace(%s, %s)", [model._meta.db_table, last])
            (count,) = cursor.fetchone()
        if count:
            audit.ended(model, count, at=at, using=using)
    return int(count)
