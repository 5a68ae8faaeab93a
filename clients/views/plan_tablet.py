"""The person reads the plan on the tablet that is handed over, and approves it by their own press."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.actions import handover as handovers
from clients.forms.plan import HandPlanForm
from clients.models import Plan
from clients.views import handover
from clients.views.people import not_there, opened
from clients.views.plans import context_of
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@require_POST
@requires(Perm.GUIDE)
def hand(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Six digits with which the tablet shows the plan as this page shows it."""
    at, by = clock.now(), request.member
    row = Plan.objects.visible_to(by).filter(pk=pk, closed_at__isnull=True).first()
    if row is None:
        return not_there(request)
    person = opened(request, row.client_id, at=at, kind="plan", only=lambda one: one.is_kept_by(by))
    if person is None:
        return not_there(request)
    form, refused = HandPlanForm(request.POST), _("Choose one of the options.")
    if form.is_valid():
        data = form.cleaned_data
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    offer = handovers.hand_plan(
                        row, by=by, at=at, language=data["read_in"], version=data["handed_version"]
                    )
                    return handover.offered(request, offer, person=person)
        except Refused as refusal:
            refused = str(refusal)
        else:
            toast.say(request, _("The code was shown already. Ask for a new one."))
            return after(request, "clients:plan", person.pk)
    return render(request, "clients/plan.html", context_of(request, person, refused=refused), status=409)
