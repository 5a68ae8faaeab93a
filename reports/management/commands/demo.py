"""Fill a database marked as a demonstration with an invented, lively service point."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reports.demo import build
from reports.demo.owning import as_owner
from tyoparkki import clock, environment, folder
from tyoparkki.clock import HELSINKI
from tyoparkki.models import Installation


class Command(BaseCommand):
    """`demo --seed N --weeks W [--anchor ISO]`: replaces everything, and prints ids and sign-ins as JSON."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of a demonstration."""
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--weeks", type=int, default=8)
        parser.add_argument("--anchor", default="", help="The moment that is now, as ISO 8601; else the clock's.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Only in a database that is empty or marked demo."""
        with as_owner():
            told = json.dumps(self._build(options), ensure_ascii=False, indent=2)
        self._keep(told)
        self.stdout.write(told)

    def _build(self, options: dict[str, Any]) -> dict[str, Any]:
        mark = Installation.objects.first()
        if not (settings.DEMO or settings.TESTING) and not (mark and mark.is_demo):
            raise CommandError("Set DEMO=1: demonstration data never go into a database of real people.")
        if (mark is None or not mark.is_demo) and build.holds_people():
            raise CommandError("This database holds data and is not marked as a demonstration. Nothing was changed.")
        anchor = self._anchor(options["anchor"])
        with transaction.atomic():
            return build.everything(seed=options["seed"], weeks=options["weeks"], anchor=anchor)

    def _keep(self, told: str) -> None:
        """`make run` tells the sign-ins of the demonstration that is there; its devices' tokens are nobody else's."""
        folder.make_folder(environment.data_dir())
        path = environment.data_dir() / folder.DEMONSTRATION
        path.touch(mode=0o600)
        path.write_text(told, encoding="utf-8")

    def _anchor(self, text: str) -> datetime:
        if not text:
            return clock.now()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"--anchor is not a moment: {text}") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=HELSINKI)
