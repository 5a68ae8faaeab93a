"""Bring in instruments of self-assessment from a file of the house's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from clients.actions import instrument as instruments
from tyoparkki import clock
from tyoparkki.actor import SYSTEM, bind, forget
from tyoparkki.errors import Refused


class Command(BaseCommand):
    """`load_instruments FILE`: a new instrument, or a new version of a known one; old answers keep their version."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path, help="JSON in the shape of clients/data/instruments.json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all of it or nothing, and say how many versions are new."""
        try:
            data = json.loads(options["file"].read_text(encoding="utf-8"))
            with transaction.atomic():
                bind(SYSTEM)
                made = instruments.load_instruments(data, at=clock.now())
        except (OSError, ValueError) as error:
            raise CommandError(f"The file cannot be read as JSON: {error}", returncode=2) from None
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from None
        finally:
            forget()
        self.stdout.write(f"{made} new versions")
