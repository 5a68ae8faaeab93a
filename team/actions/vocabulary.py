"""The words of the house: professions and skills that all points share, topics and terms of each point."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from team.models import Party, Profession, ServicePoint, Skill, Term, Topic
from tyoparkki import audit, live
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "vocabulary.json"
LAST = 1_000  # a place after all others
Row = TypeVar("Row", Topic, Term, Profession)
SharedWord = Profession | Skill


class KeyTaken(Refused):
    """One key, one topic: a press must not be a guess."""

    message = _("Another topic already has this key.")


class WordTaken(Refused):
    """Two words that read the same cannot be told apart on the screen."""

    message = _("This word is already in use. Choose another one.")


class LastInUse(Refused):
    """Without it nobody could be logged, or no visit finished."""

    message = _("At least one must remain in use.")


class NeededByProduct(Refused):
    """What was not asked must be sayable."""

    message = _("“Not asked” is always needed.")


@dataclass(frozen=True, slots=True)
class Word:
    """A word by language, its place on the screen (1 is the first) and whether it is offered."""

    names: Mapping[str, str]
    place: int = LAST
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What is said of a topic besides its word: its key, who comes, who takes it and how long, what is suggested."""

    key: str = ""
    icon: str = ""
    parties: Sequence[str] = (Party.CLIENT.value,)
    professions: Sequence[Profession] = ()
    service_classes: Sequence[str] = ()
    guidance_minutes: int = 20


# --- what the product ships ------------------------------------------------------------------------------------------


@transaction.atomic
def load_professions(*, at: datetime) -> int:
    """Add the shipped professions that are missing; what the house has changed stays. Returns how many were made."""
    known = set(Profession.objects.values_list("code", flat=True))
    made = Profession.objects.bulk_create(
        Profession(code=row["code"], names=row["names"], position=position)
        for position, row in enumerate(_shipped()["professions"], 1)
        if row["code"] not in known
    )
    for profession in made:
        audit.record("profession.added", profession, by=SYSTEM, at=at, fields=["names"])
    return len(made)


@transaction.atomic
def give_first_words(point: ServicePoint, *, at: datetime, by: Member | None = None) -> None:
    """The topics, situations, age bands and results that a new point starts with; it changes them as it likes."""
    shipped = _shipped()
    trades = {trade.code: trade for trade in Profession.objects.all()}
    for position, row in enumerate(shipped["topics"], 1):
        facts = {name: row[name] for name in ("icon", "key", "parties", "service_classes", "guidance_minutes")}
        topic = Topic.objects.create(point=point, code=row["code"], names=row["names"], position=position, **facts)
        topic.professions.set(trades[code] for code in row["professions"] if code in trades)
    Term.objects.bulk_create(
        Term(point=point, kind=kind, code=row["code"], names=row["names"], position=position)
        for kind in Term.Kind.values
        for position, row in enumerate(shipped.get(kind, ()), 1)
    )
    audit.record("vocabulary.given", point, by=by.actor if by else SYSTEM, at=at, fields=["topics", "terms"])


def _shipped() -> dict[str, list[dict[str, Any]]]:
    return dict(json.loads(SHIPPED.read_text(encoding="utf-8")))


# --- a point's own words ---------------------------------------------------------------------------------------------


@transaction.atomic
def add_topic(point: ServicePoint, word: Word, facts: TopicFacts, *, by: Member, at: datetime) -> Topic:
    """One more reason to come: a press at the front desk from now on."""
    point = _locked(point.pk)
    siblings = Topic.objects.filter(point=point)
    topic = Topic(point=point, code=_code(word, siblings.values_list("code", flat=True)))
    return _write_topic(topic, word, facts, siblings=list(siblings), verb="topic.added", by=by, at=at)


@transaction.atomic
def change_topic(
    topic: Topic,
    word: Word,
    facts: TopicFacts,
    *,
    by: Member,
    at: datetime,
    unchanged: Callable[[Topic], None] | None = None,
) -> Topic:
    """Another word, key, place or trade for a topic; one that is not offered stays on the visits that have it."""
    _locked(topic.point_id)
    topic = Topic.objects.get(pk=topic.pk)
    if unchanged is not None:
        unchanged(topic)
    siblings = list(Topic.objects.filter(point_id=topic.point_id).exclude(pk=topic.pk))
    left = {party for row in siblings if row.is_active for party in row.parties}
    if Party.CLIENT not in left and not (word.is_active and Party.CLIENT in facts.parties):
        raise LastInUse
    return _write_topic(topic, word, facts, siblings=siblings, verb="topic.changed", by=by, at=at)


def _write_topic(
    topic: Topic, word: Word, facts: TopicFacts, *, siblings: list[Topic], verb: str, by: Member, at: datetime
) -> Topic:
    offered = [row for row in siblings if row.is_active]
    if word.is_active and facts.key and facts.key in {row.key for row in offered}:
        raise KeyTaken
    _write_word(topic, word, siblings)
    topic.key, topic.icon, topic.guidance_minutes = facts.key, facts.icon, facts.guidance_minutes
    topic.parties, topic.service_classes = list(facts.parties), list(facts.service_classes)
    topic.save()
    topic.professions.set(facts.professions)
    told = ["names", "position", "is_active", *(field.name for field in fields(TopicFacts))]
    audit.record(verb, topic, by=by.actor, at=at, fields=told)
    live.announce(by.membership.point.live_topic)
    return topic


@transaction.atomic
def add_term(point: ServicePoint, kind: str, word: Word, *, by: Member, at: datetime) -> Term:
    """One more situation, age band or result."""
    point = _locked(point.pk)
    siblings = list(Term.objects.filter(point=point, kind=kind))
    term = Term(point=point, kind=kind, code=_code(word, (row.code for row in siblings)))
    return _write_term(term, word, siblings, verb="term.added", by=by, at=at)


@transaction.atomic
def change_term(
    term: Term, word: Word, *, by: Member, at: datetime, unchanged: Callable[[Term], None] | None = None
) -> Term:
    """Another word or place; one that is not offered stays on the visits that have it."""
    _locked(term.point_id)
    term = Term.objects.get(pk=term.pk)
    if unchanged is not None:
        unchanged(term)
    siblings = list(Term.objects.filter(point_id=term.point_id, kind=term.kind).exclude(pk=term.pk))
    if not word.is_active and term.code == Term.NOT_ASKED:
        raise NeededByProduct
    if not word.is_active and not any(row.is_active for row in siblings):
        raise LastInUse
    return _write_term(term, word, siblings, verb="term.changed", by=by, at=at)


def _write_term(term: Term, word: Word, siblings: list[Term], *, verb: str, by: Member, at: datetime) -> Term:
    _write_word(term, word, siblings)
    term.save()
    audit.record(verb, term, by=by.actor, at=at, fields=["names", "position", "is_active"], reason=term.kind)
    live.announce(by.membership.point.live_topic)
    return term


# --- what all points share -------------------------------------------------------------------------------------------


@transaction.atomic
def add_shared(kind: type[SharedWord], word: Word, *, by: Member, at: datetime) -> SharedWord:
    """One more profession, or one more thing that colleagues can be asked about, in all service points."""
    siblings = _all_locked(kind)
    row = kind(code=_code(word, (row.code for row in siblings)))
    return _write_shared(row, word, siblings, verb=f"{kind._meta.model_name}.added", by=by, at=at)


@transaction.atomic
def change_shared(
    row: SharedWord,
    word: Word,
    *,
    by: Member,
    at: datetime,
    unchanged: Callable[[SharedWord], None] | None = None,
) -> SharedWord:
    """Another word; one that is not offered stays with the people who have it."""
    siblings = _all_locked(type(row))
    row = next(one for one in siblings if one.pk == row.pk)
    siblings.remove(row)
    if unchanged is not None:
        unchanged(row)
    return _write_shared(row, word, siblings, verb=f"{row._meta.model_name}.changed", by=by, at=at)


def _all_locked(kind: type[SharedWord]) -> list[Any]:
    """One hand at a time changes what all points share."""
    return list(kind.objects.select_for_update().order_by("pk"))


def _write_shared(
    row: SharedWord, word: Word, siblings: list[Any], *, verb: str, by: Member, at: datetime
) -> SharedWord:
    if isinstance(row, Profession):
        _write_word(row, word, siblings)
    else:
        _refuse_twin(word, siblings)
        row.names, row.is_active = dict(word.names), word.is_active
    row.save()
    audit.record(verb, row, by=by.actor, at=at, fields=["names", "is_active"])
    return row


# --- the same for each -----------------------------------------------------------------------------------------------


def _locked(point_id: UUID) -> ServicePoint:
    """One hand at a time changes a point's words."""
    return ServicePoint.objects.select_for_update(of=("self",)).get(pk=point_id)


def _code(word: Word, known: Iterable[str]) -> str:
    """A name for the figures, that stays when the word changes."""
    taken = set(known)
    stem = slugify(word.names["fi"]).replace("-", "_")[:34] or "sana"
    return next(code for code in (stem, *(f"{stem}_{n}" for n in range(2, len(taken) + 3))) if code not in taken)


def _refuse_twin(word: Word, siblings: Iterable[Any]) -> None:
    same = word.names["fi"].casefold()
    if word.is_active and any(row.is_active and row.names.get("fi", "").casefold() == same for row in siblings):
        raise WordTaken


def _write_word(row: Row, word: Word, siblings: list[Row]) -> None:
    """Put the word in, and move the others so that it stands at its place."""
    _refuse_twin(word, siblings)
    row.names, row.is_active = dict(word.names), word.is_active
    others = sorted(siblings, key=lambda one: (not one.is_active, one.position, one.pk))
    others.insert(min(word.place, len(others) + 1) - 1, row)
    for position, one in enumerate(others, 1):
        if one is not row and one.position != position:
            one.position = position
            one.save(update_fields=["position"])
        one.position = position
