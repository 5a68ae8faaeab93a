"""Services suggested during a visit: those that answer the topics spoken of, without what was offered or put aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services import matching
from services.models import Service

SUGGESTIONS = 3

Aside = Mapping[str, str]


def for_topics(
    topics: Iterable[Mapping[str, Any]], *, language: str, today: date, without: Sequence[str]
) -> list[matching.Suggestion]:
    """The best few for the topics that are on, each with its reason; nothing without a topic."""
    classes = {code for row in topics if row["is_on"] for code in row["classes"]}
    if not classes:
        return []
    rows = Service.objects.published().of_classes(classes).exclude(pk__in=without)
    return matching.ranked(rows.for_lists(), classes, language=language, today=today, limit=SUGGESTIONS)


def put_aside(rows: Sequence[Aside], *, own: Sequence[Aside], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was put aside, with names and the reason in words; what is of one's `own` sitting can be brought back."""
    if not rows:
        return []
    services = Service.objects.for_lists().in_bulk([row["service"] for row in rows])
    found = ((row, services.get(UUID(row["service"]))) for row in rows)
    return [
        {"service": service, "reason": reasons.get(row["reason"], ""), "is_mine": row in own}
        for row, service in found
        if service is not None
    ]
