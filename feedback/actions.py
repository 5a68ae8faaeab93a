"""What is done with feedback: questions are put to use, answers come in, and visitors are told what followed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import connection, transaction

from feedback import frame
from feedback.answers import Answer, BadAnswer, fits
from feedback.models import DeviceDay, Question, Questionnaire, Response, SaidAndDone
from team.access import Member
from team.models import Device, ServicePoint
from tyoparkki import audit, clock, outbox
from tyoparkki.actor import SYSTEM


@transaction.atomic
def create_default_questionnaire(
    point: ServicePoint, *, at: datetime, by: Member | None = None, with_drafts: bool = False
) -> Questionnaire:
    """The three questions of the house and words of one's own are asked at a point from now on.

    `with_drafts` also offers the languages that no native speaker has checked. Asking again changes nothing.
    """
    data = json.loads((frame.DATA / "default_questionnaire.json").read_text(encoding="utf-8"))
    present = Questionnaire.objects.at(point.pk).in_use().filter(code=data["code"]).first()
    if present is not None:
        return present
    questionnaire = Questionnaire.objects.create(
        point=point,
        code=data["code"],
        names=data["names"],
        languages=data["languages"] + (data["drafts"] if with_drafts else []),
        status=Questionnaire.Status.IN_USE,
        created_at=at,
        created_by=by.membership if by else None,
    )
    Question.objects.bulk_create(
        [
            Question(
                questionnaire=questionnaire,
                code=one["code"],
                kind=one["kind"],
                position=position,
                texts=one["texts"],
                labels=one.get("labels", {}),
            )
            for position, one in enumerate(data["questions"], 1)
        ]
    )
    audit.record("questionnaire.created", questionnaire, by=by.actor if by else SYSTEM, at=at)
    return questionnaire


@transaction.atomic
def answer(content: Answer, *, by: Device, at: datetime) -> bool:
    """A visitor's answer comes in from a tablet; True when it is new, False when it is known already.

    The server decides the day and the hour and keeps nothing finer. Nothing is written of the single answer besides
    itself: the trace is a count by device and day. Raises BadAnswer for content that does not fit the questions, and
    for other content under a key that is known.
    """
    questionnaire = (
        Questionnaire.objects.at(by.point_id).answerable().with_questions().filter(pk=content.questionnaire).first()
    )
    if questionnaire is None:
        raise BadAnswer("questionnaire")
    questions = list(questionnaire.questions.all())
    fits(
        content,
        languages=questionnaire.languages,
        faces=[question.code for question in questions if question.kind == Question.Kind.FACES],
        asks_words=any(question.kind == Question.Kind.WORDS for question in questions),
    )
    here = clock.local(at)
    if not _insert(content, by=by, on=here.date(), hour=here.hour):
        known = Response.objects.filter(pk=content.key, point_id=by.point_id, body_hash=content.body_hash)
        if not known.exists():
            raise BadAnswer("key")
        return False
    _count(by, here.date())
    outbox.later("reports.day_changed", {"point": str(by.point_id), "on": here.date().isoformat()})
    return True


def _insert(content: Answer, *, by: Device, on: date, hour: int) -> bool:
    """One statement that a second sending of the same key waits for and then passes by."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Response._meta.db_table}"  # noqa: S608 - our own table's name
            ' (key, questionnaire_id, point_id, "on", hour, language, mode, faces, words, body_hash)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING key",
            [
                content.key,
                content.questionnaire,
                by.point_id,
                on,
                hour,
                content.language,
                Response.Mode.TABLET,
                json.dumps(dict(sorted(content.faces.items()))),
                content.words,
                content.body_hash,
            ],
        )
        return cursor.fetchone() is not None


def _count(device: Device, on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {DeviceDay._meta.db_table} AS one (device_id, "on", answers) VALUES (%s, %s, 1)'  # noqa: S608 - our own table's name
            ' ON CONFLICT (device_id, "on") DO UPDATE SET answers = one.answers + 1',
            [device.pk, on],
        )


@transaction.atomic
def tell(
    point: ServicePoint,
    *,
    said: Mapping[str, str],
    done: Mapping[str, str],
    followed: Mapping[str, str],
    on: date,
    is_public: bool,
    by: Member,
    at: datetime,
) -> SaidAndDone:
    """Visitors are told what they said and what was done about it."""
    row = SaidAndDone.objects.create(
        point=point,
        said=dict(said),
        done=dict(done),
        followed=dict(followed),
        on=on,
        is_public=is_public,
        created_at=at,
        created_by=by.membership,
    )
    audit.record("said_and_done.told", row, by=by.actor, at=at)
    return row


@transaction.atomic
def correct(
    row: SaidAndDone,
    *,
    said: Mapping[str, str],
    done: Mapping[str, str],
    followed: Mapping[str, str],
    on: date,
    is_public: bool,
    by: Member,
    at: datetime,
    unchanged: Callable[[SaidAndDone], None] | None = None,
) -> SaidAndDone:
    """What visitors are told is put in other words, completed, or taken off the screens."""
    row = SaidAndDone.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if unchanged is not None:
        unchanged(row)
    new = {"said": dict(said), "done": dict(done), "followed": dict(followed), "on": on, "is_public": is_public}
    changed = [name for name, value in new.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, new[name])
    if changed:
        row.save(update_fields=changed)
        audit.record("said_and_done.corrected", row, by=by.actor, at=at, fields=changed)
    return row
