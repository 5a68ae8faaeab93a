"""When one was last in touch with people: notes of contacts, and what the apps above know (a visit counts as one)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from clients.models import ContactNote

Reader = Callable[[Iterable[UUID], datetime, str], Iterable[tuple[UUID, datetime]]]

_readers: dict[str, Reader] = {}


def on_reading(name: str, reader: Reader) -> None:
    """Register what an app knows of contacts: keys of people, since when, by which connection; one statement."""
    _readers[name] = reader


def contacts(clients: Iterable[UUID], *, since: datetime, using: str = "default") -> dict[UUID, list[datetime]]:
    """The contacts with each of these people since a moment, the oldest first."""
    keys = list(clients)
    found: dict[UUID, list[datetime]] = {}
    notes = ContactNote.objects.using(using).holding().with_people(keys).filter(at__gte=since)
    for client_id, at in [
        *notes.values_list("client_id", "at"),
        *(pair for reader in _readers.values() for pair in reader(keys, since, using)),
    ]:
        found.setdefault(client_id, []).append(at)
    return {client_id: sorted(moments) for client_id, moments in found.items()}
