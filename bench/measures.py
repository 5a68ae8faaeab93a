"""The presses: what is measured over HTTP, each beside the raw work of the same kind in the same run, by turns."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import SystemRandom
from statistics import median
from typing import Any

from bench.house import Browser, House, Person

CLIENT_SEARCH = "/asiakkaat/haku/"
SOUGHT = {"q": "koiv"}
ROUNDS = 5
HALF_PAST = {"served": 100, "serving": 8, "waiting": 12}  # a Wednesday half past two


@dataclass
class Row:
    """One line of the table: p50 and p95 of ours and of the raw work, and what is judged."""

    name: str
    value: float
    unit: str
    budget: str = ""
    held: bool | None = None
    p50: float | None = None
    p95: float | None = None
    raw50: float | None = None
    raw95: float | None = None
    notes: dict[str, Any] = field(default_factory=dict)


def spread(times: list[float]) -> tuple[float, float]:
    """p50 and p95 of seconds, in milliseconds."""
    ordered = sorted(times)
    return 1000 * median(ordered), 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def timed(work: Callable[[], Any]) -> float:
    """Seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def beside(
    name: str, ours: Callable[[], Any], raw: Callable[[], Any], *, each: int, budget: float | None = None
) -> Row:
    """Both by turns, so that the noise of the machine hits both; the ratio is the median of the rounds' own."""
    mine: list[float] = []
    bare: list[float] = []
    ratios = []
    for number in range(ROUNDS + 1):
        pairs = [(timed(ours), timed(raw)) for _ in range(each)]
        if number:  # the first one warms up
            mine += [one for one, _ in pairs]
            bare += [one for _, one in pairs]
            ratios.append(median(mine[-each:]) / median(bare[-each:]))
    return row(name, mine, bare, median(ratios), budget)


def row(name: str, mine: list[float], bare: list[float], ratio: float, budget: float | None) -> Row:
    """A line whose value is the ratio."""
    (p50, p95), (raw50, raw95) = spread(mine), spread(bare)
    held = None if budget is None else ratio <= budget
    return Row(name, ratio, "×", f"≤ {budget:g} ×" if budget else "", held, p50, p95, raw50, raw95)


class Bare:
    """The bare application, asked by the same kind of browser."""

    def __init__(self, house: House, person: Person) -> None:
        self.browser = Browser(house.bare_url)
        self.who = {"session": person.session, "user": person.user_id}

    def do(self, path: str, **more: str) -> None:
        """One press; it must answer 200."""
        body = json.dumps({**self.who, **more}).encode()
        status, _answer = self.browser.send("POST", path, body, {"Content-Type": "application/json"})
        if status != 200:
            raise RuntimeError(f"bare {path} answered {status}")


def arrival(house: House, each: int) -> list[Row]:
    """A press at the door, one user: session, rights, topic, day, number, trace, outbox, and the answer."""
    house.set_up(**HALF_PAST)
    desk, topic = house.people["vastaanotto"], _topic(house)
    bare = Bare(house, desk)
    press = {"topic": topic, "language": "fi"}
    return [
        beside("arrival", lambda: desk.post("/kaynnit/", press), lambda: bare.do("/", topic=topic), each=each, budget=5)
    ]


def visit(house: House, number: int) -> list[Row]:
    """An advisor calls the next, starts and finishes, again and again; the raw work does the same by turns."""
    ours, theirs = house.advisors[0], house.advisors[1]
    bare, result = Bare(house, theirs), _result(house)
    calls: list[tuple[float, float]] = []
    ends: list[tuple[float, float]] = []
    ratios: dict[str, list[float]] = {"call": [], "finish": []}
    for turn in range(ROUNDS + 1):
        house.set_up(served=100, waiting=2 * number + 8, topic=_topic(house))
        first = len(calls)
        for _ in range(number):
            called = timed(lambda: ours.post("/oma-kaynti/kutsu-seuraava/", {})), timed(lambda: bare.do("/call"))
            visit = _of(house, ours, "called")
            ours.post(f"/kaynnit/{visit}/aloita/", {})
            bare.do("/start")
            address = f"/kaynnit/{visit}/paata/"
            ended = timed(partial(ours.post, address, {"result": result})), timed(partial(bare.do, "/finish"))
            calls.append(called)
            ends.append(ended)
        if not turn:
            calls, ends = [], []
            continue
        for name, pairs in (("call", calls[first:]), ("finish", ends[first:])):
            if pairs:
                ratios[name].append(median(a for a, _ in pairs) / median(b for _, b in pairs))
    return [
        row("call next", [a for a, _ in calls], [b for _, b in calls], median(ratios["call"]), None),
        row("finish", [a for a, _ in ends], [b for _, b in ends], median(ratios["finish"]), None),
    ]


def eight_call(house: House, rounds: int) -> list[Row]:
    """Call next alone, then eight at once without a pause, before equal queues: nobody is called twice.

    The ratio is the median of the rounds' own, as of every other line.
    """
    alone: list[float] = []
    together: list[float] = []
    called: list[str] = []
    ratios: list[float] = []
    each = 5
    queue = {"served": 100, "waiting": 8 * each + 12, "topic": _topic(house)}
    for number in range(rounds + 1):
        house.set_up(**queue)
        one, _ = _call_and_send_on(house, house.advisors[:1], 8 * each)
        house.set_up(**queue)
        all_, tickets = _call_and_send_on(house, house.advisors, each)
        called += tickets
        if number:  # the first one warms up
            alone += one
            together += all_
            ratios.append(spread(all_)[1] / spread(one)[1])
    doubles = len(called) - len(set(called))
    (one50, one95), (all50, all95) = spread(alone), spread(together)
    return [
        Row("call next, 8 users / 1 user, p95", median(ratios), "×", "≤ 4 ×", median(ratios) <= 4,
            all50, all95, one50, one95),
        Row("called twice", doubles, "", "0", doubles == 0, notes={"calls": len(called)}),
    ]  # fmt: skip


_LEAVES = (
    "UPDATE visits_visit SET state = 'left', ended_at = now()"
    " WHERE called_for_id = %s AND state = 'called' RETURNING id"
)


def _call_and_send_on(house: House, people: list[Person], number: int) -> tuple[list[float], list[str]]:
    """Each calls the next, and the called one leaves the stage by one bare statement; only the calls are timed.

    What clears the stage is not the product's work and should slow the others' calls as little as it can.
    """
    times: list[float] = []
    called: list[str] = []

    def work(person: Person) -> None:
        for _n in range(number):
            times.append(timed(lambda: person.post("/oma-kaynti/kutsu-seuraava/", {})))
            called.append(str(house.rows(_LEAVES, [person.membership_id])[0][0]))

    _at_once(people, work)
    return times, called


def eight_clerks(house: House, seconds: float) -> list[Row]:
    """Eight people at work: two at the door, six with visitors, each screen renewed about every second as changes come.

    Nobody presses in step with the others: each begins at a moment of their own, and no two pauses are alike.
    """
    topic, result = _topic(house), _result(house)
    house.set_up(served=100, waiting=20, topic=topic)
    presses: list[float] = []
    parts: list[float] = []
    stop = time.monotonic() + seconds
    chance = SystemRandom()

    def renew(person: Person, address: str) -> None:
        parts.append(timed(lambda: person.get(address, part=True)))
        time.sleep(chance.uniform(0.6, 1.2))

    def door(person: Person) -> None:
        while time.monotonic() < stop:
            for _ in range(2):
                presses.append(timed(lambda: person.post("/kaynnit/", {"topic": topic, "language": "fi"})))
                renew(person, "/tanaan/osa/")
            presses.append(timed(lambda: person.post(CLIENT_SEARCH, SOUGHT)))
            renew(person, "/tanaan/osa/")

    def advise(person: Person) -> None:
        while time.monotonic() < stop:
            presses.append(timed(lambda: person.post("/oma-kaynti/kutsu-seuraava/", {})))
            address = f"/kaynnit/{_of(house, person, 'called')}"
            for path, data in ((f"{address}/aloita/", {}), (f"{address}/paata/", {"result": result})):
                for _ in range(2):
                    renew(person, "/oma-kaynti/osa/")
                presses.append(timed(partial(person.post, path, data)))
            renew(person, "/oma-kaynti/osa/")

    def work(person: Person) -> None:
        time.sleep(chance.uniform(0, 1.8))
        (door if person in house.advisors[:2] else advise)(person)

    _at_once(house.advisors, work)
    (p50, p95), (part50, part95) = spread(presses), spread(parts)
    notes = {"presses": len(presses), "parts": len(parts), "part p50": part50, "part p95": part95}
    return [Row("press → answer, 8 clerks, p95", p95, "ms", "≤ 150 ms", p95 <= 150, p50, p95, notes=notes)]


def _at_once(people: list[Person], work: Callable[[Person], None]) -> None:
    errors: list[Exception] = []

    def guarded(person: Person) -> None:
        try:
            work(person)
        except Exception as error:  # noqa: BLE001 - told below, by the measure's own thread
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _of(house: House, person: Person, state: str) -> str:
    statement = "SELECT id::text FROM visits_visit WHERE called_for_id = %s AND state = %s AND day_id = %s"
    return str(house.rows(statement, [person.membership_id, state, house.facts["today"]])[0][0])


def _topic(house: House) -> str:
    statement = "SELECT id::text FROM team_topic WHERE point_id = %s AND code = 'muu'"
    return str(house.rows(statement, [house.facts["point"]])[0][0])


def _result(house: House) -> str:
    statement = "SELECT id::text FROM team_term WHERE point_id = %s AND kind = 'result' AND code = 'riitti'"
    return str(house.rows(statement, [house.facts["point"]])[0][0])
