"""What happens when a colleague leaves: each app registers what it does, or refuses with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from team.access import Member
    from team.models import Membership

Hook = Callable[[Iterable["Membership"], "Member", datetime], int]

_hooks: dict[str, Hook] = {}


def on_departure(name: str, hook: Hook) -> None:
    """Register what an app does with the memberships that end; it returns how many things it changed, or refuses."""
    _hooks[name] = hook


def carry_out(memberships: Iterable[Membership], by: Member, at: datetime) -> dict[str, int]:
    """Let every app do its part, within the transaction of the departure; how much each changed, by its name."""
    leaving = list(memberships)
    return {name: hook(leaving, by, at) for name, hook in _hooks.items()}
