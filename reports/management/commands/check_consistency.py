"""Look through the whole database for what can never be."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from reports.consistency import INVARIANTS, broken
from tyoparkki import outbox


class Command(BaseCommand):
    """`check_consistency [--json]`: exits 1 and names each broken invariant with the first rows that break it."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom to write."""
        parser.add_argument("--json", action="store_true", help="Write JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """What waits to be counted is counted first."""
        outbox.drain()
        found = broken()
        if options["json"]:
            answer = {"invariants": len(INVARIANTS), "broken": [asdict(rule) for rule in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for rule in found:
                self.stdout.write(
                    f"{rule.code}: {rule.meaning} Broken by {rule.count}, first {', '.join(rule.rows[0])}"
                )
            self.stdout.write(f"check_consistency: {len(INVARIANTS) - len(found)} of {len(INVARIANTS)} invariants hold")
        if found:
            raise SystemExit(1)
