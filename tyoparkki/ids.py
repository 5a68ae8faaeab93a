"""Identifiers: version 7 sorts by time, version 4 where time must not show. A UUID is never a secret."""

import hashlib
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """The key of a row that has an address of its own."""
    return uuid7()


def new_secret() -> str:
    """A secret of 192 bits for links and devices, fit for an address."""
    return secrets.token_urlsafe(24)


def secret_hash(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
