"""A plan is closed, opened again, and what was done in it today is undone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.actions import plan_end as acts
from clients.forms.plan import CloseForm
from clients.models import Client, Goal, Plan, PlanStep
from clients.views.people import not_there, opened
from clients.views.plans import context_of, write, write_row
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


def _keeper(request: MemberRequest, plan: Plan | None) -> Client | None:
    """The person of the plan, if the member's organisation keeps the file."""
    member, at = request.member, clock.now()
    if plan is None:
        return None
    return opened(request, plan.client_id, at=at, kind="plan", only=lambda one: one.is_kept_by(member))


@require_POST
@requires(Perm.GUIDE)
def close(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The plan ends with why, with what came of it, and with words for the person."""
    at, by = clock.now(), request.member
    plan = Plan.objects.visible_to(by).filter(pk=pk).first()
    person = _keeper(request, plan)
    if plan is None or person is None:
        return not_there(request)
    form = CloseForm(request.POST, auto_id="close_%s")
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    acts.close_plan(plan, by=by, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("clients:plan_reopen", args=[pk])
            toast.say(request, _("The plan is closed. One may come back at any time."), undo_url=undo)
            return after(request, "clients:plan", person.pk)
    return render(request, "clients/plan.html", context_of(request, person, close_form=form), status=422)


@require_POST
@requires(Perm.GUIDE)
def reopen(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The plan goes on as it was."""
    at, by = clock.now(), request.member
    plan = Plan.objects.visible_to(by).filter(pk=pk).first()
    person = _keeper(request, plan)
    if plan is None or person is None:
        return not_there(request)
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            acts.reopen_plan(plan, by=by, at=at)
    toast.say(request, _("The plan goes on as it was."))
    return after(request, "clients:plan", person.pk)


@require_POST
@requires(Perm.GUIDE)
def undo_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The step is to be done after all."""
    by = request.member
    said = _("The step is to be done again.")
    steps = PlanStep.objects.all()
    return write_row(request, steps, pk, "steps", said, lambda row, at, form: acts.undo_step(row, by=by, at=at))


@require_POST
@requires(Perm.GUIDE)
def undo_goal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The goal goes on after all."""
    by = request.member
    said = _("The goal goes on.")
    goals = Goal.objects.all()
    return write_row(request, goals, pk, "goals", said, lambda row, at, form: acts.undo_goal(row, by=by, at=at))


@require_POST
@requires(Perm.GUIDE)
def undo_approval(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person did not approve after all."""
    by = request.member
    said = _("The approval is taken back.")
    return write(request, pk, "state", said, lambda row, at, form: acts.undo_approval(row, by=by, at=at))
