"""What came of it, and the follow-ups whose day has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.actions import outcome as outcomes
from clients.forms.outcome import EndForm, OutcomeForm
from clients.models import Client, FollowUp, Outcome, Responsibility
from clients.views.assessments import change_page, kept_by
from clients.views.people import not_there, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after

MOST_ROWS = 100


@require_GET
@requires(Perm.GUIDE)
def follow_ups(request: MemberRequest) -> HttpResponse:
    """Whom to ask today how it goes: one's own people first, each settled in one press."""
    member, at = request.member, clock.now()
    today = clock.local_date(at)
    due = FollowUp.objects.kept_by(member).waiting().askable(member.point_id, today).due(today)
    rows = list(due.for_list()[: MOST_ROWS + 1])
    held = Responsibility.objects.visible_to(member).held_by_any([member.membership_id])
    mine = set(held.filter(client__in=[row.client_id for row in rows]).values_list("client_id", flat=True))
    shown = rows[:MOST_ROWS]
    audit.seen_many("client", {row.client_id for row in shown}, by=member.actor, at=at, kind="follow_up")
    context = {
        "mine": [row for row in shown if row.client_id in mine],
        "others": [row for row in shown if row.client_id not in mine],
        "more": len(rows) > MOST_ROWS,
    }
    return render(request, "clients/outcome_follow_ups.html", context)


@require_POST
@requires(Perm.GUIDE)
def record(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Something came of it; it may be the answer to a follow-up."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="assessment", only=kept_by(request))
    if person is None:
        return not_there(request)
    form = OutcomeForm(request.POST, today=clock.local_date(at))
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    sending.object_id = _recorded(request, person, form, at).pk
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("clients:outcome_undo", args=[sending.object_id])
            toast.say(request, _("The outcome is recorded."), undo_url=undo)
            return after(request, "clients:assessments", pk)
    return change_page(request, person, status=422, outcome_form=form)


def _recorded(request: MemberRequest, person: Client, form: OutcomeForm, at: datetime) -> Outcome:
    data = form.cleaned_data
    told = {"since_on": data["since_on"], "known": data["known"], "answers": _asked(request, person)}
    return outcomes.record_outcome(person, data["kind"], by=request.member, at=at, **told)


def _asked(request: MemberRequest, person: Client) -> FollowUp | None:
    """The follow-up that brought the outcome up."""
    try:
        key = UUID(request.POST.get("follow_up", ""))
    except ValueError:
        return None
    return FollowUp.objects.kept_by(request.member).of_client(person.pk).filter(pk=key).first()


@require_POST
@requires(Perm.GUIDE)
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The job or the studies have ended."""
    at = clock.now()
    row = get_object_or_404(Outcome.objects.visible_to(request.member).valid(), pk=pk)
    person = opened(request, row.client_id, at=at, kind="assessment", only=kept_by(request))
    if person is None:
        return not_there(request)
    form = EndForm(request.POST, today=clock.local_date(at), outcome=row)
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    outcomes.end_outcome(row, ended_on=form.cleaned_data["ended_on"], by=request.member, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("The end is recorded."))
            return after(request, "clients:assessments", row.client_id)
    return change_page(request, person, status=422, end_form=form)


@require_POST
@requires(Perm.GUIDE)
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Taken back on the same day, by the same hand."""
    row = get_object_or_404(Outcome.objects.visible_to(request.member), pk=pk)
    if opened(request, row.client_id, at=clock.now(), kind="assessment", only=kept_by(request)) is None:
        return not_there(request)
    said = _("The outcome is taken back.")
    _press(request, said, lambda at: outcomes.undo_outcome(row, by=request.member, at=at))
    return after(request, "clients:assessments", row.client_id)


@require_POST
@requires(Perm.GUIDE)
def settle(request: MemberRequest, pk: UUID, answer: str) -> HttpResponse:
    """Asked and answered in one press: the same situation, or nobody knows."""
    row = get_object_or_404(FollowUp.objects.kept_by(request.member), pk=pk)
    if opened(request, row.client_id, at=clock.now(), kind="follow_up", only=kept_by(request)) is None:
        return not_there(request)
    undo_url = reverse("clients:follow_up_reopen", args=[pk])
    said = _("Answered: %(answer)s.") % {"answer": str(FollowUp.Answer(answer).label).lower()}
    _press(request, said, lambda at: outcomes.answer_follow_up(row, answer, by=request.member, at=at), undo_url)
    return after(request, "clients:follow_ups")


@require_POST
@requires(Perm.GUIDE)
def reopen(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo of an answer."""
    row = get_object_or_404(FollowUp.objects.kept_by(request.member), pk=pk)
    if opened(request, row.client_id, at=clock.now(), kind="follow_up", only=kept_by(request)) is None:
        return not_there(request)
    said = _("The follow-up waits for an answer again.")
    _press(request, said, lambda at: outcomes.reopen_follow_up(row, by=request.member, at=at))
    return after(request, "clients:follow_ups")


def _press(request: MemberRequest, said: str, act: Any, undo_url: str = "") -> None:
    """The act once; who came too late hears why."""
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                act(at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, said, undo_url=undo_url)
