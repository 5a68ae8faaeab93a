"""`make run`'s one parent: ready, healed, ended without a trace, started again after the worst."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from tests.fixtures.site import eventually, free_port
from tyoparkki import embedded, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


class Served:
    """One run of `manage.py serve` after another in one data folder."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.words = folder / "words.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self.words.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=environment.BASE_DIR,
                env={**kept, "DATA_DIR": str(self.data), "PORT": str(self.port), "PLAIN_HTTP": "1", "WEB_WORKERS": "1"},
                stdout=output,
                stderr=output,
            )
        return self.process

    def ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=3).json()["ok"] is True
        except (httpx.HTTPError, ValueError, KeyError):
            return False

    def pids(self) -> dict[str, int]:
        return dict(json.loads((self.data / "processes.json").read_text(encoding="utf-8")))

    def traces(self) -> list[str]:
        """Every process that has to do with this data folder."""
        found = []
        for process in psutil.process_iter():
            try:
                if str(self.data) in process.environ().get("DATA_DIR", "") or str(self.data) in process.cwd():
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    product = Served(tmp_path)
    yield product
    if product.process and product.process.poll() is None:
        product.process.send_signal(signal.SIGTERM)
        product.process.wait(40)
    embedded.stop(product.data)


def told(product: Served, text: str) -> Callable[[], bool]:
    return lambda: text in product.words.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_every_process(served: Served, number: signal.Signals) -> None:
    process = served.start()
    eventually(told(served, "TyöParkki is ready"), within=90)
    assert served.ready()
    process.send_signal(number)
    assert process.wait(40) == 0
    assert eventually(lambda: not served.traces(), within=5), served.traces()
    assert "Traceback" not in served.words.read_text(encoding="utf-8")
    assert not (served.data / "processes.json").exists()


def test_whatever_dies_is_started_again(served: Served) -> None:
    served.start()
    eventually(told(served, "TyöParkki is ready"), within=90)
    for name in ("web", "worker", "beat"):
        before = served.pids()[name]
        os.kill(before, signal.SIGKILL)
        eventually(lambda name=name, before=before: served.pids()[name] != before, within=20)
    lock = served.data / "postgres" / "data" / "postmaster.pid"
    os.kill(int(lock.read_text(encoding="utf-8").split()[0]), signal.SIGKILL)
    eventually(told(served, "PostgreSQL had ended and was started again"), within=30)
    eventually(served.ready, within=40)


def test_a_killed_parent_leaves_nothing_in_the_way_of_the_next(served: Served) -> None:
    process = served.start()
    eventually(told(served, "TyöParkki is ready"), within=90)
    process.kill()
    process.wait()
    served.words.unlink()
    served.start()
    eventually(told(served, "TyöParkki is ready"), within=60)
    assert served.ready()


def test_a_second_run_in_the_same_folder_is_refused(served: Served) -> None:
    served.start()
    eventually(told(served, "TyöParkki is ready"), within=90)
    first = served.process
    second = served.start()
    assert second.wait(30) == 2
    assert told(served, "already runs with the data folder")()
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
