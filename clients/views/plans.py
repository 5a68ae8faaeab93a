"""The person's plan: read together, changed together, approved by the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients import acting, glance
from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.forms.plan import (
    ApprovalForm,
    CloseForm,
    ConfirmForm,
    DayForm,
    GoalForm,
    HandPlanForm,
    IntensityForm,
    MeasureEndForm,
    PhaseForm,
    PlanForm,
    PlanStepForm,
    StatutoryForm,
)
from clients.models import Client, Goal, Plan, PlanStep, Referral, StatutoryPlan
from clients.plan_phases import way_of
from clients.views.people import not_there, opened
from team.access import Member, MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.forms import BaseForm
from tyoparkki.htmx import after, wants_part

VERSIONS = 20

# The parts of the page that an answer may carry. A form is answered in its own place; what is shown follows by itself.
PARTS = {name: f"clients/_plan_{name}.html" for name in ("goals", "steps", "state", "goal_form", "step_form", "choice")}
PARTS |= {name: f"clients/_plan_{name}.html" for name in ("statutory", "statutory_form")}
PARTS["statutory_confirm"] = PARTS["statutory"]
SHOWN = ("goals", "steps", "state", "choice", "statutory")
_WITH = {"step_form": "choice", "statutory_confirm": "statutory"}  # a form and the part in which it stands


@require_GET
@requires(Perm.GUIDE)
def plan(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The plan: goals first, then the steps, then what the person has approved."""
    member = request.member
    person = opened(request, pk, at=clock.now(), kind="plan", only=lambda one: one.shows_plan(member))
    if person is None:
        return not_there(request)
    return render(request, "clients/plan.html", context_of(request, person))


def context_of(request: MemberRequest, person: Client, **forms: Any) -> dict[str, Any]:
    """All that the page shows, with forms as they were sent or new ones."""
    now = Plan.objects.visible_to(request.member).open_of(person.pk)
    shown = now.select_related("approved_by__user", "approved_by__organisation").first()
    may_write = person.is_kept_by(request.member)
    context: dict[str, Any] = {"client": person, "plan": shown, "may_write": may_write, "refused": ""}
    if shown is None:
        past = Plan.objects.visible_to(request.member).closed_of(person.pk)
        return {**context, "open_form": PlanForm(auto_id="plan_%s"), "past_plans": list(past[:VERSIONS]), **forms}
    goals, steps = list(shown.goals.in_order()), list(shown.steps.for_lists())
    version, today = {"version": shown.version}, clock.local_date(clock.now())
    to_do = [step for step in steps if step.is_to_do]
    return {
        **context,
        "goals": [goal for goal in goals if goal.is_going_on],
        "past_goals": [goal for goal in goals if not goal.is_going_on],
        "steps": to_do,
        "past_steps": [step for step in steps if not step.is_to_do],
        **course_of(request.member, person, shown, to_do, today),
        "versions": list(shown.versions.filter(undone_at__isnull=True).order_by("-version", "pk")[:VERSIONS]),
        "day_start": day_start(),
        "goal_form": GoalForm(auto_id="goal_%s"),
        "step_form": PlanStepForm(auto_id="step_%s", plan=shown),
        "intensity_form": IntensityForm(auto_id="rhythm_%s", initial={"intensity": shown.intensity, **version}),
        "close_form": CloseForm(auto_id="close_%s", initial=version),
        "approval_form": ApprovalForm(auto_id="approval_%s", initial=version),
        "hand_form": HandPlanForm(
            auto_id="hand_%s", initial={"read_in": person.language, "handed_version": shown.version}
        ),
        **forms,
    }


def course_of(member: Member, person: Client, plan: Plan, to_do: list[PlanStep], today: date) -> dict[str, Any]:
    """Where the plan stands, who acts now, and the statutory plans beside it."""
    way = way_of(plan)
    return {
        "today": today,
        "way": way,
        "phase_days": way.days(today),
        "acts_now": acts_now(member, person, to_do),
        "statutory": list(plan.statutory_plans.for_page()),
        "phase_form": PhaseForm(auto_id="phase_%s", plan=plan),
        "statutory_confirm": ConfirmForm(row=StatutoryPlan(), today=today),
        "statutory_form": StatutoryForm(auto_id="statutory_%s", today=today),
    }


def acts_now(member: Member, person: Client, steps: list[PlanStep], *, to_person: bool = False) -> acting.Act:
    """Who acts next, of all that waits and that the member may know of; to the person, without the team's alarms."""
    referrals = Referral.objects.visible_to(member).of_client(person.pk) if person.shows("guidance") else []
    due, held = glance.waits(member, person)
    return acting.first(steps=steps, referrals=referrals, due=[] if to_person else due, held=held)


def day_start() -> datetime:
    """What was done since then can be undone."""
    return clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)


@require_POST
@requires(Perm.GUIDE)
def open_plan(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A plan begins with the person's first goal."""
    at, member = clock.now(), request.member
    person = opened(request, pk, at=at, kind="plan", only=lambda one: one.is_kept_by(member))
    if person is None:
        return not_there(request)
    form: GoalForm = PlanForm(request.POST, auto_id="plan_%s")
    if form.is_valid():
        data = form.cleaned_data
        told = {"goal": data["words"], "intensity": data["intensity"], "template": data["template"]}
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    plans.open_plan(person, **told, by=request.member, at=at)
        except Refused as refusal:  # a colleague opened one: what was typed waits in the form of a new goal
            form = GoalForm(request.POST, auto_id="goal_%s")
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("The plan is open. Agree on the first step together."))
            return after(request, "clients:plan", pk)
    context = context_of(request, person, open_form=form, goal_form=form)
    return render(request, "clients/plan.html", context, status=422)


def write(
    request: MemberRequest,
    plan_id: UUID,
    part: str,
    said: str,
    do: Callable[[Plan, datetime, Any], object],
    make: Callable[[Plan], BaseForm] | None = None,
) -> HttpResponse:
    """One act on a plan: once; then the parts that it changed and a sentence, or what is to be mended."""
    at, member = clock.now(), request.member
    mine = Plan.objects.visible_to(member).filter(closed_at__isnull=True)
    row = mine.filter(pk=plan_id).first()
    if row is None:
        return not_there(request)
    person = opened(request, row.client_id, at=at, kind="plan", only=lambda one: one.is_kept_by(member))
    if person is None:
        return not_there(request)
    form = make(row) if make else None
    refused = ""
    if form is None or form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    do(row, at, form)
        except (consents.NotRecorded, plans.PlanClosed):  # withdrawn or closed in this very moment
            return not_there(request)
        except Refused as refusal:
            refused = str(refusal)
        else:
            return _answer(request, person, part, said=said)
    return _not_done(request, person, part, form, refused)


def write_row(
    request: MemberRequest,
    rows: QuerySet[Any],
    pk: UUID,
    part: str,
    said: str,
    do: Callable[[Any, datetime, Any], object],
    make: Callable[[Plan], BaseForm] | None = None,
) -> HttpResponse:
    """One act on what hangs on a plan, a goal or a step: the same, with that row; one of a hidden plan is not there."""
    mine = rows.filter(pk=pk, plan__in=Plan.objects.visible_to(request.member))
    row = mine.select_related("plan").first()
    if row is None:
        return not_there(request)
    return write(request, row.plan_id, part, said, lambda plan, at, form: do(row, at, form), make)


def _not_done(request: MemberRequest, person: Client, part: str, form: BaseForm | None, refused: str) -> HttpResponse:
    """The page as it is now, with what was typed still in its form and the reason beside it."""
    if form is None or part in SHOWN:  # nothing was typed: the page as it is now, with the reason
        wrong = next((str(error) for errors in form.errors.values() for error in errors), "") if form else ""
        typed = str(form.cleaned_data.get("words", "")) if form else ""
        said = refused or wrong or _("Choose one of the options.")
        if typed:
            said += " " + _("You wrote: %(words)s") % {"words": typed}
        return _answer(request, person, part, refused=said, status=409)
    if refused:
        form.add_error(None, refused)
    return _answer(request, person, part, status=422, forms={part: form})


def _answer(
    request: MemberRequest,
    person: Client,
    part: str,
    *,
    said: str = "",
    refused: str = "",
    status: int = 200,
    forms: dict[str, BaseForm] | None = None,
) -> HttpResponse:
    """The changed part with the others out of band; without script the page itself."""
    if not wants_part(request) and status < 400:
        toast.say(request, said)
        return after(request, "clients:plan", person.pk)
    context = context_of(request, person, refused=refused, **(forms or {}))
    if not wants_part(request):
        return render(request, "clients/plan.html", context, status=status)
    hidden = {part, _WITH.get(part, part)}
    context |= {
        "part": PARTS[part],
        "others": [PARTS[name] for name in SHOWN if name not in hidden],
        "toast": {"text": said} if said else None,
    }
    response = render(request, "clients/plan_answer.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@requires(Perm.GUIDE)
def add_goal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person has one more goal."""
    by = request.member
    return write(
        request,
        pk,
        "goal_form",
        _("The goal is in the plan."),
        lambda row, at, form: plans.add_goal(row, words=form.cleaned_data["words"], by=by, at=at),
        lambda row: GoalForm(request.POST, auto_id="goal_%s"),
    )


@require_POST
@requires(Perm.GUIDE)
def add_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Something concrete is agreed."""
    by = request.member
    return write(
        request,
        pk,
        "step_form",
        _("The step is in the plan."),
        lambda row, at, form: plans.add_step(row, step=form.step(), by=by, at=at),
        lambda row: PlanStepForm(request.POST, auto_id="step_%s", plan=row),
    )


@require_POST
@requires(Perm.GUIDE)
def set_day(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another day is agreed for a step."""
    by = request.member
    return write_row(
        request,
        PlanStep.objects.all(),
        pk,
        "steps",
        _("The day is changed."),
        lambda step, at, form: plans.set_day(step, form.cleaned_data["by_on"], by=by, at=at),
        lambda plan: DayForm(request.POST),
    )


@require_POST
@requires(Perm.GUIDE)
def reword_goal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person says a goal in other words."""
    by = request.member
    return write_row(
        request,
        Goal.objects.all(),
        pk,
        "goals",
        _("The goal is written anew."),
        lambda goal, at, form: plans.reword_goal(goal, form.cleaned_data["words"], by=by, at=at),
        lambda plan: GoalForm(request.POST),
    )


@require_POST
@requires(Perm.GUIDE)
def set_intensity(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How often one is in touch."""
    by = request.member

    def do(row: Plan, at: datetime, form: Any) -> object:
        data = form.cleaned_data
        return plans.set_intensity(row, data["intensity"], by=by, at=at, version=data["version"])

    return write(request, pk, "state", _("Saved."), do, lambda row: IntensityForm(request.POST))


@require_POST
@requires(Perm.GUIDE)
def approve(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person approves the plan as this page shows it."""
    by = request.member

    def do(row: Plan, at: datetime, form: Any) -> object:
        data = form.cleaned_data
        return plans.approve_plan(row, how=data["how"], by=by, at=at, version=data["version"])

    return write(request, pk, "state", _("The plan is in force."), do, lambda row: ApprovalForm(request.POST))


@require_POST
@requires(Perm.GUIDE)
def end_goal(request: MemberRequest, pk: UUID, *, reached: bool) -> HttpResponse:
    """The person has reached a goal, or no longer wants it."""
    by = request.member
    said = _("The goal has been reached.") if reached else _("The goal is no longer in the plan.")
    return write_row(
        request,
        Goal.objects.all(),
        pk,
        "goals",
        said,
        lambda goal, at, form: plans.end_goal(goal, by=by, at=at, reached=reached),
    )


@require_POST
@requires(Perm.GUIDE)
def finish_step(request: MemberRequest, pk: UUID, *, done: bool) -> HttpResponse:
    """A step has been taken, or is no longer needed."""
    by = request.member
    said = _("The step is done.") if done else _("The step is no longer in the plan.")
    return write_row(
        request,
        PlanStep.objects.all(),
        pk,
        "steps",
        said,
        lambda step, at, form: plans.finish_step(
            step, by=by, at=at, done=done, **MeasureEndForm.told(request.POST, step.plan)
        ),
    )
