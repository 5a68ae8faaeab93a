"""Compare every daily figure with a fresh count of the rows, and mend what differs."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from reports.actions import count_day
from reports.recount import Difference, differences
from tyoparkki import clock, outbox

PATIENCE_SECONDS = 60


class Command(BaseCommand):
    """`recount` mends; `recount --check` only looks, and exits 0 when every figure is identical, else 1."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to look only, and for whom to write."""
        parser.add_argument("--check", action="store_true", help="Change nothing; exit 1 when a figure differs.")
        parser.add_argument("--json", action="store_true", help="Write JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Waiting work is carried out or waited for first, for up to a minute."""
        found = self._settled()
        mended = 0 if options["check"] else self._mend(found)
        left = found if options["check"] else differences()
        if options["json"]:
            answer = {"identical": not left, "mended": mended, "differences": [row.plain for row in left]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for row in left:
                self.stdout.write(str(row))
            self.stdout.write(f"recount: {len(left)} differences" + (f", {mended} days mended" if mended else ""))
        if left:
            raise SystemExit(1)

    def _settled(self) -> list[Difference]:
        """The differences once nothing waits to be counted; on a busy day, those that stay."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            outbox.drain()
            found = differences()
            waiting = outbox.waiting().filter(task__startswith="reports.").exists()
            if (not found and not waiting) or time.monotonic() > deadline:
                return found
            if found and not waiting:
                # Something may have been counted between the drain and the look: look once more.
                return differences()
            time.sleep(0.5)

    def _mend(self, found: list[Difference]) -> int:
        days = sorted({(row.point, row.on) for row in found}, key=lambda day: (day[1], str(day[0])))
        for point, on in days:
            with transaction.atomic():
                count_day(point, on, at=clock.now())
        return len(days)
