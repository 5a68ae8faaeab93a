"""The live channel: what is told to whom, when, and what closes it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from bench import boards
from tests.fixtures.site import Site
from tyoparkki import embedded, live
from tyoparkki.actor import SYSTEM, Actor
from tyoparkki.live import hub as hubs
from tyoparkki.live import passes, stream

POINT = live.point_topic(uuid4())
OTHER = live.point_topic(uuid4())


def cookie(*topics: str, subject: str = "user:1") -> str:
    """A browser's Cookie header with a fresh pass."""
    return f"tp_live={live.grant(HttpResponse(), subject=subject, topics=topics).cookies['tp_live'].value}"


class Page:
    """A browser's end of one channel."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.said: list[tuple[str, Any, float]] = []
        self.ended = False
        self.bytes = 0
        self.blocked = asyncio.Event()
        self.blocked.set()
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def receive(self) -> dict[str, str]:
        await self._gone
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.blocked.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.bytes += len(message["body"])
        self.ended = not message["more_body"]
        for block in message["body"].decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in lines:
                self.said.append((lines["event"], json.loads(lines["data"]), time.monotonic()))

    def leave(self) -> None:
        """The window is closed."""
        if not self._gone.done():
            self._gone.set_result(None)

    def changes(self) -> list[tuple[str, str]]:
        """Topic and version of every change heard."""
        return [(data["topic"], data["version"]) for event, data, _ in self.said if event == "changed"]

    async def until(self, question: Callable[["Page"], object], within: float = 5.0) -> None:
        """Wait until the page has seen something."""
        deadline = time.monotonic() + within
        while not question(self):
            assert time.monotonic() < deadline, f"not seen within {within} s: {self.said}"
            await asyncio.sleep(0.005)


@asynccontextmanager
async def opened(cookies: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> AsyncIterator[Page]:
    """A page with its channel open; closed and cleaned up afterwards."""
    page = Page()
    sent = {"cookie": cookies, **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "path": "/live/",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    task = asyncio.create_task(stream.application(scope, page.receive, page.send))
    try:
        await page.until(lambda page: page.status)
        if page.status == 200:
            assert await hubs.hub().listening(5)
        yield page
    finally:
        page.leave()
        page.blocked.set()
        await asyncio.wait_for(task, 5)


def in_loop(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine on a loop of its own and end the listening connection with it.

    In a thread of its own too: a browser of another test may keep a loop in the main one.
    """

    async def run() -> None:
        try:
            await test()
        finally:
            await hubs.close_hub()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def committed(act: Callable[[], Any], *, undo: bool = False) -> Any:
    """An act in a transaction of a thread of its own, as a request is."""

    def run() -> Any:
        try:
            with transaction.atomic():
                result = act()
                transaction.set_rollback(undo)
                return result
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def say(*topics: str) -> str:
    """A committed action that changed the topics; returns its version."""
    return str(committed(lambda: live.announce(*topics)))


@pytest.mark.django_db(transaction=True)
def test_a_committed_change_reaches_the_pages_of_its_topic_only() -> None:
    async def test() -> None:
        async with opened(cookie(POINT)) as here, opened(cookie(OTHER)) as elsewhere:
            version = say(POINT)
            await here.until(lambda page: (POINT, version) in page.changes())
            marker = say(OTHER)
            await elsewhere.until(lambda page: (OTHER, marker) in page.changes())
            assert {topic for topic, _ in here.changes()} == {POINT}
            assert {topic for topic, _ in elsewhere.changes()} == {OTHER}

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_rolled_back_is_never_told() -> None:
    async def test() -> None:
        async with opened(cookie(POINT, OTHER)) as page:
            undone = committed(lambda: live.announce(POINT), undo=True)
            version = say(OTHER)
            await page.until(lambda page: (OTHER, version) in page.changes())
            assert (POINT, undone) not in page.changes()

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_a_message_is_a_topic_and_a_version_and_nothing_else() -> None:
    async def test() -> None:
        async with opened(cookie(POINT)) as page:
            version = say(POINT)
            await page.until(lambda page: (POINT, version) in page.changes())
            event, data, _ = page.said[-1]
            assert (event, data) == ("changed", {"topic": POINT, "version": version})
            hello = page.said[0]
            assert hello[0] == "hello"
            assert set(hello[1]) == {"topics", "seconds"}

    in_loop(test)


@pytest.mark.django_db
def test_an_announcement_outside_a_transaction_is_a_fault() -> None:
    transaction.get_connection().in_atomic_block = False
    try:
        with pytest.raises(transaction.TransactionManagementError):
            live.announce(POINT)
    finally:
        transaction.get_connection().in_atomic_block = True


@pytest.mark.django_db
def test_the_answer_carries_the_versions_of_its_own_changes() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        if request.GET:
            live.announce(POINT)
            live.announce(POINT, OTHER)
        return HttpResponse()

    middleware = live.VersionMiddleware(view)
    with transaction.atomic():
        answer = middleware(RequestFactory().get("/?change=1"))
        assert answer["TP-Version"] == live.announce(POINT)
    assert "TP-Version" not in middleware(RequestFactory().get("/"))


@pytest.mark.django_db(transaction=True)
def test_a_slow_page_keeps_one_message_a_topic_and_mixed_versions_become_a_resync() -> None:
    async def test() -> None:
        async with opened(cookie(POINT)) as page:
            await page.until(lambda page: page.said)
            page.blocked.clear()
            say(POINT)
            await asyncio.sleep(0.2)  # this one is on its way and stuck
            committed(lambda: [say(POINT) for _ in range(50)])
            await asyncio.sleep(0.2)
            (window,) = hubs.hub().windows
            assert len(window.pending) == 1
            page.blocked.set()
            await page.until(lambda page: (POINT, "resync") in page.changes())
            await asyncio.sleep(0.2)
            assert len(page.changes()) <= 4

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_a_change_between_a_page_and_its_channel_is_told_on_opening() -> None:
    async def test() -> None:
        async with opened(cookie(POINT)) as first:
            version = say(POINT)
            await first.until(lambda page: page.changes())
            async with opened(cookie(POINT)) as late:
                await late.until(lambda page: page.changes() == [(POINT, version)])

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_comes_back_is_told_to_fetch_everything() -> None:
    async def test() -> None:
        async with opened(cookie(POINT, OTHER), headers={"last-event-id": "0"}) as page:
            await page.until(lambda page: {topic for topic, _ in page.changes()} == {POINT, OTHER})
            assert {version for _, version in page.changes()} == {"resync"}

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_after_the_listening_connection_is_lost_every_page_fetches_again() -> None:
    async def test() -> None:
        async with opened(cookie(POINT)) as page:
            version = say(POINT)
            await page.until(lambda page: (POINT, version) in page.changes())
            before = len(page.changes())
            with embedded.superuser() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'tyoparkki-live' AND datname = %s",
                    [settings.DATABASES["default"]["NAME"]],
                )
            await page.until(lambda page: (POINT, "resync") in page.changes()[before:])
            version = say(POINT)
            await page.until(lambda page: (POINT, version) in page.changes())

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_a_revoked_subject_is_closed_within_five_seconds_and_cannot_return_with_the_old_pass() -> None:
    async def test() -> None:
        leaver, colleague = cookie(POINT, subject="user:7"), cookie(POINT, subject="user:8")
        async with opened(leaver) as page, opened(colleague) as other:
            committed(lambda: live.revoke("user:7"))
            await page.until(lambda page: page.ended)
            assert page.said[-1][0] == "revoked"
            assert not other.ended
            async with opened(leaver) as again:
                assert again.status == 401
            async with opened(cookie(POINT, subject="user:7")) as renewed:
                assert renewed.status == 200

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_a_channel_ends_with_its_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "LIFETIME", 2)

    async def test() -> None:
        async with opened(cookie(POINT)) as page:
            await page.until(lambda page: page.ended)
            assert page.said[-1][0] == "expired"

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_a_quiet_channel_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)

    async def test() -> None:
        async with opened(cookie(POINT)) as page:
            await page.until(lambda page: page.said)
            start = page.bytes
            await page.until(lambda page: page.bytes >= start + 9)

    in_loop(test)


@pytest.mark.django_db(transaction=True)
def test_closed_windows_leave_nothing_behind() -> None:
    async def test() -> None:
        for _ in range(20):
            async with opened(cookie(POINT)):
                pass
        assert not hubs.hub().windows
        assert not hubs.hub()._by_topic

    in_loop(test)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("cookies", "method", "status"),
    [
        ("", "GET", 401),
        ("tp_live=nonsense", "GET", 401),
        ("tp_live=", "GET", 401),
        ("tp_live", "GET", 401),
        (None, "POST", 405),
        (None, "HEAD", 405),
    ],
)
def test_without_a_pass_nothing_is_heard(cookies: str | None, method: str, status: int) -> None:
    async def test() -> None:
        async with opened(cookie(POINT) if cookies is None else cookies, method=method) as page:
            assert page.status == status
            assert page.headers["cache-control"] == "no-store"
            assert not page.said

    in_loop(test)


def test_a_pass_that_was_changed_or_ran_out_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    value = cookie(POINT)
    assert passes.read(value) is not None
    assert passes.read(value[:-1] + ("a" if value[-1] != "a" else "b")) is None
    later = time.time() + passes.LIFETIME + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert passes.read(value) is None


def test_the_pass_is_for_the_channel_alone() -> None:
    morsel = live.grant(HttpResponse(), subject="user:1", topics=[POINT]).cookies["tp_live"]
    assert (morsel["path"], morsel["samesite"], bool(morsel["httponly"])) == ("/live/", "Strict", True)


def test_a_subject_names_a_user_or_a_device() -> None:
    one = uuid4()
    assert live.subject_of(Actor("member", user_id=one, membership_id=uuid4())) == f"user:{one}"
    assert live.subject_of(Actor("device", device_id=one)) == f"device:{one}"
    assert live.subject_of(SYSTEM) == "system"


@pytest.fixture
def one_open_point(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A kind of topic of which one object may be heard by anybody."""
    known = uuid4()
    monkeypatch.setattr(
        passes, "_authorisers", {"point": lambda _, object_id: SYSTEM if object_id == str(known) else None}
    )
    return known


@pytest.mark.django_db
def test_a_new_pass_holds_only_the_topics_that_the_server_allows(client: Client, one_open_point: UUID) -> None:
    mine = live.point_topic(one_open_point)
    wished = [mine, OTHER, "visit:" + str(uuid4()), "point:'; drop table", "nonsense"]
    answer = client.post("/live-pass/", {"topic": wished})
    assert answer.status_code == 204
    granted = passes.read(f"tp_live={answer.cookies['tp_live'].value}")
    assert granted is not None
    assert granted.topics == (mine,)


@pytest.mark.django_db
def test_who_may_hear_nothing_gets_no_pass(client: Client, one_open_point: UUID) -> None:
    answer = client.post("/live-pass/", {"topic": [OTHER]})
    assert answer.status_code == 401
    assert "tp_live" not in answer.cookies
    assert client.post("/live-pass/").status_code == 401
    assert client.get("/live-pass/").status_code == 405


@pytest.mark.slow
def test_the_running_product_tells_a_browser_and_stops_at_once(live_site: Site) -> None:
    import httpx

    with httpx.stream("GET", f"{live_site.url}/live/", headers={"cookie": cookie(POINT)}, timeout=10) as answer:
        assert answer.status_code == 200
        lines = answer.iter_lines()
        while not next(lines).startswith("event: hello"):
            pass
        version = say(POINT)
        while version not in next(lines):
            pass


@pytest.mark.slow
def test_two_hundred_boards_hear_of_a_change_at_once(live_site: Site) -> None:
    with ThreadPoolExecutor(1) as thread:  # a browser's loop may run in this one
        delays = thread.submit(boards.measure, live_site.url, boards=200, rounds=5).result()
    assert delays.lost == 0
    assert delays.p95 < 250  # a loaded machine included; `make bench` holds the real budgets
