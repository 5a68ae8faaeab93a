"""One's own turn on one's own phone: the secret behind the code on the slip."""

from __future__ import annotations

import base64
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from team.access import Member
from tyoparkki import audit, clock
from tyoparkki.ids import secret_hash
from visits.models import Visit, VisitTurn

SECRET_BYTES = 24


def secret_of(visit: Visit) -> str:
    """The visit's secret, 192 bits: the same on every slip of the visit, and to be guessed from nothing we store."""
    keyed = salted_hmac("visits.turn", str(visit.pk), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(keyed[:SECRET_BYTES]).decode()


def turn_of(visit: Visit, *, at: datetime) -> str:
    """The secret of a visit that has a turn to be followed, or nothing."""
    secret = secret_of(visit)
    return secret if _is_alive(visit, at) and VisitTurn.objects.filter(secret_hash=secret_hash(secret)).exists() else ""


def _is_alive(visit: Visit, at: datetime) -> bool:
    return visit.is_present and visit.day.on == clock.local_date(at)


@transaction.atomic
def give_turn(visit: Visit, *, by: Member, at: datetime) -> str:
    """The visitor can follow the turn on a phone from now on; returns the secret, or nothing once the visit is over."""
    if not _is_alive(visit, at):
        return ""
    secret = secret_of(visit)
    turn, is_new = VisitTurn.objects.get_or_create(
        visit=visit, defaults={"secret_hash": secret_hash(secret), "created_at": at}
    )
    if not is_new and turn.secret_hash != secret_hash(secret):  # the key of the installation was changed meanwhile
        turn.secret_hash = secret_hash(secret)
        turn.save(update_fields=["secret_hash"])
    if is_new:
        audit.record("visit.turn_given", visit, by=by.actor, at=at)
    return secret
