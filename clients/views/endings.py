"""What ends soon without a next step, and what was said of the rest: one's own people first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.actions import ending as acts
from clients.endings import endings
from clients.forms.plan import MeasureEndForm
from clients.models import PlanStep
from clients.views.plans import write_row
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock


@require_GET
@requires(Perm.GUIDE)
def ending(request: MemberRequest) -> HttpResponse:
    """Services and supported work that end within thirty days, or have ended, and have no next step."""
    at = clock.now()
    rows = endings(request.member, today=clock.local_date(at))
    seen = {row.step.plan.client_id for row in rows}
    audit.seen_many("client", seen, by=request.member.actor, at=at, kind="ending")
    without = [row for row in rows if not row.step.is_followed]
    context = {
        "mine": [row for row in without if row.is_mine],
        "others": [row for row in without if not row.is_mine],
        "explained": [row for row in rows if row.step.is_followed],
    }
    return render(request, "clients/endings.html", context)


@require_POST
@requires(Perm.GUIDE)
def agree_next(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What follows a measure is agreed on before it ends."""
    by = request.member
    return write_row(
        request,
        PlanStep.objects.all(),
        pk,
        "steps",
        _("What comes next is noted. The service goes on until it ends."),
        lambda step, at, form: acts.agree_next(step, by=by, at=at, **MeasureEndForm.told(request.POST, step.plan)),
    )
