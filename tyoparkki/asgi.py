"""One origin, one port: `/live/` is answered here and now, every page by the WSGI application (tyoparkki/pages.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tyoparkki import environment
from tyoparkki.pages import Pages
from tyoparkki.wsgi import application as wsgi_application

from tyoparkki import live  # isort: skip - Django is set up by the import above

if TYPE_CHECKING:
    import socket


def application(queue: socket.socket) -> Any:
    """The ASGI application of one process; `queue` is what all of them share."""
    # Each thread keeps its own connection to the database open from one request to the next.
    pages = Pages(wsgi_application, queue, threads=environment.number("WEB_THREADS", 4, at_least=1))

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        """Hand a request to the live channel or to the pages; both begin and end with the process."""
        if scope["type"] == "lifespan":
            await _live_and_end(pages, receive, send)
        elif scope["path"] == "/live/":
            await live.application(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return serve


async def _live_and_end(pages: Pages, receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            live.begin()
            pages.begin()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await pages.end()
            await live.end()
            await send({"type": "lifespan.shutdown.complete"})
            return
