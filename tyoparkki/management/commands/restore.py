"""Brings a backup back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tyoparkki import backups, clock, tombstones


class Command(BaseCommand):
    """Restore a backup into an empty or a demonstration database and compare it with what was saved."""

    help = "Restores a folder made by `backup`, with every right and policy, and checks that all of it came back."
    requires_system_checks: list[str] = []  # there may be no tables yet

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder of the backup."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that `backup` made")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also when the embedded database holds real data, which are kept aside",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore; exit 2 when nothing was changed, 1 when what came back was not equal (and was thrown away)."""
        folder = options["folder"].expanduser().absolute()
        connections.close_all()
        try:
            kept = backups.restore(folder, backups.place(), at=clock.now(), replace=options["replace"])
        except psycopg.OperationalError:
            self.stderr.write("The database does not answer; nothing was changed.")
            sys.exit(2)
        except (backups.Unusable, psycopg.Error) as reason:
            self.stderr.write(str(reason).strip().splitlines()[0])
            sys.exit(2)
        except backups.Different as differences:
            self.stderr.write(f"What came back is not what was saved:\n{differences}")
            sys.exit(1)
        manifest = backups.read(folder)
        rows = sum(count for count, _ in manifest["tables"].values())
        self.stdout.write(
            f"Restored {rows} rows of {len(manifest['tables'])} tables, saved {manifest['made_at']};"
            " every table, right and policy was compared."
        )
        if kept:
            self.stdout.write(f"The data that were here before are kept in the database {kept}.")
        self._erase_again()
        self.stdout.write("Run `manage.py migrate` if the program is newer than the backup.")

    def _erase_again(self) -> None:
        """Whoever was erased after the backup was made is erased again: now, or by the `migrate` that must come."""
        executor = MigrationExecutor(connections["owner"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Run `manage.py migrate` now: who was erased since is erased again by it.")
            return
        count = tombstones.again(at=clock.now(), using="owner")
        self.stdout.write(f"Erased again: {count}, of those who were erased after this backup was made.")
