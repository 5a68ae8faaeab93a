"""Who may be on file already: asked while somebody is being recorded, and looked through by those who keep the file."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from clients.forms.person import RecordForm
from clients.suspects import Suspect, suspects
from clients.suspects import pairs as pairs_of
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, submission


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
    audit.seen_many("client", shown, by=request.member.actor, at=clock.now(), kind="alike")
    context = {"pairs": found, "older": page + 1 if older else None, "page": page}
    return render(request, "clients/pairs.html", context)
