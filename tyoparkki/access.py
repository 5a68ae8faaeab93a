"""Every view declares who may open it; a view that declares nothing is refused by a test and by the middleware."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase

from tyoparkki.actor import PUBLIC, bind

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks of its visitor: `public`, `member` (with permissions), `device` or `link` (of a kind) or
    `signed_in`."""

    kind: str
    permissions: tuple[str, ...] = ()
    why: str = ""


def declare(view: Callable[..., Any], access: Access) -> None:
    """Write the declaration on the view, where the matrix and the tests read it."""
    view.access = access  # type: ignore[attr-defined]  # functions carry their declaration


def in_place_of(view: View, bound: Callable[..., Any], access: Access, *, signed_in: bool = False) -> View:
    """`bound` with its declaration, in place of `view`, which it wraps; open without a sign-in unless `signed_in`."""
    declare(bound, access)
    return cast("View", bound if signed_in else login_not_required(bound))


def public(why: str) -> Callable[[View], View]:
    """A page that anybody may open; the reason is part of the access matrix."""

    def decorate(view: View) -> View:
        @wraps(view)
        def bound(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            bind(getattr(request, "actor", None) or PUBLIC)
            return view(request, *args, **kwargs)

        return in_place_of(view, bound, Access("public", why=why))

    return decorate


def without_database(why: str) -> Callable[[View], View]:
    """A public page that must answer while the database is down, so nothing is bound."""

    def decorate(view: View) -> View:
        declare(view, Access("public", why=why))
        return login_not_required(view)

    return decorate
