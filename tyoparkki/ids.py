"""Identifiers: version 7 sorts by time, version 4 where time must not show. A UUID is never a secret."""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from random import Random
from uuid import UUID

from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7


class _Drawn:
    """Ids and secrets from a seed, for demonstrations that come out the same every time."""

    def __init__(self, random: Random, since: datetime) -> None:
        self.random = random
        self.milliseconds = int(since.timestamp() * 1000)

    def id(self) -> UUID:
        self.milliseconds += 1
        drawn = self.random.getrandbits(74)
        return UUID(int=self.milliseconds << 80 | 7 << 76 | drawn >> 62 << 64 | 2 << 62 | drawn & ((1 << 62) - 1))


_drawn: ContextVar[_Drawn | None] = ContextVar("ids", default=None)


@contextmanager
def ids_from(random: Random, *, since: datetime) -> Iterator[None]:
    """Within, every id and secret is drawn from `random`: for databases of invented people only."""
    token = _drawn.set(_Drawn(random, since))
    try:
        yield
    finally:
        _drawn.reset(token)


def new_id() -> UUID:
    """The key of a row that has an address of its own."""
    drawn = _drawn.get()
    return drawn.id() if drawn else uuid7()


def new_secret() -> str:
    """A secret of 192 bits for links and devices, fit for an address."""
    drawn = _drawn.get()
    if drawn:
        return base64.urlsafe_b64encode(drawn.random.randbytes(24)).decode()
    return secrets.token_urlsafe(24)


def secret_of(key: str) -> str:
    """The secret that belongs to a key, the same at every try; only who holds the installation's key can make it."""
    return base64.urlsafe_b64encode(salted_hmac("tyoparkki.ids", key, algorithm="sha256").digest()[:24]).decode()


def new_signs(alphabet: str, length: int) -> str:
    """So many signs that nobody can guess, each from an alphabet."""
    drawn = _drawn.get()
    choose = drawn.random.choice if drawn else secrets.choice
    return "".join(choose(alphabet) for _ in range(length))


def secret_hash(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
