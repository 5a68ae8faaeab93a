"""One origin, one port: `/live/` is answered here and now, every page by a page process (tyoparkki/web).

The parent of the processes has set Django up before they part.
"""

from __future__ import annotations

from typing import Any

from tyoparkki.live import application as live
from tyoparkki.web.asking import Pages


def application(queue: str) -> Any:
    """The ASGI application of the front; `queue` is where page processes take requests from."""
    pages = Pages(queue)

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        """Hand a request to the live channel or to the pages; the server's own life belongs to the channel."""
        if scope["type"] == "lifespan" or scope["path"] == "/live/":
            await live(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return serve
