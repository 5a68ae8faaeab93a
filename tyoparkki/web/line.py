"""What goes through the queue: a request as its WSGI environment and body, an answer as its status, headers and body.

Both travel whole: no page of the product is endless, and a slow reader holds no page process.
"""

from __future__ import annotations

import json
import struct
from typing import Any

AT_ONCE = 65_536
"""Bytes read at a time."""

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
