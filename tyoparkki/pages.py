"""Pages in one queue: whichever web process is free takes the next request.

A process answers one page at a time, for a second thread would only share the first one's interpreter; a page that
takes long lets the next one in beside it. A request that meets its own process busy waits in the queue that all
processes share (a listening socket of the parent), so nobody waits for one process while another rests.

A request travels to another process as its WSGI environment and its body, and the answer comes back whole: no page
of the product is endless, and a slow reader holds no thread.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import struct
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, str]

LONG_S = 0.1
"""Seconds after which a page no longer keeps the next one from its process."""

MOST_BODY = 4_000_000
"""Bytes of a request that are read; more than Django takes (DATA_UPLOAD_MAX_MEMORY_SIZE), so that it is Django who
refuses what is too large."""

_SAFE = {"GET", "HEAD", "OPTIONS"}
_SIZES = struct.Struct("!II")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answers."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


AWAY = Answer(
    503,
    [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("Retry-After", "1")],
    "Yhteys katkesi hetkeksi. Yritä uudelleen.\n"
    "Förbindelsen bröts för en stund. Försök igen.\n"
    "The connection was lost for a moment. Please try again.\n".encode(),
)


class Pages:
    """An ASGI application that answers by a WSGI application, in this process or in another of the same queue."""

    def __init__(self, application: Any, queue: socket.socket, *, threads: int) -> None:
        queue.settimeout(0)
        self._application = application
        self._queue = queue
        self._most = threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._running = 0
        self._long = 0
        self._open = False
        self._listening = False
        self._guests: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _body(receive)
        if body is None:
            return
        environ = _environ(scope, body)
        answer = await (self._answer(environ, body) if self._is_free() else self._ask(environ, body))
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    def begin(self) -> None:
        """Take from the queue from now on."""
        self._open = True
        self._look()

    async def end(self) -> None:
        """Take nothing more, and finish what others have asked for."""
        self._open = False
        self._look()
        if self._guests:
            await asyncio.wait(self._guests)

    # --- here -------------------------------------------------------------------------------------------------

    async def _answer(self, environ: Environ, body: bytes) -> Answer:
        with self._place():
            return await self._run(environ, body)

    async def _run(self, environ: Environ, body: bytes) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _call, self._application, environ, body)

    def _is_free(self) -> bool:
        return self._running == self._long and self._running < self._most

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One page's time in this process."""
        long = False

        def becomes_long() -> None:
            nonlocal long
            long = True
            self._long += 1
            self._look()

        self._running += 1
        self._look()
        watch = asyncio.get_running_loop().call_later(LONG_S, becomes_long)
        try:
            yield
        finally:
            watch.cancel()
            self._running -= 1
            self._long -= long
            self._look()

    # --- the queue --------------------------------------------------------------------------------------------

    async def _ask(self, environ: Environ, body: bytes) -> Answer:
        """Wait in the queue until a process is free, this one or another."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._queue.getsockname())
            try:
                _say(writer, environ, body)
                (status, headers), content = await _hear(reader)
            finally:
                writer.close()
        except (OSError, asyncio.IncompleteReadError):
            # The process that took it has ended: what it did of a write is not known, a look is simply taken again.
            return await self._answer(environ, body) if environ["REQUEST_METHOD"] in _SAFE else AWAY
        return Answer(status, headers, content)

    def _look(self) -> None:
        """Listen to the queue when there is room for a page, and only then."""
        room = self._open and self._is_free()
        if room == self._listening:
            return
        loop = asyncio.get_running_loop()
        if room:
            loop.add_reader(self._queue, self._take)
        else:
            loop.remove_reader(self._queue)
        self._listening = room

    def _take(self) -> None:
        try:
            connection, _ = self._queue.accept()
        except OSError:  # another process was faster
            return
        guest = asyncio.get_running_loop().create_task(self._serve(connection))
        self._guests.add(guest)
        guest.add_done_callback(self._guests.discard)

    async def _serve(self, connection: socket.socket) -> None:
        """Answer a request of another process; without an answer the connection ends, and that process knows."""
        try:
            with self._place():
                reader, writer = await asyncio.open_unix_connection(sock=connection)
                try:
                    answer = await self._run(*await _hear(reader))
                    _say(writer, [answer.status, answer.headers], answer.body)
                finally:
                    writer.close()
        except (OSError, asyncio.IncompleteReadError):
            _log.warning("a request of another web process ended before it was heard")


def _call(application: Any, environ: Environ, body: bytes) -> Answer:
    """Call the WSGI application and gather what it says."""
    status, headers = "", []

    def start_response(line: str, said: list[tuple[str, str]], exc_info: Any = None) -> None:
        nonlocal status, headers
        status, headers = line, said

    fixed = {
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    chunks = application({**environ, **fixed}, start_response)
    try:
        content = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return Answer(int(status[:3]), headers, content)


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


def _say(writer: asyncio.StreamWriter, head: Any, body: bytes) -> None:
    words = json.dumps(head).encode()
    writer.write(_SIZES.pack(len(words), len(body)) + words + body)


async def _hear(reader: asyncio.StreamReader) -> tuple[Any, bytes]:
    words, body = _SIZES.unpack(await reader.readexactly(_SIZES.size))
    return json.loads(await reader.readexactly(words)), await reader.readexactly(body)
