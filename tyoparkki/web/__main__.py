"""The parent of the web server's processes."""

from __future__ import annotations

import logging
import resource
import signal
import socket
import sys
import tempfile
import time
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tyoparkki import environment
from tyoparkki.supervisor import die_with_parent
from tyoparkki.web.answering import answer
from tyoparkki.web.line import BACKLOG

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkProcess

MOST_CONNECTIONS = 5000
"""As many windows as the live channel takes (live/stream.py), and pages beside them."""

GRACE_S = 5.0
"""Seconds that the front has to answer its browsers, and after it the page processes to finish; together less than the
supervisor's patience (supervisor.py) and the container's."""

_PAUSE_S = 0.5
_END = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_HEARD = _END | {signal.SIGCHLD}
_fork = get_context("fork")
_log = logging.getLogger(__name__)


def serve() -> int:
    """Serve until told to stop (0). A page process that ends is replaced; without its front the server ends (1)."""
    # Signals wait until they are asked for below, so that none comes while a process is being started.
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    # A socket's path must be short, whatever TMPDIR says.
    with tempfile.TemporaryDirectory(prefix="tp-", dir="/tmp") as private, socket.socket(socket.AF_UNIX) as queue:
        queue.bind(str(Path(private) / "pages"))
        queue.listen(BACKLOG)
        # Loaded before the processes part, it lies in memory once.
        from tyoparkki.wsgi import application

        page = partial(_page, application, queue, environment.number("WEB_THREADS", 4, at_least=1))
        pages: list[ForkProcess] = []
        front = None
        try:
            for _ in range(environment.number("WEB_WORKERS", 2, at_least=1)):
                pages.append(_started("page", page))  # noqa: PERF401 - each is known before the next one starts
            front = _started("front", partial(_front, queue))
            while front.is_alive():
                if signal.sigwait(_HEARD) in _END:
                    return 0
                _replace_ended(pages, page)
            return 1
        finally:
            if front:
                _end(front)  # it has its browsers' requests answered first
            _end(*pages)


def _started(name: str, task: Callable[[], None]) -> ForkProcess:
    process = _fork.Process(target=task, name=name)
    process.start()
    return process


def _replace_ended(pages: list[ForkProcess], task: Callable[[], None]) -> None:
    for place, process in enumerate(pages):
        if not process.is_alive():
            _log.warning("a page process ended with %s; another one starts", process.exitcode)
            time.sleep(_PAUSE_S)
            pages[place] = _started("page", task)


def _end(*processes: ForkProcess) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE_S
    for process in processes:
        process.join(max(deadline - time.monotonic(), 0))
        process.kill()


def _begin_process() -> None:
    """What every process of ours begins with: signals as they are meant for it, and no life without its parent."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who tells the others in order
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    die_with_parent()


def _page(application: Any, queue: socket.socket, threads: int) -> None:
    _begin_process()
    answer(application, queue, threads)


def _front(queue: socket.socket) -> None:
    """The process that browsers reach, and granian's own parent of it."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    _begin_process()
    address = queue.getsockname()
    queue.close()  # it asks at the queue, and does not hold it
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = Granian(
        "tyoparkki.asgi",
        address=settings.BIND,
        port=settings.PORT,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(keep_alive=False),
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=_PAUSE_S,
        workers_kill_timeout=4,
    )
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
    server.serve(target_loader=partial(_application, address), wrap_loader=False)


def _application(address: str) -> Any:
    from tyoparkki.asgi import application

    die_with_parent()
    return application(address)


if __name__ == "__main__":
    sys.exit(serve())
