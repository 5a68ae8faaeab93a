"""Pages in one queue: who answers, what a page is given, and what is lost when a process ends."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.fixtures.site import Site, running
from tyoparkki import pages as pages_of
from tyoparkki.pages import Pages

WITHIN = 10


class House:
    """A WSGI application that tells who answered what, and waits where it is told to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[dict[str, Any]] = []
        self.may_go_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ["body"] = environ["wsgi.input"].read()
        self.seen.append(environ)
        if environ["PATH_INFO"] == "/slow/":
            assert self.may_go_on.wait(WITHIN)
        if environ["PATH_INFO"] == "/broken/":
            raise RuntimeError("it broke")
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-By", self.name)])
        return [b"answered ", b"whole"]


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
        self.headers: dict[str, str] = {}
        self.body = b""

    async def receive(self) -> Any:
        body, more = self.parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message["body"]

    async def of(self, pages: Pages) -> "Reader":
        await asyncio.wait_for(pages(self.scope, self.receive, self.send), WITHIN)
        return self


@pytest.fixture
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path_factory.mktemp("q") / "pages"))
        listener.listen(16)
        yield listener


@pytest.fixture
def play(queue: socket.socket) -> Callable[[Callable[[Pages, Pages, House, House], Awaitable[None]]], None]:
    """Play a scene with two processes at one queue (here in one loop, each with threads of its own)."""

    def run(scene: Callable[[Pages, Pages, House, House], Awaitable[None]]) -> None:
        async def both() -> None:
            houses = House("one"), House("two")
            with ExitStack() as stack:
                one, two = (Pages(house, stack.enter_context(queue.dup()), threads=2) for house in houses)
                one.begin()
                two.begin()
                try:
                    await scene(one, two, *houses)
                finally:
                    for house in houses:
                        house.may_go_on.set()
                    await one.end()
                    await two.end()

        with ThreadPoolExecutor(1) as thread:  # a browser's loop may run in this one
            thread.submit(asyncio.run, both()).result()

    return run


async def until(question: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN
    while not question():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def test_a_page_is_given_what_was_sent_and_its_answer_arrives(play: Any) -> None:
    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        sent = [
            (b"content-type", b"text/plain"),
            (b"x-forwarded-proto", b"https"),
            (b"x_forwarded_proto", b"http"),
            (b"accept", b"a"),
            (b"accept", b"b"),
            (b"cookie", b"x=1"),
            (b"cookie", b"y=2"),
        ]
        answer = await Reader("/työ/", method="POST", body="hyvää".encode(), headers=sent).of(one)
        assert (answer.status, answer.body) == (200, b"answered whole")
        assert answer.headers == {"content-type": "text/plain", "x-by": "one"}
        (seen,) = house.seen
        wanted = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/työ/".encode().decode("latin-1"),
            "QUERY_STRING": "a=%C3%A4",
            "CONTENT_TYPE": "text/plain",
            "CONTENT_LENGTH": "7",
            "HTTP_HOST": "example.org",
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_ACCEPT": "a,b",
            "HTTP_COOKIE": "x=1; y=2",
            "REMOTE_ADDR": "192.0.2.7",
            "SERVER_PORT": "8000",
            "body": "hyvää".encode(),
        }
        assert {name: seen[name] for name in wanted} == wanted

    play(scene)


def test_who_meets_a_busy_process_is_answered_by_the_free_one(play: Any) -> None:
    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        slow = asyncio.create_task(Reader("/slow/").of(one))
        await until(lambda: house.seen)
        answer = await Reader("/next/", method="POST", body=b"x" * 300_000).of(one)
        assert (answer.status, answer.body, answer.headers["x-by"]) == (200, b"answered whole", "two")
        assert other.seen[0]["body"] == b"x" * 300_000
        house.may_go_on.set()
        assert (await slow).headers["x-by"] == "one"

    play(scene)


def test_when_all_are_busy_the_next_waits_and_a_long_page_lets_it_in(
    play: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_of, "LONG_S", 0.3)

    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        slow = [asyncio.create_task(Reader("/slow/").of(pages)) for pages in (one, two)]
        await until(lambda: house.seen and other.seen)
        began = time.monotonic()
        answer = await Reader("/next/").of(one)
        assert answer.status == 200
        assert time.monotonic() - began > 0.1  # it was not let in beside a page that had only begun
        assert not any(task.done() for task in slow)

    play(scene)


def test_no_more_pages_at_once_than_threads(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_of, "LONG_S", 0.01)

    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        waiting = [asyncio.create_task(Reader("/slow/").of(one)) for _ in range(6)]
        await until(lambda: len(house.seen) + len(other.seen) == 4)
        await asyncio.sleep(0.1)
        assert (len(house.seen), len(other.seen)) == (2, 2)
        house.may_go_on.set()
        other.may_go_on.set()
        assert {answer.status for answer in await asyncio.gather(*waiting)} == {200}

    play(scene)


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 503)])
def test_when_the_other_process_ends_a_look_is_taken_again_and_a_write_is_said_to_be_unknown(
    play: Any, monkeypatch: pytest.MonkeyPatch, method: str, status: int
) -> None:
    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        slow = asyncio.create_task(Reader("/slow/").of(one))
        await until(lambda: house.seen)

        def dies(*_: Any) -> None:
            raise ConnectionResetError

        monkeypatch.setattr(two, "_run", dies)
        answer = await Reader("/next/", method=method).of(one)
        assert answer.status == status
        assert [seen["PATH_INFO"] for seen in house.seen][1:] == (["/next/"] if method == "GET" else [])
        house.may_go_on.set()
        await slow

    play(scene)


def test_a_queue_that_is_gone_keeps_nobody_from_a_page(play: Any, queue: socket.socket) -> None:
    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        Path(queue.getsockname()).unlink()
        slow = asyncio.create_task(Reader("/slow/").of(one))
        await until(lambda: house.seen)
        assert (await Reader("/next/").of(one)).headers["x-by"] == "one"
        house.may_go_on.set()
        await slow

    play(scene)


def test_a_process_that_ends_finishes_what_others_asked_and_takes_nothing_more(play: Any) -> None:
    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        slow = [asyncio.create_task(Reader("/slow/").of(one)) for _ in range(2)]
        await until(lambda: house.seen and other.seen)
        ending = asyncio.create_task(two.end())
        await asyncio.sleep(0.05)
        assert not ending.done()
        other.may_go_on.set()
        await ending
        house.may_go_on.set()
        assert {answer.status for answer in await asyncio.gather(*slow)} == {200}
        await asyncio.gather(*(Reader("/next/").of(one) for _ in range(4)))
        assert len(other.seen) == 1

    play(scene)


def test_a_sender_who_goes_is_not_answered(play: Any) -> None:
    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        reader = Reader("/")

        async def gone() -> Any:
            return {"type": "http.disconnect"}

        await one(reader.scope, gone, reader.send)
        assert not house.seen
        assert not reader.status

    play(scene)


def test_of_what_is_too_large_no_more_is_read_than_shows_it(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_of, "MOST_BODY", 10)

    async def scene(one: Pages, two: Pages, house: House, other: House) -> None:
        reader = Reader("/", method="POST", body=b"y" * 100, headers=[(b"content-length", b"100")])
        await reader.of(one)
        assert house.seen[0]["CONTENT_LENGTH"] == "100"
        assert house.seen[0]["body"] == b"y" * 50  # the first of two parts

    play(scene)


@pytest.fixture
def two_processes(transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "web.log", WEB_WORKERS="2") as site:
        yield site


@pytest.mark.slow
def test_pages_go_on_while_web_processes_are_killed(two_processes: Site) -> None:
    parent = psutil.Process(two_processes.process.pid)
    stop = threading.Event()
    lost: list[str] = []
    looks = 0

    def look() -> None:
        nonlocal looks
        while not stop.is_set():
            try:
                status = httpx.get(f"{two_processes.url}/healthz", timeout=10).status_code
                looks += 1
                if status != 200:
                    lost.append(str(status))
            except httpx.TransportError:  # the process that held this very connection was killed
                time.sleep(0.05)

    with ThreadPoolExecutor(6) as people:
        for _ in range(6):
            people.submit(look)
        try:
            for _ in range(3):
                time.sleep(2)
                os.kill(parent.children()[0].pid, signal.SIGKILL)
            time.sleep(3)
        finally:
            stop.set()
    assert not lost
    assert looks > 100
    assert len(parent.children()) == 2
