"""Two files that look alike are of two people: said once, taken back in one press, over when the details change."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction

from clients.actions.merge import NotBothYours
from clients.models import Client, NotSame
from tyoparkki import audit

if TYPE_CHECKING:
    from team.access import Member


@transaction.atomic
def tell_apart(one: Client, other: Client, *, by: Member, at: datetime) -> None:
    """The pair leaves the list of possible duplicates for good; saying it twice changes nothing."""
    if not (one.is_kept_by(by) and other.is_kept_by(by)) or one.pk == other.pk:
        raise NotBothYours
    both = [one.pk, other.pk]
    list(Client.objects.select_for_update(of=("self",)).filter(pk__in=both).order_by("pk"))
    held = set(NotSame.objects.standing().between(*both).values_list("client", flat=True))
    for client, beside in ((one, other), (other, one)):
        if client.pk not in held:
            mark = NotSame.objects.create(client=client, other_id=beside.pk, marked_at=at, marked_by=by.membership)
            audit.record("client.told_apart", mark, by=by.actor, at=at)


@transaction.atomic
def undo_tell_apart(one: Client, other: Client, *, by: Member, at: datetime) -> None:
    """They may be of one person after all: the pair is on the list again."""
    _end(NotSame.objects.standing().between(one.pk, other.pk), by=by, at=at)


def compare_again(client: Client, *, by: Member, at: datetime) -> None:
    """What the files were compared by has changed, so what was said of them holds no more."""
    _end(NotSame.objects.standing().about(client.pk), by=by, at=at)


def _end(rows: models.QuerySet[NotSame], *, by: Member, at: datetime) -> None:
    for mark in rows.select_for_update(of=("self",)).order_by("pk"):
        mark.ended_at, mark.ended_by = at, by.membership
        mark.save(update_fields=["ended_at", "ended_by"])
        audit.record("client.told_apart_no_more", mark, by=by.actor, at=at, fields=["ended_at"])
