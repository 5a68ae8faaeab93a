"""What goes through the queue: a request as its WSGI environment and body, an answer as its status, headers and body.

Both travel whole: no page of the product is endless, and a slow reader holds no page process.
"""

from __future__ import annotations

import json
import struct
from typing import Any

AT_ONCE = 65_536
"""Bytes read at a time."""

BACKLOG = 1024
"""Requests that the queue holds at most."""

_PLAIN = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"),
]


def plain(status: int, *sentences: str, **headers: str) -> tuple[Any, bytes]:
    """An answer of the server's own, in as few words as hold in three languages."""
    more = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return [status, [*_PLAIN, *more]], "\n".join(sentences).encode()


AWAY = plain(
    503,
    "Yhteys katkesi hetkeksi. Yritä uudelleen.",
    "Förbindelsen bröts för en stund. Försök igen.",
    "The connection was lost for a moment. Please try again.",
    Retry_After="1",
)
BROKEN = plain(
    500,
    "Jokin meni rikki. Vika on meidän, ja se on kirjattu.",
    "Något gick sönder. Felet är vårt och har antecknats.",
    "Something broke. The fault is ours, and it has been written down.",
)
LATE = plain(
    408,
    "Lähetys kesti liian kauan. Yritä uudelleen.",
    "Sändningen tog för länge. Försök igen.",
    "The sending took too long. Please try again.",
)

_SIZES = struct.Struct("!II")


def packed(head: Any, body: bytes) -> bytes:
    """A head (whatever JSON can say) and a body, ready to be sent."""
    words = json.dumps(head).encode()
    return _SIZES.pack(len(words), len(body)) + words + body


class Parcel:
    """A head and a body on their way in."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._head_ends = self._whole = _SIZES.size

    def add(self, more: bytes) -> None:
        """Take what has come; ConnectionResetError when nothing comes any more and it is not whole."""
        if not more:
            raise ConnectionResetError("the other end has gone")
        known = len(self._heard) >= _SIZES.size
        self._heard += more
        if not known and len(self._heard) >= _SIZES.size:
            words, body = _SIZES.unpack_from(self._heard)
            self._head_ends = _SIZES.size + words
            self._whole = self._head_ends + body

    @property
    def is_whole(self) -> bool:
        """Nothing is missing."""
        return len(self._heard) >= self._whole > _SIZES.size

    def opened(self) -> tuple[Any, bytes]:
        """The head and the body."""
        return json.loads(self._heard[_SIZES.size : self._head_ends]), bytes(self._heard[self._head_ends :])
