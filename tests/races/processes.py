"""Starts programs of this package side by side, each with orders of its own, and gathers what they print."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tyoparkki import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE_S = 900


def side_by_side(program: str, orders: Sequence[dict[str, Any]]) -> list[Any]:
    """One process for each of the orders, all at work at the same time."""
    command = [sys.executable, "-m", f"tests.races.{program}"]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=environment.BASE_DIR)
        for _order in orders
    ]
    for process, order in zip(running, orders, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode())
        process.stdin.close()
        process.stdin = None
    printed = [process.communicate(timeout=PATIENCE_S)[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(running)
    return [json.loads(text) for text in printed]
