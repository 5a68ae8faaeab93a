"""The web server: one queue, whoever is free takes the next page, and nothing is lost when a process ends."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.fixtures.site import Site, eventually, free_port, running, start
from tyoparkki import environment
from tyoparkki.web import answering, asking
from tyoparkki.web.asking import Pages
from tyoparkki.web.line import Parcel, packed

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


async def until(question: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN
    while not question():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def test_a_page_is_given_what_was_sent_and_its_answer_arrives(play: Callable[[Scene], None], house: House) -> None:
    async def scene(pages: Pages) -> None:
        sent = [
            (b"content-type", b"text/plain"),
            (b"x-forwarded-proto", b"https"),
            (b"x_forwarded_proto", b"http"),
            (b"accept", b"a"),
            (b"accept", b"b"),
            (b"cookie", b"x=1"),
            (b"cookie", b"y=2"),
        ]
        answer = await Reader("/työ/", method="POST", body="hyvää".encode(), headers=sent).of(pages)
        assert (answer.status, answer.body) == (200, b"answered whole")
        assert answer.said == [("content-type", "text/plain"), ("set-cookie", "a=1"), ("set-cookie", "b=2")]
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


def test_much_is_carried_whole(play: Callable[[Scene], None], house: House) -> None:
    async def scene(pages: Pages) -> None:
        await Reader("/", method="POST", body=b"x" * 1_000_000).of(pages)
        assert house.seen[0]["body"] == b"x" * 1_000_000

    play(scene)


def test_nobody_waits_for_a_busy_process_while_another_is_free(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LONG_S", WITHIN)

    async def scene(pages: Pages) -> None:
        slow = asyncio.create_task(Reader("/slow/").of(pages))
        await until(lambda: house.seen)
        for _ in range(5):
            assert (await Reader("/next/").of(pages)).status == 200
        assert not slow.done()
        house.may_go_on.set()
        assert (await slow).status == 200

    play(scene)


def test_the_first_in_the_queue_is_the_first_to_be_taken(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LONG_S", WITHIN)

    async def scene(pages: Pages) -> None:
        waiting = [asyncio.create_task(Reader(path).of(pages)) for path in ("/longest/", "/slow/")]
        await until(lambda: len(house.seen) == 2)
        for number in range(6):
            waiting.append(asyncio.create_task(Reader(f"/{number}/").of(pages)))
            await asyncio.sleep(0.02)
        assert len(house.seen) == 2
        house.may_go_on.set()
        await asyncio.gather(*waiting[1:])
        assert house.paths()[2:] == [f"/{number}/" for number in range(6)]
        house.may_end.set()
        await waiting[0]

    play(scene)


def test_a_long_page_lets_the_next_one_in_and_one_that_has_only_begun_does_not(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LONG_S", 0.3)

    async def scene(pages: Pages) -> None:
        slow = [asyncio.create_task(Reader("/slow/").of(pages)) for _ in range(2)]
        await until(lambda: len(house.seen) == 2)
        began = time.monotonic()
        assert (await Reader("/next/").of(pages)).status == 200
        assert time.monotonic() - began > 0.1
        assert not any(task.done() for task in slow)
        house.may_go_on.set()
        await asyncio.gather(*slow)

    play(scene)


def test_no_more_pages_at_once_than_threads(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LONG_S", 0.01)

    async def scene(pages: Pages) -> None:
        waiting = [asyncio.create_task(Reader("/slow/").of(pages)) for _ in range(6)]
        await until(lambda: len(house.seen) == 2 * THREADS)
        await asyncio.sleep(0.2)
        assert len(house.seen) == 2 * THREADS
        house.may_go_on.set()
        assert {answer.status for answer in await asyncio.gather(*waiting)} == {200}

    play(scene)


def test_what_breaks_outside_of_the_pages_is_told_and_written_down(
    play: Callable[[Scene], None], house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(pages: Pages) -> None:
        with caplog.at_level(logging.ERROR):
            answer = await Reader("/breaks/").of(pages)
        assert (answer.status, len(house.seen)) == (500, 1)
        assert "Jokin meni rikki" in answer.body.decode()
        assert "outside of Django's care" in caplog.text
        assert (await Reader("/next/").of(pages)).status == 200

    play(scene)


def test_who_no_longer_waits_for_a_look_gives_up_the_place_and_a_write_is_done_all_the_same(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LONG_S", WITHIN)

    async def scene(pages: Pages) -> None:
        slow = [asyncio.create_task(Reader("/slow/").of(pages)) for _ in range(2)]
        await until(lambda: len(house.seen) == 2)
        look, write = Reader("/look/"), Reader("/write/", method="POST")
        waiting = [asyncio.create_task(reader.of(pages)) for reader in (look, write)]
        await asyncio.sleep(0.05)
        look.goes.set()
        write.goes.set()
        await waiting[0]
        house.may_go_on.set()
        await asyncio.gather(*slow, *waiting)
        assert (look.status, write.status) == (0, 200)
        assert house.paths()[2:] == ["/write/"]

    play(scene)


def test_more_may_wait_than_the_queue_holds(play: Callable[[Scene], None], house: House) -> None:
    async def scene(pages: Pages) -> None:
        pages._places = asyncio.Semaphore(8)
        slow = [asyncio.create_task(Reader("/slow/").of(pages)) for _ in range(2)]
        await until(lambda: len(house.seen) == 2)
        waiting = [asyncio.create_task(Reader("/next/", method="POST").of(pages)) for _ in range(60)]
        await asyncio.sleep(0.05)
        house.may_go_on.set()
        assert {answer.status for answer in await asyncio.gather(*slow, *waiting)} == {200}

    play(scene)


def test_who_sends_too_slowly_is_told(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SENDING_S", 0.05)

    async def scene(pages: Pages) -> None:
        reader = Reader("/", method="POST", body=b"ab")
        reader.parts = [(b"a", True)]
        assert (await reader.of(pages)).status == 408
        assert not house.seen
        assert pages._held == 0

    play(scene)


def test_the_front_holds_no_more_than_it_may(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_HELD", 1000)

    async def scene(pages: Pages) -> None:
        slow = asyncio.create_task(Reader("/slow/", method="POST", body=b"x" * 800).of(pages))
        await until(lambda: house.seen)
        refused = await Reader("/", method="POST", body=b"x" * 300).of(pages)
        assert (refused.status, len(house.seen)) == (503, 1)
        assert (await Reader("/", method="POST", body=b"x" * 100).of(pages)).status == 200
        house.may_go_on.set()
        await slow
        assert (await Reader("/", method="POST", body=b"x" * 300).of(pages)).status == 200
        assert pages._held == 0

    play(scene)


def test_without_a_queue_it_is_said(tmp_path: Path) -> None:
    async def scene() -> None:
        assert (await Reader("/").of(Pages(str(tmp_path / "none")))).status == 503

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, scene()).result()


def test_a_sender_who_goes_is_not_answered(play: Callable[[Scene], None], house: House) -> None:
    async def scene(pages: Pages) -> None:
        reader = Reader("/")

        async def gone() -> Any:
            return {"type": "http.disconnect"}

        await pages(reader.scope, gone, reader.send)
        assert not house.seen
        assert not reader.status

    play(scene)


def test_of_what_is_too_large_no_more_is_read_than_shows_it(
    play: Callable[[Scene], None], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_BODY", 10)

    async def scene(pages: Pages) -> None:
        await Reader("/", method="POST", body=b"y" * 100, headers=[(b"content-length", b"100")]).of(pages)
        await Reader("/", method="POST", body=b"y" * 100).of(pages)
        said, not_said = house.seen
        assert (said["CONTENT_LENGTH"], said["body"]) == ("100", b"")
        assert (not_said["CONTENT_LENGTH"], not_said["body"]) == ("50", b"y" * 50)  # the first of two parts

    play(scene)


@pytest.mark.parametrize("size", [1, 7, 9, 1000])
def test_a_parcel_comes_in_pieces_of_any_size(size: int) -> None:
    sent = packed({"a": "ä"}, b"body \n of it")
    parcel = Parcel()
    for begin in range(0, len(sent), size):
        assert not parcel.is_whole
        parcel.add(sent[begin : begin + size])
    assert parcel.is_whole
    assert parcel.opened() == ({"a": "ä"}, b"body \n of it")
    with pytest.raises(ConnectionResetError):
        parcel.add(b"")


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
