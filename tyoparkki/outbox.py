"""What must happen after an act: written in its transaction, carried out from here, so that nothing is lost.

An action calls `later("reports.day_changed", {"point": …, "day": …})`. The row commits with the act or not at all. A
worker is nudged through the broker; if the broker is away, a sweep every 30 seconds finds the row all the same. The
function behind a name is registered in an app's `tasks.py`:

    @outbox.handler("reports.day_changed")
    def day_changed(payload): ...

Its effect and the row's "done" are one transaction: a worker that dies in between has done nothing, and the next one
starts over. Equal rows that wait are done together, and the same work never runs twice at once.
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import autodiscover_modules

from tyoparkki import actor, clock
from tyoparkki.actor import SYSTEM, Actor
from tyoparkki.models import Outbox

log = logging.getLogger(__name__)

MOST_TRIES = 5
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = FIRST_WAIT * 4 ** (MOST_TRIES - 1)
LONGEST_VALUE = 64

Value = str | int | bool | None
Payload = Mapping[str, Value]
Work = Callable[[dict[str, Value]], object]


class NotNow(Exception):
    """Raised by work that may not be done before a moment: it waits, and that is no failure."""

    def __init__(self, until: datetime) -> None:
        super().__init__("not now")
        self.until = until


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of work is carried out: by which function, as whom, with which database role."""

    work: Work
    using: str
    by: Actor
    forget: bool


_handlers: dict[str, Handler] = {}


def handler(task: str, *, using: str = "default", by: Actor = SYSTEM, forget: bool = False) -> Callable[[Work], Work]:
    """Register the function that carries out a kind of work, within one transaction of `using`.

    The function gets ids and ISO strings, and must be right when it runs twice: it replaces, it never adds up.
    `forget` deletes the row when done, for work whose very time must leave no trace.
    """

    def register(work: Work) -> Work:
        _handlers[task] = Handler(work, using, by, forget)
        return work

    return register


def later(task: str, payload: Payload, *, using: str = "default") -> None:
    """Write down, in the caller's transaction of `using`, that a kind of work must happen once it has committed."""
    if task not in _known():
        raise LookupError(f"No handler is registered for {task}.")
    for name, value in payload.items():
        if not isinstance(value, Value) or len(str(value)) > LONGEST_VALUE:
            raise ValueError(f"The payload of {task} may hold ids and ISO strings only, not {name}.")
    if not transaction.get_connection(using).in_atomic_block:
        raise transaction.TransactionManagementError("later() belongs in the transaction of the action.")
    Outbox.objects.using(using).create(task=task, payload=dict(payload), created_at=Now(), next_try_at=Now())
    transaction.on_commit(nudge, using=using, robust=True)


def drain(limit: int = 1000) -> int:
    """Carry out what waits, one transaction each; returns how many rows were settled."""
    settled = 0
    for using in sorted({"default"} | {handler.using for handler in _known().values()}):
        busy: set[int] = set()
        while settled < limit:
            count = _carry_out_next(using, busy)
            if not count:
                break
            settled += count
    return settled


def waiting(using: str = "default") -> QuerySet[Outbox]:
    """Work neither done nor given up."""
    return Outbox.objects.using(using).filter(done_at__isnull=True, dead_at__isnull=True)


@cache
def _discover() -> None:
    autodiscover_modules("tasks")


def _known() -> dict[str, Handler]:
    _discover()
    return _handlers


def _carry_out_next(using: str, busy: set[int]) -> int:
    """Settle the next row that is due, with its equals; 0 when none is. Rows at work elsewhere are noted as busy."""
    row = _take(using, busy)
    if row is None:
        return 0
    rows = [row.pk]
    try:
        with transaction.atomic(using=using):
            known = _handlers.get(row.task)
            if known is None:
                raise LookupError
            actor.bind(known.by, using=using)
            if not _only_one_at_work(row, using):
                busy.add(row.pk)
                Outbox.objects.using(using).filter(pk=row.pk).update(next_try_at=row.next_try_at)
                return 1
            # Another worker that looks for the next row may hold this one for a moment: that is waited for.
            if waiting(using).filter(pk=row.pk).select_for_update().first() is None:  # somebody else was faster
                busy.add(row.pk)
                return 1
            equals = waiting(using).filter(task=row.task, payload=row.payload)
            rows = list(equals.select_for_update(skip_locked=True).values_list("pk", flat=True))
            known.work(row.payload)
            done = Outbox.objects.using(using).filter(pk__in=rows)
            if known.forget:
                done.delete()
            else:
                done.update(done_at=Now())
    except NotNow as wait:
        _put_off(rows, wait.until, using)
    except SoftTimeLimitExceeded as error:
        _note_failure(row, rows, error, using)
        raise
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in one piece of work must not stop the others
        _note_failure(row, rows, error, using)
    finally:
        actor.forget()
    return len(rows)


def _take(using: str, busy: set[int]) -> Outbox | None:
    """The next row that is due, put off before it is tried, so that no other worker takes it in the same moment.

    Work that kills its worker (out of memory, say) cannot count its own tries. It must not stand in the way of all
    the rest for ever: whoever was taken without being settled comes after the others, and not at once.
    """
    with transaction.atomic(using=using):
        row = _next_due(using, busy)
        if row is not None:
            Outbox.objects.using(using).filter(pk=row.pk).update(next_try_at=Now() + FIRST_WAIT)
    return row


def _next_due(using: str, busy: set[int]) -> Outbox | None:
    # Nobody ever waits longer than LONGEST_WAIT: who seems to has seen the machine's clock set back.
    is_time = Q(next_try_at__lte=Now()) | Q(next_try_at__gt=Now() + LONGEST_WAIT)
    due = waiting(using).filter(is_time).exclude(pk__in=busy)
    elsewhere = [task for task, handler in _handlers.items() if handler.using != using]
    if using == "default":  # also work whose name nobody knows any more
        due = due.exclude(task__in=elsewhere)
    else:
        due = due.filter(task__in=[task for task, handler in _handlers.items() if handler.using == using])
    return due.order_by("next_try_at", "pk").select_for_update(skip_locked=True).first()


def _only_one_at_work(row: Outbox, using: str) -> bool:
    """Whether nobody else is at the same work just now; holds until the transaction ends."""
    name = f"{row.task} {json.dumps(row.payload, sort_keys=True)}"
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7))", [name])
        return bool(cursor.fetchone()[0])


def _put_off(rows: list[int], until: datetime, using: str) -> None:
    """Ask again when the moment has come, by the program's clock; before that now and then (see `_next_due`)."""
    wait = min(max(until - clock.now().astimezone(UTC), FIRST_WAIT), LONGEST_WAIT)
    Outbox.objects.using(using).filter(pk__in=rows).update(next_try_at=Now() + wait)


def _note_failure(row: Outbox, rows: list[int], error: Exception, using: str) -> None:
    """Try again later, five times in all; only the kind of the error is kept, for its text may name somebody.

    A database that stops or has no room is no fault of the work: that try does not count.
    """
    tries = row.attempts + (not _is_the_databases(error))
    wait = FIRST_WAIT * 4 ** max(tries - 1, 0)
    dead = tries >= MOST_TRIES
    with transaction.atomic(using=using):
        Outbox.objects.using(using).filter(pk__in=rows).update(
            attempts=tries,
            last_error_kind=type(error).__name__[:80],
            next_try_at=Now() + wait,
            dead_at=Now() if dead else None,
        )
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "outbox: %s (row %s) failed with %s; %s of %s tries%s",
        row.task,
        row.pk,
        type(error).__name__,
        tries,
        MOST_TRIES,
        "; given up" if dead else "",
    )


def _is_the_databases(error: Exception) -> bool:
    """Whether the database was lost, shutting down, or out of room (SQLSTATE 08, 57P, 53, 58)."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, DatabaseError) and state.startswith(("08", "57P", "53", "58"))


# --- waking a worker -----------------------------------------------------------------------------------------------


def nudge() -> None:
    """Wake a worker. Never waits and never fails: a thread of its own speaks to the broker."""
    if settings.OUTBOX_NUDGES:
        if os.getpid() not in _nudgers:
            _nudgers.clear()  # a forked child has its parent's nudger but not its thread
            _nudgers[os.getpid()] = _Nudger()
        _nudgers[os.getpid()].wanted.set()


class _Nudger:
    """Sends at most a few nudges a second, however many acts ask for one."""

    SHORTEST_GAP = 0.2
    WHEN_AWAY = 5.0

    def __init__(self) -> None:
        self.wanted = threading.Event()
        threading.Thread(target=self._run, name="outbox-nudge", daemon=True).start()

    def _run(self) -> None:
        from tyoparkki.tasks import drain_outbox

        away = False
        pause = threading.Event()
        while True:
            self.wanted.wait()
            self.wanted.clear()
            try:
                drain_outbox.apply_async(expires=60, retry=False)
                away = False
            except Exception as error:  # noqa: BLE001 - the broker is only a hint; the sweep finds the row
                if not away:
                    log.warning("outbox: the broker is away (%s); work waits for the sweep", type(error).__name__)
                away = True
            pause.wait(self.WHEN_AWAY if away else self.SHORTEST_GAP)


_nudgers: dict[int, _Nudger] = {}
