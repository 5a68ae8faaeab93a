"""Seal every identity code with the installation's newest key, so that an earlier one may go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.actions import identity_code
from tyoparkki import clock, sealing


class Command(BaseCommand):
    """`reseal`: after SEALING_KEYS has a new first key; twice is once more."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and say how many; stops at the first that no key opens."""
        try:
            count = identity_code.reseal(at=clock.now())
        except sealing.Unreadable as refusal:
            raise CommandError(str(refusal), returncode=2) from None
        self.stdout.write(f"{count} sealed")
