"""Who acts: carried by every request and task, and handed to the database with its transaction."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db import connections

from tyoparkki import clock

Kind = Literal["member", "device", "handover", "link", "aggregate", "system", "public"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff with the membership in use, a device, a link, or the system itself."""

    kind: Kind
    user_id: UUID | None = None
    membership_id: UUID | None = None
    organisation_id: UUID | None = None
    point_id: UUID | None = None
    device_id: UUID | None = None
    # What a one-time link opens is all that its holder sees: never what the organisation written on it may see.
    link_id: UUID | None = None
    # What the role allows, for the walls in the database: names of permissions.
    may: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def key(self) -> str:
        """One text that tells actors apart, for idempotency and live channels."""
        return f"{self.kind}:{self.membership_id or self.device_id or self.link_id or self.user_id or ''}"


SYSTEM = Actor("system")
PUBLIC = Actor("public")

_current: ContextVar[Actor | None] = ContextVar("actor", default=None)
_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current() -> Actor | None:
    """The actor bound to this request or task, if any."""
    return _current.get()


def request_id() -> str:
    """The id of the request or task at work, for the log lines and the audit trail."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Name the request or task at work."""
    _request_id.set(value)


def forget() -> None:
    """End of a request or task: nobody acts any more."""
    _current.set(None)


def bind(actor: Actor, *, using: str = "default") -> None:
    """Hand the actor to the open transaction, for this transaction only (never session-wide: pools leak)."""
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("An actor is bound inside a transaction only.")
    values = {
        "kind": actor.kind,
        "user": actor.user_id,
        "membership": actor.membership_id,
        "organisation": None if actor.kind == "link" else actor.organisation_id,
        "point": actor.point_id,
        "device": actor.device_id,
        "link": actor.link_id,
        "may": " ".join(sorted(actor.may)),
        "today": clock.local_date(clock.now()).isoformat(),  # consents run out by the product's clock
    }
    calls = ", ".join(f"set_config('tp.{name}', %s, true)" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [str(value or "") for value in values.values()])
    _current.set(actor)
