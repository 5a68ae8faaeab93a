"""What happens when a colleague leaves: each app says what is held, moves it to a colleague, or refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member
    from team.models import Membership

Hook = Callable[[Iterable["Membership"], "Member", datetime], int]
# What memberships hold, each kind with how many, in words; nothing held, no words.
Asks = Callable[[Iterable["Membership"]], list[str]]
Moves = Callable[[Iterable["Membership"], "Membership", "Member", datetime], int]

_hooks: dict[str, Hook] = {}
_handings: dict[str, tuple[Asks, Moves]] = {}


class StillHolds(Refused):
    """Nobody leaves people behind: what is held moves to somebody, or the colleague stays."""

    def __init__(self, held: Iterable[str]) -> None:
        super().__init__(
            _("This colleague still holds: %(held)s. Choose the colleague to whom they move.")
            % {"held": ", ".join(held)}
        )


def on_departure(name: str, hook: Hook) -> None:
    """Register what an app does with the memberships that end; it returns how many things it changed, or refuses."""
    _hooks[name] = hook


def on_handing(name: str, *, asks: Asks, moves: Moves) -> None:
    """Register what an app's people hold and how all of it moves to one colleague; it returns how much moved."""
    _handings[name] = (asks, moves)


def held(memberships: Iterable[Membership]) -> list[str]:
    """What these memberships hold that must move to somebody before they end, in words."""
    leaving = list(memberships)
    return [words for asks, _moves in _handings.values() for words in asks(leaving)]


def carry_out(
    memberships: Iterable[Membership], by: Member, at: datetime, *, to: Membership | None = None
) -> dict[str, int]:
    """Let every app do its part, within the transaction of the departure; how much each changed, by its name.

    What is held moves `to` a colleague; without one, or where one cannot take it, the departure is refused.
    """
    leaving = list(memberships)
    done = {name: hook(leaving, by, at) for name, hook in _hooks.items()}
    if to is not None:
        done |= {f"{name} moved": moves(leaving, to, by, at) for name, (_asks, moves) in _handings.items()}
    if left := held(leaving):
        raise StillHolds(left)
    return done
