"""Consents: given with the words on the screen, withdrawn in one press, given again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.forms.consent import ConsentForm, ShareForm
from clients.models import Client, Consent, ConsentText, HandoverSession
from clients.models.consent import Purpose
from clients.views import handover
from clients.views.people import not_there, of_team, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, codes, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_CLIENTS)
def give(request: MemberRequest, pk: UUID, purpose: str) -> HttpResponse:
    """The words to read together, and the yes."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="consent", only=of_team)
    if person is None:
        return not_there(request)
    form = _form(request, purpose)
    if request.method == "POST" and form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                offer = _pressed(request, form, person, purpose, at) if sending.first else None
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if offer is not None:
                return handover.offered(request, offer, person=person)
            shown = _("The code was shown already. Ask for a new one.")
            toast.say(request, shown if form.on_tablet else _("The consent is recorded."))
            return after(request, "clients:client", pk)
    return _words(request, form, person, purpose)


def _pressed(
    request: MemberRequest, form: ConsentForm, person: Client, purpose: str, at: datetime
) -> codes.Offer[HandoverSession] | None:
    """The yes is recorded; or, when the person answers on the tablet, a turn at it is opened."""
    data = form.cleaned_data
    told = {"organisation": data.get("organisation"), "contents": data.get("contents", ())}
    if not form.on_tablet:
        by, team = request.member, data.get("team")
        consents.give_consent(person, by=by, at=at, purpose=purpose, given=form.given(), team=team, **told)
        return None
    given = form.given()
    return handovers.open_session(
        person, asks=[purpose], by=request.member, at=at, language=given.language, until=given.expires_on, **told
    )


def _form(request: MemberRequest, purpose: str) -> ConsentForm:
    if purpose == Purpose.SHARE:
        own, here = request.member.organisation_id, request.member.point_id
        return ShareForm(request.POST or None, own=own, here=here)
    return ConsentForm(request.POST or None)


def _words(request: MemberRequest, form: ConsentForm, person: Client, purpose: str) -> HttpResponse:
    texts = list(ConsentText.objects.current().filter(purpose=purpose))
    context = {"form": form, "client": person, "purpose": purpose, "texts": texts, "label": Purpose(purpose).label}
    return render(request, "clients/consent.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def renew(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person agrees to be recorded for a month more, in one press."""
    at = clock.now()
    consent = get_object_or_404(Consent.objects.visible_to(request.member), pk=pk)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                consents.renew_short(consent, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, _("The consent holds for a month more."))
    return after(request, "clients:client", consent.client_id)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person takes a yes back, in one press; the file may close with it."""
    at = clock.now()
    mine = Consent.objects.withdrawn_by_member(request.member, since=consents.undo_since(at))
    consent = get_object_or_404(Consent.objects.visible_to(request.member) | mine, pk=pk)
    undo = reverse("clients:give_again", args=[pk])
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                consents.withdraw_consent(consent, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, _("The consent is withdrawn and no longer holds."), undo_url=undo)
    if Client.objects.visible_to(request.member).filter(pk=consent.client_id).exists():
        return after(request, "clients:client", consent.client_id)
    return render(request, "clients/closed.html", {"undo_url": undo})


@require_POST
@requires(Perm.EDIT_CLIENTS)
def give_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo of a withdrawal: by the same hand, on the same day."""
    at = clock.now()
    mine = Consent.objects.withdrawn_by_member(request.member, since=consents.undo_since(at))
    consent = get_object_or_404(mine, pk=pk)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                consents.give_again(consent, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, _("The consent holds again."))
    if Client.objects.visible_to(request.member).filter(pk=consent.client_id).exists():
        return after(request, "clients:client", consent.client_id)
    return after(request, "clients:search")
