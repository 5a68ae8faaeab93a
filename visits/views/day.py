"""The doors: open, pause, resume, close."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from team.access import MemberRequest, requires
from team.actions import day as days
from team.models import ServiceDay
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, wants_part
from visits.actions import closing
from visits.views import desk


@require_POST
@requires(Perm.RUN_DAY)
def move(request: MemberRequest, word: str) -> HttpResponse:
    """Open, pause, resume or close today's service day."""
    try:
        text = _move(request, word)
    except Refused as refusal:
        text, status = str(refusal), 409
    else:
        status = 200
    if not wants_part(request):
        return after(request, "visits:desk")
    return desk.answer(request, toast={"text": text}, status=status)


def _move(request: MemberRequest, word: str) -> str:
    """Do it and say it in a sentence."""
    member, now = request.member, clock.now()
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
