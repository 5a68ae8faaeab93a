"""How long each kind of row is kept, and what is over today."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from tyoparkki import clock, purge


class Command(BaseCommand):
    """`retention [--json] [--carry-out]`: what the night would end; nothing is changed unless it is told to."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom to write, and whether to do it now."""
        parser.add_argument("--json", action="store_true", help="Write JSON.")
        parser.add_argument("--carry-out", action="store_true", help="End it now instead of at night.")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each kind of row that has an end."""
        at = clock.now()
        rows = [asdict(row) for row in purge.standing(today=clock.local_date(at))]
        ended = purge.carry_out(at=at) if options["carry_out"] else {}
        if options["json"]:
            self.stdout.write(json.dumps({"today": clock.local_date(at).isoformat(), "rows": rows, "ended": ended}))
            return
        for row in rows:
            self.stdout.write(
                f"{row['model']:<28} {row['days']:>5} days from {row['since']:<26} over {row['due']:>7},"
                f" waiting for others {row['held']:>5}"
            )
        if options["carry_out"]:
            told = ", ".join(f"{count} {model}" for model, count in sorted(ended.items()))
            self.stdout.write(f"retention: ended {told or 'nothing'}")
