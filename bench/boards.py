"""How long a committed change takes to reach every open board, and what a board costs in memory."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import connections, transaction
from django.http import HttpResponse

from tyoparkki import live


@dataclass(frozen=True)
class Delays:
    """Milliseconds from the commit of a change until a board has heard of it, over all boards and rounds."""

    boards: int
    p50: float
    p95: float
    worst: float
    lost: int
    memory: float


def measure(url: str, boards: int, rounds: int = 10, at_most: Callable[[], float] = lambda: 0.0) -> Delays:
    """Open so many boards at a running site, change one point's queue some times, and see when each board hears it.

    `at_most` is asked for the memory in use while all boards are open.
    """
    return asyncio.run(_measure(url, boards, rounds, at_most))


async def _measure(url: str, boards: int, rounds: int, at_most: Callable[[], float]) -> Delays:
    topic = live.point_topic(uuid4())
    answer = live.grant(HttpResponse(), subject="link", topics=[topic])
    heard: dict[str, list[float]] = {}
    opened = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(_board(url, answer.cookies["tp_live"].value, heard, opened, topic)) for _ in range(boards)
    ]
    try:
        async with asyncio.timeout(60):
            for _ in range(boards):
                await opened.acquire()
        delays: list[float] = []
        lost = 0
        for number in range(rounds + 1):
            version, committed = await asyncio.to_thread(_change, topic)
            deadline = time.perf_counter() + 5
            while len(heard.get(version, ())) < boards and time.perf_counter() < deadline:
                await asyncio.sleep(0.01)
            if number:  # the first one warms up
                delays += [1000 * (at - committed) for at in heard.get(version, ())]
                lost += boards - len(heard.get(version, ()))
            await asyncio.sleep(0.2)
        memory = await asyncio.to_thread(at_most)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    delays.sort()
    return Delays(boards, delays[len(delays) // 2], delays[int(len(delays) * 0.95)], delays[-1], lost, memory)


async def _board(url: str, value: str, heard: dict[str, list[float]], opened: asyncio.Semaphore, topic: str) -> None:
    """One browser's end: as little work as possible, so that the server is measured and not this."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"GET /live/ HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: tp_live={value}\r\n\r\n".encode())
        needle = f'data: {{"topic":"{topic}"'.encode()
        while line := await reader.readline():
            if line.startswith(b"event: hello"):
                opened.release()
            elif line.startswith(needle):
                heard.setdefault(json.loads(line[6:])["version"], []).append(time.perf_counter())
    finally:
        writer.close()


def _change(topic: str) -> tuple[str, float]:
    try:
        with transaction.atomic():
            version = live.announce(topic)
        return version, time.perf_counter()
    finally:
        connections.close_all()
