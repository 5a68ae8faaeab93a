"""A small application behind the queue, and a browser's end of one request."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tyoparkki.web.asking import Pages

WITHIN = 10
THREADS = 2
Scene = Callable[[Pages], Awaitable[None]]


class House:
    """A WSGI application that keeps what it was asked, waits where it is told to, and breaks where it is told to."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.may_go_on = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ["body"] = environ["wsgi.input"].read()
        self.seen.append(environ)
        if environ["PATH_INFO"] == "/slow/":
            assert self.may_go_on.wait(WITHIN)
        if environ["PATH_INFO"] == "/longest/":
            assert self.may_end.wait(WITHIN)
        if environ["PATH_INFO"] == "/breaks/":
            raise ValueError("outside of Django's care")
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b"answered ", b"whole"]

    def paths(self) -> list[str]:
        return [seen["PATH_INFO"] for seen in self.seen]


class Reader:
    """A browser's end of one request."""

    def __init__(self, path: str, *, method: str = "GET", body: bytes = b"", headers: Any = ()) -> None:
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"a=%C3%A4",
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "client": ("192.0.2.7", 4000),
            "headers": [(b"host", b"example.org"), *headers],
        }
        half = len(body) // 2
        self.parts = [(body[:half], True), (body[half:], False)]
        self.status = 0
        self.said: list[tuple[str, str]] = []
        self.body = b""
        self.goes = asyncio.Event()

    async def receive(self) -> Any:
        if not self.parts:
            await self.goes.wait()
            return {"type": "http.disconnect"}
        body, more = self.parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.said = [(name.decode(), value.decode()) for name, value in message["headers"]]
        else:
            self.body += message["body"]

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.said)

    async def of(self, pages: Pages) -> Reader:
        await asyncio.wait_for(pages(self.scope, self.receive, self.send), WITHIN)
        return self


async def until(question: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN
    while not question():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)
