"""Devices become ours by six digits, typed once within ten minutes, and stop being ours at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Device, PairingCode, ServicePoint
from tyoparkki import audit, codes, live
from tyoparkki.actor import PUBLIC, SYSTEM
from tyoparkki.errors import Refused
from tyoparkki.ids import new_secret, secret_hash

LIFETIME = timedelta(minutes=10)
# Wrong codes are traced together: the limit is of the whole installation, for guesses can come from anywhere.
MOST_WRONG = 60
NOBODYS = PairingCode(pk=0)


class AlreadyRevoked(Refused):
    """A colleague was quicker."""

    message = _("The device has already been removed.")


@dataclass(frozen=True, slots=True)
class Paired:
    """A device with its token as it is handed over once."""

    device: Device
    token: str


@transaction.atomic
def offer_code(
    point: ServicePoint, *, kind: str, name: str, by: Member | None, at: datetime
) -> codes.Offer[PairingCode]:
    """Six digits by which one device of a kind may be paired within ten minutes."""
    row = PairingCode(
        point=point,
        kind=kind,
        name=name,
        created_at=at,
        created_by=by.membership if by else None,
        expires_at=at + LIFETIME,
    )
    offer = codes.offer_digits(row, unique="pairing_code_open_once")
    audit.record("device.code_offered", row, by=by.actor if by else SYSTEM, at=at, reason=kind)
    return offer


@transaction.atomic
def pair(code: str, *, at: datetime) -> Paired | None:
    """A device has typed its code: it becomes a device of the point, with a token of its own.

    None when the code is mistyped, used already or too old; which of these, nobody is told.
    """
    codes.refuse_guessing("device.code_refused", NOBODYS, most=MOST_WRONG, at=at)
    row = (
        PairingCode.objects.select_for_update(of=("self",))
        .select_related("point", "created_by")
        .filter(code_hash=codes.digits_hash(code, of=PairingCode), used_at__isnull=True, expires_at__gt=at)
        .first()
    )
    if row is None:
        audit.record("device.code_refused", NOBODYS, by=PUBLIC, at=at)
        return None
    row.used_at = at
    row.save(update_fields=["used_at"])
    return _paired(row.point, kind=row.kind, name=row.name, code=row, at=at)


@transaction.atomic
def pair_directly(point: ServicePoint, *, kind: str, name: str, at: datetime) -> Paired:
    """An operator at the server takes a token without the code."""
    return _paired(point, kind=kind, name=name, code=None, at=at)


def _paired(point: ServicePoint, *, kind: str, name: str, code: PairingCode | None, at: datetime) -> Paired:
    token = new_secret()
    device = Device.objects.create(
        point=point,
        kind=kind,
        name=name,
        token_hash=secret_hash(token),
        paired_at=at,
        paired_by=code.created_by if code else None,
    )
    by = Member(code.created_by).actor if code and code.created_by else SYSTEM
    audit.record("device.paired", device, by=by, at=at, reason=kind)
    return Paired(device, token)


@transaction.atomic
def revoke(device: Device, *, by: Member, at: datetime) -> Device:
    """The device is no longer ours: its token and its live channel end at once."""
    device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    if device.revoked_at is not None:
        raise AlreadyRevoked
    device.revoked_at, device.revoked_by = at, by.membership
    device.save(update_fields=["revoked_at", "revoked_by"])
    audit.record("device.revoked", device, by=by.actor, at=at, fields=["revoked_at"])
    live.revoke(f"device:{device.pk}")
    return device
