"""The doors: open, pause, resume, close."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from team.access import MemberRequest, requires
from team.actions import day as days
from team.models import ServiceDay
from team.permissions import Perm
from tyoparkki import clock, submission
from tyoparkki.htmx import after, wants_part
from tyoparkki.toast import Toast, say
from visits.actions import closing
from visits.views import desk


@require_POST
@requires(Perm.RUN_DAY)
def move(request: MemberRequest, word: str) -> HttpResponse:
    """Open, pause, resume or close today's service day."""
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        text = _move(request, word, at) if sending.first else ""
    if wants_part(request):
        return desk.answer(request, toast=Toast(text) if text else None)
    if text:
        say(request, text)
    return after(request, "visits:desk")


def _move(request: MemberRequest, word: str, now: datetime) -> str:
    """Do it and say it in a sentence."""
    member = request.member
    on = clock.local_date(now)
    day = ServiceDay.objects.at(member.point_id).on(on).first() or days.service_day_for(member.membership.point, on)
    if word == "avaa":
        days.open_day(day or days.extra_day(member.membership.point, on, by=member, at=now), by=member, at=now)
        return _("The doors are open.")
    if day is None:
        raise Http404
    if word == "tauko":
        days.pause_day(day, by=member, at=now)
        return _("The day is paused: arrivals are logged, nobody is called.")
    if word == "jatka":
        days.resume_day(day, by=member, at=now)
        return _("The day goes on.")
    if word == "sulje":
        left = closing.close_day(day, by=member, at=now)
        if not left:
            return _("The day is closed. Nobody was left waiting. Thank you for today.")
        tickets = ", ".join(visit.ticket for visit in left)
        return _("The day is closed. Still in the house: %(tickets)s.") % {"tickets": tickets}
    raise Http404
