"""Self-assessments are recorded together or answered on the tablet; a question is planned when a service ends.

An answer is kept as it is given: whoever stops in the middle has said what was said. Nothing is ever added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.consent import NotRecorded
from clients.actions.link import LinkOver
from clients.models import AreaScore, AssessmentAsk, Client, Instrument, InstrumentVersion, Link, SelfAssessment
from tyoparkki import actor, audit, clock
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from clients.actions.link import LinkHolder
    from services.models import Service
    from team.access import Member
    from team.models import Membership
    from tyoparkki.actor import Actor

How = SelfAssessment.How


class NothingAnswered(Refused):
    """An assessment without a single answer is none."""

    message = _("Answer at least one of the areas.")
    status = 422


class OutsideScale(Refused):
    """A value that the scale does not have, or an area that is not asked."""

    message = _("Choose a value on the scale.")
    status = 422


class NotAgreed(Refused):
    """Sensitive answers are kept only when the person agrees."""

    message = _("Ask first whether these answers may be kept. Without a yes nothing is recorded.")
    status = 422


class InTheFuture(Refused):
    """Nothing has been filled in tomorrow."""

    message = _("The day is in the future. Choose the day when it was filled in.")
    status = 422


class AlreadyAsked(Refused):
    """The question was answered or left out a moment ago."""

    message = _("This question has already been answered or left out.")


class AnsweredAlready(Refused):
    """The person said that the answers are ready."""

    message = _("You have already answered these questions, so the answers stay as they are.")


class NotAllAnswered(Refused):
    """One is ready when each question is answered or left out."""

    message = _("Answer the questions first, or leave them out one by one.")
    status = 422


class TooLateToUndo(Refused):
    """A self-assessment is taken back on the day it was recorded, by the same hand."""

    message = _("This can no longer be undone. A new self-assessment can be filled in beside it.")


@transaction.atomic
def record_assessment(
    client: Client,
    version: InstrumentVersion,
    scores: Mapping[str, int],
    *,
    by: Member,
    at: datetime,
    language: str = "fi",
    filled_at: datetime | None = None,
    is_agreed: bool = False,
    ask: AssessmentAsk | None = None,
) -> SelfAssessment:
    """What the person says, written down at the desk together, or brought from the instrument's own service."""
    if not scores:
        raise NothingAnswered
    if any(area not in version.keys or value not in version.instrument.scale for area, value in scores.items()):
        raise OutsideScale
    how = How.ELSEWHERE if version.instrument.is_external else How.DESK
    row = begin(
        client, version, how=how, by=by, at=at, language=language, filled_at=filled_at, is_agreed=is_agreed, ask=ask
    )
    AreaScore.objects.bulk_create(AreaScore(assessment=row, area=area, value=value) for area, value in scores.items())
    return row


@transaction.atomic
def begin(
    client: Client,
    version: InstrumentVersion,
    *,
    how: str,
    by: Member,
    at: datetime,
    language: str,
    filled_at: datetime | None = None,
    is_agreed: bool = False,
    ask: AssessmentAsk | None = None,
) -> SelfAssessment:
    """A self-assessment to which the answers are added; what waited for it is answered by it."""
    known = _known(client)
    if version.instrument.is_sensitive and not is_agreed:
        raise NotAgreed
    if (filled_at or at) > at:
        raise InTheFuture
    asked = _waiting(ask, known) if ask else None
    row = SelfAssessment.objects.create(
        client=known,
        version=version,
        point_id=by.point_id,
        service_id=asked.service_id if asked else None,
        filled_at=filled_at or at,
        how=how,
        language=language,
        is_agreed=is_agreed,
        recorded_at=at,
        recorded_by=by.membership,
    )
    audit.record("assessment.recorded", row, by=by.actor, at=at, reason=version.instrument.key)
    _answers(asked, row, by=by, at=at)
    return row


def _answers(asked: AssessmentAsk | None, row: SelfAssessment, *, by: Member | LinkHolder, at: datetime) -> None:
    """What waited for this is answered by it."""
    if asked is None:
        return
    asked.assessment, asked.ended_at = row, at
    asked.save(update_fields=["assessment", "ended_at"])
    audit.record("assessment.ask_answered", asked, by=by.actor, at=at, fields=["assessment", "ended_at"])


@transaction.atomic
def answer_by_link(
    link: Link, *, area: str, value: int | None, language: str, by: LinkHolder, at: datetime
) -> SelfAssessment:
    """One answer by a link, kept at once; whoever comes back goes on from there, and changes what was answered.

    Whoever begins to answer has read on the first screen where the answers are kept and who sees them.
    """
    rows = Link.objects.select_related("version__instrument", "created_by")
    row = rows.select_for_update(of=("self",)).get(pk=link.pk)
    if row.client_id is None or row.version is None or row.created_by is None:
        raise LinkOver
    if row.finished_at is not None:
        raise AnsweredAlready
    said = SelfAssessment.objects.select_related("version__instrument").filter(link=row).first()
    said = said or _begin_by_link(row, row.client_id, row.version, row.created_by, language=language, by=by, at=at)
    if said.undone_at is not None:
        raise LinkOver
    answer_area(said, area=area, value=value)
    return said


@transaction.atomic
def finish_by_link(link: Link, *, by: LinkHolder, at: datetime) -> Link:
    """The person is ready: what was answered by the link stays as it is. Pressed twice, it is once."""
    row = Link.objects.select_related("version").select_for_update(of=("self",)).get(pk=link.pk)
    given = answers_by_link(row)
    if row.version is None or any(key not in given for key in row.version.keys):
        raise NotAllAnswered
    if row.finished_at is None:
        row.finished_at = at
        row.save(update_fields=["finished_at"])
        audit.record("assessment.finished", row, by=by.actor, at=at, fields=["finished_at"])
    return row


def answers_by_link(link: Link) -> dict[str, int | None]:
    """What the person has answered by a link so far, area by area."""
    return dict(AreaScore.objects.filter(assessment__link=link).values_list("area", "value"))


def _begin_by_link(
    link: Link,
    client_id: UUID,
    version: InstrumentVersion,
    maker: Membership,
    *,
    language: str,
    by: LinkHolder,
    at: datetime,
) -> SelfAssessment:
    """The self-assessment of a link, in the name of who made it: it begins with the first answer."""
    waiting = AssessmentAsk.objects.waiting().select_for_update(of=("self",))
    asked = waiting.filter(pk=link.ask_id).first() if link.ask_id else None
    row = SelfAssessment.objects.create(
        client_id=client_id,
        version=version,
        point_id=maker.point_id,
        service_id=asked.service_id if asked else None,
        filled_at=at,
        how=How.LINK,
        link=link,
        language=language,
        is_agreed=version.instrument.is_sensitive,
        recorded_at=at,
        recorded_by=maker,
    )
    audit.record("assessment.recorded", row, by=by.actor, at=at, reason=version.instrument.key)
    _answers(asked, row, by=by, at=at)
    return row


@transaction.atomic
def answer_area(assessment: SelfAssessment, *, area: str, value: int | None) -> AreaScore:
    """One answer as the person gives it on the tablet or by a link; going back, the person may change it. None: left
    out.
    """
    if area not in assessment.version.keys or not (value is None or value in assessment.version.instrument.scale):
        raise OutsideScale
    row = AreaScore.objects.filter(assessment=assessment, area=area).first()
    if row is None:
        return AreaScore.objects.create(assessment=assessment, area=area, value=value)
    row.value = value
    row.save(update_fields=["value"])
    return row


@transaction.atomic
def undo_assessment(assessment: SelfAssessment, *, by: Member, at: datetime) -> SelfAssessment:
    """Taken back on the same day by the same hand; what waited for it waits again."""
    rows = SelfAssessment.objects.valid().select_for_update(of=("self",))
    row = rows.filter(pk=assessment.pk, recorded_by=by.membership).first()
    if row is None or clock.local_date(row.recorded_at) != clock.local_date(at):
        raise TooLateToUndo
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    row.asked_by.update(assessment=None, ended_at=None)
    audit.record("assessment.undone", row, by=by.actor, at=at, fields=["undone_at"])
    return row


@transaction.atomic
def leave_out(ask: AssessmentAsk, *, by: Member, at: datetime) -> AssessmentAsk:
    """The person does not want to answer, or it no longer matters."""
    row = _waiting(ask, ask.client)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("assessment.ask_left_out", row, by=by.actor, at=at, fields=["ended_at"])
    return row


@transaction.atomic
def ask_after_service(
    client: Client | UUID, service: Service | None, at: datetime, *, by: Actor | None = None
) -> list[AssessmentAsk]:
    """A service has ended: plan what the house asks then, as questions that wait on the person's page.

    Whoever ends the service may be somebody who sees nothing of the person's file, a partner by a link for example; the
    wall lets the question in where the actor knows of the referral. Asked once: a question that waits is not doubled.
    """
    acting = by or actor.current() or SYSTEM
    client_id = client.pk if isinstance(client, Client) else client
    waiting = AssessmentAsk.objects.waiting().of_client(client_id).filter(service=service)
    known = set(waiting.values_list("instrument_id", flat=True))
    made = [
        AssessmentAsk(client_id=client_id, instrument=instrument, service=service, planned_at=at)
        for instrument in Instrument.objects.asked_after_service()
        if instrument.pk not in known
    ]
    for row in AssessmentAsk.objects.bulk_create(made):
        audit.record("assessment.ask_planned", row, by=acting, at=at, reason=row.instrument.key)
    return made


def unask_after_measure(client_id: UUID, planned_at: datetime, *, by: Actor, at: datetime) -> None:
    """The service goes on after all: what was planned as it ended, and waits, is not asked."""
    waiting = AssessmentAsk.objects.waiting().of_client(client_id).filter(planned_at=planned_at)
    for row in waiting.select_for_update(of=("self",)).order_by("pk"):
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        audit.record("assessment.ask_taken_back", row, by=by, at=at, fields=["ended_at"])


@transaction.atomic
def unask_after_service(referral: UUID, at: datetime, *, by: Actor) -> None:
    """The service goes on after all, by a move that was taken back at this moment: what its end asked is asked no more.

    What the person has answered meanwhile stays, and so does a question that another end planned.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients_unask(%s, %s)", [referral, at])
        ended = [key for (key,) in cursor.fetchall()]
    for key in ended:
        audit.record("assessment.ask_undone", AssessmentAsk(pk=key), by=by, at=at, fields=["ended_at"])


def _known(client: Client) -> Client:
    """The person as they are now; what hangs on them changes one at a time."""
    known = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if known is None:
        raise NotRecorded
    return known


def _waiting(ask: AssessmentAsk, client: Client) -> AssessmentAsk:
    row = AssessmentAsk.objects.waiting().select_for_update(of=("self",)).filter(pk=ask.pk, client=client).first()
    if row is None:
        raise AlreadyAsked
    return row
