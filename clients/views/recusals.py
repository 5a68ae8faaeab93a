"""Marking a person as own or near, and the manager's list of who is barred, without the names of people on file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, Func, UUIDField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.actions import recusal as acts
from clients.forms.recusal import EndForm
from clients.models import Recusal
from clients.views.people import not_there, of_team, opened, page_of
from team.access import MemberRequest, requires
from team.models import Membership
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after

MOST = 200


@require_POST
@requires(Perm.EDIT_CLIENTS)
def recuse(request: MemberRequest, pk: UUID) -> HttpResponse:
    """This person is one of one's own: the file closes to the member at once."""
    at = clock.now()
    if submission.was_sent(request):
        return after(request, "clients:search")
    person = opened(request, pk, at=at, only=of_team)
    if person is None:
        return not_there(request)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                sending.object_id = acts.recuse(person, by=request.member, at=at).pk
    except Refused as refusal:
        context = page_of(request, person) | {"recusal_refused": str(refusal)}
        return render(request, "clients/client.html", context, status=409)
    undo_url = reverse("clients:recusal_take_back", args=[sending.object_id])
    toast.say(request, _("Marked. You no longer see this person’s file."), undo_url=undo_url)
    return after(request, "clients:search")


@require_POST
@requires(Perm.EDIT_CLIENTS)
def take_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo of one's own mark on the same day."""
    at = clock.now()
    mark = get_object_or_404(Recusal.objects.visible_to(request.member), pk=pk)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                acts.take_back(mark, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
        return after(request, "clients:search")
    toast.say(request, _("The mark was taken back."))
    return after(request, "clients:client", mark.client_id)


@require_GET
@requires(Perm.EDIT_ROSTER)
def recusals(request: MemberRequest) -> HttpResponse:
    """Who is barred from somebody's file, since when, and who answers for that person now."""
    return render(request, "clients/recusals.html", _listed(request))


@require_POST
@requires(Perm.EDIT_ROSTER)
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A mark that was wrong or is no longer true ends with a reason."""
    at, form = clock.now(), EndForm(request.POST)
    mark = get_object_or_404(Recusal.objects.visible_to(request.member).of_point(request.member), pk=pk)
    status = 422
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    acts.end_recusal(mark, by=request.member, at=at, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            toast.say(request, _("The mark was ended."))
            return after(request, "clients:recusals")
    context = _listed(request) | {"failed": pk, "form": form}
    return render(request, "clients/recusals.html", context, status=status)


def _listed(request: MemberRequest) -> dict[str, Any]:
    rows = Recusal.objects.visible_to(request.member).of_point(request.member)
    marks = list(rows.for_list()[:MOST])
    answers = Func(F("pk"), function="clients_answers_beside", output_field=UUIDField())
    beside = dict(rows.filter(pk__in=[mark.pk for mark in marks]).values_list("pk", answers))
    known = Membership.objects.select_related("user").in_bulk(set(filter(None, beside.values())))
    listed = [(mark, known.get(beside[mark.pk])) for mark in marks]
    return {"marks": listed, "form": EndForm(), "failed": None}
