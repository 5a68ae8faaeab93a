"""The page for a fault of ours: it needs neither the database nor a session, and tells the error's number."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tyoparkki import actor, clock


def server_error(request: HttpRequest) -> HttpResponse:
    """500: what happened, that what was saved is safe, and what to do now."""
    number = (actor.request_id() or "").replace("-", "")[:8].upper()
    context = {"number": f"{number[:4]}-{number[4:]}" if number else "", "at": clock.local(clock.now())}
    context["demo_mode"] = settings.DEMO
    return HttpResponse(render_to_string("500.html", context), status=500)
