"""Presses on the queue: call, call again, did not come, pause, put back, left, undo; and for help."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from team.access import MemberRequest, requires
from team.actions import help as help_calls
from team.actions import shift as shifts
from team.models import Desk, HelpCall, Membership, Shift
from team.permissions import Perm
from tyoparkki import clock, submission
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, wants_part
from tyoparkki.toast import Toast, say
from visits import feed
from visits.actions import calling, undo
from visits.choices import guides
from visits.models import Visit
from visits.views import desk

PRESSES: dict[str, Callable[..., Visit]] = {
    "uudelleen": calling.call_again,
    "ei-tullut": calling.did_not_come,
    "jonoon": calling.put_back,
    "palasi": calling.bring_back,
    "tauolle": calling.pause,
    "lahti": calling.leave,
}


def _said(press: str, visit: Visit) -> str:
    words = {
        "kutsu": _("%(ticket)s called."),
        "uudelleen": _("%(ticket)s called again."),
        "ei-tullut": _("%(ticket)s did not come."),
        "jonoon": _("%(ticket)s is back in the queue, in the old place."),
        "palasi": _("%(ticket)s is back in the queue, in the old place."),
        "tauolle": _("%(ticket)s is paused and keeps the place."),
        "lahti": _("%(ticket)s has left."),
    }
    return words[press] % {"ticket": visit.ticket}


def act(request: MemberRequest, press: str, do: Callable[[Any], Visit]) -> HttpResponse:
    """One press: the act once, then the fresh live part with a toast that can take it back."""
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                sending.object_id = do(at).pk
    except Refused as refusal:
        return _answer(request, str(refusal), status=refusal.status)
    visit = get_object_or_404(Visit.objects.visible_to(request.member).select_related("day"), pk=sending.object_id)
    return _answer(request, _said(press, visit), day=visit.day, undo_of=visit.pk)


def _answer(
    request: MemberRequest, text: str, *, status: int = 200, to: str = "visits:desk", undo_url: str = "", **more: Any
) -> HttpResponse:
    if wants_part(request) or status != HTTPStatus.OK:
        return desk.answer(request, toast=Toast(text, undo_url, "#desk-live"), status=status, **more)
    say(request, text, undo_url=undo_url)
    return after(request, to)


@require_POST
@requires(Perm.CALL)
def call(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Call a visitor to a colleague's desk, or to one's own."""
    visit = get_object_or_404(Visit.objects.visible_to(request.member).select_related("day"), pk=pk)
    whom, place = _to_whom(request)
    return act(request, "kutsu", lambda at: calling.call_in(visit, by=request.member, at=at, whom=whom, desk=place))


def _to_whom(request: MemberRequest) -> tuple[Membership | None, Desk | None]:
    """The colleague and the desk that the press names, both of this service point."""
    point = request.member.point_id
    chosen, place = request.POST.get("whom"), request.POST.get("desk")
    try:
        whom = (
            get_object_or_404(guides(point, clock.local_date(clock.now())).select_related("user"), pk=UUID(chosen))
            if chosen
            else None
        )
        desk_row = get_object_or_404(Desk, number=int(place), point_id=point) if place else None
    except ValueError:
        raise Http404 from None
    return whom, desk_row


@require_POST
@requires(Perm.CALL)
def press(request: MemberRequest, pk: UUID, word: str) -> HttpResponse:
    """One of the presses on a visitor in the queue."""
    if word not in PRESSES:
        raise Http404
    visit = get_object_or_404(Visit.objects.visible_to(request.member), pk=pk)
    return act(request, word, lambda at: PRESSES[word](visit, by=request.member, at=at))


@require_POST
@requires(Perm.LOG_ARRIVAL)
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo an act from the toast, the feed or by Z."""
    event = feed.to_take_back(request.member, pk)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = undo.undo(event, by=request.member, at=at).pk
    text = _("Undone: %(ticket)s %(what)s.") % {"ticket": event.visit.ticket, "what": event.get_kind_display()}
    to = "visits:events" if request.POST.get("from") == "events" else "visits:desk"
    return _answer(request, text, to=to, day=event.visit.day)


@require_POST
@requires(Perm.SEE_DESK)
def own_break(request: MemberRequest) -> HttpResponse:
    """My own break begins or ends."""
    at = clock.now()
    today = Shift.objects.filter(membership=request.member.membership, day__on=clock.local_date(at))
    shift = get_object_or_404(today, cancelled_at__isnull=True)
    ends = bool(request.POST.get("away"))
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            (shifts.end_break if ends else shifts.start_break)(shift, by=request.member, at=at)
    return _answer(request, _("Your break has ended.") if ends else _("You are on a break."))


@require_POST
@requires(Perm.SEE_DESK)
def call_help(request: MemberRequest) -> HttpResponse:
    """A discreet call for colleagues; visitors' screens show nothing of it."""
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = help_calls.call_help(by=request.member, at=at).pk
    back = reverse("visits:answer_help", args=[sending.object_id])
    return _answer(request, _("Your colleagues see that you need somebody."), undo_url=back)


@require_POST
@requires(Perm.SEE_DESK)
def answer_help(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A colleague comes; the call ends on every screen."""
    call_row = get_object_or_404(HelpCall, pk=pk, point_id=request.member.point_id)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            help_calls.end_help(call_row, by=request.member, at=at)
    return _answer(request, _("Thank you: the call for help has ended."))
