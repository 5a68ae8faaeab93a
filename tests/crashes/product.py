"""The product at work on a demonstration's day, those who use it, and what must be true of it in the end."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from tests.crashes.senders import Clerk, Sender, Tablet
from tests.fixtures.served import Served
from tests.fixtures.site import eventually
from tyoparkki import embedded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    import psycopg

PATIENCE_S = 150  # for one step on a machine with much else to do
READY = "TyöParkki is ready"


class Product(Served):
    """The product in a copy of the demonstration's folder."""

    def __init__(self, folder: Path, demo: dict[str, Any]) -> None:
        super().__init__(folder, DEMO="1")
        self.demo = demo
        self.dice = Random(18)

    def start_and_wait(self) -> None:
        """Until it has said that it is ready."""
        times = self.words.read_text(encoding="utf-8").count(READY) if self.words.exists() else 0
        self.start()
        eventually(self.told(READY, times=times + 1), within=PATIENCE_S)

    def tablets(self, count: int, **more: Any) -> list[Tablet]:
        """Paired tablets, each with a token of its own."""
        made = []
        for number in range(count):
            words = ("pair_tablet", "--token", "--point", self.demo["slug"], "--name", f"Tabletti {number}")
            token = json.loads(self.command(*words).stdout)["token"]
            made.append(Tablet(self.port, Random(self.dice.random()), token=token, **more))
        return made

    def clerks(self, count: int, **more: Any) -> list[Clerk]:
        """Windows of the front desk."""
        password = self.demo["password"]
        return [Clerk(self.port, Random(self.dice.random()), password=password, **more) for _number in range(count)]

    def look(self) -> psycopg.Connection:
        """A connection that sees everything, to judge by."""
        return embedded.superuser(self.data, name=embedded.DATABASE)

    def ask(self, query: str) -> Any:
        """One value from the database."""
        with self.look() as connection:
            row = connection.execute(query).fetchone()  # type: ignore[call-overload]  # a literal of the tests
        return row[0]

    def answers(self) -> set[str]:
        """The keys of all answers."""
        with self.look() as connection:
            return {str(key) for (key,) in connection.execute("SELECT key FROM feedback_response").fetchall()}

    def presses(self) -> set[str]:
        """The keys of all forms that had their effect."""
        with self.look() as connection:
            return {str(key) for (key,) in connection.execute("SELECT key FROM tyoparkki_submission").fetchall()}

    def waits(self) -> int:
        """How much work the background has before it."""
        return int(self.ask("SELECT count(*) FROM tyoparkki_outbox WHERE done_at IS NULL"))

    def counted(self) -> datetime:
        """When the worker last brought figures up to date."""
        moment: datetime = self.ask("SELECT max(counted_at) FROM reports_aggregatedday")
        return moment

    def agrees_with_itself(self) -> None:
        """Every figure equals a fresh count, and no invariant is broken."""
        for words in (("recount", "--check"), ("check_consistency", "--json")):
            found = self.command(*words)
            assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-4000:]


def confirmed(senders: Iterable[Sender]) -> list[str]:
    """The keys that somebody has been told are safe."""
    return [key for sender in senders for key in list(sender.confirmed)]


def finish(senders: Iterable[Sender]) -> None:
    """Everybody sends what they have in hand to its end."""
    for sender in senders:
        if sender.things is None:
            sender.enough.set()
    for sender in senders:
        sender.join(PATIENCE_S)
        assert sender.refused == []
        assert not sender.is_alive()
