"""Fill a demonstration database with a city's worth of visits, for benchmarks."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction

from reports.demo import build, bulk
from reports.demo.owning import as_owner
from tyoparkki import clock
from tyoparkki.models import Installation


class Command(BaseCommand):
    """`bench_load --clients N --visits N [--seed N]`: a fresh demonstration, then the load; prints JSON."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much."""
        parser.add_argument("--clients", type=int, default=100_000)
        parser.add_argument("--visits", type=int, default=300_000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """As the owner, in one transaction, only where demonstration data may be."""
        with as_owner():
            told = json.dumps(self._build(options), ensure_ascii=False, indent=2)
        self.stdout.write(told)

    def _build(self, options: dict[str, Any]) -> dict[str, Any]:
        mark = Installation.objects.first()
        if not (settings.DEMO or settings.TESTING) or (build.holds_people() and not (mark and mark.is_demo)):
            raise CommandError("Benchmark data go only into a demonstration database (DEMO=1). Nothing was changed.")
        with transaction.atomic():
            with connections["default"].cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
            house, result = build.frame_only(seed=options["seed"], anchor=clock.now())
            result |= bulk.load(house, clients=options["clients"], visits=options["visits"], seed=options["seed"])
        return result
