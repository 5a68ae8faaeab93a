"""Real processes: nothing is lost when one ends, and the server ends whole."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from tests.fixtures.site import Site, eventually, free_port, running, start
from tests.web.house import WITHIN, Reader
from tyoparkki import environment
from tyoparkki.web.asking import Pages
from tyoparkki.web.line import Parcel, packed

_HOUSE = """
import os, socket, sys, time
from pathlib import Path
from tyoparkki.web import answering

answering.LONG_S = 0.05
once = Path(sys.argv[2])

def house(environ, start_response):
    path = environ["PATH_INFO"]
    print(path, flush=True)
    if path == "/sleeps/":
        time.sleep(1.5)
    if path == "/ends/" or (path == "/ends-once/" and not once.exists()):
        once.touch()
        os._exit(3)
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]

answering.answer(house, socket.socket(fileno=int(sys.argv[1])), 2)
"""


@pytest.fixture
def page_processes(queue: socket.socket, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two page processes, with an application that sleeps or ends its process where it is told to."""
    command = [sys.executable, "-c", _HOUSE, str(queue.fileno()), str(tmp_path / "once")]
    started = [
        subprocess.Popen(command, pass_fds=[queue.fileno()], stdout=subprocess.PIPE, cwd=environment.BASE_DIR)
        for _ in range(2)
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def asked(queue: socket.socket, *readers: Reader) -> list[Reader]:
    """The readers one after the other."""

    async def each() -> None:
        pages = Pages(queue.getsockname())
        for reader in readers:
            await reader.of(pages)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, each()).result()
    return list(readers)


@pytest.mark.parametrize(
    ("method", "path", "status", "ended"),
    [
        ("GET", "/ends-once/", 200, 1),
        ("GET", "/ends/", 503, 2),
        ("POST", "/ends/", 503, 1),
        ("DELETE", "/ends/", 503, 1),
    ],
)
def test_when_a_process_ends_a_look_is_taken_again_and_of_a_write_it_is_said(
    queue: socket.socket, page_processes: list[subprocess.Popen[bytes]], method: str, path: str, status: int, ended: int
) -> None:
    (answer,) = asked(queue, Reader(path, method=method))
    assert answer.status == status
    eventually(lambda: sum(process.poll() == 3 for process in page_processes) == ended)
    if status == 503:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "Yritä uudelleen" in answer.body.decode()


def test_an_idle_process_goes_before_one_with_a_long_page(
    queue: socket.socket, page_processes: list[subprocess.Popen[bytes]]
) -> None:
    asked(queue, *(Reader("/next/") for _ in range(8)))  # both have begun by now
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(queue.getsockname())
        line.sendall(packed({"PATH_INFO": "/sleeps/"}, b""))
        time.sleep(0.2)
        by = [answer.body for answer in asked(queue, *(Reader("/next/") for _ in range(20)))]
        slow = Parcel()
        while not slow.is_whole:
            slow.add(line.recv(100))
    assert by.count(slow.opened()[1]) <= 4


def test_a_process_that_is_told_to_stop_finishes_its_page(
    queue: socket.socket, page_processes: list[subprocess.Popen[bytes]]
) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(WITHIN)
        line.connect(queue.getsockname())
        line.sendall(packed({"PATH_INFO": "/sleeps/"}, b""))
        time.sleep(1)
        for process in page_processes:
            process.send_signal(signal.SIGTERM)
        answer = Parcel()
        while not answer.is_whole:
            answer.add(line.recv(100))
    assert answer.opened()[0] == [200, []]
    assert [process.wait(WITHIN) for process in page_processes] == [0, 0]


@pytest.fixture
def two_processes(transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "web.log", WEB_WORKERS="2") as site:
        yield site


def parent_and_front(site: Site) -> tuple[psutil.Process, psutil.Process]:
    parent = psutil.Process(site.process.pid)
    (front,) = (process for process in parent.children() if process.children())  # it has a process of its own
    return parent, front


@pytest.mark.slow
def test_nobody_who_looks_notices_that_page_processes_are_killed(two_processes: Site) -> None:
    parent, front = parent_and_front(two_processes)
    stop = threading.Event()
    seen: list[int] = []

    def look() -> None:
        while not stop.is_set():
            seen.append(httpx.get(f"{two_processes.url}/healthz", timeout=WITHIN).status_code)

    def page_processes() -> set[psutil.Process]:
        return {process for process in parent.children() if process != front}

    with ThreadPoolExecutor(6) as people:
        looks = [people.submit(look) for _ in range(6)]
        try:
            for _ in range(4):
                time.sleep(1)
                before = page_processes()
                ended = next(iter(before))
                ended.kill()
                eventually(lambda gone=ended: len(page_processes() - {gone}) == 2)
        finally:
            stop.set()
        for look_ in looks:
            look_.result()
    assert set(seen) == {200}
    assert len(seen) > 20


@pytest.mark.slow
def test_without_its_front_the_server_ends_and_leaves_nothing(two_processes: Site) -> None:
    parent, front = parent_and_front(two_processes)
    everybody = parent.children(recursive=True)
    front.kill()
    assert two_processes.process.wait(WITHIN) == 1
    assert not psutil.wait_procs(everybody, timeout=WITHIN)[1]


@pytest.mark.slow
def test_a_server_whose_parent_is_killed_leaves_nothing(two_processes: Site) -> None:
    everybody = psutil.Process(two_processes.process.pid).children(recursive=True)
    assert len(everybody) == 4
    two_processes.process.kill()
    assert not psutil.wait_procs(everybody, timeout=WITHIN)[1]


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0])
def test_a_server_that_is_told_to_stop_at_any_moment_ends_and_leaves_nothing(
    transactional_db: None, tmp_path: Path, after: float
) -> None:
    process = start([sys.executable, "-m", "tyoparkki.web"], tmp_path / "web.log", PORT=str(free_port()))
    time.sleep(after)
    everybody = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    assert process.wait(WITHIN + 5) in {0, -signal.SIGTERM}
    assert not psutil.wait_procs(everybody, timeout=WITHIN)[1]
