"""Presses at the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client
from employers.actions import register_by_name
from team.access import MemberRequest, requires
from team.models import Membership, Party
from team.permissions import Perm
from tyoparkki import clock, submission
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part, wants_part
from tyoparkki.ids import new_id
from visits.actions import arrival as actions
from visits.actions import identity, undo
from visits.forms.arrival import ArrivalForm, DetailsForm, moment_of
from visits.models import Visit, VisitTopic
from visits.views import desk


@require_POST
@requires(Perm.LOG_ARRIVAL)
def arrive(request: MemberRequest) -> HttpResponse:
    """A press logs a visit; outside opening hours it asks first and keeps everything."""
    form = ArrivalForm(request.POST, member=request.member)
    if not form.is_valid():
        text = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return desk.answer(request, toast={"text": text}, status=422)
    at, visit = clock.now(), None
    try:
        with submission.once_for(request, at=at, object_id=new_id()) as sending:
            if sending.first:
                visit = _arrive(request, form.cleaned_data, at, visit_id=UUID(str(sending.object_id)))
    except actions.OutsideHours as question:
        return _ask(request, str(question))
    except Refused as refusal:
        return desk.answer(request, toast={"text": str(refusal)}, status=refusal.status)
    if not wants_part(request):
        return after(request, "visits:desk")
    if visit is None:
        visit = get_object_or_404(Visit.objects.visible_to(request.member), pk=sending.object_id)
    return desk.answer_logged(request, visit, getattr(visit, "arrival", None) or undo.latest(visit))


def _arrive(request: MemberRequest, data: dict[str, Any], at: Any, *, visit_id: UUID) -> Visit:
    """One use case: the visit, with the employer or the person it belongs to."""
    member = request.member
    employer = data["employer"]
    if employer is None and data["employer_name"] and data["party"] == Party.EMPLOYER:
        employer = register_by_name(data["employer_name"], by=member, at=at)
    visit = actions.arrive(
        point=member.membership.point,
        topic=data["topic"],
        by=member,
        at=moment_of(data["came_at"]) if data["came_at"] else at,
        recorded_at=at,
        party=data["party"],
        language=data["other_language"],
        party_size=data["party_size"] or 1,
        employer=employer,
        outside_hours=data["outside_hours"],
        visit_id=visit_id,
    )
    if data["client"]:
        client = get_object_or_404(Client.objects.visible_to(member), pk=data["client"])
        identity.join_client(visit, client, by=member, at=at)
    return visit


def _ask(request: MemberRequest, question: str) -> HttpResponse:
    """The question whether to log all the same, with everything typed kept in it."""
    context = {"question": question, "posted": _posted(request)}
    response = render_part(request, "visits/outside_hours.html", "question", context, status=422)
    response.headers["HX-Retarget"] = "#outside-hours"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _posted(request: MemberRequest) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", submission.FIELD, "outside_hours"}
    return [(name, value) for name in request.POST if name not in left_out for value in request.POST.getlist(name)]


@require_http_methods(["GET", "POST"])
@requires(Perm.LOG_ARRIVAL)
def details(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add to a visit in place: language, second topic, situation, age, whom the visitor asks for, a line for colleagues."""
    visit = get_object_or_404(Visit.objects.visible_to(request.member).select_related("note", "topic", "day"), pk=pk)
    form = _details_form(request, visit)
    if request.method == "GET" or not form.is_valid():
        return _show_details(request, form, visit, status=422 if form.is_bound else 200)
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                _change(visit, form.cleaned_data, request, at)
                sending.object_id = visit.pk
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show_details(request, form, visit, status=409)
    text = _("%(ticket)s: details saved.") % {"ticket": visit.ticket}
    return desk.answer(request, toast={"text": text}, close_details=True) if wants_part(request) else after(request, "visits:desk")


def _show_details(request: MemberRequest, form: DetailsForm, visit: Visit, *, status: int) -> HttpResponse:
    response = render_part(request, "visits/details.html", "form", {"form": form, "visit": visit}, status=status)
    response.headers["HX-Retarget"] = "#details"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _change(visit: Visit, data: dict[str, Any], request: MemberRequest, at: Any) -> None:
    topic = data.pop("topic")
    actions.add_details(visit, by=request.member, at=at, employer=visit.employer, **data)
    if topic.pk != visit.topic_id:
        actions.move_to_topic(visit, topic, by=request.member, at=at)


def _details_form(request: MemberRequest, visit: Visit) -> DetailsForm:
    note = getattr(visit, "note", None)
    initial = {
        "language": visit.language,
        "needs_interpreter": visit.needs_interpreter,
        "topic": visit.topic_id,
        "second_topics": list(
            VisitTopic.objects.filter(visit=visit, source=VisitTopic.Source.ASKED).values_list("topic_id", flat=True)
        ),
        "situation": visit.situation_id,
        "age_band": visit.age_band_id,
        "asks_for": visit.asks_for_id,
        "asks_for_profession": visit.asks_for_profession_id,
        "party_size": visit.party_size,
        "called_name": note.called_name if note else "",
        "note": note.text if note else "",
    }
    colleagues = Membership.objects.filter(shifts__day=visit.day, shifts__cancelled_at__isnull=True).select_related("user")
    data = request.POST if request.method == "POST" else None
    return DetailsForm(data, initial=initial, member=request.member, colleagues=colleagues.order_by("user__name", "pk"))
