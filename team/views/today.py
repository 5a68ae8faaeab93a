"""Today's team: breaks, desks, who leaves early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from team.access import MemberRequest, requires
from team.actions import shift as shifts
from team.forms.roster import BreakForm, DeskForm
from team.models import Shift
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.htmx import after

Act = Callable[[datetime], object]


def _once(request: MemberRequest, text: str, act: Act) -> HttpResponse:
    """Do it once for the press, say how it went, back to the roster."""
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            act(at)
    toast.say(request, text)
    return after(request, "team:roster")


def _shift(request: MemberRequest, pk: UUID) -> Shift:
    return get_object_or_404(Shift.objects.changeable_by(request.member), pk=pk)


@require_POST
@requires(Perm.SEE_TEAM)
def start_break(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Away for some minutes."""
    shift, form = _shift(request, pk), BreakForm(request.POST)
    length = form.until() if form.is_valid() else None
    return _once(
        request,
        _("The break has started."),
        lambda at: shifts.start_break(shift, by=request.member, at=at, until=at + length if length else None),
    )


@require_POST
@requires(Perm.SEE_TEAM)
def end_break(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Back at the desk."""
    shift = _shift(request, pk)
    return _once(request, _("Back from the break."), lambda at: shifts.end_break(shift, by=request.member, at=at))


@require_POST
@requires(Perm.SEE_TEAM)
def end_early(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The shift ends now."""
    shift = _shift(request, pk)
    return _once(request, _("The shift has ended."), lambda at: shifts.end_early(shift, by=request.member, at=at))


@require_POST
@requires(Perm.SEE_TEAM)
def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """To another desk."""
    shift, form = _shift(request, pk), DeskForm(request.POST, point=request.member.membership.point)
    if not form.is_valid():
        toast.say(request, " ".join(str(error) for error in form.errors["desk"]))
        return after(request, "team:roster")
    desk = form.cleaned_data["desk"]
    return _once(
        request, _("The desk is changed."), lambda at: shifts.move_to_desk(shift, desk, by=request.member, at=at)
    )
