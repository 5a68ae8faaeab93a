"""Who was erased stays erased, even when an older backup comes back.

A tombstone is a keyed hash of the erased row's key and the moment: it names nobody, and only whoever has both the
installation's secret key and the row itself can tell that they belong together. It stands in the database and in a file
outside of it (ERASURES_FILE). Every backup writes all of them beside its folder too. `restore` gathers them from the
database that gives way, from the file and from beside the backup; then, and after every `migrate`, whoever has a
tombstone and is there again is erased again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
from django.conf import settings
from django.utils.crypto import salted_hmac

from tyoparkki.models import Tombstone

BESIDE = "erasures.txt"
Stones = dict[str, str]  # keyed hash: ISO moment
Hook = Callable[[datetime, str], int]

_hooks: dict[str, Hook] = {}


def keys_of(kind: str, key: UUID) -> list[str]:
    """The hashes under which a row may stand: by today's secret key, and by those it was before."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    salt = f"tombstone.{kind}"
    return [salted_hmac(salt, str(key), secret=secret, algorithm="sha256").hexdigest() for secret in secrets]


def place(kind: str, key: UUID, *, at: datetime, using: str) -> None:
    """Write that a row is erased, in the transaction of its erasure."""
    stone = Tombstone(key=keys_of(kind, key)[0], at=at)
    Tombstone.objects.using(using).bulk_create([stone], ignore_conflicts=True)


def on_return(name: str, hook: Hook) -> None:
    """Register what erases again whoever has a tombstone and is there; it returns how many it erased."""
    _hooks[name] = hook


def again(*, at: datetime, using: str) -> int:
    """Erase again whoever came back with an older backup; returns how many."""
    keep(read(file()), using=using)
    if not Tombstone.objects.using(using).exists():
        return 0
    return sum(hook(at, using) for hook in _hooks.values())


def standing(*, using: str) -> set[str]:
    """The hashes of all who were erased."""
    return set(Tombstone.objects.using(using).values_list("key", flat=True))


def keep(stones: Mapping[str, str], *, using: str) -> None:
    """Put tombstones that were kept elsewhere into the database; those that stand there already stay as they are."""
    rows = [Tombstone(key=key, at=datetime.fromisoformat(at)) for key, at in stones.items()]
    Tombstone.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def copy_out(*, using: str) -> None:
    """Bring the file up to what the database knows."""
    add(file(), {stone.key: stone.at.isoformat() for stone in Tombstone.objects.using(using).order_by("key")})


def of(connection: psycopg.Connection) -> Stones:
    """The tombstones of any database of the product, of this version or an earlier one that had none."""
    there = connection.execute("SELECT to_regclass('tyoparkki_tombstone') IS NOT NULL").fetchone()
    if there != (True,):
        return {}
    return {key: at.isoformat() for key, at in connection.execute("SELECT key, at FROM tyoparkki_tombstone").fetchall()}


def put(stones: Mapping[str, str], connection: psycopg.Connection) -> None:
    """The same into such a database; one without the table finds them in the file when it is migrated."""
    if connection.execute("SELECT to_regclass('tyoparkki_tombstone') IS NOT NULL").fetchone() != (True,):
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tyoparkki_tombstone (key, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", list(stones.items())
        )


# --- outside the database --------------------------------------------------------------------------------------------


def file() -> Path:
    """Where the tombstones stand outside the database."""
    return Path(settings.ERASURES_FILE)


def read(path: Path) -> Stones:
    """The tombstones of a file; none when it is not there. A line that is none is passed over."""
    stones: Stones = {}
    with suppress(FileNotFoundError):
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            key, _space, at = line.partition(" ")
            with suppress(ValueError):
                if len(key) == 64 and int(key, 16) and datetime.fromisoformat(at).tzinfo:
                    stones[key] = at
    return stones


def add(path: Path, stones: Mapping[str, str]) -> None:
    """Add tombstones to a file, which is replaced as a whole: a crash leaves the old one or the new one."""
    known = read(path)
    if not stones.keys() - known.keys():
        return
    lines = [f"{key} {at}\n" for key, at in sorted({**stones, **known}.items(), key=lambda pair: pair[::-1])]
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text("".join(lines), encoding="ascii")
    fresh.replace(path)
