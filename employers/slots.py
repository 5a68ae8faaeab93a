"""Slots of an employer's page that the apps above fill, such as the visit in the house just now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from employers.models import Employer
    from team.access import MemberRequest

Filler = Callable[["MemberRequest", "Employer"], SafeString]

_fillers: dict[str, Filler] = {}


def fill(name: str, filler: Filler) -> None:
    """Register the function that fills a slot of the employer's page; at most two statements."""
    _fillers[name] = filler


def filled(request: MemberRequest, employer: Employer) -> dict[str, SafeString]:
    """The rendered slots of one employer's page, by name."""
    return {name: filler(request, employer) for name, filler in _fillers.items()}
