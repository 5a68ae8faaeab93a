"""Pair a device from the server's command line."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from team.actions import device as devices
from team.models import ServicePoint
from team.models.devices import DeviceKind
from tyoparkki import clock
from tyoparkki.actor import SYSTEM, bind
from tyoparkki.errors import Refused
from tyoparkki.models import Installation


class Command(BaseCommand):
    """`pair_tablet [--kind feedback] [--point SLUG] [--name NAME] [--token]`."""

    help = "Print a six-digit pairing code (or, with --token, a token) for a device, as JSON. Runs as tp_app."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which device, where."""
        parser.add_argument("--kind", choices=DeviceKind.values, default=DeviceKind.FEEDBACK)
        parser.add_argument(
            "--point",
            help="slug of the service point; needed when there are several, except in a demonstration: its first",
        )
        parser.add_argument("--name", default="", help="what the device is called in the list")
        parser.add_argument("--token", action="store_true", help="pair at once and print the token")

    def handle(self, *args: Any, **options: Any) -> None:
        """Offer the code or the token, once, on standard output."""
        with transaction.atomic():
            bind(SYSTEM)
            point = self._point(options["point"])
            kind = options["kind"]
            name = options["name"] or str(DeviceKind(kind).label)
            try:
                answer = self._pair(point, kind, name, now=options["token"])
            except Refused as refusal:
                raise CommandError(str(refusal), returncode=2) from None
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _pair(self, point: ServicePoint, kind: str, name: str, *, now: bool) -> dict[str, str]:
        at = clock.now()
        base = {"kind": kind, "point": point.slug, "name": name}
        if now:
            paired = devices.pair_directly(point, kind=kind, name=name, at=at)
            return {**base, "device": str(paired.device.pk), "token": paired.token}
        offer = devices.offer_code(point, kind=kind, name=name, by=None, at=at)
        address = f"http://127.0.0.1:{settings.PORT}" if settings.PLAIN_HTTP else f"https://{settings.ALLOWED_HOSTS[0]}"
        return {
            **base,
            "code": offer.code,
            "expires_at": clock.local(offer.row.expires_at).isoformat(timespec="seconds"),
            "url": address + reverse("team:pair"),
        }

    def _point(self, slug: str | None) -> ServicePoint:
        points = ServicePoint.objects.filter(is_active=True)
        if slug:
            points = points.filter(slug=slug)
        found = list(points.order_by("pk"))
        if not found:
            raise CommandError("No such service point.", returncode=2)
        if len(found) > 1 and not Installation.objects.filter(is_demo=True).exists():
            slugs = ", ".join(sorted(point.slug for point in found))
            raise CommandError(f"There are several service points, choose one with --point: {slugs}", returncode=2)
        return found[0]
