"""What visitors of the demonstration answer on the tablet, and what was done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from feedback import actions, answers, frame
from feedback.models import Questionnaire
from reports.demo import calibration, words
from reports.demo.house import House
from team.models import Device, ServiceDay
from visits.models import Visit

# The questions by their order on the tablet, each with the statement that it stands for in the calibration.
STATEMENTS = ("sain_tarvitsemaani_tietoa_ja_tukea", "minua_kuunneltiin", "suunnitelmani_selkiytyivat")
RESPONSE_RATE = 0.4


def answer_all(house: House, random: Random, tablet: Device) -> None:
    """About two of five who were served answer before they go."""
    opened = min(day.starts for day in ServiceDay.objects.filter(point=house.point, opened_at__isnull=False))
    questionnaire = actions.create_default_questionnaire(house.point, at=opened)
    languages = frame.offered(questionnaire)
    faces = [row.code for row in questionnaire.questions.order_by("position", "pk") if row.kind == "faces"]
    for visit in Visit.objects.filter(point=house.point, state=Visit.State.DONE).order_by("arrived_at", "pk"):
        if random.random() < RESPONSE_RATE and visit.ended_at is not None:
            language = visit.language if visit.language in languages else "fi"
            at = visit.ended_at + timedelta(minutes=2)
            _answer(questionnaire, faces, random, tablet, language=language, at=min(at, house.anchor))


def _answer(
    questionnaire: Questionnaire, faces: list[str], random: Random, tablet: Device, *, language: str, at: datetime
) -> None:
    mood = random.gauss(0, 0.45)
    given = {code: _face(random, mood + _mean(statement)) for code, statement in zip(faces, STATEMENTS, strict=False)}
    said = ""
    if language == "fi" and random.random() < calibration.share("feedback", "free_text_given"):
        said = random.choice(words.SAID_GLAD if min(given.values()) > 3 else words.SAID_WISHES)
    content = answers.check(
        key=str(UUID(int=random.getrandbits(128), version=4)),
        questionnaire=str(questionnaire.pk),
        language=language,
        faces=given,
        words=said,
    )
    actions.answer(content, by=tablet, at=at)


def _mean(statement: str) -> float:
    return calibration.figures()["feedback_statement_mean"][statement]


def _face(random: Random, about: float) -> int:
    # Five is the ceiling: what is drawn above it is cut, so the middle is set a little higher.
    return max(1, min(5, round(random.gauss(about + 0.2, 0.75))))


def tell_what_followed(house: House) -> None:
    """ "Te sanoitte – me teimme – tästä seurasi", on the tablet and in the reports."""
    manager = house.members["esihenkilo"]
    for said, done, followed, days_ago in words.SAID_AND_DONE:
        at = house.anchor - timedelta(days=days_ago)
        actions.tell(
            house.point,
            said=said,
            done=done,
            followed=followed,
            on=at.date(),
            is_public=True,
            by=manager,
            at=at,
        )
