"""The number on paper: as wide as the printer's roll, or on a sheet."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, pictures
from tyoparkki.htmx import after
from tyoparkki.texts import LANGUAGES
from visits import board
from visits.actions import turn as turns
from visits.models import Visit

SIZES = {"58": "58 mm", "80": "80 mm", "a4": "A4"}
COOKIE, COOKIE_SECONDS = "tp_slip", 400 * 24 * 60 * 60


@require_http_methods(["GET", "POST"])
@requires(Perm.LOG_ARRIVAL)
def give(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The visitor gets a slip: the turn behind its code is made, and the slip shown. Printing again gives the same.

    Who signs in first, in the tab that the press opened, comes here by GET: to the slip, and nothing is made.
    """
    at = clock.now()
    visit = get_object_or_404(Visit.objects.visible_to(request.member).select_related("day"), pk=pk)
    if request.method == "POST":
        turns.give_turn(visit, by=request.member, at=at)
    return after(request, "visits:slip", pk)


@never_cache
@require_GET
@requires(Perm.LOG_ARRIVAL)
def slip(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The slip of one visit, with its code once it has been given. The width is remembered by this device."""
    at = clock.now()
    visit = get_object_or_404(Visit.objects.visible_to(request.member).select_related("point", "day"), pk=pk)
    size = next((one for one in (request.GET.get("koko"), request.COOKIES.get(COOKIE)) if one in SIZES), "80")
    language = visit.language if visit.language in LANGUAGES else "fi"
    secret = turns.turn_of(visit, at=at)
    with translation.override(language):
        address = request.build_absolute_uri(reverse("visits:turn", args=[secret])) if secret else ""
        context = {
            "visit": visit,
            "size": size,
            "sizes": SIZES,
            "language_here": language,
            "wait": board.read(visit.point, at=at).wait_of(visit.ticket),
            "picture": pictures.qr(address) if address else "",
        }
        response = render(request, "visits/slip.html", context)
    response["Referrer-Policy"] = "no-referrer"
    if request.GET.get("koko") in SIZES:
        _remember(response, size)
    return response


def _remember(response: HttpResponse, size: str) -> None:
    response.set_cookie(
        COOKIE,
        size,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
