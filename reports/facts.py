"""A service day's raw rows, read as the plain values that reports/figures.py counts; no column with words."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import FloatField, Func, TextField
from django.db.models.functions import Cast

from clients.models import Referral
from feedback.models import Response
from reports.figures import COUNTED, NONE_TOLD, Happening, ReferralFacts, ResponseFacts, Sitting, VisitFacts
from tyoparkki.clock import HELSINKI
from visits.models import Encounter, Participation, Visit, VisitClient, VisitEvent, VisitOnceKnown, VisitTopic

_COLUMNS = ("state", "party", "topic__code", "language", "situation__code", "age_band__code",
            "result__code", "source__code", "money_advice")  # fmt: skip


def visits_of(point_id: UUID, on: date, *, using: str) -> list[VisitFacts]:
    """The visits of a service point's day, each with its course, colleagues and further topics."""
    rows = list(
        Visit.objects.using(using)
        .filter(point_id=point_id, day__on=on)
        .values_list(_key("pk"), *_COLUMNS, _Seconds("arrived_at"))
        .order_by("pk")
    )
    here = {"visit__point_id": point_id, "visit__day__on": on}
    courses = _courses(point_id, on, using)
    topics: dict[str, set[str]] = defaultdict(set)
    further = VisitTopic.objects.using(using).filter(**here)
    for visit, code in further.values_list(_key("visit_id"), "topic__code").order_by():
        topics[visit].add(code)
    links = VisitClient.objects.using(using).filter(**here, ended_at__isnull=True)
    known = links.values_list(_key("visit_id"), "client__municipality_id").order_by()
    once = (
        VisitOnceKnown.objects.using(using).filter(**here).values_list(_key("visit_id"), "municipality_id").order_by()
    )
    homes = {visit: home or "" for visit, home in (*once, *known)}
    parts = _parts(here, using)
    sittings = _sittings(here, parts, using)
    return [
        VisitFacts(
            state=state,
            party=party,
            arrived_at=datetime.fromtimestamp(arrived, UTC),
            topic=topic,
            language=language,
            situation=situation or NONE_TOLD,
            age_band=age_band or NONE_TOLD,
            result=result or "",
            source=source or "",
            money_advice=money_advice,
            further_topics=frozenset(topics[pk]),
            is_known=pk in homes,
            municipality=homes.get(pk, ""),
            course=courses[pk],
            encounters=sittings[pk],
            professions=frozenset(part.profession for part in parts[pk] if part.profession is not None),
            organisations=frozenset(part.organisation for part in parts[pk]),
        )
        for pk, state, party, topic, language, situation, age_band, result, source, money_advice, arrived in rows
    ]


def _events(point_id: UUID, on: date, using: str) -> Any:
    return VisitEvent.objects.using(using).filter(point_id=point_id, day__on=on)


def _courses(point_id: UUID, on: date, using: str) -> dict[str, list[Happening]]:
    events = _events(point_id, on, using).filter(kind__in=COUNTED).holding()
    courses: dict[str, list[Happening]] = defaultdict(list)
    for visit, kind, seconds in events.values_list(_key("visit_id"), "kind", _Seconds("at")).order_by("at", "pk"):
        courses[visit].append(Happening(kind, datetime.fromtimestamp(seconds, UTC)))
    return courses


def _key(column: str) -> Cast:
    """A key as text, to tell rows together by: made and compared faster than as a key."""
    return Cast(column, TextField())


class _Seconds(Func):
    """A moment as a number, exact to the microsecond: reading text as a moment costs more than all the counting."""

    template = "extract(epoch FROM %(expressions)s)::float8"
    output_field = FloatField()

    @property
    def convert_value(self) -> Any:
        """The number is one already."""
        return self._convert_value_noop  # type: ignore[attr-defined]  # Django's own


class _Part(NamedTuple):
    """A colleague's part in a meeting."""

    encounter: str
    colleague: str
    profession: Any
    organisation: str


def _parts(here: dict[str, Any], using: str) -> dict[str, list[_Part]]:
    mine = {f"encounter__{name}": value for name, value in here.items()}
    rows = Participation.objects.using(using).held().filter(encounter__undone_at__isnull=True, **mine)
    parts: dict[str, list[_Part]] = defaultdict(list)
    for visit, *part in rows.values_list(
        _key("encounter__visit_id"), _key("encounter_id"), _key("membership_id"), "profession_id",
        _key("organisation_id"),
    ).order_by():  # fmt: skip
        parts[visit].append(_Part(*part))
    return parts


def _sittings(here: dict[str, Any], parts: dict[str, list[_Part]], using: str) -> dict[str, list[Sitting]]:
    """The meetings of each visit in their order; a colleague who left and came back held the meeting once."""
    holding = Encounter.objects.using(using).filter(**here, undone_at__isnull=True)
    found: dict[str, list[Sitting]] = defaultdict(list)
    for visit, key in holding.values_list(_key("visit_id"), _key("pk")).order_by("started_at", "pk"):
        held = [part for part in parts[visit] if part.encounter == key]
        professions = {part.profession for part in held if part.profession is not None}
        found[visit].append(Sitting(len({part.colleague for part in held}), len(professions)))
    return found


def referrals_of(point_id: UUID, on: date, *, using: str) -> list[ReferralFacts]:
    """The referrals sent from a service point on a day."""
    begins = datetime.combine(on, time(), tzinfo=HELSINKI)
    ends = datetime.combine(on + timedelta(days=1), time(), tzinfo=HELSINKI)
    rows = Referral.objects.using(using).filter(point_id=point_id, sent_at__gte=begins, sent_at__lt=ends)
    columns = rows.values_list("status", "organisation_id", "answered_at").order_by()
    return [ReferralFacts(status, str(to), is_answered=answered is not None) for status, to, answered in columns]


def responses_of(point_id: UUID, on: date, *, using: str) -> list[ResponseFacts]:
    """The feedback given at a service point on a day, without its words."""
    rows = Response.objects.using(using).filter(point_id=point_id, on=on)
    return [ResponseFacts(*row) for row in rows.values_list("language", "mode", "faces").order_by()]
