"""Who was erased after a backup was made is erased again when it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from clients.actions import erasure
from tests.factories.clients import person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from tyoparkki import backups, embedded, roles, tombstones
from tyoparkki.backups import Place

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats", "system"])


@pytest.fixture
def elsewhere() -> Iterator[Place]:
    """An empty database beside the tests' own, as on a new machine."""
    place = backups.place()
    target = place.sibling(f"{place.name}_restored")
    with embedded.superuser() as server:
        roles.create_database(server, target.name)
    yield target
    with embedded.superuser() as server:
        for (name,) in server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{target.name}%"]
        ).fetchall():
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def named(place: Place) -> int:
    with closing(place.connect()) as connection:
        row = connection.execute("SELECT count(*) FROM clients_client WHERE name = 'Aino Palaava'").fetchone()
        return int(row[0]) if row else 0


def again_in(place: Place) -> int:
    """What `restore` and `migrate` do in the restored database."""
    connection = connections["owner"]
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = place.name
    try:
        return tombstones.again(at=at(13), using="owner")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


@pytest.mark.parametrize("kept", ["in the file", "beside the backups"])
def test_a_restored_backup_brings_nobody_back(
    kept: str, elsewhere: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ERASURES_FILE", str(tmp_path / "file.txt"))
    house = House()
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    gone = person_on_file(house.desk, moment=house.now, name="Aino Palaava")
    stays = person_on_file(house.desk, moment=house.now, name="Aino Pysyvä")
    backups.make(tmp_path / "old", backups.place(), at=house.now)
    erasure.erase(gone.pk, at=house.now, why="asked")
    if kept == "in the file":
        tombstones.copy_out(using="system")
    else:
        backups.make(tmp_path / "new", backups.place(), at=house.now)
        assert (tmp_path / tombstones.BESIDE).exists()
    backups.restore(tmp_path / "old", elsewhere, at=house.now)
    assert named(elsewhere) == 1
    assert again_in(elsewhere) == 1
    assert named(elsewhere) == 0
    assert again_in(elsewhere) == 0
    with closing(elsewhere.connect()) as connection:
        assert connection.execute("SELECT id FROM clients_client").fetchall() == [(stays.pk,)]
    assert tombstones.read(tmp_path / "file.txt")
