"""The tablet's own words around the questions, by language: data, so that a language is added without code.

A language has a native name, the code for `lang`, a direction, and every word that the screens show. A draft is one
that no native speaker has checked: it is offered only where somebody chose so for the questionnaire.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedback.models import Question, Questionnaire

DATA = Path(__file__).parent / "data"
FALLBACK = "fi"


@cache
def words() -> dict[str, dict[str, Any]]:
    """Every language's frame."""
    found: dict[str, dict[str, Any]] = json.loads((DATA / "frame_words.json").read_text(encoding="utf-8"))
    return found


def frame_of(language: str) -> dict[str, Any]:
    """The frame of a language, or the Finnish one."""
    return words().get(language) or words()[FALLBACK]


def is_complete(question: Question, language: str) -> bool:
    """Whether a question can be asked in a language: its text, and a word for each of the five faces."""
    if not question.texts.get(language):
        return False
    return question.kind != "faces" or len([word for word in question.labels.get(language, []) if word]) == 5


def offered(questionnaire: Questionnaire) -> list[str]:
    """The languages in which the whole questionnaire can be answered, in the order chosen for it."""
    questions = list(questionnaire.questions.all())
    return [
        language
        for language in questionnaire.languages
        if language in words() and all(is_complete(question, language) for question in questions)
    ]
