"""Saves everything that the product knows into one new folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser

from tyoparkki import backups, clock


class Command(BaseCommand):
    """Back the database up while the product runs; the folder holds the data of one moment."""

    help = "Saves the whole database, its roles and a manifest of both in a new folder."
    requires_system_checks: list[str] = []  # a backup must work when much else does not

    def add_arguments(self, parser: CommandParser) -> None:
        """The new folder."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist yet, or is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Save, or say in one sentence why not (exit 2)."""
        folder = options["folder"].expanduser().absolute()
        try:
            manifest = backups.make(folder, backups.place(), at=clock.now())
        except psycopg.OperationalError:
            self.stderr.write("The database does not answer; nothing was saved.")
            sys.exit(2)
        except (backups.Unusable, psycopg.Error) as reason:
            self.stderr.write(str(reason).strip().splitlines()[0])
            sys.exit(2)
        rows = sum(count for count, _ in manifest["tables"].values())
        size = (folder / backups.DUMP).stat().st_size / 1_000_000
        self.stdout.write(f"Saved {rows} rows of {len(manifest['tables'])} tables in {folder} ({size:.1f} MB).")
        self.stdout.write("The secret key and the keys of encrypted values are not inside: keep them apart.")
