"""What a tablet sends: read and checked as plain values, before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tyoparkki.errors import Refused

LONGEST_BODY = 8_000
LONGEST_WORDS = 500
FIELDS = {"key", "questionnaire", "language", "faces", "words"}


class BadAnswer(Refused):
    """What came is not an answer to our questions; `code` names the field."""

    message = _("The answer could not be read.")
    status = 422

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """One visitor's answers as they were sent: `faces` by the question's code, 1 the worst and 5 the best."""

    key: UUID
    questionnaire: UUID
    language: str
    faces: Mapping[str, int]
    words: str = ""

    @property
    def body_hash(self) -> str:
        """Tells the same answer from another one under the same key."""
        body = [str(self.questionnaire), self.language, sorted(self.faces.items()), self.words]
        return hashlib.sha256(json.dumps(body, ensure_ascii=True).encode()).hexdigest()


def read(body: bytes) -> Answer:
    """The answer in a JSON body: `{key, questionnaire, language, faces: {code: 1-5}, words}`."""
    if len(body) > LONGEST_BODY:
        raise BadAnswer("body")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadAnswer("body") from None
    if not isinstance(data, dict) or not set(data) <= FIELDS:
        raise BadAnswer("body")
    return check(**{name: data.get(name) for name in FIELDS})


def check(*, key: Any, questionnaire: Any, language: Any, faces: Any, words: Any) -> Answer:
    """The answer in these values, or a refusal that names the first field that is not well."""
    answer = Answer(
        key=_uuid(key, "key"),
        questionnaire=_uuid(questionnaire, "questionnaire"),
        language=_text(language, "language", longest=10),
        faces=_faces(faces),
        words=_text(words or "", "words", longest=LONGEST_WORDS).strip(),
    )
    if answer.key.version != 4:  # any other version would tell when or where it was made
        raise BadAnswer("key")
    if not answer.faces and not answer.words:
        raise BadAnswer("faces")
    return answer


def fits(answer: Answer, *, languages: Iterable[str], faces: Iterable[str], asks_words: bool) -> None:
    """Refuse an answer to questions or in a language that the questionnaire does not have."""
    if answer.language not in set(languages):
        raise BadAnswer("language")
    if not set(answer.faces) <= set(faces):
        raise BadAnswer("faces")
    if answer.words and not asks_words:
        raise BadAnswer("words")


def _uuid(value: Any, field: str) -> UUID:
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise BadAnswer(field)
    return found


def _text(value: Any, field: str, *, longest: int) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise BadAnswer(field)
    text = value.replace("\r\n", "\n")
    if len(text) > longest or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadAnswer(field)
    return text


def _faces(value: Any) -> dict[str, int]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadAnswer("faces")
    for face in value.values():
        if type(face) is not int or not 1 <= face <= 5:
            raise BadAnswer("faces")
    return dict(value)
