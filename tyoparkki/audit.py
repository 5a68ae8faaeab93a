"""The trace: who did what (AuditEvent) and who looked at whom (AccessEvent), in the same transaction as the act."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, models

from tyoparkki.actor import SYSTEM, Actor, request_id
from tyoparkki.models import AccessEvent, AuditEvent

BUCKET_MINUTES = 10


def record(
    verb: str,
    subject: models.Model,
    *,
    by: Actor,
    at: datetime,
    fields: Iterable[str] = (),
    reason: str = "",
    using: str = "default",
) -> None:
    """Write that an act was done. Names of fields only, never their values; the reason is a code."""
    AuditEvent.objects.using(using).bulk_create(
        [
            AuditEvent(
                at=at,
                verb=verb,
                object_kind=subject._meta.label_lower,
                object_id=str(subject.pk),
                fields=sorted(fields),
                reason=reason,
                actor_kind=by.kind,
                user_id=by.user_id,
                membership_id=by.membership_id,
                organisation_id=by.organisation_id,
                point_id=by.point_id,
                device_id=by.device_id or by.link_id,
                request_id=request_id(),
            )
        ]
    )


def reported(model: str, due: int, held: int, *, at: datetime, using: str) -> None:
    """Write how many rows of a model are over and still there, and how many of them wait for others."""
    AuditEvent.objects.using(using).bulk_create(
        [
            AuditEvent(
                at=at,
                verb="retention.reported",
                object_kind=model.lower(),
                object_id="",
                reason=f"{due} {held}",
                actor_kind=SYSTEM.kind,
                request_id=request_id(),
            )
        ]
    )


def ended(model: type[models.Model], count: int, *, at: datetime, using: str) -> None:
    """Write that so many rows of a model were kept long enough and are gone: which, nobody shall know."""
    counted("retention.ended", model, count, at=at, using=using)


def counted(verb: str, model: type[models.Model], count: int, *, at: datetime, using: str) -> None:
    """Write that the system did the same to so many rows of a model at once."""
    AuditEvent.objects.using(using).bulk_create(
        [
            AuditEvent(
                at=at,
                verb=verb,
                object_kind=model._meta.label_lower,
                object_id="",
                reason=str(count),
                actor_kind=SYSTEM.kind,
                request_id=request_id(),
            )
        ]
    )


def seen(person: str, person_id: UUID, *, by: Actor, at: datetime, kind: str, outcome: str = "shown") -> None:
    """Write that someone looked at a person or a record of guidance: one row per ten minutes, person and kind.

    `person` is the kind of the record ("client", "guidance"); `kind` the way it was opened ("page", "slip", "search").
    """
    seen_many(person, [person_id], by=by, at=at, kind=kind, outcome=outcome)


def seen_many(
    person: str,
    person_ids: Iterable[UUID],
    *,
    by: Actor,
    at: datetime,
    kind: str,
    outcome: str = "shown",
    using: str = "default",
) -> None:
    """The same for all whom one page showed, in one statement: the hits of a search."""
    ids = list(person_ids)
    if not ids:
        return
    bucket = at.replace(minute=at.minute - at.minute % BUCKET_MINUTES, second=0, microsecond=0)
    columns: dict[str, Any] = {
        "bucket": bucket,
        "at": at,
        "person_kind": person,
        "kind": kind,
        "outcome": outcome,
        "actor_kind": by.kind,
        "user_id": by.user_id,
        "membership_id": by.membership_id,
        "organisation_id": by.organisation_id,
        "point_id": by.point_id,
        "device_id": by.device_id or by.link_id,
        "request_id": request_id(),
    }
    names = ", ".join(columns)
    marks = ", ".join(["%s"] * len(columns))
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {AccessEvent._meta.db_table} (person_id, {names})"  # noqa: S608 - our own names
            f" SELECT person_id, {marks} FROM unnest(%s::uuid[]) AS person_id ON CONFLICT DO NOTHING",
            [*columns.values(), ids],
        )
