"""What the advisor learns while talking: what was spoken of, and the visitor's situation in coded words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Term, Topic
from tyoparkki import audit, live, outbox
from tyoparkki.errors import Refused
from visits.actions import moves
from visits.actions.arrival import WrongTopic
from visits.models import Visit, VisitEvent, VisitTopic


class WrongWord(Refused):
    """The word is not one of this service point's."""

    message = _("Choose one of the words shown.")
    status = 422


@transaction.atomic
def speak_of(visit: Visit, topic: Topic, *, on: bool, by: Member, at: datetime) -> Visit:
    """A topic was spoken of, or was not after all; pressing again takes it back."""
    if topic.point_id != visit.point_id:
        raise WrongTopic
    visit = moves.locked(visit)
    row: dict[str, Any] = {"visit": visit, "topic": topic, "source": VisitTopic.Source.DISCUSSED}
    if on:
        VisitTopic.objects.get_or_create(**row)
    else:
        VisitTopic.objects.filter(**row).delete()
    audit.record("visit.spoke_of", visit, by=by.actor, at=at, fields=["topics"])
    outbox.later("reports.day_changed", {"point": str(visit.point_id), "on": visit.day.on.isoformat()})
    live.announce(live.visit_topic(visit.pk))
    return visit


@transaction.atomic
def describe(
    visit: Visit,
    *,
    by: Member,
    at: datetime,
    situation: Term | None = None,
    age_band: Term | None = None,
    source: Term | None = None,
    money_advice: str | None = None,
    language: str | None = None,
    needs_interpreter: bool | None = None,
) -> Visit:
    """What the visitor told: situation, age, language, from whom of us; whether money advice was offered, and wanted.

    What is not given stays as it was.
    """
    visit = moves.locked(visit)
    words = ((situation, Term.Kind.SITUATION), (age_band, Term.Kind.AGE_BAND), (source, Term.Kind.SOURCE))
    for term, kind in words:
        if term is not None and (term.point_id != visit.point_id or term.kind != kind):
            raise WrongWord
    given = {
        "situation_id": situation.pk if situation else None,
        "age_band_id": age_band.pk if age_band else None,
        "source_id": source.pk if source else None,
        "money_advice": money_advice,
        "language": language,
        "needs_interpreter": needs_interpreter,
    }
    new = {name: value for name, value in given.items() if value is not None and getattr(visit, name) != value}
    if not new:
        return visit
    before = moves.snapshot(visit, list(new))
    for name, value in new.items():
        setattr(visit, name, value)
    fields = [name.removesuffix("_id") for name in new]
    visit.save(update_fields=fields)
    moves.happened(visit, VisitEvent.Kind.DETAILED, by=by, at=at, before=before, fields=fields)
    return visit
