"""Who answers for a person: the presses of the panel on the person's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients import responsible
from clients.actions import responsibility as acts
from clients.forms.responsibility import OfferForm, ReasonForm, ReleaseForm
from clients.models import Client, ResponsibilityOffer
from clients.views.people import not_there, of_team, opened, page_of, shares_of
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, wants_part


@require_POST
@requires(Perm.EDIT_CLIENTS)
def take(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I begin to answer for a person for whom nobody answers."""
    person = person_of(request, pk)
    if person is None:
        return not_there(request)
    return press(
        request,
        person,
        lambda at: acts.take(person, by=request.member, at=at),
        _("You are now the responsible person."),
    )


@require_POST
@requires(Perm.EDIT_CLIENTS)
def offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I ask a colleague to take over; I go on until the colleague accepts."""
    person = person_of(request, pk)
    if person is None:
        return not_there(request)
    form = OfferForm(request.POST, colleagues=responsible.colleagues(request.member))
    if not form.is_valid():
        return again(request, person, offer_form=form)
    to, reason = form.cleaned_data["colleague"], form.cleaned_data["reason"]
    return press(
        request,
        person,
        lambda at: acts.offer(person, to, by=request.member, at=at, reason=reason),
        _("Offered to %(name)s. You are responsible until the offer is accepted.") % {"name": to.user.name},
    )


@require_POST
@requires(Perm.EDIT_CLIENTS)
def release(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Nobody needs to answer for the person any more; the reason says why."""
    person = person_of(request, pk)
    if person is None:
        return not_there(request)
    form = ReleaseForm(request.POST, auto_id="release_%s")
    if not form.is_valid():
        return again(request, person, release_form=form)
    told = form.cleaned_data
    return press(
        request,
        person,
        lambda at: acts.release(person, by=request.member, at=at, **told),
        _("The responsibility has ended. The reason is kept."),
    )


@require_POST
@requires(Perm.EDIT_CLIENTS)
def meeting(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The three have met."""
    return _answer(request, pk, acts.note_meeting, _("The meeting is noted."))


@require_POST
@requires(Perm.EDIT_CLIENTS)
def accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I answer for the person from now on."""
    return _answer(request, pk, acts.accept, _("You are now the responsible person."))


@require_POST
@requires(Perm.EDIT_CLIENTS)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I take my offer back and go on."""
    return _answer(request, pk, acts.withdraw_offer, _("The offer is withdrawn. You are still responsible."))


@require_POST
@requires(Perm.EDIT_CLIENTS)
def decline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I cannot take over; the reason says why."""
    row, person = _offered(request, pk)
    if person is None:
        return not_there(request)
    form = ReasonForm(request.POST, auto_id="decline_%s")
    if not form.is_valid():
        return again(request, person, decline_form=form)
    reason = form.cleaned_data["reason"]
    text = _("Declined. %(name)s is still responsible.") % {"name": row.from_membership.user.name}
    return press(request, person, lambda at: acts.decline(row, by=request.member, at=at, reason=reason), text)


def person_of(request: MemberRequest, pk: UUID) -> Client | None:
    """The person, if the member's team may record them."""
    return opened(request, pk, at=clock.now(), only=of_team)


def _offered(request: MemberRequest, pk: UUID) -> tuple[ResponsibilityOffer, Client | None]:
    """An offer with its person."""
    row = get_object_or_404(ResponsibilityOffer.objects.visible_to(request.member).with_people(), pk=pk)
    return row, person_of(request, row.client_id)


def _answer(request: MemberRequest, pk: UUID, act: Callable[..., object], said: str) -> HttpResponse:
    row, person = _offered(request, pk)
    if person is None:
        return not_there(request)
    return press(request, person, lambda at: act(row, by=request.member, at=at), said)


def press(request: MemberRequest, person: Client, act: Callable[[datetime], object], said: str) -> HttpResponse:
    """The act once, then the panel as it is now; who came too late hears who did what, and keeps what was typed."""
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                act(at)
    except Refused as refusal:
        if not wants_part(request):  # answered in one place for all pages without scripts
            raise
        fresh = responsible.panel(request.member, person, unsaved=request.POST.get("reason", ""))
        return _part(request, person, fresh, said=str(refusal), status=refusal.status)
    if not wants_part(request):
        toast.say(request, said)
        return after(request, "clients:client", person.pk)
    return _part(request, person, responsible.panel(request.member, person), said=said)


def again(request: MemberRequest, person: Client, **forms: Any) -> HttpResponse:
    """Something is missing: the panel, or without scripts the page, with what was typed still in it.

    Where the form has no place any more, the panel as it is now holds what was typed.
    """
    fresh, said = responsible.panel(request.member, person, **forms), ""
    if fresh and not any(getattr(fresh, name) for name in forms):
        fresh = replace(fresh, unsaved=request.POST.get("reason", ""))
        said = _("This changed while you were writing. The page shows how it is now.")
    if wants_part(request):
        return _part(request, person, fresh, said=said, status=422)
    shown = page_of(request, person, panel=fresh) | {"toast": toast.Toast(said) if said else None}
    return render(request, "clients/client.html", shown, status=422)


def _part(
    request: MemberRequest, person: Client, panel: responsible.Panel | None, *, said: str = "", status: int = 200
) -> HttpResponse:
    shown = {
        "client": person,
        "answering": panel,
        "shares": shares_of(request.member, person),
        "toast": toast.Toast(said) if said else None,
        "answered": True,
    }
    response = render(request, "clients/responsibility_answer.html", shown, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
