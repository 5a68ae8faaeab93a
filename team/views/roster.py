"""The roster: the next service days, and the shifts on them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from team.access import MemberRequest, requires
from team.actions import shift as shifts
from team.forms.roster import DEFAULT_HOURS, HoursForm, ShiftForm
from team.models import Shift
from team.permissions import Perm
from team.roster import next_days, roster_of
from tyoparkki import clock, live, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part

PLANNABLE_DAYS = 16


@require_GET
@requires(Perm.SEE_TEAM)
def roster(request: MemberRequest) -> HttpResponse:
    """The next service days: what is covered, what is missing, who comes when."""
    at = clock.now()
    context = {
        "roster": roster_of(request.member, at=at),
        "now": at,
        "topic": request.member.membership.point.live_topic,
        "may_run": request.member.may(Perm.EDIT_ROSTER) or request.member.may(Perm.RUN_DAY),
    }
    response = render_part(request, "team/roster.html", "board", context)
    return live.grant(
        response, subject=f"user:{request.member.user.pk}", topics=[request.member.membership.point.live_topic]
    )


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_ROSTER)
def add(request: MemberRequest) -> HttpResponse:
    """A colleague comes on a day; hours are those of the doors until something else is written."""
    at, point = clock.now(), request.member.membership.point
    plans = next_days(point, clock.local_date(at), count=PLANNABLE_DAYS)
    form = ShiftForm(
        request.POST or None,
        point=point,
        today=clock.local_date(at),
        days=[plan.on for plan in plans],
        initial=_initial(request, plans),
    )
    if request.method == "POST" and form.is_valid():
        try:
            planned = _plan(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("The shift is on the roster."), undo_url=reverse("team:cancel_shift", args=[planned]))
            return after(request, "team:roster")
    return render(request, "team/shift.html", {"form": form, "shift": None}, status=422 if form.errors else 200)


def _plan(request: MemberRequest, form: ShiftForm) -> object:
    """Plan it once for the press; the key of the shift."""
    at, data = clock.now(), form.cleaned_data
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = shifts.plan_shift(
                request.member.membership.point,
                data["on"],
                data["membership"],
                by=request.member,
                at=at,
                starts=data["starts"],
                ends=data["ends"],
                **form.hours(),
            ).pk
    return sending.object_id


def _initial(request: MemberRequest, plans: list[Any]) -> dict[str, Any]:
    """What the pressed place on the roster already says: the day, the person, the hours of the doors."""
    wanted = request.GET.get("paiva", "")
    plan = next((plan for plan in plans if plan.on.isoformat() == wanted), plans[0] if plans else None)
    starts, ends = (plan.opens_at, plan.closes_at) if plan else DEFAULT_HOURS
    return {
        "on": plan.on.isoformat() if plan else "",
        "membership": request.GET.get("jasen", ""),
        "starts": starts,
        "ends": ends,
    }


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_ROSTER)
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Other hours, another desk."""
    at, point = clock.now(), request.member.membership.point
    shift = get_object_or_404(Shift.objects.changeable_by(request.member).with_people().select_related("day"), pk=pk)
    form = HoursForm(request.POST or None, point=point, row=shift)
    if request.method == "POST" and form.is_valid():
        starts, ends = form.cleaned_data["starts"], form.cleaned_data["ends"]
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    shifts.change_shift(
                        shift,
                        by=request.member,
                        at=at,
                        starts_at=_moment(shift.day.on, starts),
                        ends_at=_moment(shift.day.on, ends),
                        unchanged=form.unchanged,
                        **form.hours(),
                    )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("The shift is changed."))
            return after(request, "team:roster")
    return render(request, "team/shift.html", {"form": form, "shift": shift}, status=422 if form.errors else 200)


def _moment(on: date, hour: time) -> datetime:
    return datetime.combine(on, hour, tzinfo=clock.HELSINKI)


@require_POST
@requires(Perm.EDIT_ROSTER)
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The colleague does not come."""
    shift = get_object_or_404(Shift.objects.changeable_by(request.member), pk=pk)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            shifts.cancel_shift(shift, by=request.member, at=at)
    undo = reverse("team:restore_shift", args=[pk])
    toast.say(request, _("The shift is cancelled."), undo_url=undo)
    return after(request, "team:roster")


@require_POST
@requires(Perm.EDIT_ROSTER)
def restore(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The colleague comes after all."""
    shift = get_object_or_404(Shift.objects.changeable_by(request.member), pk=pk)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            shifts.restore_shift(shift, by=request.member, at=at)
    toast.say(request, _("The shift is back on the roster."))
    return after(request, "team:roster")
