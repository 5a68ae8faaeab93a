"""The five tiles at the top: visits, evening, waits, working together, feedback."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import charts, metrics
from reports.dashboard import numbers
from reports.dashboard.numbers import Days, Evening
from reports.dashboard.shape import Tile
from reports.figures import EVENING_HOURS
from reports.reading import Reading
from reports.statistics import is_small, shows_share
from reports.tables import HIDDEN, Cell, Table, cell
from reports.wording import NARROW, decimal, percent, whole


def _share_row(name: str, part: int, n: int) -> tuple[Cell, ...]:
    found = numbers.share(part, n)
    if found is None:
        return (name, HIDDEN if n else "–", whole(n), "–")
    return (name, whole(min(part, n)), whole(n), f"{percent(found.value)} ({percent(found.low)}–{percent(found.high)})")


def _share_heads(what: str) -> tuple[str, ...]:
    return (_("Period"), what, _("Out of"), _("Share and 95 percent interval"))


def visits(reading: Reading, days: list[Days]) -> Tile:
    """How many came."""
    n, then = reading.totals.n("visits"), reading.compared
    count = len([1 for totals in reading.days.values() if totals.n("visits")])
    detail = _("%(mean)s on a service day") % {"mean": whole(n / max(count, 1))}
    table = Table(_("Visits"), (_("Period"), _("Visits"), _("Service days"), _("On a day")))
    table.rows.append((_("This period"), whole(n), whole(count), decimal(n / max(count, 1))))
    if then is not None and then.n("visits") and reading.compared_days:
        a_day = then.n("visits") / reading.compared_days
        if not is_small(then.n("visits")):
            detail = _("%(mean)s on a service day, earlier %(then)s") % {
                "mean": whole(n / max(count, 1)),
                "then": whole(a_day),
            }
            table.rows.append((_("Comparison"), whole(then.n("visits")), whole(reading.compared_days), decimal(a_day)))
    return Tile("visits", _("Visits"), whole(n), "", detail, table, spark=charts.sparkline([row.total for row in days]))


def evening(reading: Reading, evenings: list[Evening] | None) -> Tile:
    """How many came after office hours."""
    n, part = reading.totals.n("visits"), reading.totals.n("hour", *EVENING_HOURS)
    table = Table(_("In the evening, from 4 to 6 p.m."), _share_heads(_("In the evening")))
    table.rows.append(_share_row(_("This period"), part, n))
    tile = Tile("evening", _("In the evening, 4–6 p.m."), "–", "", "", table)
    if numbers.share(part, n) is None:
        tile.is_hidden = bool(n)
        tile.detail = _("Too few to be told")
        return tile
    tile.value, tile.unit = str(round(100 * part / max(n, 1))), "%"
    tile.detail = ngettext("%(n)s visit after office hours", "%(n)s visits after office hours", part) % {
        "n": whole(part)
    }
    tile.spark = charts.sparkline([group.a_day for group in evenings or []])
    return tile


def waiting(reading: Reading, *, target: int) -> Tile:
    """How many were called in time, how long it took, and how many left."""
    here = numbers.waiting(reading.totals, target=target)
    label = _("Waited less than %(minutes)s min") % {"minutes": target}
    table = Table(label, _share_heads(label))
    table.rows.append(_share_row(_("This period"), here.part, here.n))
    if reading.compared is not None:
        then = numbers.waiting(reading.compared, target=target)
        table.rows.append(_share_row(_("Comparison"), then.part, then.n))
    tile = Tile("wait_under_target", label, "–", "", _("Nobody has been called yet"), table)
    if not here.n:
        return tile
    table.note = _said_of_left(here.left)
    tile.detail = " ".join([*_times(here), table.note])
    found = here.share
    if found is None:
        tile.is_hidden = True
        return tile
    tile.value, tile.unit = str(round(100 * found.value)), "%"
    goal = metrics.TARGET_UNDER / 100
    if found.value >= goal:
        tile.tag_look, words = "free", _("goal %(goal)s")
    elif found.holds(goal):
        tile.tag_look, words = "", _("close to the goal %(goal)s")
    else:
        tile.tag_look, words = "wait", _("under the goal %(goal)s")
    tile.tag = words % {"goal": f"{metrics.TARGET_UNDER}{NARROW}%"}
    return tile


def _times(here: numbers.Waiting) -> list[str]:
    if here.median is None:
        return []
    if here.nine_of_ten is None:
        return [_("Median %(median)s min.") % {"median": here.median}]
    words = _("Median %(median)s min, nine of ten within %(p90)s min.")
    return [words % {"median": here.median, "p90": here.nine_of_ten}]


def _said_of_left(left: int | None) -> str:
    if left is None:
        return _("The number of those who left before being served is too small to be told.")
    if not left:
        return _("Nobody left before being served.")
    words = ngettext("%(n)s visitor left before being served.", "%(n)s visitors left before being served.", left)
    return words % {"n": whole(left)}


def together(reading: Reading) -> Tile:
    """How many met several professions."""
    part, n = reading.totals.n("multi_professional"), reading.totals.n("visits")
    label = _("Multi-professional visits")
    table = Table(label, _share_heads(label))
    table.rows.append(_share_row(_("This period"), part, n))
    then = reading.compared
    tile = Tile("multi_professional", label, "–", "", "", table, spark_look="c-team")
    if then is not None:
        table.rows.append(_share_row(_("Comparison"), then.n("multi_professional"), then.n("visits")))
    found = numbers.share(part, n)
    if found is None:
        tile.is_hidden = bool(n)
        return tile
    tile.value, tile.unit = str(round(100 * found.value)), "%"
    tile.detail = ngettext("%(n)s visit", "%(n)s visits", part) % {"n": whole(part)}
    earlier = numbers.share(then.n("multi_professional"), then.n("visits")) if then is not None else None
    if earlier is not None:
        tile.detail = _("%(visits)s, earlier %(then)s") % {"visits": tile.detail, "then": percent(earlier.value)}
    tile.spark = _monthly(reading)
    return tile


def _monthly(reading: Reading) -> str:
    """The share month by month, where every month may be told."""
    months: dict[tuple[int, int], list[int]] = {}
    for on, totals in sorted(reading.days.items()):
        sums = months.setdefault((on.year, on.month), [0, 0])
        sums[0] += totals.n("multi_professional")
        sums[1] += totals.n("visits")
    if not all(shows_share(part, n) for part, n in months.values()):
        return ""
    return charts.sparkline([part / n for part, n in months.values()])


def feedback(reading: Reading) -> Tile:
    """What visitors said of the first question, and how many answered at all."""
    totals = reading.totals
    given, visits_n = numbers.answers(totals), totals.n("visits")
    table = Table(_("Feedback"), (_("Question"), _("Answers"), _("Mean"), _("95 percent interval")))
    tile = Tile("feedback", _("Feedback"), "–", "", _("No answers yet"), table)
    for question in reading.questions:
        counts = numbers.faces(totals, question)
        found = numbers.mean_of(counts)
        n = sum(counts.values())
        name = reading.name("question", question)
        if found is None:
            table.rows.append((name, cell(n, is_hidden=is_small(n)), "–", "–"))
        else:
            told = whole(totals.rounded(n))
            table.rows.append((name, told, decimal(found.value), f"{decimal(found.low)}–{decimal(found.high)}"))
    if not given:
        return tile
    first = numbers.mean_of(numbers.faces(totals, reading.questions[0])) if reading.questions else None
    if first is None:
        tile.is_hidden, tile.detail = True, _("Too few to be told")
        return tile
    tile.value, tile.unit = decimal(first.value), "/ 5"
    tile.detail = _("%(n)s answers, 95 %% interval %(low)s–%(high)s") % {
        "n": whole(totals.rounded(first.n)),
        "low": decimal(first.low),
        "high": decimal(first.high),
    }
    if visits_n:
        tile.tag = _("%(share)s answered") % {"share": percent(min(1.0, given / visits_n))}
    return tile
