"""`make run`'s one parent: ready, healed, ended without a trace, started again after the worst."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.served import Served
from tests.fixtures.site import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    product = Served(tmp_path)
    yield product
    product.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_every_process(served: Served, number: signal.Signals) -> None:
    process = served.start()
    eventually(served.told("TyöParkki is ready"), within=90)
    assert served.ready()
    process.send_signal(number)
    assert process.wait(40) == 0
    assert eventually(lambda: not served.traces(), within=5), served.traces()
    assert "Traceback" not in served.words.read_text(encoding="utf-8")
    assert not (served.data / "processes.json").exists()


def test_whatever_dies_is_started_again(served: Served) -> None:
    served.start()
    eventually(served.told("TyöParkki is ready"), within=90)
    for name in ("web", "worker", "beat"):
        before = served.pids()[name]
        os.kill(before, signal.SIGKILL)
        eventually(lambda name=name, before=before: served.pids()[name] != before, within=20)
    os.kill(served.postmaster(), signal.SIGKILL)
    eventually(served.told("PostgreSQL had ended and was started again"), within=30)
    eventually(served.ready, within=40)


def test_a_killed_parent_leaves_nothing_in_the_way_of_the_next(served: Served) -> None:
    process = served.start()
    eventually(served.told("TyöParkki is ready"), within=90)
    process.kill()
    process.wait()
    served.words.unlink()
    served.start()
    eventually(served.told("TyöParkki is ready"), within=60)
    assert served.ready()


def test_a_second_run_in_the_same_folder_is_refused(served: Served) -> None:
    served.start()
    eventually(served.told("TyöParkki is ready"), within=90)
    first = served.process
    second = served.start()
    assert second.wait(30) == 2
    assert served.told("already runs with the data folder")()
    served.process = first
    assert served.ready()


def test_a_taken_port_is_said_in_one_sentence(served: Served) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", served.port))
        other.listen()
        assert served.start().wait(30) == 2
    assert served.words.read_text(encoding="utf-8").strip() == (
        f"Port {served.port} is taken; choose another one, for example PORT={served.port + 1}."
    )
