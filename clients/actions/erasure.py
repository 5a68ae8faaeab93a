"""A person is erased: the file and every word about them go; visits, referrals and figures stay without the person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from clients.models import Client, Consent, MergeRecord
from clients.models.consent import Purpose
from clients.rights import declared
from clients.rights.held import GOES, before_erasure, rows_of
from tyoparkki import actor, audit, clock, live, tombstones

KIND = "client"


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of which table went, and how many stayed and lost their words."""

    was_there: bool
    gone: dict[str, int] = field(default_factory=dict)
    emptied: dict[str, int] = field(default_factory=dict)


def erase(person: UUID, *, at: datetime, why: str, using: str = "system", dry_run: bool = False) -> Erased:
    """Erase a person by what each table declares (clients/rights); twice is once.

    All of it is one transaction, with its tombstone and its line in the trace; `why` is a code: asked, lapsed, again.
    A dry run says what would go, and changes nothing but the trace.
    """
    with transaction.atomic(using=using):
        actor.bind(actor.SYSTEM, using=using)
        client = Client.objects.using(using).select_for_update(of=("self",)).filter(pk=person).first()
        found = {model: _keys(model, person, using) for model in declared()} if client else {}
        gone = {m._meta.label: len(keys) for m, keys in found.items() if keys and declared()[m].ending == GOES}
        emptied = {m._meta.label: len(keys) for m, keys in found.items() if keys and declared()[m].emptied}
        merged = list(MergeRecord.objects.using(using).standing().filter(kept=person).values_list("gone_id", flat=True))
        if client is not None and not dry_run:
            before_erasure(person, at, using)
            _end(found, using)
            live.announce(live.point_topic(client.point_id), using=using)
        if not dry_run:
            for key in (person, *merged):  # an older backup may hold the file that went into this one
                tombstones.place(KIND, key, at=at, using=using)
        verb = "client.erasure_tried" if dry_run else "client.erased"
        audit.record(verb, Client(pk=person), by=actor.SYSTEM, at=at, reason=why, using=using)
    return Erased(client is not None, gone, emptied)


def _keys(model: type[models.Model], person: UUID, using: str) -> list[Any]:
    held = declared()[model]
    if held.ending != GOES and not held.emptied:
        return []
    return list(rows_of(model, held, person, using=using).values_list("pk", flat=True))


def _end(found: dict[type[models.Model], list[Any]], using: str) -> None:
    """The rows of the apps above first; the person's own row last, for all others hang on it."""
    for model, keys in reversed(found.items()):
        held = declared()[model]
        rows: models.QuerySet[Any] = models.QuerySet(model, using=using).filter(pk__in=keys)
        if held.ending == GOES:
            rows.delete()
        elif held.emptied:
            rows.update(**held.emptied)


def erase_again(at: datetime, using: str) -> int:
    """Whoever has a tombstone and is on file, because an older backup was restored, is erased again."""
    stones = tombstones.standing(using=using)
    back = [
        person
        for person in Client.objects.using(using).order_by("pk").values_list("pk", flat=True).iterator()
        if stones.intersection(tombstones.keys_of(KIND, person))
    ]
    for person in back:
        erase(person, at=at, why="again", using=using)
    return len(back)


def lapsed(on: date, *, using: str = "system") -> models.QuerySet[Client]:
    """People last recorded for a short time, which is over: ended or withdrawn on an earlier day, and not renewed."""
    recorded = Consent.objects.filter(client=OuterRef("pk"), purpose=Purpose.RECORD)
    latest = recorded.order_by("-given_at", "-pk").values("is_short")[:1]
    ended_before = Q(expires_on__lt=on) | Q(withdrawn_at__lt=datetime.combine(on, time(), tzinfo=clock.HELSINKI))
    rows = Client.objects.using(using).alias(was_short=Subquery(latest))
    return rows.filter(~Exists(recorded.filter(~ended_before)), was_short=True).order_by("pk")


def erase_lapsed(*, at: datetime, using: str = "system") -> int:
    """The night's end of those whom nobody asked again in time; each by itself. Returns how many."""
    with transaction.atomic(using=using):
        actor.bind(actor.SYSTEM, using=using)
        over = list(lapsed(clock.local_date(at), using=using).values_list("pk", flat=True))
    for person in over:
        erase(person, at=at, why="lapsed", using=using)
    return len(over)
