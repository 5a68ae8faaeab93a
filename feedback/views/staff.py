"""What visitors wrote, and what they are told that it led to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from feedback import actions, reading
from feedback.forms import SaidAndDoneForm
from feedback.models import SaidAndDone
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.anonymity import FEWEST
from tyoparkki.errors import Refused
from tyoparkki.htmx import after

LONGEST_LIST = 50


@require_GET
@requires(Perm.SEE_REPORTS)
def feedback(request: MemberRequest) -> HttpResponse:
    """The latest words, and the list of what they led to."""
    point_id = request.member.point_id
    context = {
        "days": reading.latest(point_id),
        "month": reading.last_month(point_id, clock.local_date(clock.now())),
        "fewest": FEWEST,
        "told": list(SaidAndDone.objects.at(point_id)[:LONGEST_LIST]),
    }
    return render(request, "feedback/feedback.html", context)


@require_http_methods(["GET", "POST"])
@requires(Perm.ANSWER_FEEDBACK)
def tell(request: MemberRequest) -> HttpResponse:
    """A new line of "you said – we did"."""
    at = clock.now()
    form = SaidAndDoneForm(request.POST or None, initial={"on": clock.local_date(at)})
    if request.method == "POST" and form.is_valid():
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                point = request.member.membership.point
                sending.object_id = actions.tell(point, by=request.member, at=at, **form.values()).pk
        toast.say(request, _("Saved. The tablets show it within half an hour."))
        return after(request, "feedback:feedback")
    return render(request, "feedback/said_and_done.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Perm.ANSWER_FEEDBACK)
def correct(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A line put in other words, completed, or taken off the tablet."""
    row = get_object_or_404(SaidAndDone.objects.at(request.member.point_id), pk=pk)
    form = SaidAndDoneForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    actions.correct(row, by=request.member, at=at, unchanged=form.unchanged, **form.values())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("Saved. The tablets show it within half an hour."))
            return after(request, "feedback:feedback")
    context = {"form": form, "row": row}
    return render(request, "feedback/said_and_done.html", context, status=422 if form.errors else 200)
