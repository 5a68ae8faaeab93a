"""The door of one-time links: who holds one sees what it opens; every other secret meets one and the same page.

Ended, run out, mistyped, for something else, or resting on a consent that was taken back: nobody is told which.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from clients.actions import link as links
from clients.actions.link import LinkHolder
from clients.models import Link
from tyoparkki import clock
from tyoparkki.access import Access, in_place_of
from tyoparkki.actor import PUBLIC, Actor, bind
from tyoparkki.texts import LANGUAGES

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Response = TypeVar("Response", bound=HttpResponseBase)

# Wrong secrets from one address; a whole organisation may sit behind it.
GUESSES = {"app": "clients", "action": "link", "config": {"link": "60/10m/ip"}, "limit_get": True}


class LinkRequest(HttpRequest):
    """A request by a one-time link: what a view behind `by_link` receives."""

    link: Link
    holder: LinkHolder


def by_link(kind: str) -> Callable[[View], View]:
    """The view is for whoever holds a link of a kind; its first argument is the secret, and it sees `request.link`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def bound(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            bind(PUBLIC)
            link_id = None
            if may_try := ratelimit.consume(request, dry_run=True, **GUESSES):
                link_id = links.opened_by(token, kind=kind, at=clock.now())
            if link_id is None:
                if may_try:
                    ratelimit.consume(request, **GUESSES)
                return kept_secret(nothing_here(request, status=404 if may_try else 429))
            bind(Actor("link", link_id=link_id))
            rows = Link.objects.select_related("referral__organisation", "referral__service", "client")
            request.link = rows.get(pk=link_id)
            request.holder = LinkHolder(request.link)
            bind(request.holder.actor)
            return kept_secret(view(request, token, *args, **kwargs))

        return in_place_of(view, bound, Access("link", (kind,)))

    return decorate


def nothing_here(request: HttpRequest, *, status: int = 404) -> HttpResponse:
    """The page of every link that opens nothing, in three languages: what it means and what to do."""
    return render(request, "clients/link_over.html", {"languages": LANGUAGES}, status=status)


def kept_secret(response: Response) -> Response:
    """The address is the secret: no cache keeps the page, no other address hears it, no search finds it.

    "strict-origin", not "no-referrer": with the latter a browser calls the form's own origin "null", which the guard
    against forged forms refuses. Either way the path goes nowhere.
    """
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
