"""The door of the site, and the pages that everybody may read."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from team.access import MemberRequest, requires
from team.models import ServicePoint
from team.permissions import Perm
from tyoparkki.access import public
from tyoparkki.names import name_key

# When the screens were last assessed against the law's requirements; the statement says it.
ASSESSED_ON = date(2026, 11, 22)


@require_GET
@requires(Perm.SIGNED_IN)
def home(request: MemberRequest) -> HttpResponse:
    """To the desk, or to the roster for those who do not see the queue."""
    name = "visits:desk" if request.member.may(Perm.SEE_DESK) else "team:roster"
    try:
        return HttpResponseRedirect(reverse(name))
    except NoReverseMatch:
        return HttpResponseRedirect(reverse("team:roster"))


@require_GET
@public("Everybody may know what is done with their data.")
def privacy(request: HttpRequest) -> HttpResponse:
    """Privacy in plain words."""
    return render(request, "team/privacy.html", {"points": _points(), "identity_codes": settings.IDENTITY_CODES})


@require_GET
@public("The law asks for the accessibility statement on every page.")
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the service is, and how to tell of faults."""
    return render(request, "team/accessibility.html", {"points": _points(), "assessed_on": ASSESSED_ON})


def _points() -> list[ServicePoint]:
    """The service points with those who keep them: whom a visitor turns to."""
    points = ServicePoint.objects.filter(is_active=True).select_related("organisation").order_by("slug", "pk")
    return sorted(points, key=lambda point: name_key(point.name))
