"""An advisor in a process of their own, who calls, begins and ends visits until nobody waits.

`python -m tests.races.advisor` reads orders from standard input as JSON and prints the visits called, in order:
`{"url", "cookies", "token", "database", "membership", "result"}`. Whom a call brought is asked of the database, for
the screen with a thousand waiting would take longer to draw than all the presses together.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any
from uuid import uuid4

import httpx
import psycopg

CALL = "/oma-kaynti/kutsu-seuraava/"
MINE = "SELECT id::text FROM visits_visit WHERE called_for_id = %s AND state = 'called'"
ENOUGH_REFUSALS = 5


def serve_all(orders: dict[str, Any]) -> list[str]:
    """Call the next one again and again; ends after several refusals in a row."""
    called: list[str] = []
    refusals = 0
    with (
        httpx.Client(base_url=orders["url"], cookies=orders["cookies"], timeout=60) as window,
        psycopg.connect(orders["database"], autocommit=True) as database,
    ):

        def press(path: str, **data: str) -> int:
            form = {"submission_key": str(uuid4()), "csrfmiddlewaretoken": orders["token"], **data}
            return window.post(path, data=form).status_code

        while refusals < ENOUGH_REFUSALS:
            if (status := press(CALL)) == 409:
                refusals += 1
                time.sleep(0.2)
                continue
            if status != 303:
                raise RuntimeError(f"the call was answered with {status}")
            refusals = 0
            [(visit,)] = database.execute(MINE, [orders["membership"]]).fetchall()
            called.append(visit)
            for path, data in (
                (f"/kaynnit/{visit}/aloita/", {}),
                (f"/kaynnit/{visit}/paata/", {"result": orders["result"]}),
            ):
                if (status := press(path, **data)) != 303:
                    raise RuntimeError(f"{path} was answered with {status}")
    return called


if __name__ == "__main__":
    sys.stdout.write(json.dumps(serve_all(json.load(sys.stdin))))
