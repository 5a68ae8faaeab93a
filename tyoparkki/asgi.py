"""One origin, one port: `/live/` is answered here and now, every page by the WSGI application in a pool of threads."""

from __future__ import annotations

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tyoparkki import environment
from tyoparkki.wsgi import application as wsgi_application

from tyoparkki.live import application as live  # isort: skip - Django is set up by the import above

# Each thread keeps its own connection to the database open from one request to the next.
pages = WSGIMiddleware(cast("Any", wsgi_application), workers=environment.number("WEB_THREADS", 4, at_least=1))


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Hand a request to the live channel or to the pages; the server's own life belongs to the channel."""
    if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] == "/live/"):
        await live(scope, receive, send)
        return

    # The pool's threads schedule these as coroutines; the server's own are awaitable but no coroutines.
    async def read() -> Any:
        return await receive()

    async def write(message: Any) -> None:
        await send(message)

    await pages(scope, read, write)
