"""Keeps the translations: gather, fill from lists, compile, check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tyoparkki import catalogue, environment


class Command(BaseCommand):
    """`messages` gathers the texts of the source; its options fill, compile or check the catalogues."""

    help = "Gather the texts of the source into locale/; or fill them from lists, compile or check them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One thing at a time."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--merge", metavar="DIR", type=Path, help="fill the catalogues from the *.tsv of a folder")
        what.add_argument("--compile", action="store_true", help="make the files that the program reads")
        what.add_argument("--check", action="store_true", help="exit 1 and name every text that is not ready")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one thing that was asked."""
        root = environment.BASE_DIR
        if options["compile"]:
            catalogue.compile_all(root)
        elif options["check"]:
            self._check(root)
        else:
            self._gather(root, options["merge"])

    def _gather(self, root: Path, folder: Path | None) -> None:
        if folder is not None and not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.", returncode=2)
        triples, faults = catalogue.read_triples(folder) if folder else ([], [])
        template = catalogue.gather(root)
        for language in catalogue.LANGUAGES:
            catalogue.write(root, language, catalogue.renew(root, language, template, triples))
        used = {message.id if isinstance(message.id, str) else tuple(message.id) for message in template}
        for line in [*faults, *(f"not in use: {triple.ids}" for triple in triples if triple.ids not in used)]:
            self.stderr.write(line)
        self.stdout.write(f"{len(used) - 1} texts in {len(catalogue.LANGUAGES)} languages")

    def _check(self, root: Path) -> None:
        faults = catalogue.faults_of(root)
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} texts are not ready", returncode=1)
