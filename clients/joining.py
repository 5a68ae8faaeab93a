"""Where somebody belongs who is put on file, or found there, in the middle of something else: the app above says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from clients.models import Client
    from team.access import Member


@dataclass(frozen=True, slots=True)
class Joined:
    """A visit is this person's now: where one goes on, and where it is taken back."""

    address: str
    undo_url: str


Joiner = Callable[[UUID, "Client", "Member", datetime], Joined | None]
_joiners: list[Joiner] = []


def on_join(joiner: Joiner) -> None:
    """Register what joins a visit to a person; it answers with nothing where the member may not."""
    _joiners[:] = [joiner]


def join(visit: UUID | None, client: Client, *, by: Member, at: datetime) -> Joined | None:
    """Make the visit this person's, if the member may and it has not become somebody else's meanwhile."""
    if visit is None or not _joiners:
        return None
    try:
        with transaction.atomic():
            return _joiners[0](visit, client, by, at)
    except Refused:
        return None
