"""The front's end of the queue: an ASGI application that has every request answered by a page process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tyoparkki.web.line import AT_ONCE, Parcel, packed

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, str]
Answer = tuple[int, list[tuple[str, str]], bytes]

MOST_BODY = 4_000_000
"""Bytes of a request that are read; more than Django takes (DATA_UPLOAD_MAX_MEMORY_SIZE), so that it is Django who
refuses what is too large."""

AWAY: Answer = (
    503,
    [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("Retry-After", "1")],
    "Yhteys katkesi hetkeksi. Yritä uudelleen.\n"
    "Förbindelsen bröts för en stund. Försök igen.\n"
    "The connection was lost for a moment. Please try again.\n".encode(),
)

_SAFE = {"GET", "HEAD", "OPTIONS"}


class Pages:
    """Asks at the queue of this address (a socket's path) for the answer to each request."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _body(receive)
        if body is None:
            return
        status, headers, content = await self._ask(_environ(scope, body), body)
        said = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": said})
        await send({"type": "http.response.body", "body": content, "more_body": False})

    async def _ask(self, environ: Environ, body: bytes) -> Answer:
        """When the process that took a request ends, a look is taken again; what it did of a write is not known."""
        tries = 2 if environ["REQUEST_METHOD"] in _SAFE else 1
        for _ in range(tries):
            try:
                (status, headers), content = await self._once(environ, body)
            except OSError:
                continue
            return status, headers, content
        return AWAY

    async def _once(self, environ: Environ, body: bytes) -> tuple[Any, bytes]:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0)
            await loop.sock_connect(line, self.address)
            await loop.sock_sendall(line, packed(environ, body))
            answer = Parcel()
            while not answer.is_whole:
                answer.add(await loop.sock_recv(line, AT_ONCE))
            return answer.opened()


async def _body(receive: Receive) -> bytes | None:
    """What was sent, or None when the sender has gone; of what is too large only so much that this can be seen."""
    body = bytearray()
    while len(body) <= MOST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _environ(scope: Message, body: bytes) -> Environ:
    """A WSGI environment (PEP 3333) of text alone.

    A header with an underscore in its name is left out: it would pass for another one.
    """
    host, port = scope.get("server") or ("localhost", None)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.url_scheme": scope.get("scheme", "http"),
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        if "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        said = value.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if name == 'cookie' else ','}{said}" if key in environ else said
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = environ.pop("HTTP_CONTENT_LENGTH", str(len(body)))
    return environ
