"""Work as the tables' owner: a demonstration replaces whole tables, which the product's own role may not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections


@contextmanager
def as_owner() -> Iterator[None]:
    """The default connection is the owner's meanwhile, and its own again whatever happens."""
    plain = connections["default"]
    connections["default"] = connections["owner"]
    try:
        yield
    finally:
        connections["default"] = plain
