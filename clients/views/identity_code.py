"""A person's identity code, where the site has turned it on: recorded, shown once for a reason, taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clients import identity
from clients.actions import identity_code as codes
from clients.forms.identity_code import IdentityCodeForm, ReasonForm
from clients.models import Client, IdentityCode
from clients.views.people import not_there, opened, page_of
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


def _opened(request: MemberRequest, pk: UUID, at: datetime, *, kind: str) -> Client | None:
    """The person, where the site records codes and this member's organisation keeps the file."""
    return opened(request, pk, at=at, kind=kind, only=lambda person: identity.shows(person, request.member))


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_CLIENTS)
def record(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Record the code, or another in its place; one that is there already is not shown."""
    at = clock.now()
    person = _opened(request, pk, at, kind="edit")
    if person is None:
        return not_there(request)
    form, other = IdentityCodeForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    codes.keep_code(person, form.cleaned_data["code"], by=request.member, at=at)
        except codes.OnAnotherFile as refusal:
            form.add_error("code", str(refusal))
            other = _alike(request, refusal.person, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("The identity code is recorded."))
            return after(request, "clients:client", pk)
    held = IdentityCode.objects.visible_to(request.member).standing().of_client(pk).exists()
    context = {"client": person, "form": form, "is_recorded": held, "other": other}
    return render(request, "clients/identity_code.html", context, status=422 if form.errors else 200)


def _alike(request: MemberRequest, person: Client, at: datetime) -> Client | None:
    """The file that has the code, if this member may know of it: being shown is a look."""
    other = Client.objects.visible_to(request.member).filter(pk=person.pk).first()
    if other is not None:
        audit.seen("client", other.pk, by=request.member.actor, at=at, kind="alike")
    return other


@never_cache
@require_POST
@requires(Perm.EDIT_CLIENTS)
def reveal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the code once, for a reason; the trace keeps both."""
    at = clock.now()
    person = _opened(request, pk, at, kind="identity")
    if person is None:
        return not_there(request)
    form, code = ReasonForm(request.POST), ""
    if form.is_valid():
        try:
            code = codes.show_code(person, reason=form.cleaned_data["reason"], by=request.member, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = page_of(request, person, code_form=form, code=code)
    return render(request, "clients/client.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It is no longer needed, or was somebody else's."""
    undo = reverse("clients:identity_restore", args=[pk])
    return _press(request, pk, _("The identity code is taken away."), codes.remove_code, undo_url=undo)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def restore(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo of taking away."""
    return _press(request, pk, _("The identity code is recorded again."), codes.restore_code)


def _press(
    request: MemberRequest, pk: UUID, said: str, act: Callable[..., object], *, undo_url: str = ""
) -> HttpResponse:
    at = clock.now()
    person = _opened(request, pk, at, kind="edit")
    if person is None:
        return not_there(request)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                act(person, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, said, undo_url=undo_url)
    return after(request, "clients:client", pk)
