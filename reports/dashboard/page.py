"""The whole page: what it says first, its tiles and its panels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from feedback.models import SaidAndDone
from reports import metrics
from reports.dashboard import coming, groups, numbers, panels, tiles
from reports.dashboard.shape import Panel, Tile
from reports.figures import EVENING_HOURS
from reports.period import DEFAULT, OWN, YEAR_AGO, Period
from reports.reading import Reading, read
from reports.statistics import differs, is_small
from reports.tables import Table
from reports.wording import days_between, percent, whole
from team.models import ServicePoint


@dataclass
class Dashboard:
    """Plain values for the page, for print and for the CSV."""

    period: Period
    title: str
    days: str
    service_days: int
    compared: str
    sentences: list[str]
    tiles: list[Tile]
    panels: list[Panel]
    deeds: list[SaidAndDone]
    oldest_count: datetime | None
    newest_count: datetime | None
    is_empty: bool
    sections: list[tuple[str, Table]] = field(default_factory=list)


def dashboard_of(point: ServicePoint, period: Period, how: str) -> Dashboard:
    """The dashboard of a point: five statements, whatever the period."""
    comparison = period.compared(how)
    reading = read(point.pk, period, comparison)
    days = numbers.visit_days(reading)
    told = numbers.evenings(days)
    count = sum(1 for totals in reading.days.values() if totals.n("visits"))
    is_empty = not reading.totals.n("visits") and not numbers.answers(reading.totals)
    page = Dashboard(
        period=period,
        title=_title(period),
        days=days_between(period.first, period.last),
        service_days=count,
        compared=days_between(comparison.first, comparison.last) if comparison else "",
        sentences=_sentences(reading, how, target=point.wait_target_minutes, count=count),
        tiles=[],
        panels=[],
        deeds=reading.deeds,
        oldest_count=reading.oldest_count,
        newest_count=reading.newest_count,
        is_empty=is_empty,
    )
    if not is_empty and not is_small(reading.totals.n("visits")):
        _fill(page, reading, days, told, point)
    return page


def _fill(
    page: Dashboard, reading: Reading, days: list[numbers.Days], told: list[numbers.Evening] | None, point: ServicePoint
) -> None:
    target, alarm = point.wait_target_minutes, point.wait_alarm_minutes
    page.tiles = [
        tiles.visits(reading, days),
        tiles.evening(reading, told),
        tiles.waiting(reading, target=target),
        tiles.together(reading),
        tiles.feedback(reading),
    ]
    page.panels = [
        panels.results(reading, target=target),
        panels.referrals(reading),
        panels.visits(reading, days, told),
        panels.waits(reading, target=target, alarm=alarm),
        coming.money(reading),
        coming.sources(reading),
        panels.topics(reading),
        panels.feedback(reading),
        groups.joint(reading),
        groups.reach(reading),
    ]
    page.sections = [(tile.label, tile.table) for tile in page.tiles]
    for panel in page.panels:
        page.sections.append((panel.title, panel.table))
        if panel.second:
            page.sections.append((panel.title, panel.second))


def _title(period: Period) -> str:
    titles = {
        "paiva": _("Results of today"),
        "4vk": _("Results of the last 4 weeks"),
        DEFAULT: _("Results of the last 12 weeks"),
        "26vk": _("Results of the last 26 weeks"),
        "kk": _("Results of this month"),
        "ekk": _("Results of last month"),
        "vuosi": _("Results of this year"),
        "evuosi": _("Results of last year"),
        OWN: _("Results of the chosen days"),
    }
    return titles[period.code]


def _sentences(reading: Reading, how: str, *, target: int, count: int) -> list[str]:
    """Three sentences that answer most: how many, when, how long they waited."""
    n = reading.totals.n("visits")
    if not n or is_small(n):
        return []
    said = [_how_many(reading, how, n, count)]
    evening = numbers.share(reading.totals.n("hour", *EVENING_HOURS), n)
    if evening is not None:
        late = _("%(share)s came after office hours, between 4 and 6 p.m.")
        said.append(late % {"share": percent(evening.value)})
    found = numbers.waiting(reading.totals, target=target).share
    if found is not None:
        words = {"share": percent(found.value), "minutes": target, "goal": percent(metrics.TARGET_UNDER / 100)}
        if found.value >= metrics.TARGET_UNDER / 100:
            said.append(_("%(share)s waited less than %(minutes)s minutes: the goal of %(goal)s was reached.") % words)
        elif found.holds(metrics.TARGET_UNDER / 100):
            near = _("%(share)s waited less than %(minutes)s minutes; the gap to the goal of %(goal)s may be chance.")
            said.append(near % words)
        else:
            said.append(
                _("%(share)s waited less than %(minutes)s minutes: the goal of %(goal)s was not reached.") % words
            )
    return said


def _how_many(reading: Reading, how: str, n: int, count: int) -> str:
    then, then_days = (reading.compared.n("visits") if reading.compared else 0), reading.compared_days
    if not then or is_small(then) or not then_days or not count:
        return _("There were %(n)s visits.") % {"n": whole(n)}
    change = (n / count) / (then / then_days) - 1
    when = _("a year before") if how == YEAR_AGO else _("in the period before")
    words = {"n": whole(n), "change": percent(abs(change)), "when": when}
    if not differs(n, count, then, then_days):
        return _("There were %(n)s visits, on a service day about as many as %(when)s.") % words
    if change > 0:
        return _("There were %(n)s visits, on a service day %(change)s more than %(when)s.") % words
    return _("There were %(n)s visits, on a service day %(change)s fewer than %(when)s.") % words
