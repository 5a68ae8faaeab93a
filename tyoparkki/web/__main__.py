"""The parent of the web server's processes."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import tempfile
import time
from functools import partial
from multiprocessing import connection, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from tyoparkki import environment
from tyoparkki.supervisor import die_with_parent
from tyoparkki.web.answering import answer

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

MOST_CONNECTIONS = 5000
"""As many windows as the live channel takes (live/stream.py), and pages beside them."""

GRACE_S = 6.0
_BACKLOG = 1024
_PAUSE_S = 0.5
_fork = get_context("fork")
_log = logging.getLogger(__name__)


def serve() -> None:
    """Serve until told to stop. A page process that ends is replaced; without its front the server ends."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with tempfile.TemporaryDirectory(prefix="tp-") as private, socket.socket(socket.AF_UNIX) as queue:
        address = str(Path(private) / "pages")
        queue.bind(address)
        queue.listen(_BACKLOG)
        # Loaded before the processes part, it lies in memory once.
        from tyoparkki.wsgi import application

        threads = environment.number("WEB_THREADS", 4, at_least=1)
        page = partial(_fork.Process, target=_page, args=(application, queue, threads), name="page")
        front = _fork.Process(target=_front, args=(address,), name="front")
        pages = [page() for _ in range(environment.number("WEB_WORKERS", 2, at_least=1))]
        for process in (*pages, front):
            process.start()
        try:
            while front.is_alive():
                # The front's own process keeps the front's sentinel open: a look now and then.
                connection.wait([process.sentinel for process in pages], timeout=1)
                pages = [process if process.is_alive() else _replaced(process, page()) for process in pages]
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _end(front)  # it lets its browsers' requests be answered first
            _end(*pages)
    sys.exit(1)


def _replaced(ended: ForkProcess, fresh: ForkProcess) -> ForkProcess:
    _log.warning("a page process ended with %s; another one starts", ended.exitcode)
    time.sleep(_PAUSE_S)
    fresh.start()
    return fresh


def _end(*processes: ForkProcess) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(GRACE_S)
        process.kill()


def _leave(number: int, frame: Any) -> NoReturn:
    sys.exit(0)


def _page(application: Any, queue: socket.socket, threads: int) -> None:
    die_with_parent()
    answer(application, queue, threads)


def _front(address: str) -> None:
    """The process that browsers reach, and granian's own parent of it."""
    die_with_parent()
    Granian(
        "tyoparkki.asgi",
        address=environment.text("BIND", "127.0.0.1"),
        port=environment.number("PORT", 8000, at_least=1, at_most=65_535),
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(keep_alive=False),
        backlog=_BACKLOG,
        backpressure=MOST_CONNECTIONS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=_PAUSE_S,
        workers_kill_timeout=5,
    ).serve(target_loader=partial(_application, address), wrap_loader=False)


def _application(address: str) -> Any:
    die_with_parent()
    from tyoparkki.asgi import application

    return application(address)


if __name__ == "__main__":
    serve()
