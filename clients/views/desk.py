"""My people and what is due; a contact or a look together is noted from the row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients import channels, desk
from clients.actions import reminder as acts
from clients.forms.reminder import ContactForm
from clients.models import (
    Client,
    ContactNote,
    JointSection,
    Plan,
    PlanReview,
    Responsibility,
    ResponsibilityOffer,
    StandIn,
)
from clients.views.people import not_there, of_team, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part, wants_part


@require_GET
@requires(Perm.SEE_CLIENTS)
def mine(request: MemberRequest) -> HttpResponse:
    """Offers that wait for my answer, and the people for whom I answer, the most urgent first."""
    channels.hear(request)
    return render_part(request, "clients/mine.html", "people", _context(request))


def _context(request: MemberRequest) -> dict[str, Any]:
    member, at = request.member, clock.now()
    today = clock.local_date(at)
    leaves = list(StandIn.objects.to_come(today).of_member(member).with_people())
    absent = {
        one.absent_id: one for one in leaves if one.membership_id == member.membership_id and one.from_on <= today
    }
    held = list(Responsibility.objects.visible_to(member).held_by_any([member.membership_id, *absent]).for_list())
    offers = list(ResponsibilityOffer.objects.visible_to(member).concerning(member).waiting().with_people())
    waiting = [row for row in offers if row.to_membership_id == member.membership_id]
    offered = {row.client_id: row for row in offers if row.from_membership_id == member.membership_id}
    beside = list(desk.beside(member, [row.client_id for row in held]))
    shown = {row.client_id for row in held} | {row.client_id for row in waiting}
    shown |= {row.client_id for row in beside if row.client_id}
    asked = list(JointSection.objects.visible_to(member).of_member(member).waiting().with_people())
    shown |= {part.assessment.client_id for part in asked}
    audit.seen_many("client", shown, by=member.actor, at=at, kind="mine")
    found = desk.rows_of(member, held, at=at) if held else []
    rows = [(row, offered.get(row.held.client_id), absent.get(row.held.membership_id)) for row in found]
    late = sum(row.is_late for row, _offer, _leave in rows)
    return {
        "asked": asked,
        "beside": beside,
        "today": today,
        "waiting": waiting,
        "rows": rows,
        "late": late,
        "modes": ContactNote.Mode.choices,
        "leaves": [one for one in leaves if one.absent_id == member.membership_id],
    }


@require_POST
@requires(Perm.EDIT_CLIENTS)
def note_contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I was in touch with a person."""
    person = opened(request, pk, at=clock.now(), only=of_team)
    if person is None:
        return not_there(request)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _answer(request, _("Choose how you were in touch."), status=422)

    def do(at: datetime) -> str:
        note = acts.note_contact(person, mode=form.cleaned_data["mode"], by=request.member, at=at)
        undo = reverse("clients:contact_undo", args=[note.pk])
        return f"{undo}?page=1" if "page" in request.POST else undo

    return _press(
        request, do, _("%(name)s: the contact is noted.") % {"name": person.short_name}, back=_page(request, pk)
    )


@require_POST
@requires(Perm.EDIT_CLIENTS)
def undo_contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """There was no contact after all."""
    note = get_object_or_404(ContactNote.objects.visible_to(request.member).select_related("client"), pk=pk)
    if opened(request, note.client_id, at=clock.now(), only=of_team) is None:
        return not_there(request)
    undoing, said = _undoing(acts.undo_contact, note, request), _("The contact is taken back.")
    return _press(request, undoing, said, back=_page(request, note.client_id))


def _page(request: MemberRequest, client_id: UUID) -> UUID | None:
    """The person, when the press came from their own page and goes back there."""
    return client_id if "page" in request.POST or "page" in request.GET else None


@require_POST
@requires(Perm.GUIDE)
def review(request: MemberRequest, pk: UUID, *, kind: str) -> HttpResponse:
    """The plan, or the need for support, was looked at together."""
    plan = Plan.objects.visible_to(request.member).filter(pk=pk, closed_at__isnull=True).first()
    if plan is None or _keeper(request, plan.client_id) is None:
        return not_there(request)

    def do(at: datetime) -> str:
        made = acts.note_review(plan, kind=kind, by=request.member, at=at)
        return reverse("clients:review_undo", args=[made.pk])

    return _press(request, do, _("Noted: looked at together."))


@require_POST
@requires(Perm.GUIDE)
def undo_review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It was not looked at after all."""
    plans = Plan.objects.visible_to(request.member).values("pk")
    row = get_object_or_404(PlanReview.objects.filter(plan__in=plans).select_related("plan"), pk=pk)
    if _keeper(request, row.plan.client_id) is None:
        return not_there(request)
    return _press(request, _undoing(acts.undo_review, row, request), _("The look together is taken back."))


def _keeper(request: MemberRequest, client_id: UUID) -> Client | None:
    """The person, if the member's organisation keeps the file."""
    member = request.member
    return opened(request, client_id, at=clock.now(), kind="plan", only=lambda one: one.is_kept_by(member))


def _undoing(act: Callable[..., object], row: object, request: MemberRequest) -> Callable[[datetime], str]:
    def do(at: datetime) -> str:
        act(row, by=request.member, at=at)
        return ""

    return do


def _press(
    request: MemberRequest, act: Callable[[datetime], str], said: str, *, back: UUID | None = None
) -> HttpResponse:
    """The act once, then my people as they are now or the person's page, with a way back."""
    at, undo_url = clock.now(), ""
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                undo_url = act(at)
    except Refused as refusal:
        if not wants_part(request):  # answered in one place for all pages without scripts
            raise
        return _answer(request, str(refusal), status=refusal.status)
    if back is not None:
        toast.say(request, said, undo_url=undo_url)
        return after(request, "clients:client", back)
    return _answer(request, said, undo_url=undo_url)


def _answer(request: MemberRequest, said: str, *, undo_url: str = "", status: int = 200) -> HttpResponse:
    if not wants_part(request):
        toast.say(request, said, undo_url=undo_url)
        return after(request, "clients:mine")
    shown = {**_context(request), "toast": toast.Toast(said, undo_url, "#omat"), "answered": True}
    response = render(request, "clients/mine_answer.html", shown, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
