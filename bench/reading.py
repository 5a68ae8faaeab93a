"""The pages: their time beside their own statements sent raw, how many statements they need, and what they weigh."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connections, transaction
from django.test import Client

from bench.house import House, Person
from bench.measures import CLIENT_SEARCH, HALF_PAST, ROUNDS, SOUGHT, Row, beside, row, timed

_BOOKKEEPING = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)
Statements = list[tuple[str, Any]]

PAGES = (
    ("desk", "vastaanotto", "/tanaan/", False, 10),
    ("desk's live part", "vastaanotto", "/tanaan/osa/", True, 10),
    ("advisor's part", "neuvoja", "/oma-kaynti/osa/", True, 10),
    ("board", "vastaanotto", "/taulu/", False, 10),
    ("dashboard", "esihenkilo", "/raportit/", False, 10),
    ("client search", "vastaanotto", CLIENT_SEARCH, True, 10),
    ("services search", "vastaanotto", "/palvelut/?q=ty%C3%B6kokeiluun", False, 10),
    ("employers", "vastaanotto", "/tyonantajat/", False, 10),
    ("team", "vastaanotto", "/tiimi/", False, 10),
)
MOST_MS = {"client search": 100.0, "services search": 100.0, "dashboard": 250.0}


def pages(house: House, each: int) -> list[Row]:
    """Each page as one reader sees it, half past two."""
    house.set_up(**HALF_PAST)
    rows = []
    for name, username, path, part, most in (*PAGES, *_of_people(house)):
        person = house.people[username]
        post = SOUGHT if path == CLIENT_SEARCH else None
        ask = partial(person.get, path, part=part) if post is None else partial(person.post, path, post)
        statements = sent_for(person, path, part=part, post=post)
        line = beside(name, ask, partial(replay, statements), each=each)
        if name in MOST_MS and line.p95 is not None:
            line.value, line.unit, line.budget = line.p95, "ms", f"≤ {MOST_MS[name]:.0f} ms"
            line.held = line.p95 <= MOST_MS[name]
        count = len(statements)
        rows += [line, Row(f"{name}, statements", count, "", f"≤ {most}", count <= most)]
    return rows


def _of_people(house: House) -> Iterator[tuple[str, str, str, bool, int]]:
    """The pages of people of whom something goes on."""
    held = "SELECT client_id::text FROM clients_responsibility WHERE ended_at IS NULL ORDER BY client_id LIMIT 1"
    yield "a client's page", "neuvoja", f"/asiakkaat/{house.rows(held)[0][0]}/", False, 15
    yield "own people", "neuvoja", "/asiakkaat/omat/", False, 15
    yield "referral inbox", "kumppani", "/ohjaukset/", False, 15


def walls(house: House, each: int) -> list[Row]:
    """Pages with and without the walls of the rows, by turns in one process: as the product's role, and as one that
    every wall lets through (there is such a role only in the embedded server)."""
    from tyoparkki import embedded

    house.set_up(**HALF_PAST)
    found = house.rows("SELECT id::text FROM clients_client WHERE point_id = %s LIMIT 1", [house.facts["point"]])
    asked = {
        "desk's live part": (house.people["vastaanotto"], "/tanaan/osa/", None),
        "advisor's part": (house.people["neuvoja"], "/oma-kaynti/osa/", None),
        "client search": (house.people["vastaanotto"], CLIENT_SEARCH, SOUGHT),
        "a client": (house.people["neuvoja"], f"/asiakkaat/{found[0][0]}/", None),
    }
    walled = connections["default"]
    free = type(walled)({**walled.settings_dict, "USER": embedded.SUPERUSER}, "default")
    rows = []
    try:
        for name, (person, path, post) in asked.items():
            ask = partial(answered, person, path, part=post is not None or path.endswith("/osa/"), post=post)
            rows.append(_with_and_without(f"row security: {name}", ask, walled, free, each))
    finally:
        connections["default"] = walled
        free.close()
    return rows


def _with_and_without(name: str, ask: Callable[[], Any], walled: Any, free: Any, each: int) -> Row:
    times: dict[Any, list[float]] = {walled: [], free: []}
    ratios = []
    for number in range(ROUNDS + 1):
        for connection, seconds in times.items():
            connections["default"] = connection
            ask()  # its statements are prepared for this connection
            seconds += [timed(ask) for _ in range(each)]
        if number:  # the first one warms up
            ratios.append(median(times[walled][-each:]) / median(times[free][-each:]))
    return row(name, times[walled][each:], times[free][each:], median(ratios), 1.5)


def rollups(house: House, each: int, *, judged: bool) -> list[Row]:
    """What the dashboard reads, beside counting the raw rows of the same days."""
    from reports.recount import _FIGURES, _HOLDING

    statements = sent_for(house.people["esihenkilo"], "/raportit/?jakso=vuosi", part=False)
    year = "date_trunc('year', current_date)"
    raw = (
        f"WITH {_HOLDING} SELECT figure, part, count(*) FROM ({_FIGURES}) AS told"  # noqa: S608 - our own text
        f' WHERE point_id = %s AND "on" >= {year} AND "on" < {year} + interval \'1 year\' GROUP BY 1, 2'
    )
    line = beside(
        "dashboard of a year, statements", lambda: replay(statements), lambda: replay([(raw, [house.facts["point"]])]),
        each=each,
    )  # fmt: skip
    slower = 1 / line.value
    p95 = line.p95 or 0.0
    return [
        Row("dashboard's statements, a year", p95, "ms", "≤ 100 ms", p95 <= 100,
            line.p50, p95, line.raw50, line.raw95),
        Row("rollups are faster than raw rows", slower, "×", "≥ 20 ×" if judged else "",
            slower >= 20 if judged else None),
    ]  # fmt: skip


def statement_counts(house: House) -> list[Row]:
    """How many statements the writes send: sign-in, action, trace, outbox and the answer."""
    house.set_up(**{**HALF_PAST, "serving": 0, "waiting": 20})
    desk, advisor = house.people["vastaanotto"], house.advisors[0]
    topic = house.rows("SELECT id FROM team_topic WHERE point_id = %s AND code = 'muu'", [house.facts["point"]])[0][0]
    sent_for(desk, "/kaynnit/", post={"topic": topic, "language": "fi"}, part=True)
    arrived = len(sent_for(desk, "/kaynnit/", post={"topic": topic, "language": "fi"}, part=True))
    called = sent_for(advisor, "/oma-kaynti/kutsu-seuraava/", post={}, part=True)
    return [
        Row("arrival, statements with its answer", arrived, "", "≤ 12 + 4", arrived <= 16),
        Row("call next, statements of the act", _of_the_act(called), "", "≤ 8", _of_the_act(called) <= 8,
            notes={"with sign-in and the next screen": len(called)}),
    ]  # fmt: skip


def _of_the_act(statements: Statements) -> int:
    """From the check that the caller is free to the word to the other windows."""
    texts = [text for text, _ in statements]
    first = next(n for n, text in enumerate(texts) if "visits_participation" in text)
    last = max(n for n, text in enumerate(texts) if "pg_notify" in text)
    return last - first + 1


def weights(house: House) -> list[Row]:
    """What goes over the wire, compressed as the proxy does: a first visit, a second one, and the swaps."""
    house.set_up(**HALF_PAST)
    desk = house.people["vastaanotto"]
    page = desk.get("/tanaan/")
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg))(?:#[^"]*)?"', page.decode()))
    again = len(gzip.compress(page))
    first = again
    for address in addresses:
        content = desk.get(address)
        first += len(content) if address.endswith("woff2") else len(gzip.compress(content))
    requests = len(addresses) + 1
    swaps = {
        "desk's live part": desk.get("/tanaan/osa/", part=True),
        "advisor's part": house.people["neuvoja"].get("/oma-kaynti/osa/", part=True),
    }
    return [
        Row("first visit, gzip", first / 1000, "kB", "≤ 120 kB", first <= 120_000),
        Row("requests of a first visit", requests, "", "≤ 8", requests <= 8),
        Row("second visit, gzip", again / 1000, "kB", "≤ 15 kB", again <= 15_000),
        *(
            Row(
                f"swap: {name}, gzip", len(gzip.compress(part)) / 1000, "kB", "≤ 6 kB", len(gzip.compress(part)) <= 6000
            )
            for name, part in swaps.items()
        ),
    ]


def sent_for(person: Person, path: str, *, part: bool, post: dict[str, Any] | None = None) -> Statements:
    """The data statements of one request, as the product sends them."""
    with noting("default") as statements:
        answered(person, path, part=part, post=post)
    return statements


def answered(person: Person, path: str, *, part: bool, post: dict[str, Any] | None = None) -> None:
    """One request, answered in this process."""
    client = Client(SERVER_NAME="127.0.0.1", headers={"HX-Request": "true"} if part else {})
    client.cookies[settings.SESSION_COOKIE_NAME] = person.session
    answer = client.get(path) if post is None else client.post(path, {**post, "submission_key": uuid4()})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")


@contextmanager
def noting(using: str) -> Iterator[Statements]:
    """The data statements sent while inside."""
    statements: Statements = []

    def note(execute: Any, query: Any, parameters: Any, *how: Any) -> Any:
        if not _BOOKKEEPING.match(str(query)):
            statements.append((str(query), parameters))
        return execute(query, parameters, *how)

    connections[using].ensure_connection()
    with connections[using].execute_wrapper(note):
        yield statements


def replay(statements: Statements, *, using: str = "default") -> None:
    """The same statements without the product: sent and fetched, in one transaction that leaves nothing behind."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for text, parameters in statements:
            cursor.execute(text, parameters)
            if cursor.description:
                cursor.fetchall()
        transaction.set_rollback(True, using=using)
