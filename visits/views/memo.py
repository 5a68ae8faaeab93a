"""The slip for the visitor: one page to print, in the visitor's own language."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from team.access import MemberRequest, requires
from team.permissions import Perm
from visits import memo
from visits.views import visit_parts as parts
from visits.visit_page import VisitPage


@require_GET
@requires(Perm.GUIDE)
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What was agreed, with whom, where and by when; nothing of what was spoken of."""
    page = parts.readable(request, pk, kind="slip")
    parts.looked_at(page, kind="slip")
    language = memo.language_of(page, request.GET.get("kieli", ""))
    slip = memo.read(page, language=language, absolute=request.build_absolute_uri)
    missing = "" if page.visit.language in memo.LANGUAGES else _missing(page)
    with translation.override(language):
        return render(
            request, "visits/memo.html", {"page": page, "memo": slip, "languages": memo.LANGUAGES, "missing": missing}
        )


def _missing(page: VisitPage) -> str:
    """To whoever prints, in their own language: the visitor's language has no slip yet."""
    said = _("There is no slip in this language yet: %(language)s. Choose one that the visitor reads.")
    return said % {"language": page.language}
