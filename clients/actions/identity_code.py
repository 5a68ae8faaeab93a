"""A person's identity code is recorded sealed, shown for a reason, taken away and given back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.consent import NotRecorded
from clients.models import Client, IdentityCode
from tyoparkki import audit, clock, sealing
from tyoparkki.actor import SYSTEM, bind
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member


class OnAnotherFile(Refused):
    """Somebody whom the team keeps on file has this code: probably the same person."""

    message = _("Somebody on file has this identity code already. It may be the same person: open that file.")

    def __init__(self, person: Client) -> None:
        super().__init__()
        self.person = person


class NoCode(Refused):
    """Nothing is recorded, or it was taken away a moment ago."""

    message = _("No identity code is recorded.")


class TooLateToUndo(Refused):
    """An undo is for the same day and the same hand."""

    message = _("This can no longer be undone. Ask the person and record the code again.")


@transaction.atomic
def keep_code(client: Client, code: str, *, by: Member, at: datetime) -> IdentityCode:
    """The code of a person, as it was told; another one takes the place of the earlier. The same one stays."""
    marks = _like(code)
    _one_at_a_time(marks[0])
    person = _locked(client)
    held = IdentityCode.objects.standing().of_client(person.pk).first()
    if held is not None and held.code_hash in marks:
        return held
    ours = IdentityCode.objects.visible_to(by).standing().filter(code_hash__in=marks)
    other = ours.exclude(client=person).select_related("client").order_by("pk").first()
    if other is not None:
        raise OnAnotherFile(other.client)
    if held is not None:
        _end(held, by=by, at=at)
    row = IdentityCode.objects.create(
        client=person,
        sealed_code=sealing.seal(code),
        code_hash=marks[0],
        recorded_at=at,
        recorded_by=by.membership,
    )
    audit.record("identity_code.recorded", row, by=by.actor, at=at, fields=["code"])
    return row


@transaction.atomic
def show_code(client: Client, *, reason: str, by: Member, at: datetime) -> str:
    """The code itself, for a reason that the trace keeps."""
    row = IdentityCode.objects.visible_to(by).standing().of_client(client.pk).first()
    if row is None:
        raise NoCode
    audit.record("identity_code.shown", row, by=by.actor, at=at, fields=["code"], reason=reason)
    return sealing.unseal(row.sealed_code)


@transaction.atomic
def remove_code(client: Client, *, by: Member, at: datetime) -> IdentityCode:
    """It is no longer needed, or is wrong; the night erases it."""
    person = _locked(client)
    row = IdentityCode.objects.standing().of_client(person.pk).first()
    if row is None:
        raise NoCode
    _end(row, by=by, at=at)
    return row


@transaction.atomic
def restore_code(client: Client, *, by: Member, at: datetime) -> IdentityCode:
    """Undo of taking away: by the same hand on the same day, while no other code has come in its place."""
    person = _locked(client)
    midnight = clock.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    codes = IdentityCode.objects.of_client(person.pk)
    row = codes.removed_by_member(by, since=midnight).first()
    if row is None or codes.standing().exists():
        raise TooLateToUndo
    row.ended_at, row.ended_by = None, None
    row.save(update_fields=["ended_at", "ended_by"])
    audit.record("identity_code.restored", row, by=by.actor, at=at, fields=["ended_at"])
    return row


def is_same(one: IdentityCode, other: IdentityCode) -> bool:
    """Whether two rows hold the same code, whichever key they were sealed by."""
    return sealing.unseal(one.sealed_code) == sealing.unseal(other.sealed_code)


def reseal(*, at: datetime, using: str = "system") -> int:
    """Seal every code with the first key, each in a transaction of its own; returns how many. Twice is once more."""
    keys = list(IdentityCode.objects.using(using).order_by("pk").values_list("pk", flat=True))
    return sum(_sealed_anew(key, at, using) for key in keys)


def _sealed_anew(key: UUID, at: datetime, using: str) -> bool:
    with transaction.atomic(using=using):
        bind(SYSTEM, using=using)
        row = IdentityCode.objects.using(using).select_for_update(of=("self",)).filter(pk=key).first()
        if row is None:  # erased meanwhile
            return False
        code = sealing.unseal(row.sealed_code)
        row.sealed_code, row.code_hash = sealing.seal(code), _like(code)[0]
        row.save(using=using, update_fields=["sealed_code", "code_hash"])
        audit.record("identity_code.resealed", row, by=SYSTEM, at=at, fields=["code"], using=using)
    return True


def _like(code: str) -> list[str]:
    return sealing.like(code, of="identity code")


def _one_at_a_time(mark: str) -> None:
    """Two files do not get one code in the same moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('identity code ' || %s, 0))", [mark])


def _locked(client: Client) -> Client:
    person = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if person is None:
        raise NotRecorded
    return person


def _end(row: IdentityCode, *, by: Member, at: datetime) -> None:
    row.ended_at, row.ended_by = at, by.membership
    row.save(update_fields=["ended_at", "ended_by"])
    audit.record("identity_code.removed", row, by=by.actor, at=at, fields=["ended_at"])
