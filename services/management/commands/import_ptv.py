"""Import the service catalogue from files of the open API's list answers."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services.ptv import importer
from tyoparkki import clock


class Command(BaseCommand):
    """`import_ptv PATH… [--dry-run]`: the last line is `N created, N changed, N retired, N faulty`."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, and whether to change anything."""
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--partial", action="store_true", help="The files do not hold everything: retire nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, tell each fault by id, and count."""
        for path in options["paths"]:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        try:
            outcome = importer.run(
                options["paths"], at=clock.now(), dry_run=options["dry_run"], full=not options["partial"]
            )
        except json.JSONDecodeError as error:
            raise CommandError(f"A file is not JSON: {error}.") from error
        for fault in outcome.faults:
            self.stderr.write(f"{fault['id']}: {fault['fault']}")
        self.stdout.write(outcome.line())
