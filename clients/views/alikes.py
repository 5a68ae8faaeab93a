"""Who may be on file already: asked while somebody is being recorded, and looked through by those who keep the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.actions import not_same as acts
from clients.forms.person import RecordForm
from clients.suspects import Suspect, suspects, told_apart
from clients.suspects import pairs as pairs_of
from clients.views.merges import both_kept
from clients.views.people import not_there
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@require_POST
@requires(Perm.EDIT_CLIENTS)
def alike(request: MemberRequest) -> HttpResponse:
    """Who on file may be the person that is being typed."""
    form = RecordForm(request.POST)
    hits = _shown(request, form, at=clock.now())
    return render(request, "clients/_alike.html", {"alike": hits, "asks": False, "form": form})


def to_ask(request: MemberRequest, form: RecordForm, *, at: datetime) -> list[Suspect]:
    """Whom to ask about before recording; nobody when the question has been answered, or the form sent before."""
    if form.cleaned_data["is_another"] or form.cleaned_data["handover"] or submission.was_sent(request):
        return []
    return _shown(request, form, at=at)


def _shown(request: MemberRequest, form: RecordForm, *, at: datetime) -> list[Suspect]:
    hits = suspects(request.member, form.facts())
    audit.seen_many("client", [hit.client.pk for hit in hits], by=request.member.actor, at=at, kind="alike")
    return hits


@require_GET
@requires(Perm.EDIT_CLIENTS)
def pairs(request: MemberRequest) -> HttpResponse:
    """Files that may be of one person, from the newest on."""
    text = request.GET.get("sivu", "")
    page = int(text) if text.isdecimal() and len(text) < 6 else 0
    found, older = pairs_of(request.member, page=page)
    shown = {one.pk for pair in found for one in (pair.one, pair.other)}
    apart = told_apart(request.member) if page == 0 else []
    shown |= {one.pk for pair in apart for one in (pair.one, pair.other)}
    audit.seen_many("client", shown, by=request.member.actor, at=clock.now(), kind="alike")
    context = {"pairs": found, "older": page + 1 if older else None, "page": page, "apart": apart}
    return render(request, "clients/pairs.html", context)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def not_same(request: MemberRequest, pk: UUID, other: UUID) -> HttpResponse:
    """These two files are of two people: the pair leaves the list."""
    undo_url = reverse("clients:not_same_undo", args=[pk, other])
    return _told(request, pk, other, acts.tell_apart, _("Marked as two people."), undo_url=undo_url)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def not_same_undo(request: MemberRequest, pk: UUID, other: UUID) -> HttpResponse:
    """They may be of one person after all: the pair is looked at again."""
    return _told(request, pk, other, acts.undo_tell_apart, _("The pair is looked at again."))


def _told(
    request: MemberRequest, pk: UUID, other: UUID, act: Callable[..., None], words: str, *, undo_url: str = ""
) -> HttpResponse:
    at = clock.now()
    one, beside = both_kept(request, pk, other, at)
    if one is None or beside is None:
        return not_there(request)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                act(one, beside, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, words, undo_url=undo_url)
    return after(request, "clients:pairs")
