"""What a screen of the list is: its addresses, who looks at it, and the states it is looked at in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from tests.accessibility.presses import Act
from tests.accessibility.world import Scene

STATES = ("empty", "filled", "error", "swap")

# Why a screen has no such state: written out, so that a forgotten one is seen.
NOTHING_SENT = "nothing is sent from here"
SENT_WHOLE = "its forms load the page anew: nothing is swapped"
NEVER_EMPTY = "it shows the same to everybody, however little there is"


@dataclass(frozen=True)
class State:
    """A screen at one moment: where it is, what a hand did on it, and whether anybody has come yet.

    `meanwhile` is what somebody else does while the page is open, which the page hears of by itself.
    """

    place: Callable[[Scene], str]
    act: Act | None = None
    meanwhile: Callable[[Scene], object] | None = None
    bare: bool = False
    keeps_focus: bool = False
    scripts: bool = True


@dataclass(frozen=True)
class Screen:
    """One screen of the product."""

    name: str
    routes: tuple[str, ...]
    who: str  # a role, "nobody", or the kind of a paired device
    states: dict[str, State]
    lacks: dict[str, str] = field(default_factory=dict)
    is_huge: bool = False  # for visitors' fingers: targets of 64 px


def address(name: str, *args: object) -> Callable[[Scene], str]:
    """Always the same address."""
    return lambda scene: reverse(name, args=args)


def literal(path: str) -> Callable[[Scene], str]:
    """An address without a name."""
    return lambda scene: path


def of(name: str, find: Callable[[Scene], object]) -> Callable[[Scene], str]:
    """The address of something in the scene."""
    return lambda scene: reverse(name, args=[scene.once(find)])


def made(name: str, make: Callable[[Scene], object], *, query: str = "") -> Callable[[Scene], str]:
    """An address at which something was made before."""

    def place(scene: Scene) -> str:
        scene.once(make)
        return reverse(name) + query

    return place
