"""Puts the member on the request, outside the request's transaction."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import translation

from team.access import SESSION_KEY, member_of, memberships_of
from tyoparkki import actor


class MemberMiddleware:
    """Reads the user's memberships anew at each request, so that a withdrawn one ends at the next press."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `request.member` and the user's own language; forget the actor afterwards."""
        request.member = None  # type: ignore[attr-defined]  # MemberRequest
        if request.user.is_authenticated:
            # To choose a role one comes in by any that holds.
            chosen = None if request.path == reverse("team:act_as") else request.session.get(SESSION_KEY)
            request.member = member_of(request.user, chosen)  # type: ignore[attr-defined]  # as above
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language
        try:
            response = self.get_response(request)
        finally:
            actor.forget()
        return _ask_to_sign_in(request, response)


def _ask_to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A part asked for without a session answers 401: the page opens its sign-in dialog and nothing typed is lost."""
    lost = request.headers.get("HX-Request") and not request.user.is_authenticated and response.status_code == 302
    if lost and response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL)):
        return HttpResponse(status=401)
    return response


class GateMiddleware:
    """Two things come before any work: a password of one's own, and a role of one's own choice that holds today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The gate stands before the view, not here."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead to the password page, or say kindly that the role has ended or none is in force."""
        user = request.user
        access = getattr(view, "access", None)
        if not user.is_authenticated or access is None or access.kind != "member":
            return None
        if user.must_change_password:
            address = reverse("account_change_password")
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": address})
            return HttpResponseRedirect(address)
        if getattr(request, "member", None) is None:
            roles = memberships_of(user)
            if roles and request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": reverse("team:home")})
            return render(request, "team/no_membership.html", {"roles": roles}, status=403)
        return None
