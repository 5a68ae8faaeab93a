"""The front desk's screen and its one live part."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from team.access import MemberRequest, requires
from team.models import Party, Topic
from team.permissions import Perm
from tyoparkki import clock, live
from tyoparkki.actor import Actor
from tyoparkki.models import Language
from visits import course, desk

TEMPLATE = "visits/desk.html"
QUICK_LANGUAGES = [("fi", "suomi"), ("sv", "svenska"), ("en", "English")]


def context_of(request: MemberRequest, **more: Any) -> dict[str, Any]:
    """What the live part of the screen shows."""
    at = clock.now()
    now = desk.read(request.member, at=at)
    return {
        "desk": now,
        "now": at,
        "chart": course.chart(now),
        "last_own": now.last_own,
        "logged": now.last_logged,
        "topic_name": request.member.membership.point.topic,
        **more,
    }


@require_GET
@requires(Perm.SEE_DESK)
def show(request: MemberRequest) -> HttpResponse:
    """The whole screen."""
    context = context_of(request, **_choices(request))
    return _live(request, render(request, TEMPLATE, context))


@require_GET
@requires(Perm.SEE_DESK)
def part(request: MemberRequest) -> HttpResponse:
    """The live part: queue, team, figures, the day's course and its feed."""
    return answer(request)


def answer(request: MemberRequest, *, toast: dict[str, Any] | None = None, status: int = 200, **more: Any) -> HttpResponse:
    """One response after a press: the live part, the strip of figures out of band, and a toast."""
    context = context_of(request, toast=toast, oob=True, **more)
    return _live(request, render(request, f"{TEMPLATE}#live", context, status=status))


def answer_logged(request: MemberRequest, visit: Any, event: Any) -> HttpResponse:
    """After an arrival: the number and its undo alone. The queue comes by the live channel, as to every window."""
    response = render(request, "visits/logged_answer.html", {"logged": visit, "last_own": event})
    response.headers["HX-Retarget"] = "#logged"
    response.headers["HX-Reswap"] = "outerHTML"
    live.let_own_window_hear()
    return response


def answer_page(request: MemberRequest, *, toast: dict[str, Any], status: int) -> HttpResponse:
    """The same for a browser without script: the whole screen with the sentence on it."""
    context = context_of(request, toast=toast, **_choices(request))
    return _live(request, render(request, TEMPLATE, context, status=status))


def _choices(request: MemberRequest) -> dict[str, Any]:
    topics = list(Topic.objects.at(request.member.point_id))
    return {
        "topics": [topic for topic in topics if Party.CLIENT in topic.parties],
        "employer_topics": [topic for topic in topics if Party.EMPLOYER in topic.parties],
        "quick_languages": QUICK_LANGUAGES,
        "other_languages": Language.objects.exclude(code__in=dict(QUICK_LANGUAGES)).order_by(F("desk_order").asc(nulls_last=True), "code"),
    }


def _live(request: MemberRequest, response: HttpResponse) -> HttpResponse:
    actor: Actor = request.member.actor
    return live.grant(response, subject=live.subject_of(actor), topics=[request.member.membership.point.topic])


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

