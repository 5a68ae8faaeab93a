"""Ten thousand pieces of everybody's work over two connections that live on, with errors and cancellations."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.fixtures.walls import product_at_work
from tests.walls.oracle import MODELS, own
from tests.walls.world import World, build
from tyoparkki import actor, embedded
from tyoparkki.models import AccessEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tyoparkki.actor import Actor

CONNECTIONS = 2
# The pages add to the trace while they are at it.
LOOKED_AT = [model for model in MODELS if model is not AccessEvent]


class Broken(Exception):
    """A view that fails in the middle."""


class Work:
    """What two threads do with the two connections, and what they saw that was not theirs."""

    def __init__(self, world: World) -> None:
        self.actors = world.actors
        self.allowed = {
            name: {model: set(own(model, who).values_list("pk", flat=True)) for model in LOOKED_AT}
            for name, who in self.actors.items()
        }
        self.foreign: list[str] = []
        self.missing: list[str] = []
        self.done: Counter[str] = Counter()
        self.backends: Queue[int] = Queue()
        self.pages = [
            (member, reverse(page, args=args), [canary for canary in words if canary])
            for one, other in ((world.here, world.there), (world.there, world.here))
            for member in (one.advisor, one.desk, one.manager)
            for page, args, words in (
                ("clients:client", [other.client.pk], [other.client.name, other.telephone]),
                ("visits:visit", [other.visit.pk], [other.client.name]),
                ("visits:desk", [], [other.name.title()]),
            )
        ]

    def look(self, name: str, who: Actor | None, model: Any) -> None:
        """One statement without a filter, in the middle of whoever's transaction."""
        seen = set(model.objects.values_list("pk", flat=True))
        mine = self.allowed[name][model]
        if seen - mine:
            self.foreign.append(f"{name}: {model.__name__}: {len(seen - mine)}")
        if mine - seen:
            self.missing.append(f"{name}: {model.__name__}: {len(mine - seen)}")

    def piece(self, dice: random.Random) -> None:
        """One request: looks, then ends well, breaks, is refused by the database, or is cancelled in its sleep."""
        name, who = dice.choice(sorted(self.actors.items(), key=lambda one: one[0]))
        end = dice.choices(["well", "broken", "refused", "cancelled", "unbound"], [70, 10, 8, 2, 10])[0]
        model = dice.choice(LOOKED_AT)
        try:
            with transaction.atomic():
                if end == "unbound":
                    name, who = "nobody", None
                if who is not None:
                    actor.bind(who)
                self.look(name, who, model)
                self._end(end)
        except (Broken, DatabaseError):
            pass
        finally:
            actor.forget()
        self.done[end] += 1

    def _end(self, end: str) -> None:
        with connection.cursor() as cursor:
            if end == "broken":
                raise Broken
            if end == "refused":
                cursor.execute("INSERT INTO clients_client (id) VALUES (gen_random_uuid())")
            if end == "cancelled":
                cursor.execute("SELECT pg_backend_pid()")
                self.backends.put(cursor.fetchone()[0])
                cursor.execute("SELECT pg_sleep(20)")

    def page(self, dice: random.Random) -> None:
        """A whole request of a test browser, at something of the other side's."""
        member, path, canaries = dice.choice(self.pages)
        browser = Browser()
        browser.cookies.load(self.cookies[member.membership_id])
        body = browser.get(path).content.decode()
        self.foreign += [f"{path}: {canary}" for canary in canaries if canary in body]
        self.done["page"] += 1

    def sign_everybody_in(self) -> None:
        """Sessions made beforehand."""
        self.cookies = {}
        for member, _path, _canaries in self.pages:
            browser = Browser()
            browser.force_login(member.user)
            self.cookies[member.membership_id] = {name: one.value for name, one in browser.cookies.items()}

    def run(self, number: int, seed: int) -> None:
        """One thread on one connection that is never closed in between."""
        dice = random.Random(seed)
        try:
            with product_at_work():
                for turn in range(number):
                    (self.page if turn % 80 == 0 else self.piece)(dice)
        finally:
            connections.close_all()


def cancel_sleepers(backends: Queue[int], over: threading.Event) -> None:
    """Cancel whatever sleeps, as a visitor does who closes the window."""
    with embedded.superuser() as outside:
        while not over.is_set() or not backends.empty():
            if backends.empty():
                over.wait(0.005)
                continue
            pid = backends.get()
            asleep = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND query LIKE 'SELECT pg_sleep%%'"
            while not outside.execute(asleep, [pid]).fetchone():
                time.sleep(0.001)
            outside.execute("SELECT pg_cancel_backend(%s)", [pid])


def run_beside(work: Callable[..., None], orders: list[tuple[Any, ...]]) -> None:
    """Each order in a thread of its own; what fails there fails here."""
    faults: list[BaseException] = []

    def one(*order: Any) -> None:
        try:
            work(*order)
        except BaseException as fault:  # noqa: BLE001 - told to the test below
            faults.append(fault)

    threads = [threading.Thread(target=one, args=order) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def _try(number: int) -> Work:
    work = Work(build())
    work.sign_everybody_in()
    over = threading.Event()
    canceller = threading.Thread(target=cancel_sleepers, args=(work.backends, over))
    canceller.start()
    try:
        run_beside(work.run, [(number // CONNECTIONS, seed) for seed in range(CONNECTIONS)])
    finally:
        over.set()
        canceller.join()
    return work


@pytest.mark.parametrize(
    "requests", [pytest.param(4_000, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.long)]
)
@pytest.mark.django_db(transaction=True)
def test_thousands_of_requests_over_two_connections_see_no_foreign_row(requests: int) -> None:
    work = _try(requests)
    assert work.done.total() == requests
    ends = ("well", "broken", "refused", "cancelled", "unbound", "page")
    assert min(work.done[end] for end in ends) >= requests / 100
    assert work.foreign == []
    assert work.missing == []


@pytest.mark.django_db(transaction=True)
def test_four_hundred_requests_over_two_connections_see_no_foreign_row() -> None:
    """The same in small, for every run of the tests."""
    work = _try(400)
    assert work.done.total() == 400
    assert work.foreign == []
    assert work.missing == []


@pytest.mark.django_db(transaction=True)
def test_the_trial_notices_an_actor_who_stays_on_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """An actor bound for the session instead of the transaction is what the trial is there to find."""

    def stay(who: Actor, *, using: str = "default") -> None:
        values = {"kind": who.kind, "user": who.user_id, "membership": who.membership_id,
                  "point": who.point_id, "organisation": who.organisation_id, "may": " ".join(sorted(who.may)),
                  "link": who.link_id, "today": "2026-11-18"}  # fmt: skip
        with connections[using].cursor() as cursor:
            for name, value in values.items():
                cursor.execute("SELECT set_config(%s, %s, false)", [f"tp.{name}", str(value or "")])

    monkeypatch.setattr(actor, "bind", stay)
    assert _try(200).foreign
