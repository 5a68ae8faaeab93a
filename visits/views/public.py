"""Today at the service point, for anybody: who is here by trade and language, how many wait, how long it takes."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from team.models import ServicePoint
from tyoparkki import clock
from tyoparkki.access import public
from tyoparkki.texts import LANGUAGES
from visits import present

# Nothing on the page is older than a minute: kept here for some seconds, and then anywhere for the rest.
MOST_SECONDS, KEPT_SECONDS = 60, 5


@require_safe
@public("What a poster on the door says; no personal data.")
def today(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of one point: the same for every reader, so that it is made once in some seconds for all of them."""
    point = get_object_or_404(ServicePoint.objects.filter(is_active=True).select_related("municipality"), slug=slug)
    chosen = request.GET.get("kieli", "")
    language = chosen if chosen in LANGUAGES else "fi"
    key = f"today:{point.pk}:{language}"
    page: str | None = cache.get(key)
    if page is None:
        with translation.override(language):
            context = {"today": present.read(point, at=clock.now()), "point": point, "language_here": language}
            page = render_to_string("visits/public.html", context, request=request)
        cache.set(key, page, KEPT_SECONDS)
    response = HttpResponse(page)
    patch_cache_control(response, public=True, max_age=MOST_SECONDS - KEPT_SECONDS)
    request.session.accessed = False  # nothing here depends on who reads
    return response
