"""Erases a person and every word about them; visits, referrals and figures stay without the person."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from clients.actions import erasure
from tyoparkki import clock, tombstones


class Command(BaseCommand):
    """`erase_person ID [--dry-run] [--json]`: twice is once; a dry run says what would go and changes nothing."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and whether only to look."""
        parser.add_argument("person", type=UUID, metavar="ID", help="the key at the end of the person's address")
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, and change nothing.")
        parser.add_argument("--json", action="store_true", help="Write JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, or say what would go."""
        dry = options["dry_run"]
        done = erasure.erase(options["person"], at=clock.now(), why="asked", dry_run=dry)
        if not dry:
            self._copy_out()
        if options["json"]:
            told = {"was_there": done.was_there, "gone": done.gone, "emptied": done.emptied, "dry_run": dry}
            self.stdout.write(json.dumps(told))
            return
        if not done.was_there:
            self.stdout.write("Nobody on file has this key; nothing to erase.")
        for label, count in done.gone.items():
            self.stdout.write(f"{label:<32} {count:>5} {'would go' if dry else 'gone'}")
        for label, count in done.emptied.items():
            self.stdout.write(f"{label:<32} {count:>5} {'would stay' if dry else 'stay'} without words or the person")

    def _copy_out(self) -> None:
        try:
            tombstones.copy_out(using="system")
        except OSError as error:
            self.stderr.write(
                f"Erased. The tombstone could not be written to {tombstones.file()} ({error.strerror}); the next"
                " backup writes it beside its folder."
            )
