"""What who leads a point sees of contacts that were lost: how long and who answers, never whose; and the terms."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients import cases, responsible
from clients.actions import assigning, referral_clock
from clients.actions import promise as promises
from clients.actions import reminder as acts
from clients.endings import by_colleague
from clients.forms.reminder import AssignForm, PromiseForm, TermsForm
from clients.load import in_nobodys_hands, loads
from clients.models import PointPromise, Reminder
from team.access import MemberRequest, requires
from team.models import Membership
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
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


@require_POST
@requires(Perm.EDIT_ROSTER)
def add_promise(request: MemberRequest) -> HttpResponse:
    """The point makes a promise of its own to people."""
    at, form = clock.now(), PromiseForm(request.POST, auto_id="promise_%s")
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    promises.add_promise(**form.told(), by=request.member, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _page(request, promise_form=form)
    toast.say(request, _("The promise is made. It is counted from the next start on."))
    return after(request, "clients:lost")


@require_POST
@requires(Perm.EDIT_ROSTER)
def end_promise(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The promise is made to nobody any more."""
    row, at = get_object_or_404(PointPromise.objects.visible_to(request.member), pk=pk), clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            promises.end_promise(row, by=request.member, at=at)
    toast.say(request, _("The promise has ended. What was kept stays in the figures."))
    return after(request, "clients:lost")


@require_POST
@requires(Perm.EDIT_ROSTER)
def assign(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another colleague answers for the person with whom contact was lost; who the person is, is not said."""
    told = Reminder.objects.visible_to(request.member).for_manager().of_kind(Reminder.Kind.LONG_LOST)
    row, at = get_object_or_404(told, pk=pk), clock.now()
    form = AssignForm(request.POST, colleagues=responsible.team(request.member), auto_id=f"assign_{row.pk}_%s")
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    assigning.assign(row, form.cleaned_data["colleague"], by=request.member, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _page(request, assigned=(row.pk, form))
    toast.say(request, _("%(name)s answers from now on.") % {"name": form.cleaned_data["colleague"].user.name})
    return after(request, "clients:lost")


def _page(
    request: MemberRequest,
    form: TermsForm | None = None,
    *,
    promise_form: PromiseForm | None = None,
    assigned: tuple[UUID, AssignForm] | None = None,
) -> HttpResponse:
    """The page as it is now, with a form as it was sent."""
    today = clock.local_date(clock.now())
    told = Reminder.objects.visible_to(request.member).open().for_manager()
    rows, colleagues = list(told.of_kind(Reminder.Kind.LONG_LOST)), responsible.team(request.member)
    sent = dict([assigned]) if assigned else {}
    context = {
        "stuck": told.of_kind(Reminder.Kind.REFERRAL_STUCK).count(),
        "standing": told.of_kind(Reminder.Kind.REFERRAL_STANDS).count(),
        "rows": [
            (
                row,
                (today - clock.local_date(row.since_at)).days,
                sent.get(row.pk) or AssignForm(colleagues=_others(colleagues, row), auto_id=f"assign_{row.pk}_%s"),
            )
            for row in rows
        ],
        "promises": list(PointPromise.objects.visible_to(request.member).running()),
        "promise_form": promise_form or PromiseForm(auto_id="promise_%s"),
        "ahead": by_colleague(request.member, today=today),
        "loads": (told_loads := loads(request.member)),
        "leaving": in_nobodys_hands(told_loads, today=today),
        "form": form or TermsForm(initial=_terms_of(request.member.point_id)),
    }
    return render(request, "clients/lost.html", context, status=422 if form or promise_form or assigned else 200)


def _others(colleagues: list[Membership], row: Reminder) -> list[Membership]:
    """Everybody of the team but the one who answers now."""
    return [one for one in colleagues if one.pk != row.membership_id]
