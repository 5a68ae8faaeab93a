"""The waiting board: a page that hangs on a wall for months, and its one part."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from team.access import DeviceOrMemberRequest, requires_device
from team.models import DeviceKind, ServicePoint
from team.permissions import Perm
from tyoparkki import actor, clock, live
from tyoparkki.headers import PERMISSIONS_POLICY
from visits import board

TEMPLATE = "visits/board.html"
FRAGMENT_SECONDS = 90


@never_cache
@require_GET
@requires_device(DeviceKind.BOARD, or_member=Perm.SEE_DESK)
def show(request: DeviceOrMemberRequest) -> HttpResponse:
    """The whole board."""
    point = _point(request)
    with translation.override(_language(point)):
        response = render(request, TEMPLATE, _context(point))
    # The chime may sound by itself: nobody stands by a wall to press a button first.
    response["Permissions-Policy"] = PERMISSIONS_POLICY.replace("autoplay=()", "autoplay=(self)")
    return _heard(response, point)


@never_cache
@require_GET
@requires_device(DeviceKind.BOARD, or_member=Perm.SEE_DESK)
def part(request: DeviceOrMemberRequest) -> HttpResponse:
    """What changes on the board: made once for a point and a version, however many boards ask for it."""
    point = _point(request)
    version = request.GET.get("v", "")
    key = f"board:{point.pk}:{version}:{clock.local(clock.now()):%H%M}" if _is_committed(version) else ""
    found = cache.get(key) if key else None
    if found is None:
        with translation.override(_language(point)):
            found = render(request, f"{TEMPLATE}#part", _context(point)).content.decode()
        if key:
            cache.set(key, found, FRAGMENT_SECONDS)
    return _heard(HttpResponse(SafeString(found)), point)


def _context(point: ServicePoint) -> dict[str, Any]:
    now = board.read(point, at=clock.now())
    words = [board.said(one, now) for one in board.words_of(point)]
    return {"board": now, "point": point, "first": words[0], "others": words[1:], "all_words": words}


def _point(request: DeviceOrMemberRequest) -> ServicePoint:
    if request.device is not None:
        return request.device.point
    if request.member is None:  # the decorator lets nobody else in
        raise Http404
    return request.member.membership.point


def _language(point: ServicePoint) -> str:
    first: str = board.words_of(point)[0]["lang"]
    return first if first in {"fi", "sv", "en"} else "fi"


def _is_committed(version: str) -> bool:
    """Whether a version is one that this transaction sees: only then may what is made now be kept under its name."""
    if not (version.isascii() and version.isdigit() and len(version) < 19):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_visible_in_snapshot(%s::xid8, pg_current_snapshot())", [version])
        return bool(cursor.fetchone()[0])


def _heard(response: HttpResponse, point: ServicePoint) -> HttpResponse:
    who = actor.current() or actor.PUBLIC
    return live.grant(response, subject=live.subject_of(who), topics=[point.live_topic])
