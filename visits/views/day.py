"""The doors: open, pause, resume, close."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from team.access import MemberRequest, requires
from team.actions import day as days
from team.calendar import service_day
from team.permissions import Perm
from tyoparkki import clock, submission
from tyoparkki.htmx import after, wants_part
from tyoparkki.toast import Toast, say
from visits.actions import closing
from visits.feed import listed
from visits.views import desk


@require_POST
@requires(Perm.RUN_DAY)
def move(request: MemberRequest, word: str) -> HttpResponse:
    """Open, pause, resume or close today's service day."""
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            toast = _move(request, word, at) if sending.first else None
    except closing.StillWaiting as question:
        return desk.ask_to_close(request, question.waiting)
    if wants_part(request):
        return desk.answer(request, toast=toast, is_answered=True)
    if toast:
        say(request, toast.text, undo_url=toast.undo_url)
    return after(request, "visits:desk")


def _move(request: MemberRequest, word: str, now: datetime) -> Toast:
    """Do it and say it in a sentence; closing can be taken back."""
    member = request.member
    on = clock.local_date(now)
    day = service_day(member.point_id, on) or days.service_day_for(member.membership.point, on)
    if word == "avaa":
        days.open_day(day or days.extra_day(member.membership.point, on, by=member, at=now), by=member, at=now)
        return Toast(_("The doors are open."))
    if day is None:
        raise Http404
    if word == "tauko":
        days.pause_day(day, by=member, at=now)
        return Toast(_("The day is paused: arrivals are logged, nobody is called."))
    if word == "jatka":
        days.resume_day(day, by=member, at=now)
        return Toast(_("The day goes on."))
    if word == "sulje":
        left = closing.close_day(day, by=member, at=now, known=request.POST.getlist("waits"))
        text = _("The day is closed. Nobody was left waiting. Thank you for today.")
        if left:
            tickets = listed([visit.ticket for visit in left])
            text = _("The day is closed. Still in the house: %(tickets)s.") % {"tickets": tickets}
        return Toast(text, reverse("visits:day", args=["avaa"]), "#desk-live")
    raise Http404
