"""Writes what services are found by: words, their basic forms, the parts of Finnish compounds.

The Finnish dictionary takes 400 MB of memory, so it is read here, when the catalogue changes, and never by the pages:
what they need of it is kept as rows (`WordForm`), and as words beside each service.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.db.models.expressions import Combinable
from simplemma import is_known, lemmatize
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from services.inflection import partitives
from services.models import Service

FINNISH = "fi"
CONFIGS = {"fi": "finnish", "sv": "swedish", "en": "english"}
HEAD, TAIL = 3, 4
LONGEST = 60
EVERYDAY = Path(__file__).parent / "data" / "everyday_words.csv"
_WORD = re.compile(r"[^\W_]+")

Text = tuple[str, str]


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return [word for word in _WORD.findall(text.lower()) if len(word) > 1]


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """The basic form of a Finnish word: työkokeiluun → työkokeilu."""
    return lemmatize(word, lang=FINNISH).lower()


@lru_cache(maxsize=20_000)
def parts(word: str) -> frozenset[str]:
    """The basic forms of what a Finnish compound is made of: kielikahvilaan → kieli, kahvila."""
    found = set()
    for place in range(HEAD, len(word) - TAIL + 1):
        head, tail = word[:place], word[place:]
        if is_known(head, FINNISH) and is_known(tail, FINNISH):
            found |= {lemma(head), lemma(tail)}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Index:
    """What one service is found by."""

    words: str
    vector: Combinable


def index_of(service: Service) -> Index:
    """Names weigh most, then keywords and what their compounds are made of, then the other texts."""
    names = _texts(service.names)
    keywords = [(code, " ".join(found)) for code, found in service.keywords.items()]
    rest = [*_texts(service.summaries), *_texts(service.requirements)]
    long = _texts(service.descriptions)
    compounds = _compounds([*names, *keywords])
    less = _compounds([*_texts(service.summaries)]) - compounds
    everything = {form for code, text in [*names, *keywords, *rest, *long] for form in _forms(code, text)}
    vector = _vector(names, "A") + _vector(keywords, "B") + _vector(rest, "C") + _vector(long, "D")
    vector += SearchVector(Value(" ".join(sorted(compounds))), config="simple", weight="B")
    vector += SearchVector(Value(" ".join(sorted(less))), config="simple", weight="D")
    return Index(" ".join(sorted(everything | compounds | less)), vector)


def _compounds(texts: Iterable[Text]) -> set[str]:
    return {part for code, text in texts if code == FINNISH for word in words(text) for part in parts(word)}


def forms_of(used: Collection[str]) -> set[tuple[str, str]]:
    """Every known form of the Finnish words in use, with its basic form; and what is said for them every day."""
    dictionary = DEFAULT_DICTIONARY_FACTORY.get_dictionary(FINNISH)
    in_use = frozenset(used)
    meant = {said: means & in_use for said, means in everyday_words().items()}
    wanted = {basic: {basic} for basic in in_use} | {said: means | ({said} & in_use) for said, means in meant.items()}
    found = {(form, means) for form, basic in dictionary.items() for means in wanted.get(basic, ())}
    for basic, means in wanted.items():
        if basic in meant or is_noun(basic):
            found |= {(form, one) for form in {basic, *partitives(basic)} for one in means}
    return {(form, basic) for form, basic in found if form != basic and max(len(form), len(basic)) <= LONGEST}


def is_noun(word: str) -> bool:
    """Whether a Finnish word in its basic form may be a noun: the dictionary knows it, or its last part."""
    known = is_known(word, FINNISH) or any(
        is_known(word[place:], FINNISH) for place in range(HEAD, len(word) - TAIL + 1)
    )
    return known and lemma(word) == word


@cache
def everyday_words() -> dict[str, set[str]]:
    """What people say, and the catalogue's words for it: asunto, asuminen. Words not in use add nothing."""
    means: dict[str, set[str]] = {}
    with EVERYDAY.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            means.setdefault(row["said"], set()).update(row["means"].split())
    return means


def _texts(texts: dict[str, str]) -> list[Text]:
    return [(code, text) for code, text in texts.items() if text]


def _forms(code: str, text: str) -> set[str]:
    """The words as they stand, and the basic forms of Finnish ones."""
    found = set(words(text))
    return found | {lemma(word) for word in found} if code == FINNISH else found


def _vector(texts: Iterable[Text], weight: str) -> Combinable:
    """Stems by each text's own language, and the words and basic forms as they are."""
    texts = list(texts)
    plain = " ".join(sorted({form for code, text in texts for form in _forms(code, text)}))
    vector: Combinable = SearchVector(Value(plain), config="simple", weight=weight)
    for code, text in texts:
        if code in CONFIGS:
            vector += SearchVector(Value(text), config=CONFIGS[code], weight=weight)
    return vector
