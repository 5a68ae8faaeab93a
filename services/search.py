"""Finding a service by what people type: Finnish inflection, compounds, three letters, slips of the finger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import simplemma
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Q, QuerySet, Value
from rapidfuzz import fuzz, process

from services.models import Service
from tyoparkki.texts import pick

_WORD = re.compile(r"[^\W\d_]{2,}", re.UNICODE)
# A stem shorter than this says too little.
LEAST_PART = 4
CLOSE_ENOUGH = 82


def words(text: str) -> list[str]:
    """Lower-case words of a text."""
    return [word.lower() for word in _WORD.findall(text)]


@lru_cache(maxsize=20_000)
def lemma(word: str, language: str = "fi") -> str:
    """The basic form of a word: työkokeiluun → työkokeilu."""
    return simplemma.lemmatize(word, lang=language).lower()


def forms(text: str, language: str = "fi") -> set[str]:
    """The words of a text and their basic forms."""
    known = language if language in ("fi", "sv", "en") else "fi"
    return {form for word in words(text) for form in (word, lemma(word, known))}


def index(service: Service) -> None:
    """Write what the service is found by: names weigh most, then keywords and summary, then descriptions."""
    texts: list[tuple[str, str]] = [(text, code) for code, text in service.names.items()]
    extra: list[tuple[str, str]] = [(text, code) for code, text in service.summaries.items()]
    extra += [(" ".join(found), code) for code, found in service.keywords.items()]
    extra += [(text, code) for code, text in service.requirements.items()]
    body = [(text, code) for code, text in service.descriptions.items()]
    name_forms = _all_forms(texts)
    extra_forms = _all_forms(extra)
    service.search_words = " ".join(sorted(name_forms | extra_forms))
    Service.objects.filter(pk=service.pk).update(
        search_words=service.search_words,
        search=SearchVector(Value(" ".join(text for text, _ in texts) + " " + " ".join(name_forms)), weight="A", config="finnish")
        + SearchVector(Value(" ".join(text for text, _ in extra) + " " + " ".join(extra_forms)), weight="B", config="finnish")
        + SearchVector(Value(" ".join(text for text, _ in body) + " " + " ".join(_all_forms(body))), weight="C", config="finnish"),
    )


def _all_forms(texts: Iterable[tuple[str, str]]) -> set[str]:
    return {form for text, code in texts for form in forms(text, code)}


def find(text: str, *, among: QuerySet[Service] | None = None, limit: int = 30) -> list[Service]:
    """Published services that answer what was typed, best first: at most three statements.

    Every word must match, by its stem, its basic form or its beginning; when nothing does, the nearest names do.
    """
    services = (among if among is not None else Service.objects.published()).for_lists()  # type: ignore[attr-defined]
    typed = words(text)
    if not typed:
        return list(services.order_by("organisation__short_name", "pk")[:limit])
    condition = Q()
    for word in typed:
        options = {word, lemma(word), lemma(word, "sv"), lemma(word, "en")}
        match = Q()
        for option in sorted(options):
            match |= Q(search_words__contains=option)
        condition &= match | _stem(word)
    found = list(services.filter(condition)[: limit * 3])
    if not found:
        found = _nearest(text, services)
    return _ranked(found, typed)[:limit]


def _stem(word: str) -> Q:
    """The database's Finnish stemmer on the word, as a prefix too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_string(tsvector_to_array(to_tsvector('finnish', %s)), ' ')", [word])
        stem = cursor.fetchone()[0]
    return Q(search_words__contains=stem) if stem and len(stem) >= LEAST_PART else Q(pk__isnull=True)


def _nearest(text: str, services: QuerySet[Service]) -> list[Service]:
    rows = list(services)
    choices = {n: row.search_words for n, row in enumerate(rows)}
    typed = " ".join(words(text))
    scored = process.extract(typed, choices, scorer=fuzz.partial_ratio, score_cutoff=CLOSE_ENOUGH, limit=10)
    return [rows[n] for _, _, n in scored]


def _ranked(rows: list[Service], typed: list[str]) -> list[Service]:
    """A hit in the name first, fresh knowledge before stale, then by name."""

    def key(row: Service) -> tuple[int, int, str]:
        name = pick(row.names, "fi").lower()
        hits = sum(word in name or lemma(word) in name for word in typed)
        return (-hits, 0 if row.verified_on else 1, name)

    return sorted(rows, key=key)
