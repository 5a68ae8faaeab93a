"""The rollups of a period, read in five statements whatever its length; no raw row is touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, Max, Min, QuerySet, TextField, Value
from django.db.models.functions import Cast

from feedback.models import Question, SaidAndDone
from reports.models import AggregatedDay, DailyFigure
from team.models import Organisation, Term, Topic
from tyoparkki.models import Language
from tyoparkki.texts import pick

if TYPE_CHECKING:
    from reports.period import Period

READ = (
    "visits", "hour", "party", "served", "left_unserved", "ended_at_night", "multi_professional", "topic_any", "result",
    "wait_minutes", "further_wait_minutes", "situation", "age_band", "joint",
    "referral", "referral_to", "referral_answered", "response", "face", "source", "money_advice",
)  # fmt: skip
BY_DAY = ("visits", "multi_professional", "hour")
SHOWN_DEEDS = 3


# How finely the figures of a period are told: of two periods that differ by some days, exact figures would tell the
# small numbers of those days, whether the periods were chosen freely or are ready-made ("this month" without "today").
GRAIN = 5


@dataclass
class Totals:
    """The sums of one period by figure and part; with a grain, all but the visits themselves are rounded to it.

    A number above nothing is never rounded to nothing: that nobody came would be untrue.
    """

    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    grain: int = 1

    def rounded(self, number: int) -> int:
        """A number as finely as it may be told."""
        nearest = (number + self.grain // 2) // self.grain * self.grain
        return max(nearest, self.grain) if number else 0

    def n(self, figure: str, *parts: str) -> int:
        """How many, of the named parts ("all" unless named)."""
        found = self.parts.get(figure, {})
        number = sum(found.get(part, 0) for part in parts or ("all",))
        return number if figure == "visits" else self.rounded(number)

    def of(self, figure: str) -> dict[str, int]:
        """Every part of a figure."""
        found = ((part, self.rounded(number)) for part, number in self.parts.get(figure, {}).items())
        return {part: number for part, number in found if number}

    def each(self, figure: str) -> dict[str, int]:
        """Every part as it was counted, to be put together before it is told."""
        return self.parts.get(figure, {})

    def histogram(self, figure: str) -> dict[int, int]:
        """A figure whose parts are whole minutes, as it was counted."""
        return {int(part): n for part, n in self.each(figure).items()}


@dataclass
class Reading:
    """Everything that the dashboard shows, as it was read."""

    totals: Totals
    compared: Totals | None
    days: dict[date, Totals]
    compared_days: int
    oldest_count: datetime | None
    newest_count: datetime | None
    names: dict[tuple[str, str], str]
    questions: list[str]
    deeds: list[SaidAndDone]

    def name(self, kind: str, code: str) -> str:
        """What a code is called, or the code itself."""
        return self.names.get((kind, code)) or code


def read(point_id: UUID, period: Period, comparison: Period | None) -> Reading:
    """Read a point's period and what it is compared with."""
    now, then, then_days = _sums(point_id, period, comparison)
    counted = AggregatedDay.objects.filter(point_id=point_id, on__range=(period.first, period.last))
    fresh = counted.aggregate(oldest=Min("counted_at"), newest=Max("counted_at"))
    names, questions = _names(point_id, now)
    return Reading(
        totals=now,
        compared=then if comparison is not None else None,
        days=_by_day(point_id, period),
        compared_days=then_days,
        oldest_count=fresh["oldest"],
        newest_count=fresh["newest"],
        names=names,
        questions=questions,
        deeds=list(SaidAndDone.objects.at(point_id)[:SHOWN_DEEDS]),
    )


def _sums(point_id: UUID, period: Period, comparison: Period | None) -> tuple[Totals, Totals, int]:
    grain = GRAIN if period.is_rounded else 1
    now, then, then_days = Totals(grain=grain), Totals(grain=grain), 0
    for figure, part, n, n_then, days_then in DailyFigure.objects.at(point_id).of(READ).summed(period, comparison):
        if n:
            now.parts.setdefault(figure, {})[part] = n
        if n_then:
            then.parts.setdefault(figure, {})[part] = n_then
        if figure == "visits":
            then_days = days_then
    return now, then, then_days


def _by_day(point_id: UUID, period: Period) -> dict[date, Totals]:
    days: dict[date, Totals] = {}
    grain = GRAIN if period.is_rounded else 1
    rows = DailyFigure.objects.at(point_id).of(BY_DAY).between(period)
    for on, figure, part, n in rows.values_list("on", "figure", "part", "n").order_by("on"):
        days.setdefault(on, Totals(grain=grain)).parts.setdefault(figure, {})[part] = n
    return days


def _names(point_id: UUID, totals: Totals) -> tuple[dict[tuple[str, str], str], list[str]]:
    """What topics, results, languages, organisations and questions are called, in one statement."""
    asked = Question.objects.filter(questionnaire__point_id=point_id, kind=Question.Kind.FACES)
    found = _named("topic", Topic.objects.filter(point_id=point_id)).union(
        _named("result", Term.objects.filter(point_id=point_id, kind=Term.Kind.RESULT)),
        _named("source", Term.objects.filter(point_id=point_id, kind=Term.Kind.SOURCE)),
        _named("situation", _terms(point_id, Term.Kind.SITUATION), place="position"),
        _named("age_band", _terms(point_id, Term.Kind.AGE_BAND), place="position"),
        _named("language", Language.objects.filter(code__in={by.split(":")[0] for by in totals.each("response")})),
        _named("organisation", Organisation.objects.filter(pk__in=list(totals.of("referral_to"))), code="id"),
        _named("question", asked, texts="texts", place="position"),
        all=True,
    )
    rows = sorted(found, key=lambda row: row[:2])
    return {(kind, code): pick(texts) for kind, _, code, texts in rows}, [
        code for kind, _, code, _ in rows if kind == "question" and totals.each("face")
    ]


def _terms(point_id: UUID, kind: str) -> QuerySet[Term]:
    return Term.objects.filter(point_id=point_id, kind=kind)


def _named(kind: str, rows: QuerySet[Any], *, code: str = "code", texts: str = "names", place: str = "") -> Any:
    return (
        rows.annotate(
            of_kind=Value(kind, output_field=TextField()),
            place=F(place) if place else Value(0),
            of_code=Cast(code, TextField()),
            called=F(texts),
        )
        .values_list("of_kind", "place", "of_code", "called")
        .order_by()
    )
