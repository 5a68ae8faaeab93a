"""What every page may show: who is signed in, where, and what they may open."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tyoparkki.toast import said


def page(request: HttpRequest) -> dict[str, Any]:
    """The member in use, their permissions by name, and whether this is a demonstration."""
    member = getattr(request, "member", None)
    return {
        "member": member,
        "may": {str(permission): True for permission in member.permissions} if member else {},
        "demo_mode": settings.DEMO,
        "csrf_cookie_name": settings.CSRF_COOKIE_NAME,
        "toast": SimpleLazyObject(lambda: said(request)),
    }
