"""The parent of the product's processes goes on when the machine has no room."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.site import eventually
from tyoparkki import supervisor
from tyoparkki.supervisor import Child, Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Family:
    """A supervisor of one child, and what it has said."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.said: list[str] = []
        self.child = Child("web", command, folder / "web.log")
        self.parent = Supervisor(folder, [self.child], self.said.append)

    def watch_until(self, failures: int) -> None:
        def reached() -> bool:
            self.parent.watch()
            return self.child.failures >= failures

        eventually(reached, within=30)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE_S", 0.05)


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Family]:
    family = Family(tmp_path, [sys.executable, "-c", "import time; time.sleep(60)"])
    yield family
    family.parent.stop()


def test_a_process_that_cannot_be_started_is_tried_again(tmp_path: Path, quick: None) -> None:
    family = Family(tmp_path, [str(tmp_path / "not-there")])
    family.parent.start()
    family.watch_until(3)
    assert "web could not start (No such file or directory); it starts again in 0.05 s" in family.said[0]
    family.child.command = [sys.executable, "-c", "import time; time.sleep(60)"]
    eventually(lambda: family.parent.watch() or family.child.process, within=10)
    family.parent.stop()


def test_a_full_disk_stops_nobody(sleeper: Family, tmp_path: Path) -> None:
    (tmp_path / "processes.new").mkdir()  # nothing can be written there
    sleeper.parent.start()
    assert sleeper.child.process
    assert "processes.json could not be written" in sleeper.said[0]
    before = sleeper.child.process.pid
    sleeper.child.process.kill()
    eventually(lambda: sleeper.parent.watch() or (sleeper.child.process and sleeper.child.process.pid != before))


def test_the_pauses_grow_to_three_seconds_and_begin_anew_after_a_steady_time(sleeper: Family) -> None:
    pauses = []
    for _failure in range(6):
        sleeper.child.started = time.monotonic()
        sleeper.parent._note_failure(sleeper.child, "ended with 1")
        pauses.append(round(sleeper.child.next_try - time.monotonic(), 1))
    assert pauses == [0.5, 1.0, 2.0, 3.0, 3.0, 3.0]
    sleeper.child.started = time.monotonic() - supervisor.STEADY_AFTER_S - 1
    sleeper.parent._note_failure(sleeper.child, "ended with 1")
    assert sleeper.child.failures == 1


def test_what_a_dead_process_left_in_its_group_ends_with_it(tmp_path: Path, quick: None) -> None:
    import psutil

    grandchild = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    family = Family(tmp_path, [sys.executable, "-c", grandchild])
    family.parent.start()
    family.watch_until(1)
    left = int(family.child.log.read_text(encoding="utf-8").split()[0])
    eventually(lambda: not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE)
    family.parent.stop()


def test_a_process_that_does_nothing_is_ended_and_started_again(sleeper: Family) -> None:
    sleeper.parent.start()
    assert sleeper.child.process
    before = sleeper.child.process.pid
    os.kill(before, signal.SIGSTOP)
    sleeper.parent.end("worker")  # somebody else
    sleeper.parent.watch()
    assert sleeper.child.process.pid == before
    sleeper.parent.end("web")
    eventually(lambda: sleeper.parent.watch() or (sleeper.child.process and sleeper.child.process.pid != before))
