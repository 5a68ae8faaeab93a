"""What a person's page tells in a line or two, gathered in one statement: a page stays quick however long the history.

Each part is asked behind its own `visible_to`; the rows come back as rows of their models, with what is shown in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateTimeField, Exists, F, IntegerField, Max, Model, OuterRef, Subquery
from django.db.models.functions import JSONObject

from clients import assessing, background, identity
from clients.models import (
    AssessmentAsk,
    Background,
    Client,
    ContactPoint,
    Goal,
    IdentityCode,
    Instrument,
    JointAssessment,
    MergeRecord,
    Outcome,
    OutcomeType,
    Plan,
    PlanStep,
    PointPromise,
    Reminder,
    Responsibility,
    SelfAssessment,
)
from clients.models.assessment import NOT_ONLINE
from services.models import Service
from team.models import Membership, Organisation, User

if TYPE_CHECKING:
    from team.access import Member

MOST = 6
MOST_GOALS = 3
MOST_BACKGROUND = 30
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Glance:
    """The small parts of the page; what the reader may not know of has nothing in it."""

    contact: ContactPoint | None = None
    due: list[Reminder] = field(default_factory=list)
    merges: list[MergeRecord] = field(default_factory=list)
    answered_before: list[Responsibility] = field(default_factory=list)
    asks: list[AssessmentAsk] = field(default_factory=list)
    outcome: Outcome | None = None
    filled: int = 0
    filled_at: datetime | None = None
    is_offline: bool = False  # told not to use services online: paper or telephone first
    background: list[Background] = field(default_factory=list)
    has_identity_code: bool = False
    joint: JointAssessment | None = None
    joint_parts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The plan that goes on, what the person wants of it, and the step that comes next."""

    plan: Plan | None = None
    goals: list[str] = field(default_factory=list)
    step: PlanStep | None = None


def glance(member: Member, person: Client, *, at: datetime) -> Glance:
    """All of it for this member, as it stands now."""
    parts = _parts(member, person, at)
    told = Client.objects.filter(pk=person.pk).annotate(**parts).values(*parts).first() or {}
    contact = told.get("contact")
    return Glance(
        contact=_row(ContactPoint, contact) if contact else None,
        due=[_reminder(row) for row in told.get("due") or []],
        merges=[
            _row(MergeRecord, {**row, "merged_by": Membership(user=User(name=row["merged_by"]))})
            for row in told.get("merged") or []
        ],
        answered_before=[_row(Responsibility, _with_holder(row)) for row in told.get("before") or []],
        asks=[
            _row(
                AssessmentAsk,
                {
                    **row,
                    "instrument": Instrument(key=row["instrument"]),
                    "service": Service(names=row["service"]) if row["service"] else None,
                },
            )
            for row in told.get("asks") or []
        ],
        outcome=_outcome(told.get("outcome")),
        filled=told.get("filled") or 0,
        filled_at=told.get("filled_at"),
        is_offline=told.get("online") == NOT_ONLINE,
        background=[_row(Background, row) for row in told.get("of_background") or []],
        has_identity_code=told.get("has_code") or False,
        **_joint(told.get("of_joint")),
    )


def _parts(member: Member, person: Client, at: datetime) -> dict[str, Any]:
    here = OuterRef("pk")
    merges = MergeRecord.objects.visible_to(member).undoable_of(person, at)
    parts: dict[str, Any] = {
        "merged": ArraySubquery(
            _bare(merges).values(told=JSONObject(pk="pk", merged_at="merged_at", merged_by=F("merged_by__user__name")))
        )
    }
    if person.shows("contact") and not person.is_non_disclosure:
        ways = ContactPoint.objects.filter(client=here, ended_at__isnull=True)
        parts["contact"] = Subquery(ways.values(told=JSONObject(kind="kind", value="value"))[:1])
    if person.is_team:
        parts["due"] = _due(member, person)
        before = Responsibility.objects.visible_to(member).of_client(person.pk).ended()
        shown = JSONObject(
            since_at="since_at",
            ended_at="ended_at",
            ending="ending",
            end_reason="end_reason",
            name="membership__user__name",
            organisation="membership__organisation__short_name",
        )
        parts["before"] = ArraySubquery(before.values(told=shown)[:MOST])
    if assessing.shows(person, member):
        filled = SelfAssessment.objects.visible_to(member).valid().filter(client=here).order_by().values("client")
        parts["filled"] = Subquery(filled.values(n=Count("pk")), output_field=IntegerField())
        parts["filled_at"] = Subquery(filled.values(last=Max("filled_at")), output_field=DateTimeField())
        parts["of_joint"] = _latest_joint(member, person)
        online = SelfAssessment.objects.visible_to(member).valid().filter(client=here).answers_on_use()
        parts["online"] = Subquery(online[:1])
    if person.is_kept_by(member):
        asks = AssessmentAsk.objects.visible_to(member).of_client(person.pk).waiting().for_page()
        names = {"service": "service__names", "instrument": "instrument__key"}
        parts["asks"] = ArraySubquery(_bare(asks).values(told=JSONObject(pk="pk", planned_at="planned_at", **names)))
    if assessing.shows_outcomes(person, member):
        lasting = Outcome.objects.visible_to(member).valid().of_client(person.pk).filter(ended_on__isnull=True)
        shown = JSONObject(since_on="since_on", known="known", type="type__names")
        parts["outcome"] = Subquery(_bare(lasting.for_page()).values(told=shown)[:1])
    return parts | _guarded_parts(member, person)


def _guarded_parts(member: Member, person: Client) -> dict[str, Any]:
    """What has a lock of its own: background by its consent, the identity code by the site."""
    parts: dict[str, Any] = {}
    if background.shows(person, member):
        told = Background.objects.visible_to(member).standing().of_client(person.pk).in_order()
        names = ("pk", "kind", "code", "words", "what_for", "status", "status_at", "referred_at")
        shown = JSONObject(**{name: name for name in names})
        parts["of_background"] = ArraySubquery(told.values(told=shown)[:MOST_BACKGROUND])
    if identity.shows(person, member):
        parts["has_code"] = Exists(IdentityCode.objects.visible_to(member).standing().filter(client=OuterRef("pk")))
    return parts


def _latest_joint(member: Member, person: Client) -> Subquery:
    latest = JointAssessment.objects.visible_to(member).of_client(person.pk).newest_first()
    counts = {"taking_part": "taking_part", "written": "have_written", "mine": "mine_waits"}
    shown = JSONObject(opened_at="opened_at", concluded_at="concluded_at", meets_on="meets_on", **counts)
    return Subquery(latest.with_counts(member).values(told=shown)[:1])


def _joint(told: dict[str, Any] | None) -> dict[str, Any]:
    if not told:
        return {}
    parts = {name: told.pop(name) for name in ("taking_part", "written")}
    return {"joint_parts": {**parts, "mine_waits": bool(told.pop("mine"))}, "joint": _row(JointAssessment, told)}


def _due(member: Member, person: Client) -> ArraySubquery:
    due = Reminder.objects.visible_to(member).open().of_people([person.pk]).for_lists()
    shown = JSONObject(kind="kind", due_on="due_on", step="step__what", promise="promise__names")
    return ArraySubquery(_bare(due).values(told=shown)[:MOST])


def waits(member: Member, person: Client) -> tuple[list[Reminder], Responsibility | None]:
    """What is due for whoever answers for the person, and who that is, in one statement."""
    if not person.is_team:
        return [], None
    held = Responsibility.objects.visible_to(member).of_client(person.pk).running()
    who = {"name": "membership__user__name", "organisation": "membership__organisation__short_name"}
    parts = {
        "due": _due(member, person),
        "held": Subquery(held.values(told=JSONObject(since_at="since_at", **who))[:1]),
    }
    told = Client.objects.filter(pk=person.pk).annotate(**parts).values(*parts).first() or {}
    answers = told.get("held")
    return (
        [_reminder(row) for row in told.get("due") or []],
        _row(Responsibility, _with_holder(answers)) if answers else None,
    )


def ahead(member: Member, person: Client) -> Ahead:
    """The plan in one statement, where the member may know of it."""
    steps = PlanStep.objects.to_do().filter(plan=OuterRef("pk")).for_lists()
    doer = {"name": "membership__user__name", "organisation": "membership__organisation__short_name"}
    step = JSONObject(pk="pk", what="what", who="who", who_words="who_words", by_on="by_on", **doer)
    goals = Goal.objects.going_on().in_order().filter(plan=OuterRef("pk")).values("words")
    plans = Plan.objects.visible_to(member).open_of(person.pk)
    plan = plans.annotate(
        wanted=ArraySubquery(goals[:MOST_GOALS]), first=Subquery(_bare(steps).values(told=step)[:1])
    ).first()
    if plan is None:
        return Ahead()
    told = vars(plan)
    return Ahead(plan, told["wanted"], _step(told["first"]))


def _reminder(told: dict[str, Any]) -> Reminder:
    step, names = told.pop("step"), told.pop("promise")
    return Reminder(
        kind=told["kind"],
        due_on=date.fromisoformat(told["due_on"]),
        step=PlanStep(what=step) if step else None,
        promise=PointPromise(names=names) if names else None,
    )


def _step(told: dict[str, Any] | None) -> PlanStep | None:
    if told is None:
        return None
    return _row(PlanStep, _with_holder(told))


def _with_holder(told: dict[str, Any]) -> dict[str, Any]:
    """What was told of a row, with the colleague of whom it speaks."""
    name, short = told.pop("name"), told.pop("organisation")
    who = Membership(user=User(name=name), organisation=Organisation(short_name=short)) if name else None
    return {**told, "membership": who}


def _outcome(told: dict[str, Any] | None) -> Outcome | None:
    return _row(Outcome, {**told, "type": OutcomeType(names=told["type"])}) if told else None


def _bare(rows: Any) -> Any:
    """The same rows in the same order without the columns that a list of whole rows would fetch."""
    return rows.select_related(None)


def _row(model: type[_Row], told: dict[str, Any]) -> _Row:
    """A row of a model with these columns, each as the model reads it; related rows as they are."""
    columns = {one.name: one for one in model._meta.concrete_fields}
    read = {
        name: value if isinstance(value, Model) or name == "pk" else columns[name].to_python(value)
        for name, value in told.items()
    }
    return model(**read)
