"""Everything that is kept of one person, for that person: a data file and a page to read."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder

from clients.rights import paper, telling
from tyoparkki import clock


class Command(BaseCommand):
    """`export_person ID DIR`: person.json and person.pdf in a new folder that only its owner may open."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and where to."""
        parser.add_argument("person", type=UUID, metavar="ID", help="the key at the end of the person's address")
        parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist yet, or is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files; exit 2 when nothing was written."""
        folder = options["folder"].expanduser().absolute()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            self._refuse(f"{folder} exists and is not empty; name a new folder.")
        try:
            told = telling.everything(options["person"], at=clock.now())
            folder.mkdir(mode=0o700, exist_ok=True)
            self._write(folder / "person.json", as_data(told).encode())
            self._write(folder / "person.pdf", paper.of_everything(told))
        except telling.NotOnFile:
            self._refuse("Nobody on file has this key.")
        except OSError as error:
            self._refuse(f"The files cannot be written to {folder} ({error.strerror}).")
        rows = sum(len(table.rows) for table in told.tables)
        self.stdout.write(f"Wrote {rows} rows of {len(told.tables)} tables and {len(told.looks)} looks to {folder}.")

    def _write(self, path: Path, content: bytes) -> None:
        path.touch(mode=0o600)
        path.write_bytes(content)

    def _refuse(self, why: str) -> None:
        self.stderr.write(why)
        sys.exit(2)


def as_data(told: telling.Everything) -> str:
    """The data file: every row with every column but those kept back, each with its reason."""
    content = {
        "person": told.person,
        "gathered_at": told.at,
        "language": told.language,
        "tables": {
            table.label: {
                "title": table.title,
                "purpose": table.purpose,
                "when_erased": table.ending,
                "kept_back": table.kept_back,
                "rows": table.rows,
            }
            for table in told.tables
        },
        "looks": told.looks,
        "acts": told.acts,
    }
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
