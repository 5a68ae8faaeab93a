"""One queue: whoever is free takes the next page, the first is taken first, and the front holds no more than it may."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.web.house import THREADS, WITHIN, House, Reader, Scene, until
from tyoparkki.web import answering, asking
from tyoparkki.web.asking import Pages
from tyoparkki.web.line import Parcel, packed


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
