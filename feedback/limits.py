"""How much one device may send: a whole day's answers at once after a cut, but no flood."""

from __future__ import annotations

from django.core.cache import cache

from team.models import Device

MOST, WINDOW_SECONDS = 3600, 3600


def is_flooding(device: Device) -> bool:
    """Whether a device has sent more than 60 answers a minute, counted over an hour."""
    key = f"answers:{device.pk}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key)) > MOST
    except ValueError:  # the hour ended between the two
        return False
