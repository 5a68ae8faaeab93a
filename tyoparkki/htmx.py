"""Answers to htmx: the server picks the part, and only for a request that asks for a part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Whether the browser swaps a part of the page: an htmx request, neither boosted nor a restore of history."""
    details = getattr(request, "htmx", None)
    return details is not None and bool(details) and not (details.boosted or details.history_restore_request)


def render_part(
    request: HttpRequest, template: str, part: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The whole page, or only its named part for htmx. Always rendered here, inside the request's transaction."""
    name = f"{template}#{part}" if wants_part(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def after(request: HttpRequest, to: str, *args: Any, part: HttpResponse | None = None, **kwargs: Any) -> HttpResponse:
    """After a change: the changed part for htmx, or the way back to the page (303; a header for htmx)."""
    if part is not None and wants_part(request):
        patch_vary_headers(part, ["HX-Request"])
        return part
    if wants_part(request):  # following the redirect, htmx would put a whole page into the part
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to, *args, **kwargs)})
    response = HttpResponseRedirect(resolve_url(to, *args, **kwargs))
    response.status_code = 303
    return response
