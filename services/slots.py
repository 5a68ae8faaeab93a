"""What only the apps above know of a service, shown where it is looked for.

An app registers one function per slot when it is ready; it may send two statements and answers with rendered HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from services.models import Service
    from team.access import MemberRequest

RowFiller = Callable[["MemberRequest", Sequence["Service"]], dict[UUID, SafeString]]
PageFiller = Callable[["MemberRequest", "Service"], SafeString]

PAGE_NAMES = ("referral", "outcomes")

_rows: list[RowFiller] = []
_page: dict[str, PageFiller] = {}


def fill_rows(filler: RowFiller) -> None:
    """Register the function that gives each row of the list its press, for example "refer A28"."""
    _rows[:] = [filler]


def fill(name: str, filler: PageFiller) -> None:
    """Register the function that fills a slot of a service's page."""
    if name not in PAGE_NAMES:
        raise LookupError(f"The page of a service has no slot {name}.")
    _page[name] = filler


def presses(request: MemberRequest, services: Sequence[Service]) -> dict[UUID, SafeString]:
    """The press of each row, by service."""
    return _rows[0](request, services) if _rows else {}


def filled(request: MemberRequest, service: Service) -> dict[str, SafeString]:
    """The rendered slots of one service's page, by name."""
    return {name: _page[name](request, service) for name in PAGE_NAMES if name in _page}
