"""Whom to ask about what."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from team.access import MemberRequest, requires
from team.directory import directory_of
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.htmx import render_part


@require_GET
@requires(Perm.SEE_TEAM)
def colleagues(request: MemberRequest) -> HttpResponse:
    """Everybody of the point with trades, skills and languages; found by any of them."""
    typed = request.GET.get("q", "")
    entries = directory_of(request.member, typed, at=clock.now())
    return render_part(request, "team/colleagues.html", "entries", {"entries": entries, "q": typed})
