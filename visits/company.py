"""The colleagues around a visit: those who are or were with the visitor, and those who could be asked in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from team.models import Shift
from tyoparkki.names import first_name, initials


@dataclass(frozen=True, slots=True)
class Companion:
    """A colleague who is or was with the visitor."""

    membership: UUID
    name: str
    organisation: str
    profession: str
    since: datetime
    is_here: bool
    minutes: int

    @property
    def first_name(self) -> str:
        """What colleagues say."""
        return first_name(self.name)

    @property
    def initials(self) -> str:
        """Two letters for the round mark."""
        return initials(self.name)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on shift who could be asked into the visit."""

    shift: Shift
    state: str
    ticket: str
    since: datetime | None
    until: datetime | None
    is_own_house: bool
    invitation: dict[str, Any] | None
    companion: Companion | None

    @property
    def can_be_asked(self) -> bool:
        """Whether an invitation makes sense now."""
        return self.companion is None and self.invitation is None and self.state in {"free", "busy"}
