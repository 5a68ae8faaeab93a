"""Puts the member on the request, outside the request's transaction."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from team.access import SESSION_KEY, member_of
from tyoparkki import actor


class MemberMiddleware:
    """Reads the user's memberships anew at each request, so that a withdrawn one ends at the next press."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `request.member` and the user's own language; forget the actor afterwards."""
        request.member = None  # type: ignore[attr-defined]  # MemberRequest
        if request.user.is_authenticated:
            request.member = member_of(request.user, request.session.get(SESSION_KEY))  # type: ignore[attr-defined]  # as above
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language
        try:
            return self.get_response(request)
        finally:
            actor.forget()
