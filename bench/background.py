"""What happens behind the pages: pushes to the boards, counting, memory, and starting from nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import psycopg
from django.db import connections, transaction

from bench import boards
from bench.house import House, free_port
from bench.measures import Row, beside, spread
from bench.reading import noting, replay


def push(house: House, numbers: tuple[int, ...]) -> list[Row]:
    """From the commit of a change until every board has heard of it, beside a bare LISTEN; and what a board costs."""
    raw50, raw95 = spread(_bare_listen(house, 50))
    rows = []
    for number in numbers:
        most = 100.0 if number <= 50 else 500.0
        idle = pss(house.web.pid)
        delays = boards.measure(house.url, number, rounds=5, at_most=lambda: pss(house.web.pid))
        held = delays.p95 <= most and not delays.lost
        rows.append(
            Row(f"change → {number} boards, p95", delays.p95, "ms", f"≤ {most:.0f} ms", held, delays.p50, delays.p95,
                raw50, raw95, {"lost": delays.lost})
        )  # fmt: skip
        each = max(0.0, delays.memory - idle) / number
        if number >= 500:  # fewer drown in what else the processes do
            rows.append(Row("memory of a board", each, "kB", "≤ 100 kB", each <= 100))
    return rows


def _bare_listen(house: House, times: int) -> list[float]:
    """NOTIFY in one connection until it is heard in another."""
    taken = []
    with (
        psycopg.connect(house.dsn, autocommit=True) as ear,
        psycopg.connect(house.dsn) as mouth,
    ):
        ear.execute("LISTEN tp_bench")
        for _ in range(times):
            mouth.execute("SELECT pg_notify('tp_bench', 'x')")
            mouth.commit()
            began = time.perf_counter()
            taken += [time.perf_counter() - began for _heard in ear.notifies(timeout=5, stop_after=1)]
    return taken


def memory(house: House) -> list[Row]:
    """The front with the live channel, the page processes and their parent, after all that was asked of them."""
    used = pss(house.web.pid) / 1024
    return [Row("memory of the web with live, PSS", used, "MB", "≤ 300 MB", used <= 300)]


def pss(pid: int) -> float:
    """Kilobytes of a process and of all that it has started."""
    parent = psutil.Process(pid)
    total = 0.0
    for process in (parent, *parent.children(recursive=True)):
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        total += float(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
    return total


def counting(house: House, visits: int) -> list[Row]:
    """A full day counted anew, beside reading the same rows raw; equal to a count in SQL, to the last figure."""
    from reports.actions import count_day
    from reports.recount import _FIGURES, _HOLDING
    from tyoparkki import clock

    house.set_up(served=visits)
    point, at = UUID(house.facts["point"]), clock.now()
    on: date = house.rows('SELECT "on" FROM team_serviceday WHERE id = %s', [house.facts["today"]])[0][0]
    with noting("stats") as statements:
        counts = count_day(point, on, at=at, using="stats")
    line = beside(
        f"counting a day of {visits:,} visits",
        lambda: count_day(point, on, at=at, using="stats"),
        lambda: replay(statements[1:], using="stats"),  # without the level of isolation, which replay cannot set
        each=1,
    )
    line.value, line.unit, line.budget = line.p50 or 0.0, "ms", "≤ 1000 ms"
    line.held = line.value <= 1000
    recount = (
        f"WITH {_HOLDING} SELECT figure, part, count(*) FROM ({_FIGURES}) AS told"  # noqa: S608 - our own text
        ' WHERE point_id = %s AND "on" = %s GROUP BY 1, 2'
    )
    with transaction.atomic(using="stats"), connections["stats"].cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")  # the day has just come, so the planner guesses
        cursor.execute(recount, [point, on])
        counted = {(figure, part, n) for figure, part, n in cursor.fetchall()}
    unequal = len(counted ^ {(*key, n) for key, n in counts.items()})
    house.set_up()
    count_day(point, on, at=at, using="stats")
    return [line, Row("figures that SQL counts otherwise", unequal, "", "0", unequal == 0, notes={"of": len(counts)})]


def starting() -> list[Row]:
    """`make run` on an installed machine: from an empty folder with its demonstration, and once more."""
    with tempfile.TemporaryDirectory(prefix="tp", ignore_cleanup_errors=True) as folder:
        first, again = _until_ready(folder), _until_ready(folder)
    return [
        Row("first start with demo data", first, "s", "≤ 120 s", first <= 120),
        Row("later start", again, "s", "≤ 15 s", again <= 15),
    ]


def _until_ready(folder: str) -> float:
    """Seconds from the command until the product says that it is ready; then it is ended as Ctrl-C ends it."""
    port = free_port()
    environment = {**os.environ, "DATA_DIR": folder, "PORT": str(port), "DEMO": "1"}
    began = time.perf_counter()
    product = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while time.perf_counter() - began < 300:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                    return time.perf_counter() - began
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise RuntimeError("The product did not become ready in five minutes.")
    finally:
        product.send_signal(signal.SIGINT)
        product.wait(60)
