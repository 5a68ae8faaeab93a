"""A page process: takes the next request from the queue as soon as it is free, and answers it by a WSGI application."""

from __future__ import annotations

import io
import logging
import signal
import socket
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore
from typing import Any, NoReturn

from tyoparkki.web.line import AT_ONCE, Parcel, packed

LONG_S = 0.1
"""Seconds after which a page no longer keeps the next one from its process: a second page would only share the first
one's interpreter, and both would be late; but nobody waits for a report of a year."""

_SILENT_S = 10.0
_log = logging.getLogger(__name__)


def answer(application: Any, queue: socket.socket, threads: int) -> NoReturn:
    """The life of a page process: it answers until told to stop (SIGTERM), and finishes what it has begun."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    take(application, queue, threads)


def take(application: Any, queue: socket.socket, threads: int) -> NoReturn:
    """Take one request after the other: the next when the last is answered or takes long, at most `threads` at once."""
    room = BoundedSemaphore(threads)

    def leave_room(_: Future[None]) -> None:
        room.release()

    # Each thread keeps its own connection to the database open from one request to the next.
    with ThreadPoolExecutor(threads, thread_name_prefix="page") as pool:
        while True:
            room.acquire()
            line, _ = queue.accept()
            page = pool.submit(_serve, application, line)
            page.add_done_callback(leave_room)
            wait([page], timeout=LONG_S)


def _leave(number: int, frame: Any) -> NoReturn:
    sys.exit(0)


def _serve(application: Any, line: socket.socket) -> None:
    """Without an answer the line ends, and the front knows."""
    with line:
        try:
            line.settimeout(_SILENT_S)
            request = Parcel()
            while not request.is_whole:
                request.add(line.recv(AT_ONCE))
            line.sendall(_call(application, *request.opened()))
        except OSError:
            _log.warning("a request or its answer was cut off between the web server's own processes")


def _call(application: Any, environ: dict[str, Any], body: bytes) -> bytes:
    """Call the WSGI application and gather what it says."""
    status, headers = "", []

    def start_response(line: str, said: list[tuple[str, str]], exc_info: Any = None) -> None:
        nonlocal status, headers
        status, headers = line, said

    environ |= {
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    chunks = application(environ, start_response)
    try:
        content = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return packed([int(status[:3]), headers], content)
