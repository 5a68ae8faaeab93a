"""Slots of a person's page that the apps above fill: what only they know, shown where it is looked for.

An app registers one function per slot when it is ready; it may send two statements and answers with rendered HTML.
A function is called only after the page has been opened for the member, and asks its own walls itself: `client.shows`
says what of the person the reader may know. What it may not show is an empty text, and the page has no such part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from clients.models import Client
    from team.access import MemberRequest

Filler = Callable[["MemberRequest", "Client"], SafeString]

NAMES = ("visits", "plans", "placements")

_fillers: dict[str, Filler] = {}


def fill(name: str, filler: Filler) -> None:
    """Register the function that fills a slot of the person's page."""
    if name not in NAMES:
        raise LookupError(f"The person's page has no slot {name}.")
    _fillers[name] = filler


def filled(request: MemberRequest, client: Client) -> dict[str, SafeString]:
    """The rendered slots of one person's page, by name."""
    parts = {name: _fillers[name](request, client) for name in NAMES if name in _fillers}
    return {name: part for name, part in parts.items() if part}
