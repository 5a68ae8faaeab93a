"""Import the service catalogue from files of the open API's list answers."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from services.ptv import importer
from tyoparkki import clock
from tyoparkki.actor import SYSTEM, bind, forget


class Command(BaseCommand):
    """`import_ptv PATH… [--dry-run]`: the last line is `N created, N changed, N retired, N faulty`.

    Exits 1 when an item was faulty; the others are imported all the same.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, and whether to change anything."""
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Try everything and change nothing.")
        parser.add_argument("--partial", action="store_true", help="The files do not hold everything: retire nothing.")
        parser.add_argument("--interface", default="v11", help="The version of the interface that the files come from.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, tell each fault by id, count, and exit 1 if there were any."""
        if options["interface"] not in importer.READERS:
            known = ", ".join(importer.READERS)
            raise CommandError(f"There is no reader for {options['interface']}; there is one for {known}.")
        for path in options["paths"]:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        try:
            outcome = self._run(options)
        except json.JSONDecodeError as error:
            raise CommandError(f"A file is not JSON: {error}.") from error
        for fault in outcome.faults:
            self.stderr.write(f"{fault['id']}: {fault['fault']}")
        self.stdout.write(outcome.line())
        if outcome.faults:
            raise CommandError(
                f"{len(outcome.faults)} of the items are faulty, each named above by its id. The others were read.",
                returncode=1,
            )

    def _run(self, options: dict[str, Any]) -> importer.Outcome:
        try:
            with transaction.atomic():
                bind(SYSTEM)
                return importer.run(
                    options["paths"],
                    at=clock.now(),
                    dry_run=options["dry_run"],
                    version=options["interface"],
                    full=not options["partial"],
                )
        finally:
            forget()
