"""A clerk in a process of their own, who presses as fast as the answers come: `python -m tests.races.clerk`.

Reads its orders from standard input as JSON: `{"url", "cookies", "token", "presses": [{"path", "data"}, …]}`, sends
them one after another and prints the answers' status codes as JSON. Knows nothing of the product but its addresses.
"""

from __future__ import annotations

import json
import sys
from uuid import uuid4

import httpx


def press_all(orders: dict[str, object]) -> list[int]:
    """Send every form in turn; a refused or failed one does not stop the rest."""
    answers = []
    with httpx.Client(base_url=str(orders["url"]), cookies=orders["cookies"], timeout=60) as window:  # type: ignore[arg-type]  # a dict of texts
        for press in orders["presses"]:  # type: ignore[attr-defined]  # a list of dicts
            data = {"submission_key": str(uuid4()), "csrfmiddlewaretoken": orders["token"], **press["data"]}
            answers.append(window.post(press["path"], data=data).status_code)
    return answers


if __name__ == "__main__":
    sys.stdout.write(json.dumps(press_all(json.load(sys.stdin))))
