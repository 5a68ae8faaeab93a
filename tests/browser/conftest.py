"""The day at which the browsers look."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.visits import House
from tests.fixtures.site import Site
from tyoparkki import clock


@pytest.fixture
def today(live_site: Site) -> House:
    """A service day that is today and open at every hour, with two advisors at their desks."""
    start = clock.local(timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    end = start.replace(hour=23, minute=59)
    house = House(on=start.date(), opens_at=start.time(), closes_at=end.time())
    for member in (house.advisor(), house.advisor()):
        shift = member.membership.shifts.get()
        shift.starts_at, shift.ends_at = start, end
        shift.save()
    return house
