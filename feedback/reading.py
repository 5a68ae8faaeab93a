"""Visitors' own words as staff may read them, each hidden among enough others.

1. A day with fewer than five answers tells nothing: neither the words nor how many answered.
2. Words in a language stand under their day when five answered in it that day, and at their hour when five answered in
   it in that hour: one who alone answered in Arabic at two o'clock is somebody whom a colleague remembers.
3. Words that no day tells are told of the whole month when it is over, if five answered so in their language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from feedback import frame
from feedback.models import Response, ResponseQuerySet
from tyoparkki.anonymity import FEWEST

DAYS = 12


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote: the language as it calls itself, the text, and the hour if it tells of nobody."""

    hour: int | None
    language: str
    lang: str
    direction: str
    text: str


@dataclass(slots=True)
class Day:
    """One day's answers: how many, and the words that are hidden among others; some may be kept for the month."""

    on: date
    answers: int = 0
    words: list[Words] = field(default_factory=list)
    keeps_some: bool = False

    @property
    def is_hidden(self) -> bool:
        """Too few answers: somebody could tell who wrote what."""
        return self.answers < FEWEST


@dataclass(frozen=True, slots=True)
class Month:
    """The latest whole month, and the words of it that no single day could tell."""

    first: date
    words: list[Words]


def latest(point_id: UUID) -> list[Day]:
    """The latest days with answers, newest first: two statements."""
    answers = Response.objects.at(point_id)
    days: dict[date, Day] = {}
    here: Counter[tuple[date, str]] = Counter()
    hours: Counter[tuple[date, str, int]] = Counter()
    for on, language, hour, given in answers.counted(days=DAYS):
        days.setdefault(on, Day(on)).answers += given
        here[on, language] += given
        hours[on, language, hour] = given
    for one in answers.on_days([on for on, day in days.items() if not day.is_hidden]).with_words():
        if here[one.on, one.language] < FEWEST:
            days[one.on].keeps_some = True
        else:
            is_crowded = hours[one.on, one.language, one.hour] >= FEWEST
            days[one.on].words.append(_words(one, hour=one.hour if is_crowded else None))
    for day in days.values():
        day.words.sort(key=lambda words: -1 if words.hour is None else words.hour, reverse=True)
    return sorted(days.values(), key=lambda day: day.on, reverse=True)


def last_month(point_id: UUID, today: date) -> Month:
    """What the days of the latest whole month kept, told together, a language at a time: two statements."""
    end = today.replace(day=1)
    first = (end - timedelta(days=1)).replace(day=1)
    answers = Response.objects.at(point_id).between(first, end)
    here: Counter[tuple[date, str]] = Counter()
    for on, language, _hour, given in answers.counted():
        here[on, language] += given
    kept = {cell for cell, given in here.items() if given < FEWEST}
    so_many: Counter[str] = Counter()
    for on, language in kept:
        so_many[language] += here[on, language]
    return Month(first, [_words(one) for one in _told(answers, kept) if so_many[one.language] >= FEWEST])


def _told(answers: ResponseQuerySet, kept: set[tuple[date, str]]) -> Iterable[Response]:
    """Those of the kept days, by language and in no order that tells the day."""
    rows = answers.on_days(sorted({on for on, _language in kept})).with_words()
    return sorted((row for row in rows if (row.on, row.language) in kept), key=lambda row: (row.language, row.key))


def _words(one: Response, *, hour: int | None = None) -> Words:
    words = frame.frame_of(one.language)
    return Words(hour, words["native"], words["lang"], words["dir"], one.words)
