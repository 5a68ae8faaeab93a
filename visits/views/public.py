"""Today at the service point, for anybody: who is here by trade and language, how many wait, how long it takes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from team.models import ServicePoint
from tyoparkki import clock
from tyoparkki.access import public
from tyoparkki.texts import LANGUAGES
from visits import present

MOST_SECONDS = 60


@require_safe
@public("What a poster on the door says; no personal data.")
def today(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of one point; the same for every reader, so that it may be kept for a minute anywhere."""
    point = get_object_or_404(ServicePoint.objects.filter(is_active=True).select_related("municipality"), slug=slug)
    chosen = request.GET.get("kieli", "")
    language = chosen if chosen in LANGUAGES else "fi"
    with translation.override(language):
        context = {"today": present.read(point, at=clock.now()), "point": point, "language_here": language}
        response = render(request, "visits/public.html", context)
    patch_cache_control(response, public=True, max_age=MOST_SECONDS)
    request.session.accessed = False  # nothing here depends on who reads
    return response
