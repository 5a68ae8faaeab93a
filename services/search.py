"""Finding a service by what people type: Finnish inflection, compounds, three letters, slips of the finger.

At most three statements: the basic forms of what was typed, the hits, and, only where there is none, the whole
catalogue's words, in which the nearest are found.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from rapidfuzz import fuzz, process

from services.indexing import CONFIGS, HEAD, TAIL, words
from services.models import DEMOTED_AFTER, STALE_AFTER, Service, ServiceQuerySet, WordForm
from tyoparkki import clock
from tyoparkki.names import name_key

# Old knowledge is shown after new knowledge that fits as well.
STALE_FACTOR, DEMOTED_FACTOR = 0.9, 0.4
# How alike two words must be, of 100, to be taken for a slip of the finger; short words say too little.
CLOSE_ENOUGH, SHORTEST_SLIP = 76, 4
BEGINNING_PENALTY = 4
LONGEST_QUESTION = 8
# With fewer hits than this for several words, those that answer some of the words follow.
FEW = 3
# Said with every question and found in every text.
EMPTY_WORDS = (
    "ja tai on en ei että se jos kun minä mä sinä olen haluan haluaisin tarvitsen miten mistä mitä missä apua asia"
    " asiat och eller att en ett jag vill har för med om på i the a an to of for and or with i my want need how"
)
_EMPTY = frozenset(EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word and what it may stand for: its own beginning, and basic forms."""

    typed: str
    lemmas: frozenset[str]
    tails: frozenset[str]

    @property
    def spellings(self) -> frozenset[str]:
        """All that is as good as the word itself."""
        return self.lemmas | {self.typed}


def find(
    text: str,
    *,
    today: date | None = None,
    among: QuerySet[Service] | None = None,
    limit: int | None = None,
    exactly: bool = False,
) -> list[Service]:
    """Published services that answer what was typed, best first; without words all of them, by name.

    `exactly`: no guesses at slips of the finger, for places where other things are searched too.
    """
    today = today or clock.local_date(clock.now())
    services = (among if among is not None else Service.objects.published()).for_lists()  # type: ignore[attr-defined]  # a ServiceQuerySet
    typed = _worth_asking(words(text))
    if not typed:
        return _by_name(services, today)[:limit]
    question = _understood(typed)
    found = _hits(services, question, today)
    if not exactly and (not found or (len(question) > 1 and len(found) < FEW)):
        known = {row.pk for row in found}
        found += [row for row in _nearest(services, question, today) if row.pk not in known]
    return found[:limit]


def _worth_asking(typed: list[str]) -> list[str]:
    full = [word for word in typed if word not in _EMPTY]
    return list(dict.fromkeys(full or typed))[:LONGEST_QUESTION]


def _understood(typed: Collection[str]) -> list[Word]:
    """The basic forms of the words and, for compounds that no dictionary has, of their last parts. One statement."""
    ends = {word: {word[place:]: word[:place] for place in range(HEAD, len(word) - TAIL + 1)} for word in typed}
    asked = {part for word in typed for part in (word, *ends[word])}
    known: dict[str, set[str]] = {}
    for form, lemma in WordForm.objects.filter(form__in=asked).values_list("form", "lemma"):
        known.setdefault(form, set()).add(lemma)
    question = []
    for word in typed:
        whole = known.get(word, set())
        joined = {head + lemma for tail, head in ends[word].items() for lemma in known.get(tail, ())}
        tails = {lemma for tail in ends[word] for lemma in known.get(tail, ())}
        question.append(Word(word, frozenset(whole | joined), frozenset(tails)))
    return question


def _hits(services: ServiceQuerySet, question: list[Word], today: date) -> list[Service]:
    """Every word must be there, by its beginning, by its stem in any of three languages or by its basic form."""
    query = reduce(and_, (_either(word) for word in question))
    age = Case(
        When(Q(verified_on__isnull=True) | Q(verified_on__lt=today - DEMOTED_AFTER), then=Value(DEMOTED_FACTOR)),
        When(verified_on__lt=today - STALE_AFTER, then=Value(STALE_FACTOR)),
        default=Value(1.0),
        output_field=FloatField(),
    )
    return list(
        services.filter(search=query).annotate(score=SearchRank(F("search"), query) * age).order_by("-score", "pk")
    )


def _either(word: Word) -> SearchQuery:
    # Words are letters and digits only (services.indexing.words), so the raw query cannot be broken out of.
    ways = [
        SearchQuery(f"{word.typed}:*", config=config, search_type="raw") for config in ("simple", *CONFIGS.values())
    ]
    ways += [SearchQuery(f"{lemma}:*", config="simple", search_type="raw") for lemma in sorted(word.lemmas)]
    return reduce(or_, ways)


def _nearest(services: ServiceQuerySet, question: list[Word], today: date) -> list[Service]:
    """Where nothing fits exactly: slips of the finger, the last part of a compound, or the most of many words."""
    rows = list(services.with_words())
    homes: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for known in row.search_words.split():
            homes.setdefault(known, []).append(place)
    scores = [0.0] * len(rows)
    met = [0] * len(rows)
    for word in question:
        best: dict[int, float] = {}
        for found, score in _alike(word, list(homes)):
            for place in homes[found]:
                best[place] = max(best.get(place, 0.0), score)
        for place, score in best.items():
            in_name = found_in_name(rows[place], word)
            scores[place] += score * (1.5 if in_name else 1.0)
            met[place] += 1
    needed = max(1, (len(question) + 1) // 2)
    chosen = [place for place in range(len(rows)) if met[place] >= needed]
    chosen.sort(key=lambda n: (-met[n], -scores[n] * _worth(rows[n], today), name_key(rows[n].name)))
    return [rows[place] for place in chosen]


def found_in_name(service: Service, word: Word) -> bool:
    """Whether the name has a word that begins like the typed one."""
    beginning = word.typed[:SHORTEST_SLIP]
    return any(one.startswith(beginning) for text in service.names.values() for one in words(text))


def _alike(word: Word, vocabulary: list[str]) -> list[tuple[str, float]]:
    """Words of the catalogue that may be meant, with how sure that is."""
    sure = [(one, 100.0) for one in vocabulary if any(one.startswith(spelling) for spelling in word.spellings)]
    tails = [(one, 85.0) for one in vocabulary if one in word.tails]
    if sure or len(word.typed) < SHORTEST_SLIP:
        return sure + tails
    slips: dict[str, float] = {}
    for spelling in word.spellings:
        for one, score, _n in process.extract(
            spelling, vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=12
        ):
            slips[one] = max(slips.get(one, 0.0), score)
        length = len(spelling)
        beginnings = {one: one[:length] for one in vocabulary if len(one) > length}
        for _beginning, score, one in process.extract(
            spelling, beginnings, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH + BEGINNING_PENALTY, limit=12
        ):
            slips[one] = max(slips.get(one, 0.0), score - BEGINNING_PENALTY)
    nearest = max(slips.values(), default=0.0)
    return tails + [(one, score) for one, score in slips.items() if score >= nearest - 8]


def _worth(service: Service, today: date) -> float:
    return {"fresh": 1.0, "stale": STALE_FACTOR}.get(service.freshness(today), DEMOTED_FACTOR)


def _by_name(services: ServiceQuerySet, today: date) -> list[Service]:
    """Without a question: in the order of names, the oldest knowledge last."""
    return sorted(services, key=lambda row: (row.freshness(today) == "demoted", name_key(row.name), row.pk))
