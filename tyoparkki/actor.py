"""Who acts: carried by every request and task, and handed to the database with its transaction."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connections

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

    @property
    def key(self) -> str:
        """One text that tells actors apart, for idempotency and live channels."""
        return f"{self.kind}:{self.membership_id or self.device_id or self.user_id or ''}"


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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('tp.kind', %s, true), set_config('tp.user', %s, true),"
            " set_config('tp.membership', %s, true), set_config('tp.organisation', %s, true),"
            " set_config('tp.point', %s, true), set_config('tp.device', %s, true)",
            [actor.kind]
            + [
                str(value or "")
                for value in (
                    actor.user_id,
                    actor.membership_id,
                    actor.organisation_id,
                    actor.point_id,
                    actor.device_id,
                )
            ],
        )
    _current.set(actor)
