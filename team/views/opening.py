"""Opening hours: the week, the exceptions, and what the next days look like."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from team.access import MemberRequest, requires
from team.actions import opening as hours
from team.forms.point import EndRuleForm, ExceptionForm, RuleForm
from team.opening import preview
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after

WEEKS_SHOWN = 10


@require_GET
@requires(Perm.MANAGE_POINT)
def opening(request: MemberRequest) -> HttpResponse:
    """The week, the exceptions, the next days with public holidays."""
    return _page(request)


def _page(request: MemberRequest, **forms: Any) -> HttpResponse:
    today, point = clock.local_date(clock.now()), request.member.membership.point
    rules = list(point.opening_rules.in_force_from(today))
    exceptions = list(point.opening_exceptions.from_day(today))
    context = {
        "rules": rules,
        "exceptions": exceptions,
        "days": preview(today, rules, exceptions, weeks=WEEKS_SHOWN),
        "rule_form": forms.get("rule")
        or RuleForm(initial={"valid_from": today, "opens_at": "10:00", "closes_at": "18:00"}),
        "exception_form": forms.get("exception") or ExceptionForm(today=today),
        "today": today,
    }
    return render(request, "team/opening.html", context, status=422 if forms else 200)


@require_POST
@requires(Perm.MANAGE_POINT)
def add_rule(request: MemberRequest) -> HttpResponse:
    """Open on one more weekday."""
    form, at = RuleForm(request.POST), clock.now()
    if not form.is_valid():
        return _page(request, rule=form)
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            hours.add_rule(request.member.membership.point, by=request.member, at=at, **form.cleaned_data)
    toast.say(request, _("The weekly hours are saved."))
    return after(request, "team:opening")


@require_POST
@requires(Perm.MANAGE_POINT)
def end_rule(request: MemberRequest, pk: int) -> HttpResponse:
    """The weekly hours hold for the last time on a day."""
    at = clock.now()
    rule = get_object_or_404(request.member.membership.point.opening_rules, pk=pk)
    form = EndRuleForm(request.POST)
    if not form.is_valid():
        toast.say(request, _("Choose the day."))
        return after(request, "team:opening")
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            hours.end_rule(rule, by=request.member, at=at, last_on=form.cleaned_data["last_on"])
    toast.say(request, _("The weekly hours end on that day."))
    return after(request, "team:opening")


@require_POST
@requires(Perm.MANAGE_POINT)
def set_exception(request: MemberRequest) -> HttpResponse:
    """One date differs from the week."""
    at = clock.now()
    form = ExceptionForm(request.POST, today=clock.local_date(at))
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    hours.set_exception(request.member.membership.point, by=request.member, at=at, **form.exception())
        except hours.ShiftsPlanned as refusal:
            form.ask_of_shifts(refusal.who)
        except Refused as refusal:
            form.add_error("on", str(refusal))
        else:
            toast.say(request, _("The exception is saved."))
            return after(request, "team:opening")
    return _page(request, exception=form)


@require_POST
@requires(Perm.MANAGE_POINT)
def remove_exception(request: MemberRequest, pk: int) -> HttpResponse:
    """The date follows the week again."""
    exception = get_object_or_404(request.member.membership.point.opening_exceptions.select_related("point"), pk=pk)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            hours.remove_exception(exception, by=request.member, at=at)
    toast.say(request, _("The day follows the week again."))
    return after(request, "team:opening")
