"""The slip for the visitor: one page to print, in the visitor's own language."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from clients.views.people import not_there
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock
from visits import memo, visit_page
from visits.views import visit_parts as parts


@require_GET
@requires(Perm.GUIDE)
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What was agreed, with whom, where and by when; nothing of what was spoken of."""
    at = clock.now()
    page = visit_page.opened(request.member, pk, at=at)
    if page is None:
        audit.seen("guidance", pk, by=request.member.actor, at=at, kind="slip", outcome="denied")
        return not_there(request)
    parts.looked_at(page, kind="slip")
    language = memo.language_of(page, request.GET.get("kieli", ""))
    slip = memo.read(page, language=language, absolute=request.build_absolute_uri)
    with translation.override(language):
        return render(request, "visits/memo.html", {"page": page, "memo": slip, "languages": memo.LANGUAGES})
