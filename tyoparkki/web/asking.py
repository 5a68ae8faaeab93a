"""The front's end of the queue: an ASGI application that has every request answered by a page process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tyoparkki.web.line import AT_ONCE, AWAY, BACKLOG, LATE, Parcel, packed

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, str]
Answer = tuple[Any, bytes]

MOST_BODY = 1_100_000
"""Bytes of a request that are read: a little more than Django takes (DATA_UPLOAD_MAX_MEMORY_SIZE), so that it is Django
who refuses what is too large."""

MOST_HELD = 64_000_000
"""Bytes of unfinished and waiting requests that the front holds; beyond, senders are asked to come again."""

SENDING_S = 30.0
"""Seconds within which a request must have arrived."""

ANSWER_S = 60.0
"""Seconds that a request waits for its turn and its answer together; no statement of a page may last so long."""

_LOOKS = {"GET", "HEAD", "OPTIONS"}


class _Gone(Exception):
    """The sender is no longer there."""


class _Full(Exception):
    """The front holds as much as it may."""


class Pages:
    """Asks at the queue of this address (a socket's path) for the answer to each request."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._held = 0
        # The kernel refuses what its queue does not hold; those beyond wait here.
        self._places = asyncio.Semaphore(BACKLOG - 100)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        held = bytearray()
        try:
            (status, headers), content = await self._answer(scope, receive, held)
        except _Gone:
            return
        finally:
            self._held -= len(held)
        said = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": said})
        await send({"type": "http.response.body", "body": content, "more_body": False})

    async def _answer(self, scope: Message, receive: Receive, held: bytearray) -> Answer:
        try:
            async with asyncio.timeout(SENDING_S):
                await self._read(scope, receive, held)
        except TimeoutError:
            return LATE
        except _Full:
            return AWAY
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._ask(_environ(scope, held), bytes(held), receive)
        except TimeoutError:
            return AWAY

    async def _read(self, scope: Message, receive: Receive, held: bytearray) -> None:
        """Read what was sent; of what is too large nothing, or no more than shows it."""
        if _length(scope) > MOST_BODY:
            return
        while len(held) <= MOST_BODY:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            more = message.get("body", b"")
            held += more
            self._held += len(more)
            if self._held > MOST_HELD:
                raise _Full
            if not message.get("more_body", False):
                return

    async def _ask(self, environ: Environ, body: bytes, receive: Receive) -> Answer:
        """Have it answered. When the process that took it ends, a look is taken again; what it did of a write is not
        known. A sender who no longer waits for a look gives up the place in the queue."""
        if environ["REQUEST_METHOD"] not in _LOOKS:
            return await self._once(environ, body) or AWAY
        asking = asyncio.ensure_future(self._twice(environ, body))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise _Gone
            return asking.result()
        finally:
            asking.cancel()
            leaving.cancel()

    async def _twice(self, environ: Environ, body: bytes) -> Answer:
        return await self._once(environ, body) or await self._once(environ, body) or AWAY

    async def _once(self, environ: Environ, body: bytes) -> Answer | None:
        loop = asyncio.get_running_loop()
        async with self._places:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(0)
                try:
                    await loop.sock_connect(line, self.address)
                    await loop.sock_sendall(line, packed(environ, body))
                    answer = Parcel()
                    while not answer.is_whole:
                        answer.add(await loop.sock_recv(line, AT_ONCE))
                except OSError:
                    return None
        return answer.opened()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _length(scope: Message) -> int:
    """How much the sender says it is."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(said) if said.isdigit() else 0


def _environ(scope: Message, body: bytearray) -> Environ:
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
