"""One's own turn on one's own phone: number, state and an honest range; gone with the day."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tyoparkki import clock
from tyoparkki.access import public
from tyoparkki.ids import secret_hash
from tyoparkki.texts import LANGUAGES
from visits import outlook
from visits.models import VisitTurn

TEMPLATE = "visits/turn.html"


@never_cache
@require_GET
@public("Whoever holds the slip follows the own turn: a secret of 192 bits that dies with the day.")
def turn(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind the slip's code; `?osa=1` gives the part that changes."""
    at = clock.now()
    found = VisitTurn.objects.of_secret(secret_hash(secret), at=at)
    if found is None:
        raise Http404
    visit = found.visit
    language = next((one for one in (request.GET.get("kieli", ""), visit.language) if one in LANGUAGES), "fi")
    with translation.override(language):
        context = {"visit": visit, "outlook": outlook.of(visit, at=at), "language_here": language}
        name = f"{TEMPLATE}#part" if request.GET.get("osa") else TEMPLATE
        response = render(request, name, context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
