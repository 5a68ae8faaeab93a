"""What who leads a point sees of contacts that were lost: how long and who answers, never whose; and the terms."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients import cases
from clients.actions import referral_clock
from clients.actions import reminder as acts
from clients.forms.reminder import TermsForm
from clients.load import loads
from clients.models import Reminder
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.htmx import after


@require_GET
@requires(Perm.EDIT_ROSTER)
def lost(request: MemberRequest) -> HttpResponse:
    """Contacts that have been lost for long, and the terms of the point."""
    return _page(request)


@require_POST
@requires(Perm.EDIT_ROSTER)
def set_terms(request: MemberRequest) -> HttpResponse:
    """The point keeps terms of its own."""
    at, form = clock.now(), TermsForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            acts.set_terms(form.cleaned_data, by=request.member, at=at)
    toast.say(request, _("Saved. The next night counts by these terms."))
    return after(request, "clients:lost")


def _terms_of(point_id: UUID) -> dict[str, int]:
    return TermsForm.initial_of(cases.terms_of(point_id), referral_clock.patience_of(point_id))


def _page(request: MemberRequest, form: TermsForm | None = None) -> HttpResponse:
    today = clock.local_date(clock.now())
    told = Reminder.objects.visible_to(request.member).open().for_manager()
    rows = told.of_kind(Reminder.Kind.LONG_LOST)
    context = {
        "stuck": told.of_kind(Reminder.Kind.REFERRAL_STUCK).count(),
        "rows": [(row, (today - clock.local_date(row.since_at)).days) for row in rows],
        "loads": loads(request.member),
        "form": form or TermsForm(initial=_terms_of(request.member.point_id)),
    }
    return render(request, "clients/lost.html", context, status=422 if form else 200)
