"""Presses at the door."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client
from employers.actions import register_by_name
from employers.models import Employer
from team.access import MemberRequest, requires
from team.models import Party
from team.permissions import Perm
from tyoparkki import clock, submission
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part, wants_part
from tyoparkki.ids import new_id
from tyoparkki.toast import Toast
from visits import choices
from visits.actions import arrival as actions
from visits.actions import identity, undo
from visits.desk import read_queue
from visits.forms.arrival import ArrivalForm
from visits.forms.details import DetailsForm
from visits.models import Visit
from visits.views import desk

# The fields by which a question about an arrival is answered with yes.
QUESTIONS = {"outside_hours", "once_more"}


@require_POST
@requires(Perm.LOG_ARRIVAL)
def arrive(request: MemberRequest) -> HttpResponse:
    """A press logs a visit; outside the hours, or for a person who is here already, it asks and keeps everything."""
    at, visit = clock.now(), None
    form = ArrivalForm(request.POST, member=request.member, at=at)
    if not form.is_valid():
        return desk.answer(request, toast=Toast(_sentence(form)), status=422)
    try:
        with submission.once_for(request, at=at, object_id=new_id()) as sending:
            if sending.first:
                visit = _arrive(request, form.cleaned_data, at, visit_id=UUID(str(sending.object_id)))
    except actions.OutsideHours as question:
        return _ask(request, question, title=_("Not open now"), answer="outside_hours", testid="outside-hours")
    except identity.VisitUnderWay as question:
        return _ask(request, question, title=_("Already here"), answer="once_more", testid="already-here")
    if not wants_part(request):
        return after(request, "visits:desk")
    if visit is None:
        visit = get_object_or_404(Visit.objects.visible_to(request.member), pk=sending.object_id)
    was_asked = bool(QUESTIONS & request.POST.keys())
    event = getattr(visit, "arrival", None) or undo.latest(visit)
    return desk.answer_logged(request, visit, event, was_asked=was_asked)


def _sentence(form: ArrivalForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _arrive(request: MemberRequest, data: dict[str, Any], at: datetime, *, visit_id: UUID) -> Visit:
    """One use case: the visit, with the employer or the person it belongs to."""
    member = request.member
    asks_for, asks_for_profession = data["asks"]
    visit = actions.arrive(
        point=member.membership.point,
        topic=data["topic"],
        by=member,
        at=data["came_at"] or at,
        recorded_at=at,
        party=data["party"],
        language=data["other_language"],
        party_size=data["party_size"] or 1,
        employer=_employer(request, data, at) if data["party"] == Party.EMPLOYER else None,
        asks_for=asks_for,
        asks_for_profession=asks_for_profession,
        outside_hours=data["outside_hours"],
        visit_id=visit_id,
    )
    if data["client"] and member.may(Perm.SEE_CLIENTS):
        client = get_object_or_404(Client.objects.visible_to(member), pk=data["client"])
        # Who is here is told of those alone whom the queue names too: an organisation by itself does not learn it here.
        identity.join_client(visit, client, by=member, at=at, asks=client.is_team and not data["once_more"])
    return visit


def _employer(request: MemberRequest, data: dict[str, Any], at: datetime) -> Employer | None:
    """The employer chosen from the list, or the one of the name that was written, new if need be."""
    if data["employer"] is not None or not data["employer_name"]:
        return data["employer"]  # type: ignore[no-any-return]  # the form's own choice
    return register_by_name(data["employer_name"], by=request.member, at=at)


def _ask(request: MemberRequest, question: Refused, *, title: str, answer: str, testid: str) -> HttpResponse:
    """The question whether to log all the same, with everything typed kept; `answer` is the field that says yes."""
    left_out = {"csrfmiddlewaretoken", submission.FIELD, answer}
    posted = [(name, value) for name in request.POST if name not in left_out for value in request.POST.getlist(name)]
    context = {"question": str(question), "posted": posted, "title": title, "answer": answer, "testid": testid}
    response = render_part(request, "visits/arrival_question.html", "question", context, status=422)
    response.headers["HX-Retarget"] = "#arrival-question"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


@require_http_methods(["GET", "POST"])
@requires(Perm.LOG_ARRIVAL)
def details(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add to a visit in place: language, topics, situation, age, whom the visitor asks for, a line for colleagues."""
    visits = Visit.objects.visible_to(request.member).select_related(
        "note", "topic", "day", "employer", "situation", "age_band", "asks_for__user", "asks_for_profession"
    )
    if request.method == "POST":  # what is compared with the visit must not change before it is saved
        visits = visits.select_for_update(of=("self",))
    visit = get_object_or_404(visits, pk=pk)
    form = DetailsForm(request.POST if request.method == "POST" else None, visit=visit, member=request.member)
    if request.method == "GET" or not form.is_valid():
        return _show_details(request, form, visit, status=422 if form.is_bound else 200)
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                _change(visit, dict(form.cleaned_data), request, at)
                sending.object_id = visit.pk
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show_details(request, form, visit, status=refusal.status)
    if not wants_part(request):
        return after(request, "visits:desk")
    text = _("%(ticket)s: details saved.") % {"ticket": visit.ticket}
    return desk.answer(request, toast=Toast(text), close_details=True)


def _show_details(request: MemberRequest, form: DetailsForm, visit: Visit, *, status: int) -> HttpResponse:
    focus = "topic" if request.GET.get("kohta") == "aihe" else "language"
    context = {"form": form, "visit": visit, "asks": choices.asks_on(visit.day), "focus": focus}
    if not wants_part(request):
        context["desk"] = read_queue(request.member, at=clock.now())
    response = render_part(request, "visits/details.html", "form", context, status=status)
    response.headers["HX-Retarget"] = "#details"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _change(visit: Visit, data: dict[str, Any], request: MemberRequest, at: datetime) -> None:
    """One use case: what was added, and another topic if the visitor came for something else."""
    topic, employer = data.pop("topic"), visit.employer
    asks_for, asks_for_profession = data.pop("asks")
    if visit.party == Party.EMPLOYER:
        employer = _employer(request, data, at)
    for name in ("employer", "employer_name"):
        data.pop(name)
    if topic.pk != visit.topic_id:
        actions.move_to_topic(visit, topic, by=request.member, at=at)
    actions.add_details(
        visit,
        by=request.member,
        at=at,
        employer=employer,
        asks_for=asks_for,
        asks_for_profession=asks_for_profession,
        **data,
    )
