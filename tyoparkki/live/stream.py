"""`GET /live/`: server-sent events as a plain ASGI application, without Django's request machinery.

Events: `hello` (the topics that this pass gives and the seconds it still holds), `changed` (a topic and a version;
`resync` when several came at once or some may have been missed), `revoked`, `expired`. A comment every 15 seconds
keeps proxies awake and finds the windows that have gone.
"""

import asyncio
import json
import signal
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from types import FrameType
from typing import Any

from django.conf import settings

from tyoparkki.live import passes
from tyoparkki.live.hub import RESYNC, Hub, Window, close_hub, hub

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 15.0
SHORTEST_GAP = 0.05
MOST_WINDOWS = 4000
MOST_WINDOWS_OF_ONE = 60

_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"),
    (b"x-accel-buffering", b"no"),
]


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer `GET /live/` for the lifetime of its pass; lifespan opens and closes the listening connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    if scope["method"] != "GET":
        await _refuse(send, 405, [(b"allow", b"GET")])
        return
    headers = dict(scope["headers"])
    pass_ = passes.read(headers.get(b"cookie", b"").decode("latin-1"))
    here = hub()
    if pass_ is None or here.is_revoked(pass_):
        await _refuse(send, 401)
        return
    of_one = sum(window.pass_.subject == pass_.subject for window in here.windows)
    if here.is_deaf() or len(here.windows) >= MOST_WINDOWS:
        await _refuse(send, 503, [(b"retry-after", b"5")])
        return
    if of_one >= MOST_WINDOWS_OF_ONE and pass_.subject.startswith("user:"):
        await _refuse(send, 429, [(b"retry-after", b"60")])
        return
    window = Window(pass_)
    here.join(window)
    if headers.get(b"last-event-id"):
        for topic in pass_.topics:
            window.tell(topic, RESYNC)
    watcher = asyncio.create_task(_watch(receive, window))
    try:
        await _stream(window, send)
    finally:
        watcher.cancel()
        here.leave(window)


async def _stream(window: Window, send: Send) -> None:
    pass_ = window.pass_
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/event-stream; charset=utf-8"), *_HEADERS, *_transport_security()],
        }
    )
    seconds = max(0, int(pass_.expires - time.time()))
    hello = json.dumps({"topics": pass_.topics, "seconds": seconds}, separators=(",", ":"))
    await _say(send, f"retry: 2000\nid: 0\nevent: hello\ndata: {hello}\n\n".encode())
    while not window.ended:
        left = pass_.expires - time.time()
        if left <= 0:
            await _say(send, b"event: expired\ndata: {}\n\n")
            break
        try:
            await asyncio.wait_for(window.wake.wait(), min(HEARTBEAT_SECONDS, left))
        except TimeoutError:
            await _say(send, b": \n\n")
            continue
        window.wake.clear()
        if window.revoked:
            await _say(send, b"event: revoked\ndata: {}\n\n")
            break
        told, window.pending = window.pending, {}
        if told:
            await _say(send, b"".join(_changed(topic, version) for topic, version in told.items()))
            await asyncio.sleep(SHORTEST_GAP)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _watch(receive: Receive, window: Window) -> None:
    """Notice that the page has closed its end."""
    while (await receive())["type"] != "http.disconnect":
        pass
    window.end()


@lru_cache(maxsize=256)
def _changed(topic: str, version: str) -> bytes:
    data = json.dumps({"topic": topic, "version": version}, separators=(",", ":"))
    return f"id: {version}\nevent: changed\ndata: {data}\n\n".encode()


async def _say(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                *_HEADERS,
                *_transport_security(),
                *(headers or []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@lru_cache(maxsize=1)
def _transport_security() -> tuple[tuple[bytes, bytes], ...]:
    seconds = settings.SECURE_HSTS_SECONDS
    return ((b"strict-transport-security", b"max-age=%d; includeSubDomains" % seconds),) if seconds else ()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _end_windows_on_signal(hub())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await close_hub()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _end_windows_on_signal(here: Hub) -> None:
    """Let the windows go as soon as the process is told to stop: the server waits for open answers before it ends.

    asyncio hears signals through its wake-up descriptor, so a handler of our own beside it takes nothing away.
    """
    if threading.current_thread() is not threading.main_thread():
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        here.loop.call_soon_threadsafe(here.end_all)
        previous[signum](signum, frame)

    previous: dict[int, Callable[[int, FrameType | None], Any]] = {}
    for signum in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(signum)
        if callable(before) and before is not signal.default_int_handler:
            previous[signum] = before
            signal.signal(signum, stop)
            signal.siginterrupt(signum, False)  # noqa: FBT003 - the function takes no names
