"""What a service point needs from its first day on: each app registers what it puts there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from team.access import Member
    from team.models import ServicePoint

Hook = Callable[["ServicePoint", "Member | None", datetime], object]

_hooks: dict[str, Hook] = {}


def on_new_point(name: str, hook: Hook) -> None:
    """Register what an app makes for a new service point; nobody acts when the operator's command line does."""
    _hooks[name] = hook


def furnish(point: ServicePoint, by: Member | None, at: datetime) -> None:
    """Let every app do its part, within the transaction that makes the point."""
    for hook in _hooks.values():
        hook(point, by, at)
