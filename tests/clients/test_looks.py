"""Every way of looking at a person has words for the person."""

from __future__ import annotations

import re
from pathlib import Path

from clients.looks import OWN, WAYS

ROOT = Path(__file__).resolve().parents[2]
LOOKED = re.compile(r'(?:opened|seen|seen_many|_name_visible|_opened)\((?:[^()]|\([^()]*\))*?\bkind="(\w+)"', re.DOTALL)


def test_every_way_in_use_is_told_in_words() -> None:
    used = {
        kind
        for app in ("clients", "visits", "reports", "employers")
        for source in (ROOT / app).rglob("*.py")
        for kind in LOOKED.findall(source.read_text(encoding="utf-8"))
    }
    assert {"page", "plan", "ending", "joint", "own_plan"} <= used
    assert used - {"visit", "record", "guidance"} <= WAYS.keys()
    assert WAYS.keys() >= OWN
