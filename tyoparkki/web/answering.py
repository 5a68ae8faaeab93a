"""A page process: takes the next request from the queue as soon as it is free, and answers it by Django."""

from __future__ import annotations

import io
import logging
import os
import select
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from tyoparkki.web.line import AT_ONCE, BROKEN, Parcel, packed

if TYPE_CHECKING:
    from concurrent.futures import Future

LONG_S = 0.1
"""Seconds after which a page no longer keeps the next one from its process: a second page would only share the first
one's interpreter, and both would be late; but nobody waits for a report of a year."""

AFTER_YOU_S = 0.01
"""Seconds that a process with a long page at hand leaves to an idle one to take the next."""

_SILENT_S = 10.0
_log = logging.getLogger(__name__)


def answer(application: Any, queue: socket.socket, threads: int) -> None:
    """The life of a page process: it answers until told to stop (SIGTERM), and finishes what it has begun."""
    told, teller = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(teller, b"!"))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    take(application, queue, told, threads)


def take(application: Any, queue: socket.socket, told: int, threads: int) -> None:
    """Take one request after the other until something is said at `told`, at most `threads` at a time.

    The next one is taken when the last is answered or takes long.
    """
    queue.setblocking(False)  # noqa: FBT003 - the method takes no name; true for all who share the queue
    at_hand: set[Future[None]] = set()
    # Each thread keeps its own connection to the database open from one request to the next.
    with ThreadPoolExecutor(threads, thread_name_prefix="page") as pool:
        while line := _next(queue, told, after_you=bool(at_hand)):
            page = pool.submit(_serve, application, line)
            at_hand.add(page)
            wait([page], timeout=LONG_S)
            at_hand = {page for page in at_hand if not page.done()}
            if len(at_hand) == threads:
                at_hand = wait(at_hand, return_when="FIRST_COMPLETED").not_done


def _next(queue: socket.socket, told: int, *, after_you: bool) -> socket.socket | None:
    """The next request, or None when it is time to go."""
    while True:
        if told in select.select([queue.fileno(), told], [], [])[0]:
            return None
        if after_you:
            time.sleep(AFTER_YOU_S)
        try:
            line, _ = queue.accept()
        except BlockingIOError:  # another process was faster
            continue
        return line


def _serve(application: Any, line: socket.socket) -> None:
    """Answer one request; if its sender has gone meanwhile, do nothing."""
    with line:
        line.settimeout(_SILENT_S)
        try:
            request = Parcel()
            while not request.is_whole:
                request.add(line.recv(AT_ONCE))
            if _has_gone(line):
                return
        except OSError as error:
            _log.warning("a request did not arrive whole (%s)", type(error).__name__)
            return
        try:
            said = _call(application, *request.opened())
        except Exception:  # noqa: BLE001 - whatever it is, its sender is told
            _log.exception("a request broke outside of Django's own care")
            said = packed(*BROKEN)
        try:
            line.sendall(said)
        except OSError as error:
            _log.info("an answer was not taken (%s)", type(error).__name__)


def _has_gone(line: socket.socket) -> bool:
    return bool(select.select((line,), (), (), 0)[0]) and not line.recv(1, socket.MSG_PEEK)


def _call(application: Any, environ: dict[str, Any], body: bytes) -> bytes:
    """Call Django's WSGI application, which begins its answer once and writes nothing beside it."""
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
