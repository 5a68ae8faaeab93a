"""After a night that ended a visit: how it went is told by whoever had called or sat with the visitor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, wants_part
from visits.actions import closing, encounters
from visits.forms.guidance import ResultForm
from visits.models import Visit, VisitEvent
from visits.views import mine
from visits.views import visit_parts as parts

View = Callable[..., HttpResponse]


@require_POST
@requires(Perm.GUIDE)
def tell_result(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How a visit ended that was still open at night."""
    form = ResultForm(request.POST, member=request.member)
    if not form.is_valid():
        said = {"text": str(form.errors["result"][0]), "undo_url": ""}
        return parts.respond(request, pk, "paatos", said=said, status=422)
    result = form.cleaned_data["result"]
    return parts.act(
        request,
        pk,
        lambda page, at: closing.tell_result(page.visit, result=result, by=request.member, at=at),
        "paatos",
        said=lambda row: {"text": _("%(ticket)s: %(result)s.") % {"ticket": row.ticket, "result": result}},
        others=("paa",),
    )


def _my_screen_says_why(view: View) -> View:
    """A refused press is answered by my screen as it is now, with the reason."""

    @wraps(view)
    def answered(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return mine.answer(request, said={"text": str(refusal), "undo_url": ""}, status=refusal.status)

    return answered


def _called_by_me(request: MemberRequest, pk: UUID) -> Visit:
    """A visit that the member called last; anybody else's answers as a missing one."""
    mine = Visit.objects.visible_to(request.member).filter(called_for=request.member.membership)
    return get_object_or_404(mine, pk=pk)


@require_POST
@requires(Perm.GUIDE)
@_my_screen_says_why
def sat_after_all(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A visitor whom I called did come, though nobody pressed start before the night: on to the record."""
    row, at = _called_by_me(request, pk), clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            encounters.sat_after_all(row, by=request.member, at=at)
    return after(request, "visits:visit", pk)


@require_POST
@requires(Perm.GUIDE)
@_my_screen_says_why
def nobody_came(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A visitor whom I called did not come, and the night ended the visit."""
    row, at = _called_by_me(request, pk), clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = closing.nobody_came(row, by=request.member, at=at).pk
    text = _("%(ticket)s did not come.") % {"ticket": row.ticket}
    return _told(request, text, undo_url=reverse("visits:nobody_came_undo", args=[sending.object_id]))


@require_POST
@requires(Perm.GUIDE)
@_my_screen_says_why
def nobody_came_undone(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo: the visit waits again to be told of."""
    own = VisitEvent.objects.select_related("visit").filter(by=request.member.membership)
    told, at = get_object_or_404(own, pk=pk), clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            closing.nobody_came_undone(told, by=request.member, at=at)
    return _told(request, _("Taken back."))


def _told(request: MemberRequest, text: str, *, undo_url: str = "") -> HttpResponse:
    """My screen as it is now with a sentence; without script the way back to it."""
    if not wants_part(request):
        toast.say(request, text, undo_url=undo_url)
        return after(request, "visits:mine")
    return mine.answer(request, said={"text": text, "undo_url": undo_url, "target": "#mine"})
