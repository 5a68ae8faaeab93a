"""The front desk's screen and its one live part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from team.access import MemberRequest, requires
from team.calendar import service_day
from team.models import ServiceDay
from team.permissions import Perm
from tyoparkki import clock, live
from tyoparkki.actor import Actor
from tyoparkki.htmx import render_part, wants_part
from tyoparkki.toast import Toast
from visits import before, choices, course, desk, feed
from visits.models import Visit, VisitEvent

TEMPLATE = "visits/desk.html"
# Stands for a visit in the pattern of the rows' menus (static/js/desk.js puts the visit's own key there).
ANY_VISIT = UUID(int=0)
MODES = ("nopea", "asiakas", "tyonantaja")


def context_of(request: MemberRequest, *, day: ServiceDay | None = None, **more: Any) -> dict[str, Any]:
    """What the live part of the screen shows."""
    at = clock.now()
    now = desk.read(request.member, at=at, day=day)
    point = request.member.membership.point
    return {
        "desk": now,
        "now": at,
        "chart": course.chart(now),
        "last_own": now.last_own,
        "logged": now.last_logged,
        "over_tickets": feed.listed([row.visit.ticket for row in now.over]),
        "wait_limits": f"{point.wait_target_minutes} {point.wait_alarm_minutes}",
        "live_topic": point.live_topic,
        "any_visit": ANY_VISIT,
        **(before.context_of(now) if now.is_before else {}),
        **more,
    }


@require_GET
@requires(Perm.SEE_DESK)
def show(request: MemberRequest) -> HttpResponse:
    """The whole screen."""
    return _page(request)


def _page(request: MemberRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = context_of(request, **more)
    wanted = request.GET.get("kirjaa", "")
    context |= choices.of_arrival(request.member, context["desk"].shifts)
    context["mode"] = wanted if wanted in MODES else MODES[0]
    return _live(request, render(request, TEMPLATE, context, status=status))


@require_GET
@requires(Perm.SEE_DESK)
def part(request: MemberRequest) -> HttpResponse:
    """The live part: queue, team, figures, the day's course and its feed."""
    return answer(request)


def answer(
    request: MemberRequest,
    *,
    toast: Toast | None = None,
    status: int = 200,
    day: ServiceDay | None = None,
    undo_of: UUID | None = None,
    **more: Any,
) -> HttpResponse:
    """One response after a press: the live part, the strip of figures out of band, and a toast.

    The toast takes back what was done to the visit `undo_of`. A browser without script gets the whole screen with the
    sentence on it. `day` is at hand after a press on a visit; then calls for help stay as they are on the screen.
    """
    if not wants_part(request):
        return _page(request, status=status, **({"toast": toast} if toast else {}))
    context = context_of(request, day=day, toast=toast, oob=True, keeps_help=day is not None, **more)
    line = context["last_own"]
    if toast and undo_of and line and line.visit.pk == undo_of:
        context["toast"] = Toast(toast.text, reverse("visits:undo", args=[line.pk]), "#desk-live")
    return _live(request, render(request, f"{TEMPLATE}#live", context, status=status))


def ask_to_close(request: MemberRequest, waiting: list[str]) -> HttpResponse:
    """Before the day closes over those who wait: who they are, and whether to close all the same."""
    asked = {"waiting": waiting, "waiting_tickets": feed.listed(waiting)}
    if not wants_part(request):
        return _page(request, status=422, **asked)
    response = render(request, "visits/close_question.html", asked, status=422)
    response.headers["HX-Retarget"] = "#day-question"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def answer_logged(
    request: MemberRequest, visit: Visit, event: VisitEvent | None, *, was_asked: bool = False
) -> HttpResponse:
    """After an arrival: the number and its undo alone. The queue comes by the live channel, as to every window.

    The question goes when it `was_asked` of this arrival; one about an earlier arrival stays until it is answered.
    """
    if event is not None and event.by_id == request.member.membership_id:
        event.by = request.member.membership
    lines = feed.lines([event] if event else [], request.member, is_closed=False)
    line = lines[0] if lines else None
    response = render(request, "visits/logged_answer.html", {"logged": visit, "last_own": line, "was_asked": was_asked})
    response.headers["HX-Retarget"] = "#logged"
    response.headers["HX-Reswap"] = "outerHTML"
    live.let_own_window_hear()
    return response


def _live(request: MemberRequest, response: HttpResponse) -> HttpResponse:
    actor: Actor = request.member.actor
    return live.grant(response, subject=live.subject_of(actor), topics=[request.member.membership.point.live_topic])


@require_GET
@requires(Perm.SEE_DESK)
def events(request: MemberRequest) -> HttpResponse:
    """All that has happened today, each act with its undo as long as it can be taken back."""
    at = clock.now()
    day = service_day(request.member.point_id, clock.local_date(at))
    context = {
        "day": day,
        "now": at,
        "lines": feed.whole_day(request.member, day) if day else [],
        "live_topic": request.member.membership.point.live_topic,
    }
    return _live(request, render_part(request, "visits/events.html", "feed", context))


@require_GET
@requires(Perm.SIGNED_IN)
def home(request: MemberRequest) -> HttpResponse:
    """Where one lands after signing in: advisors with a visitor go to the visit, others to the day."""
    member = request.member
    if member.may(Perm.GUIDE) and not member.may(Perm.RUN_DAY):
        return redirect("visits:mine")
    if member.may(Perm.SEE_DESK):
        return redirect("visits:desk")
    return redirect("team:roster")
