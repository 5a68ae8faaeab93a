"""What the tablet's page holds: every question in every offered language, so that it needs nothing more from us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from feedback import frame
from feedback.models import Question, Questionnaire, SaidAndDone
from tyoparkki.texts import pick


@dataclass(frozen=True, slots=True)
class Screen:
    """One question in one language, as the page is first written."""

    code: str
    is_faces: bool
    text: str
    faces: list[tuple[int, str, bool]]


def questionnaire_of(point_id: UUID) -> Questionnaire | None:
    """What a point asks now: the newest questionnaire in use, with its questions."""
    return Questionnaire.objects.at(point_id).in_use().with_questions().order_by("-created_at", "-pk").first()


def screens_of(questionnaire: Questionnaire, language: str, sent: Mapping[str, str] | None = None) -> list[Screen]:
    """The questions in a language, in their order; with what was chosen already, if the form comes back."""
    chosen = sent or {}
    return [
        Screen(
            code=one.code,
            is_faces=one.kind == Question.Kind.FACES,
            text=one.texts.get(language, ""),
            faces=[
                (face, label, chosen.get(one.code) == str(face))
                for face, label in enumerate(one.labels.get(language, []), 1)
            ],
        )
        for one in questionnaire.questions.all()
    ]


def followed(point_id: UUID, languages: list[str]) -> dict[str, dict[str, str]]:
    """The newest thing that feedback led to, in each language; in Finnish where it has not been translated."""
    row = SaidAndDone.objects.at(point_id).public().first()
    if row is None:
        return {}
    found = {}
    for language in languages:
        code = frame.frame_of(language)["lang"]
        spoken = code if row.said.get(code) and row.done.get(code) else "fi"
        found[language] = {
            "lang": spoken,
            "text": f"{_sentence(pick(row.said, spoken))} {_sentence(pick(row.done, spoken))}".strip(),
        }
    return found


def _sentence(text: str) -> str:
    """What was written as a heading is read as a sentence beside another one."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def page_of(questionnaire: Questionnaire, languages: list[str]) -> dict[str, Any]:
    """The same as plain values for the page's script."""
    return {
        "questionnaire": str(questionnaire.pk),
        "languages": {language: frame.frame_of(language) for language in languages},
        "questions": [
            {
                "code": one.code,
                "texts": {language: one.texts[language] for language in languages},
                "labels": {language: one.labels.get(language, []) for language in languages},
            }
            for one in questionnaire.questions.all()
        ],
        "followed": followed(questionnaire.point_id, languages),
    }
