"""`python -m tyoparkki.web`: the web server's processes at BIND and PORT, with one queue of pages between them."""

from __future__ import annotations

import socket
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from tyoparkki import environment

MOST_CONNECTIONS = 5000
"""Of one process: as many windows as the live channel takes (live/stream.py), and pages beside them."""

_BACKLOG = 1024


def serve() -> None:
    """Serve until told to stop; a process that ends by itself is replaced."""
    with tempfile.TemporaryDirectory(prefix="tp-") as private, socket.socket(socket.AF_UNIX) as queue:
        queue.bind(str(Path(private) / "pages"))
        queue.listen(_BACKLOG)
        Granian(
            "tyoparkki.asgi",
            address=environment.text("BIND", "127.0.0.1"),
            port=environment.number("PORT", 8000, at_least=1, at_most=65_535),
            interface=Interfaces.ASGI,
            workers=environment.number("WEB_WORKERS", 2, at_least=1),
            websockets=False,
            http=HTTPModes.http1,
            # A kept connection belongs to one process; each request goes to whichever takes it.
            http1_settings=HTTP1Settings(keep_alive=False),
            backlog=_BACKLOG,
            backpressure=MOST_CONNECTIONS,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=5,
        ).serve(target_loader=partial(_application, queue), wrap_loader=False)


def _application(queue: socket.socket) -> Any:
    """Made in each process by itself: the parent never loads Django."""
    from tyoparkki.asgi import application

    return application(queue)


if __name__ == "__main__":
    serve()
