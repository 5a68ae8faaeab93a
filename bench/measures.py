"""What is measured, and the budget it must hold: each beside the raw work in the same run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psycopg

from bench import bare, boards
from bench.house import ADVISORS, House

CLIENT_SEARCH = "/asiakkaat/haku/?q=koiv"


@dataclass
class Row:
    """One line of the table: milliseconds, or what the unit says."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    budget: str = ""
    held: bool | None = None
    notes: dict[str, Any] = field(default_factory=dict)


def spread(times: list[float]) -> tuple[float, float]:
    """p50 and p95, in milliseconds."""
    ordered = sorted(times)
    return 1000 * median(ordered), 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def timed(work: Callable[[], Any], times: int) -> list[float]:
    """Seconds of each run."""
    taken = []
    for _n in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def arrival(house: House, rounds: int) -> list[Row]:
    """A press at the door over HTTP, one user, beside a bare check-in over HTTP; interleaved, so noise hits both."""
    desk = house.people["vastaanotto"]
    topic = _topic(house)
    floor = httpx.Client(base_url=house.bare_url, timeout=30)
    body = {"session": desk.session, "user": desk.user_id, "topic": topic}

    def ours() -> None:
        _must(desk.post("/kaynnit/", {"topic": topic, "language": "fi"}), 200)

    def theirs() -> None:
        _must(floor.post("/", json=body), 200)

    ratios, mine, bare_times = [], [], []
    for _round in range(6):
        a, b = timed(ours, rounds), timed(theirs, rounds)
        if _round:  # the first one warms up
            ratios.append(median(a) / median(b))
            mine += a
            bare_times += b
        _empty_queue(house)
    p50, p95 = spread(mine)
    raw50, raw95 = spread(bare_times)
    ratio = median(ratios)
    return [
        Row("arrival, p50", p50, "ms", raw50, "", None, {"p95": p95, "floor p95": raw95}),
        Row("arrival / bare WSGI + psycopg", ratio, "×", None, "≤ 5 ×", ratio <= 5),
    ]


def calling(house: House, number: int) -> list[Row]:
    """Call next alone, then eight at once: nobody is called twice, and eight wait at most four times as long."""
    _queue(house, number * 2)
    alone, _ = _clerks(house, ADVISORS[:1], number)
    _queue(house, number * 9)
    together, called = _clerks(house, ADVISORS, number)
    doubles = len(called) - len(set(called))
    (one50, one95), (all50, all95) = spread(alone), spread(together)
    with _connect(house) as connection:
        raw = timed(lambda: _raw_call(connection), 60)
    raw50, raw95 = spread(raw)
    return [
        Row("call next, 1 user, p95", one95, "ms", raw95, "", None, {"p50": one50, "floor p50": raw50}),
        Row("call next, 8 users, p95", all95, "ms", None, "≤ 4 × 1 user", all95 <= 4 * one95, {"p50": all50}),
        Row("called twice", doubles, "", None, "0", doubles == 0, {"calls": len(called)}),
    ]


def _clerks(house: House, names: tuple[str, ...], number: int) -> tuple[list[float], list[str]]:
    """Each clerk calls the next, puts the call to rest, and calls again; only the calls are timed."""
    times: list[float] = []
    called: list[str] = []
    lock = threading.Lock()
    errors: list[str] = []

    def work(username: str) -> None:
        person = house.people[username]
        for _n in range(number):
            began = time.perf_counter()
            answer = person.post("/oma-kaynti/kutsu-seuraava/", {})
            took = time.perf_counter() - began
            if answer.status_code not in (200, 303):
                errors.append(f"{username}: {answer.status_code}")
                return
            with lock:
                times.append(took)
            ticket = _finish_call(house, person.membership_id)
            with lock:
                called.append(ticket)

    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise RuntimeError("; ".join(errors[:3]))
    return times, called


def _finish_call(house: House, membership: str) -> str:
    """The called visitor leaves the stage, so that the clerk is free again."""
    with _connect(house) as connection:
        row = connection.execute(
            "UPDATE visits_visit SET state = 'left', ended_at = now() WHERE called_for_id = %s AND state = 'called'"
            " RETURNING id::text",
            [membership],
        ).fetchone()
    return str(row[0]) if row else "nobody"


def _raw_call(connection: Any) -> None:
    connection.execute(
        "UPDATE visits_visit SET calls = calls WHERE id = (SELECT id FROM visits_visit WHERE state = 'waiting'"
        " ORDER BY queued_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
    )


def pages(house: House, rounds: int) -> list[Row]:
    """Pages as one reader sees them, each with its statements' raw time beside."""
    desk, manager = house.people["vastaanotto"], house.people["esihenkilo"]
    _queue(house, 12)
    rows = []
    for name, person, path, most in (
        ("desk", desk, "/tanaan/", None),
        ("desk's live part", desk, "/tanaan/osa/", None),
        ("client search", desk, CLIENT_SEARCH, 100.0),
        ("services search", desk, "/palvelut/?q=työkokeiluun", 100.0),
        ("dashboard", manager, "/raportit/", 250.0),
    ):
        person.get(path)
        p50, p95 = spread(timed(lambda person=person, path=path: person.get(path), rounds))  # type: ignore[misc]
        held = None if most is None else p95 <= most
        rows.append(Row(f"{name}, p95", p95, "ms", None, f"≤ {most:.0f} ms" if most else "", held, {"p50": p50}))
    return rows


def eight_clerks(house: House, seconds: float) -> list[Row]:
    """Eight people at once: arrivals, the live part, client searches; the press answers in 150 ms at p95."""
    topic = _topic(house)
    presses: list[float] = []
    stop = time.monotonic() + seconds

    def work(username: str, n: int) -> None:
        person = house.people[username]
        while time.monotonic() < stop:
            began = time.perf_counter()
            _must(person.post("/kaynnit/", {"topic": topic, "language": "fi"}), 200)
            presses.append(time.perf_counter() - began)
            time.sleep(0.35 + 0.05 * n)
            person.get(CLIENT_SEARCH)
            time.sleep(0.35)

    threads = [threading.Thread(target=work, args=(name, n)) for n, name in enumerate(ADVISORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _empty_queue(house)
    p50, p95 = spread(presses)
    return [
        Row("press → answer, 8 clerks, p95", p95, "ms", None, "≤ 150 ms", p95 <= 150, {"p50": p50, "n": len(presses)})
    ]


def push(house: House, *, small: bool) -> list[Row]:
    """Commit → every board has heard."""
    rows = []
    for number, most in ((50, 100.0), (500, 500.0)):
        if small and number > 50:
            continue
        delays = boards.measure(house.url, number, rounds=5)
        held = delays.p95 <= most and not delays.lost
        rows.append(
            Row(f"change → {number} boards, p95", delays.p95, "ms", None, f"≤ {most:.0f} ms", held, {"p50": delays.p50})
        )
    return rows


def weight(house: House) -> list[Row]:
    """What a first visit loads, compressed; what the web takes of memory."""
    desk = house.people["vastaanotto"]
    page = desk.get("/tanaan/")
    import gzip
    import re

    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg))"', page.text))
    total = len(gzip.compress(page.content))
    for address in addresses:
        content = desk.get(address).content
        total += len(content) if address.endswith("woff2") else len(gzip.compress(content))
    memory = _pss(house.web.pid) / 1024
    return [
        Row(
            "first visit, gzip",
            total / 1000,
            "kB",
            None,
            "≤ 120 kB",
            total <= 120_000,
            {"requests": len(addresses) + 1},
        ),
        Row("requests of a first visit", len(addresses) + 1, "", None, "≤ 8", len(addresses) + 1 <= 8),
        Row("memory of the web, PSS", memory, "MB", None, "≤ 300 MB", memory <= 300),
    ]


def _pss(pid: int) -> float:
    """Kilobytes of a process and its children."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            status = (path / "status").read_text()
            parent = int(next(line for line in status.splitlines() if line.startswith("PPid")).split()[1])
            if int(path.name) == pid or parent == pid:
                rollup = (path / "smaps_rollup").read_text()
                total += float(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
        except (OSError, StopIteration):
            continue
    return total


def _topic(house: House) -> str:
    with _connect(house) as connection:
        row = connection.execute(
            "SELECT id::text FROM team_topic WHERE point_id = %s AND code = 'muu'", [house.facts["point"]]
        ).fetchone()
    return str(row[0]) if row else ""


def _queue(house: House, number: int) -> None:
    """So many waiting visitors, whom anybody can take."""
    _empty_queue(house)
    desk = house.people["vastaanotto"]
    with _connect(house) as connection:
        for _n in range(number):
            bare.check_in(connection, desk.session, desk.user_id, _topic(house)) if _n == 0 else _copy(connection)


def _copy(connection: Any) -> None:
    connection.execute(
        "WITH one AS (SELECT * FROM visits_visit WHERE state = 'waiting' ORDER BY queued_at LIMIT 1),"
        " c AS (UPDATE visits_daycounter SET last = last + 1 WHERE letter = 'B'"
        " AND day_id = (SELECT day_id FROM one) RETURNING last)"
        " INSERT INTO visits_visit (id, point_id, day_id, party, letter, number, party_size, topic_id, language,"
        " needs_interpreter, state, arrived_at, queued_at, calls)"
        " SELECT uuidv7(), point_id, day_id, party, 'B', c.last, 1, topic_id, 'fi', false, 'waiting', now(), now(), 0"
        " FROM one, c"
    )


def _empty_queue(house: House) -> None:
    with _connect(house) as connection:
        connection.execute(
            "UPDATE visits_visit SET state = 'left', ended_at = now() WHERE state IN ('waiting', 'called')"
        )


def _connect(house: House) -> Any:
    return psycopg.connect(house.dsn, autocommit=True)


def _must(answer: httpx.Response, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}")
