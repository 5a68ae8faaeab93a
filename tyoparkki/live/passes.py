"""Who may hear what: a short-lived signed cookie that only the live channel ever receives."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from tyoparkki.actor import Actor

COOKIE = "tp_live"
PATH = "/live/"
LIFETIME = 600
MOST_TOPICS = 20
_HEARD = "tyoparkki.live.heard"
_SALT = "tyoparkki.live.pass"
_TOPIC = re.compile(r"^[a-z]{2,20}:[0-9a-f-]{36}$")

Response = TypeVar("Response", bound=HttpResponseBase)
Authoriser = Callable[[HttpRequest, str], Actor | None]
_authorisers: dict[str, Authoriser] = {}


@dataclass(frozen=True, slots=True)
class Pass:
    """The right of one subject to hear of some topics until a moment (seconds since the epoch)."""

    subject: str
    topics: tuple[str, ...]
    issued: float
    expires: float


def subject_of(actor: Actor) -> str:
    """Whose channel it is, as `revoke` names it: a user, a device, or nobody in particular."""
    if actor.user_id:
        return f"user:{actor.user_id}"
    return f"device:{actor.device_id}" if actor.device_id else actor.kind


def grant(response: Response, *, subject: str, topics: Iterable[str]) -> Response:
    """Let the reader of this answer hear of the topics for ten minutes; call it where the topics may be seen."""
    now = time.time()
    chosen = sorted(set(topics))[:MOST_TOPICS]
    value = signing.dumps({"s": subject, "t": chosen, "i": now, "e": now + LIFETIME}, salt=_SALT, compress=True)
    response.set_cookie(
        COOKIE,
        value,
        max_age=LIFETIME,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def hears(request: HttpRequest, *, by: Actor, topics: Iterable[str]) -> None:
    """The page that answers this request shall hear of the topics, which the actor may; a view that grants by itself
    needs no such word."""
    request.META[_HEARD] = (subject_of(by), {*request.META.get(_HEARD, ("", ()))[1], *topics})


def grant_heard(request: HttpRequest, response: HttpResponseBase) -> None:
    """The pass for what was said by `hears` while the request was answered."""
    if (heard := request.META.get(_HEARD)) and COOKIE not in response.cookies:
        grant(response, subject=heard[0], topics=heard[1])


def read(cookie_header: str) -> Pass | None:
    """The pass in a request's cookies, if it is ours and still holds."""
    try:
        morsel = SimpleCookie(cookie_header).get(COOKIE)
        data = signing.loads(morsel.value, salt=_SALT) if morsel else None
    except (CookieError, signing.BadSignature):
        return None
    if data is None or data["e"] <= time.time():
        return None
    return Pass(data["s"], tuple(data["t"]), data["i"], data["e"])


def authoriser(kind: str) -> Callable[[Authoriser], Authoriser]:
    """Register who may hear of topics of a kind: a function of the request and the object's id that answers with
    the actor who may hear, or None. It binds that actor before it asks the database."""

    def register(function: Authoriser) -> Authoriser:
        _authorisers[kind] = function
        return function

    return register


def allowed(request: HttpRequest, topics: Iterable[str]) -> tuple[Actor | None, list[str]]:
    """Those of the wished topics that may be heard, and by whom; anything unknown or foreign is left out."""
    heard = []
    by = None
    for topic in sorted(set(topics))[:MOST_TOPICS]:
        kind, _, object_id = topic.partition(":")
        may_hear = _authorisers.get(kind) if _TOPIC.match(topic) else None
        actor = may_hear(request, object_id) if may_hear else None
        if actor is not None and by in {None, actor}:
            by = actor
            heard.append(topic)
    return by, heard
