"""A member's browser without a screen: signed in, with the token that forms carry."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
from django.conf import settings
from django.test import Client

from tests.factories.team import DeviceFactory
from tyoparkki import submission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from team.access import Member
    from team.models import ServicePoint
    from tests.fixtures.site import Site

TOKEN = "t" * 32
PATIENCE_S = 60
# Read once: the authorities of the whole internet are a twentieth of a second's reading, and nobody here meets them.
AUTHORITIES = ssl.create_default_context()


def cookies_of(member: Member | None) -> dict[str, str]:
    """What the browser of a signed-in member sends; of nobody, only the token of forms."""
    cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
    if member is not None:
        client = Client()
        client.force_login(member.user)
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return cookies


def cookies_of_device(point: ServicePoint, kind: str) -> dict[str, str]:
    """What a paired device of the point sends."""
    token = f"laite-{uuid4()}"
    DeviceFactory(point=point, kind=kind, token=token)
    return {settings.CSRF_COOKIE_NAME: TOKEN, f"device_{kind}": token}


def window(site: Site, cookies: Mapping[str, str]) -> httpx.Client:
    """A browser window on the running product; it follows no redirects."""
    return httpx.Client(base_url=site.url, cookies=dict(cookies), timeout=PATIENCE_S, verify=AUTHORITIES)


def filled(data: Mapping[str, Any], *, key: str | None = None) -> dict[str, Any]:
    """A form as the page would send it: with its token and its hidden key."""
    return {submission.FIELD: key or str(uuid4()), **data, "csrfmiddlewaretoken": TOKEN}
