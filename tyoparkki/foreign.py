"""Views of other people's packages, brought under the house's rules: declared, bound, rendered in the transaction."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver

from tyoparkki.access import Access, declare
from tyoparkki.actor import PUBLIC, bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponseBase


def declared(patterns: Iterable[URLPattern | URLResolver], *, why: str) -> list[URLPattern | URLResolver]:
    """The same addresses; each view says who may open it and renders while the actor is bound."""
    found = list(patterns)
    for pattern in found:
        if isinstance(pattern, URLResolver):
            declared(pattern.url_patterns, why=why)
        elif not hasattr(pattern.callback, "access"):
            pattern.callback = _bound(pattern.callback, why)
    return found


def _bound(view: Callable[..., HttpResponseBase], why: str) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def bound(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        bind(getattr(getattr(request, "member", None), "actor", None) or PUBLIC)
        response = view(request, *args, **kwargs)
        render = getattr(response, "render", None)
        if render is not None and not getattr(response, "is_rendered", True):
            return render()  # type: ignore[no-any-return]  # a TemplateResponse returns itself
        return response

    if getattr(view, "login_required", True):
        declare(bound, Access("signed_in", why=why))
        return bound
    declare(bound, Access("public", why=why))
    return login_not_required(bound)
