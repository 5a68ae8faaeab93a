"""Before the doors open: whether board, tablet and team are ready, and how busy the last such day was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractHour
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from team.access import Member
from team.models import Device, ServiceDay
from team.models.devices import DeviceKind
from team.permissions import Perm
from tyoparkki import clock
from visits.desk import FrontDesk
from visits.feed import listed
from visits.models import Visit


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at before opening: its name, its state in words, and where to mend it."""

    name: str
    state: str
    is_well: bool = True
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class LastTime:
    """The latest service day on the same weekday: visits and the two busiest hours."""

    on: date
    visits: int
    busiest: str


def context_of(desk: FrontDesk) -> dict[str, Any]:
    """What the screen shows instead of queue and course, in two statements."""
    return {"checks": list(_checks(desk)), "last_week": _last_time(desk)}


def _checks(desk: FrontDesk) -> Iterator[Check]:
    devices = Device.objects.filter(point_id=desk.member.point_id, revoked_at__isnull=True)
    paired = Counter(devices.values_list("kind", flat=True))
    yield _device(_("Waiting board"), paired[DeviceKind.BOARD], desk.member)
    yield _device(_("Feedback tablet"), paired[DeviceKind.FEEDBACK], desk.member)
    guides = [one for one in desk.people if one.is_guide]
    later = sum(one.is_expected for one in guides)
    here = len(guides) - later
    name = ngettext("%(n)s advisor on shift now", "%(n)s advisors on shift now", here) % {"n": here}
    coming = ngettext("%(n)s comes later", "%(n)s come later", later) % {"n": later}
    state = coming if later else _("nobody else is on today's roster")
    roster = {"href": reverse("team:roster"), "action": _("Open the roster")}
    yield Check(name, state) if guides else Check(name, state, is_well=False, **roster)
    empty = [one for one in guides if one.shift.desk is None]
    if empty:
        names = ", ".join(one.colleague.name for one in empty)
        yield Check(_("Desks"), _("without a desk: %(names)s") % {"names": names}, is_well=False, **roster)


def _device(name: str, count: int, member: Member) -> Check:
    if count:
        return Check(name, _("paired"))
    href = reverse("team:devices") if member.may(Perm.MANAGE_DEVICES) else ""
    return Check(name, _("not paired yet"), is_well=False, href=href, action=_("Pair"))


def _last_time(desk: FrontDesk) -> LastTime | None:
    """Counted by the hour of arrival on the wall clock; None when there is no such day."""
    today = clock.local_date(desk.at)
    hour = ExtractHour("arrived_at", tzinfo=clock.HELSINKI)
    latest = (
        ServiceDay.objects.at(desk.member.point_id)
        .filter(on__lt=today, on__iso_week_day=today.isoweekday(), state=ServiceDay.State.CLOSED)
        .order_by("-on")[:1]
    )
    visits = Visit.objects.filter(day__in=latest.values("pk")).exclude(state=Visit.State.UNDONE)
    rows = list(visits.values("day__on").annotate(hour=hour, n=Count("pk")).values_list("day__on", "hour", "n"))
    if not rows:
        return None
    busiest = sorted(hour for _on, hour, _n in sorted(rows, key=lambda row: (-row[2], row[1]))[:2])
    return LastTime(rows[0][0], sum(n for _on, _hour, n in rows), listed([str(one) for one in busiest]))
