"""Keeps the product's processes running: one parent, told in one line when a child dies, and gone without a trace."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from tyoparkki import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST_PAUSE_S = 3.0
STEADY_AFTER_S = 10.0
GRACE_S = 12.0
LOG_BYTES = 5_000_000


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere the next start clears up."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process with its own group, its log and how often it has failed lately."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    next_try: float = 0.0

    def start(self) -> None:
        """Start it with its words in its own log."""
        self.started = time.monotonic()
        with self._open_log() as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=environment.BASE_DIR,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has no threads
            )

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "ab")

    def last_words(self) -> str:
        """The last line of its log."""
        with suppress(OSError, IndexError):
            return self.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()[-1][:300]
        return ""

    def signal(self, number: int) -> None:
        """Send a signal to the process (to its whole group when it is to be killed)."""
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                self.process.send_signal(number)


class Supervisor:
    """The parent of the product's processes."""

    def __init__(self, data: Path, children: list[Child], say: Callable[[str], None]) -> None:
        self.data = data
        self.children = children
        self.say = say
        self.stopping = False
        self.written = True

    def start(self) -> None:
        """Start every child and write down who they are, for a start after a crash."""
        for child in self.children:
            self._start(child)
        self._write_down()

    def watch(self) -> None:
        """One look at every child: start again, after a growing pause, what has ended."""
        changed = not self.written
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.next_try:
                    changed |= self._start(child)
            elif (code := child.process.poll()) is not None:
                child.signal(signal.SIGKILL)  # whatever it left behind in its group
                child.process = None
                how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
                self._note_failure(child, how)
        if changed:
            self._write_down()

    def _start(self, child: Child) -> bool:
        """Start one; a machine without room for one more process or file may have it a moment later."""
        try:
            child.start()
        except OSError as error:
            self._note_failure(child, f"could not start ({error.strerror})")
            return False
        return True

    def _note_failure(self, child: Child, how: str) -> None:
        steady = time.monotonic() - child.started > STEADY_AFTER_S
        child.failures = 1 if steady else child.failures + 1
        pause = min(0.5 * 2 ** (child.failures - 1), LONGEST_PAUSE_S)
        child.next_try = time.monotonic() + pause
        self.say(f"{child.name} {how}; it starts again in {pause:g} s (log: {child.log})")

    def end(self, *names: str) -> None:
        """Kill children that live but do nothing; the next looks start them again."""
        for child in self.children:
            if child.name in names:
                child.signal(signal.SIGKILL)

    def stop(self) -> None:
        """End every child, kindly at first."""
        self.stopping = True
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        for child in self.children:
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(deadline - time.monotonic(), 0.1))
                child.signal(signal.SIGKILL)
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(2)
        self._file.unlink(missing_ok=True)

    @property
    def _file(self) -> Path:
        return self.data / "processes.json"

    def _write_down(self) -> None:
        groups = {child.name: child.process.pid for child in self.children if child.process}
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(groups), encoding="utf-8")
            fresh.replace(self._file)
        except OSError as error:  # a full disk: the children work on, and end with their parent all the same
            if self.written:
                self.say(f"{self._file} could not be written ({error.strerror})")
            self.written = False
        else:
            self.written = True


def clear_leftovers(data: Path) -> list[str]:
    """End what a killed supervisor left running: processes of its recorded groups that work in this folder."""
    import psutil

    try:
        groups: dict[str, int] = json.loads((data / "processes.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    found: list[psutil.Process] = []
    names = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            group = os.getpgid(process.pid)
            for name, number in groups.items():
                if group == number and process.cwd() == str(environment.BASE_DIR):
                    found.append(process)
                    names.add(name)
    for process in found:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(found, timeout=5)
    (data / "processes.json").unlink(missing_ok=True)
    return sorted(names)
