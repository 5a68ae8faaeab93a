"""A need that suggests a service: who needs support of work ability is asked about the work-ability coordinator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clients.background_codes import Suggested, suggestions
from clients.models import Background
from services.models import Service


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is suggested, and the catalogue's service where there is one."""

    what: Suggested
    service: Service | None

    @property
    def name(self) -> str:
        """The service in the catalogue's words; without one what it is generally called."""
        return self.service.name if self.service else self.what.name


def suggestion(rows: Iterable[Background]) -> Suggestion | None:
    """The first suggestion of needs that stand open and led to no referral yet; a statement where there is one."""
    known = suggestions()
    waits = (row for row in rows if row.status == Background.Status.OPEN and row.referred_at is None)
    what = next((known[row.code] for row in waits if row.code in known), None)
    return Suggestion(what, Service.objects.published().named(what.word).first()) if what else None


def codes_met(service: Service | None) -> list[str]:
    """The needs that suggest this service: it is known by a word in its Finnish name."""
    name = service.names.get("fi", "").casefold() if service else ""
    return [code for code, what in suggestions().items() if what.word in name]
