"""Load the reference data that the product ships; loading again changes nothing that the house has changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from tyoparkki import clock, reference
from tyoparkki.actor import SYSTEM, bind, forget


class Command(BaseCommand):
    """`load_reference`: municipalities, languages, professions, texts of consents; runs as tp_app."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how much."""
        try:
            with transaction.atomic():
                bind(SYSTEM)
                loaded = reference.load(at=clock.now())
        finally:
            forget()
        if options["verbosity"]:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in loaded.items()))
