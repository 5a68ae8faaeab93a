"""Whether two files may be of one person: a pure comparison of plain values that tells in words why.

Nothing is decided here: a hit is a question to whoever records or looks after the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from clients.sounds import sound
from tyoparkki.names import name_key

if TYPE_CHECKING:
    from clients.models import Client


class Reason(models.TextChoices):
    """Why two files may be of one person."""

    SAME_NUMBER = "number", _("same telephone number")
    SAME_ADDRESS = "address", _("same e-mail address")
    SAME_NAME = "name", _("same name")
    SOUNDS_ALIKE = "sounds", _("the names sound alike")
    TYPING_SLIP = "slip", _("nearly the same name")
    SHARED_WORD = "word", _("partly the same name")
    SAME_YEAR = "year", _("same year of birth")
    SAME_LANGUAGE = "language", _("same language")
    SAME_MUNICIPALITY = "municipality", _("same home municipality")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person, as far as the reader may know it; empty where it is not known."""

    name: str
    is_alias: bool = False
    reached: str = ""
    year_of_birth: int | None = None
    language: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two files are: the higher the score, the likelier one person; the reasons, the weightiest first."""

    score: int
    reasons: tuple[Reason, ...] = field(default=())


# How much each reason weighs. One is enough at 100; the sums are tried on generated people (tests/clients).
_WEIGHTS: dict[Reason, int] = {
    Reason.SAME_NUMBER: 60,  # families share a number, so it needs a little more
    Reason.SAME_ADDRESS: 60,  # the same of an address
    Reason.SAME_NAME: 65,  # many have the same name, so it needs the year or the number
    Reason.SOUNDS_ALIKE: 65,  # the same name through another alphabet
    Reason.TYPING_SLIP: 60,  # one letter, and every other word the same
    Reason.SHARED_WORD: 5,  # a new surname, or only the first name told
    Reason.SAME_YEAR: 40,  # one in fifty shares it
    Reason.SAME_LANGUAGE: 2,  # nearly everybody's
    Reason.SAME_MUNICIPALITY: 2,  # nearly everybody's
}
_ENOUGH = 100
# What is missing is no proof of two people. Two facts that contradict each other speak against one person.
_NOTHING_ELSE_KNOWN = 35  # the same name, and neither year nor number can be compared
_ALIAS_AT_NUMBER = 40  # an alias says nothing of the name, so the number stands alone
_OTHER_YEAR = -45
_OTHER_LANGUAGE = -15
_NO_YEAR_AT_NUMBER = 35  # the same number, and no year to tell parent and child apart
_MOST_WORDS = 4
_LEAST_FOR_SLIP = 3


def facts_of(client: Client) -> Facts:
    """What of a person's file the member for whom it was fetched may compare."""
    situation = client.shows("situation")
    return Facts(
        client.name,
        client.is_alias,
        (getattr(client, "contact_key", "") or "") if client.shows("contact") else "",
        client.year_of_birth if situation else None,
        client.language if situation else "",
        (client.municipality_id or "") if situation and not client.is_non_disclosure else "",
    )


def likeness(one: Facts, other: Facts) -> Likeness | None:
    """Why the two may be one person; nothing when there is too little reason to ask."""
    reasons = [reason for reason in (_by_contact(one, other), _by_name(one.name, other.name)) if reason]
    year = _both(one.year_of_birth, other.year_of_birth)
    if year is not None and year[0] == year[1]:
        reasons.append(Reason.SAME_YEAR)
    if one.language and one.language == other.language:
        reasons.append(Reason.SAME_LANGUAGE)
    if one.municipality and one.municipality == other.municipality:
        reasons.append(Reason.SAME_MUNICIPALITY)
    score = sum(_WEIGHTS[reason] for reason in reasons) + _beyond_reasons(one, other, reasons)
    if score < _ENOUGH:
        return None
    return Likeness(score, tuple(sorted(reasons, key=lambda reason: -_WEIGHTS[reason])))


def _beyond_reasons(one: Facts, other: Facts, reasons: list[Reason]) -> int:
    """What speaks for or against one person without being a reason to tell."""
    year = _both(one.year_of_birth, other.year_of_birth)
    at_number = Reason.SAME_NUMBER in reasons or Reason.SAME_ADDRESS in reasons
    same_name = Reason.SAME_NAME in reasons or Reason.SOUNDS_ALIKE in reasons
    weight = 0
    if year is not None and year[0] != year[1]:
        weight += _OTHER_YEAR if not (same_name and at_number) else 0
    if not at_number and one.language and other.language and one.language != other.language:
        weight += _OTHER_LANGUAGE
    if year is None and at_number:
        weight += _NO_YEAR_AT_NUMBER
    if year is None and same_name and _both(one.reached, other.reached) is None:
        weight += _NOTHING_ELSE_KNOWN
    if at_number and (one.is_alias or other.is_alias):
        weight += _ALIAS_AT_NUMBER
    return weight


def _both(one: object, other: object) -> tuple[object, object] | None:
    return (one, other) if one and other else None


def _by_contact(one: Facts, other: Facts) -> Reason | None:
    if not one.reached or one.reached != other.reached:
        return None
    return Reason.SAME_ADDRESS if "@" in one.reached else Reason.SAME_NUMBER


def _by_name(one: str, other: str) -> Reason | None:
    """How alike two names are: the words in any order, a hyphen or a father's name more or less."""
    mine, theirs = _readings(one), _readings(other)
    grades = [_compared(a, b) for a in mine for b in theirs]
    return next((reason for reason in _NAMES if reason in grades), None)


_NAMES = (Reason.SAME_NAME, Reason.SOUNDS_ALIKE, Reason.TYPING_SLIP, Reason.SHARED_WORD)


@lru_cache(maxsize=4096)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    """A name as words: at each hyphen apart and together, and without the father's name where two words remain."""
    apart = tuple(name_key(name).split())
    joined = tuple(name_key(re.sub(r"(?<=\w)[-‐‑](?=\w)", "", name)).split())
    own = tuple(word for word in apart if not sound(word).is_patronymic)
    return tuple(dict.fromkeys(words for words in (apart, joined, own if len(own) > 1 else apart) if words))


def _compared(one: tuple[str, ...], other: tuple[str, ...]) -> Reason | None:
    few, many = sorted((one[:_MOST_WORDS], other[:_MOST_WORDS]), key=len)
    best = max((_in_order(few, chosen) for chosen in permutations(many, len(few))), default=(0, 0, 0))
    alike, heard, slipped = best
    if alike + heard + slipped == len(few) and len(few) > 1:
        if slipped:
            return Reason.TYPING_SLIP if slipped == 1 else None
        return Reason.SOUNDS_ALIKE if heard else Reason.SAME_NAME
    if len(few) == len(many) == 1 and alike + heard:
        return Reason.SAME_NAME if alike else Reason.SOUNDS_ALIKE
    return Reason.SHARED_WORD if alike + heard else None


def _in_order(few: tuple[str, ...], chosen: Iterable[str]) -> tuple[int, int, int]:
    """How many words are the same, sound the same, and differ by one slip of the fingers."""
    kinds = [_words_alike(a, b) for a, b in zip(few, chosen, strict=True)]
    return kinds.count("same"), kinds.count("heard"), kinds.count("slip")


@lru_cache(maxsize=65536)
def _words_alike(one: str, other: str) -> str:
    if one == other:
        return "same"
    if _heard(one) & _heard(other):
        return "heard"
    if min(len(one), len(other)) >= _LEAST_FOR_SLIP and OSA.distance(one, other, score_cutoff=1) <= 1:
        return "slip"
    return ""


@lru_cache(maxsize=65536)
def _heard(word: str) -> frozenset[str]:
    keys = sound(word)
    return frozenset({keys.bones or keys.voice})
