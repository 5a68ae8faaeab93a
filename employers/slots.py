"""What only the apps above know of an employer, shown where it is looked for.

An app registers one function per slot when it is ready; it may send two statements and answers with rendered HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from employers.models import Employer
    from team.access import MemberRequest

Filler = Callable[["MemberRequest", "Employer"], SafeString]

# here: beside the name, "T04 is here"; visits: earlier visits; recruitment and results: the aside.
NAMES = ("here", "visits", "recruitment", "results")

_fillers: dict[str, Filler] = {}


def fill(name: str, filler: Filler) -> None:
    """Register the function that fills a slot of an employer's page."""
    if name not in NAMES:
        raise LookupError(f"The page of an employer has no slot {name}.")
    _fillers[name] = filler


def filled(request: MemberRequest, employer: Employer) -> dict[str, SafeString]:
    """The rendered slots of one employer's page, by name."""
    return {name: _fillers[name](request, employer) for name in NAMES if name in _fillers}
