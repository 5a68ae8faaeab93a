"""Visitors' own words as staff may read them: by day and hour, and only from days with enough answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from feedback import frame
from feedback.models import Response

FEWEST = 5
DAYS = 12


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote: the hour, the language as it calls itself, the text."""

    hour: int
    language: str
    lang: str
    direction: str
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day's answers: how many, and the words if there were enough to hide each one among the others."""

    on: date
    answers: int
    words: list[Words] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Too few answers: somebody could tell who wrote what."""
        return self.answers < FEWEST


def latest(point_id: UUID) -> list[Day]:
    """The latest days with answers, newest first: two statements."""
    days = {on: Day(on, answers) for on, answers in Response.objects.at(point_id).by_day()[:DAYS]}
    shown = [day.on for day in days.values() if not day.is_hidden]
    for one in Response.objects.at(point_id).on_days(shown).with_words().only("key", "on", "hour", "language", "words"):
        words = frame.frame_of(one.language)
        days[one.on].words.append(Words(one.hour, words["native"], words["lang"], words["dir"], one.words))
    return list(days.values())
