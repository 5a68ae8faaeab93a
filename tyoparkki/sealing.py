"""Values that stand sealed in the database: whoever reads the tables reads nothing, and only their like are found.

The keys come from SEALING_KEYS, or else from the installation's secret keys. The first one seals, all of them open, so
that a new key may come before the old one; `manage.py reseal` seals everything with the first.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tyoparkki.errors import Refused


class Unreadable(Refused):
    """The key by which it was sealed is gone, or the text was tampered with."""

    message = _("This was sealed with a key that the installation no longer has. Tell the administrator.")


def seal(text: str) -> str:
    """A text as the database keeps it: another one each time, so that equal texts do not show."""
    return _lock().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text itself."""
    try:
        return _lock().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def like(text: str, *, of: str) -> list[str]:
    """Keyed hashes by which the like of a text is found among values of one kind: by today's key first."""
    return [hmac.digest(_derived(key, f"find {of}"), text.encode(), "sha256").hex() for key in settings.SEALING_KEYS]


def _lock() -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key, "seal"))) for key in settings.SEALING_KEYS])


@cache
def _derived(key: str, use: str) -> bytes:
    """A key for one use only, made from the installation's."""
    return HKDF(SHA256(), length=32, salt=None, info=f"tyoparkki {use}".encode()).derive(key.encode())
