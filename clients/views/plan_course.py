"""The plan's course: in which phase it is, and the statutory plans to which it refers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.actions import plan_phase, statutory
from clients.forms.plan import ConfirmForm, PhaseForm, StatutoryForm
from clients.models import Plan, StatutoryPlan
from clients.views.people import not_there
from clients.views.plans import write
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock


@require_POST
@requires(Perm.GUIDE)
def set_phase(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The plan is in another phase now."""
    by = request.member

    def do(row: Plan, at: datetime, form: Any) -> object:
        return plan_phase.set_phase(row, form.cleaned_data["phase"], by=by, at=at)

    return write(request, pk, "state", _("Saved."), do, lambda row: PhaseForm(request.POST, plan=row))


@require_POST
@requires(Perm.GUIDE)
def record_statutory(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A statutory plan was agreed elsewhere."""
    by, today = request.member, clock.local_date(clock.now())
    return write(
        request,
        pk,
        "statutory_form",
        _("The reference is recorded. What stands in the plan stays where it is kept."),
        lambda row, at, form: statutory.record_statutory(row, form.agreed(), by=by, at=at),
        lambda row: StatutoryForm(request.POST, auto_id="statutory_%s", today=today),
    )


@require_POST
@requires(Perm.GUIDE)
def send_statutory(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The draft was sent for confirmation."""
    return _pressed(request, pk, statutory.send_for_confirmation, _("Marked as sent for confirmation."))


@require_POST
@requires(Perm.GUIDE)
def confirm_statutory(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The plan was confirmed: by whom, and when."""
    by, today = request.member, clock.local_date(clock.now())
    row = StatutoryPlan.objects.visible_to(by).filter(pk=pk).first()
    if row is None:
        return not_there(request)
    return write(
        request,
        row.plan_id,
        "statutory_confirm",
        _("Marked as confirmed."),
        lambda plan, at, form: statutory.confirm_statutory(row, **form.cleaned_data, by=by, at=at),
        lambda plan: ConfirmForm(request.POST, row=row, today=today),
    )


@require_POST
@requires(Perm.GUIDE)
def step_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It is as far as it was before the wrong press."""
    return _pressed(request, pk, statutory.step_back, _("The plan is as far as it was before."))


@require_POST
@requires(Perm.GUIDE)
def end_statutory(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The statutory plan is not in force any more."""
    return _pressed(request, pk, statutory.end_statutory, _("The statutory plan has ended here."))


@require_POST
@requires(Perm.GUIDE)
def bring_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It goes on after all."""
    return _pressed(request, pk, statutory.bring_back, _("The statutory plan goes on."))


def _pressed(request: MemberRequest, pk: UUID, act: Any, said: str) -> HttpResponse:
    by = request.member
    row = StatutoryPlan.objects.visible_to(by).filter(pk=pk).first()
    if row is None:
        return not_there(request)
    return write(request, row.plan_id, "statutory", said, lambda plan, at, form: act(row, by=by, at=at))
