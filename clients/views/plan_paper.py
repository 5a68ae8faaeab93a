"""The plan to take along: on paper in the person's language, and as text for the system of the statutory plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clients.models import Client, Plan, Responsibility
from clients.plan_phases import way_of
from clients.plan_templates import LANGUAGES
from clients.views.people import not_there, opened
from clients.views.plans import acts_now
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock


def _read(request: MemberRequest, pk: UUID) -> tuple[Client | None, Plan | None]:
    """The person and the open plan, as far as the member may know of them; the look is written down."""
    member = request.member
    person = opened(request, pk, at=clock.now(), kind="plan", only=lambda one: one.shows_plan(member))
    return person, Plan.objects.visible_to(member).open_of(pk).select_related("point").first() if person else None


@require_GET
@requires(Perm.GUIDE)
def paper(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The plan as the person takes it along: goals, what was agreed, whom to ask."""
    person, plan = _read(request, pk)
    if person is None or plan is None:
        return not_there(request)
    wanted = (request.GET.get("kieli", ""), person.language)
    language = next((code for code in wanted if code in LANGUAGES), "fi")
    held = Responsibility.objects.visible_to(request.member).of_client(pk).running().with_holder()
    steps = list(plan.steps.to_do().for_lists())
    context: dict[str, Any] = {
        "client": person,
        "language": language,
        "languages": LANGUAGES,
        "today": clock.local_date(clock.now()),
        "point": plan.point,
        "goals": list(plan.goals.going_on().in_order()),
        "steps": steps,
        "holder": held.first(),
        "way": way_of(plan),
    }
    with translation.override(language):
        context["acts_now"] = acts_now(request.member, person, steps, to_person=True)
        return render(request, "clients/plan_paper.html", context)


@require_GET
@requires(Perm.GUIDE)
def text(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The plan as plain text, to be copied: a twin of the statutory plan is kept nowhere."""
    person, plan = _read(request, pk)
    if person is None or plan is None:
        return not_there(request)
    return render(request, "clients/plan_text.html", {"client": person, "lines": list(_lines(plan))})


def _lines(plan: Plan) -> list[str]:
    """Goals and steps, a line each; no name and no number of the person."""
    lines = [_("Goals"), *(f"- {goal.words}" for goal in plan.goals.going_on().in_order()), "", _("Steps")]
    for step in plan.steps.to_do().for_lists():
        day = step.by_on or step.ends_on
        told = [step.what, step.doer, f"{day.day}.{day.month}.{day.year}" if day else "", step.benefit]
        lines.append("- " + "; ".join(filter(None, told)))
    return [*lines, "", f"{_('Keeping in touch')}: {plan.get_intensity_display()}"]
