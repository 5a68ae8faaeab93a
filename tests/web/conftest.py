"""A queue, and two that take from it."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.house import THREADS, WITHIN, House, Scene
from tyoparkki.web import answering
from tyoparkki.web.asking import Pages


@pytest.fixture
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path_factory.mktemp("q") / "pages"))
        listener.listen(16)
        yield listener


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def play(queue: socket.socket, house: House) -> Iterator[Callable[[Scene], None]]:
    """Play a scene before two that take from the queue (here threads; each with `THREADS` threads for its pages)."""

    told, teller = os.pipe()
    takers = [threading.Thread(target=answering.take, args=(house, queue, told, THREADS)) for _ in range(2)]
    for taker in takers:
        taker.start()

    def run(scene: Scene) -> None:
        with ThreadPoolExecutor(1) as thread:  # a browser's loop may run in this one

            async def whole() -> None:
                await scene(Pages(queue.getsockname()))

            thread.submit(asyncio.run, whole()).result()

    yield run
    house.may_go_on.set()
    house.may_end.set()
    os.write(teller, b"!")
    for taker in takers:
        taker.join(WITHIN)
        assert not taker.is_alive()
    os.close(told)
    os.close(teller)
