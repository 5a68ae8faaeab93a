"""Codes that are read aloud or typed once: drawn until one is free, kept as a keyed hash, guarded from guessing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tyoparkki.errors import Refused
from tyoparkki.ids import new_signs
from tyoparkki.models import AuditEvent

WITHIN = timedelta(minutes=10)
_TRIES = 10
Row = TypeVar("Row", bound=models.Model)


class TooManyTries(Refused):
    """Somebody is guessing."""

    message = _("Too many tries. Wait ten minutes and ask for a new code.")


class NoCodeFree(Refused):
    """Ten codes in a row were taken: never in practice."""

    message = _("No free code was found. Try once more.")


@dataclass(frozen=True, slots=True)
class Offer(Generic[Row]):
    """Six digits as they are shown once, and the row that they open."""

    code: str
    row: Row


def digits_hash(code: str, *, of: type[models.Model]) -> str:
    """Six digits are soon guessed from a plain hash, so it is keyed, and its own for each kind of row."""
    return salted_hmac(of._meta.label_lower, code, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def offer_digits(row: Row, *, unique: str) -> Offer[Row]:
    """Save a new row under six digits that no other open row has; only their hash is kept, in `code_hash`."""
    code = ""

    def draw() -> None:
        nonlocal code
        code = new_signs("0123456789", 6)
        row.code_hash = digits_hash(code, of=type(row))  # type: ignore[attr-defined]  # each kind of row has the column

    save_under_free_code(row, draw, unique=unique)
    return Offer(code, row)


def save_under_free_code(row: models.Model, draw: Callable[[], None], *, unique: str) -> None:
    """Save a new row with a code that is free: `draw` puts one in, a taken one breaks the constraint `unique`."""
    for _try in range(_TRIES):
        draw()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if unique not in str(error):
                raise
        else:
            return
    raise NoCodeFree


def refuse_guessing(verb: str, subject: models.Model, *, most: int, at: datetime) -> None:
    """Refuse when so many wrong codes were traced of the subject within ten minutes."""
    wrong = AuditEvent.objects.filter(
        object_kind=subject._meta.label_lower, object_id=str(subject.pk), verb=verb, at__gt=at - WITHIN
    )
    if wrong.count() >= most:
        raise TooManyTries
