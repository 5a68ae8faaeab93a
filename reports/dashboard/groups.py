"""Panels about people and colleagues: which groups came, in bands alone; and meetings held by several together."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from reports import charts
from reports.dashboard import numbers
from reports.dashboard.shape import Panel
from reports.figures import NONE_TOLD
from reports.reading import Reading
from reports.statistics import hidden_of, is_small
from reports.tables import HIDDEN, Cell, Table
from reports.wording import NARROW, percent, whole
from team.models import Term

# Where one band of the share of visits ends and the next begins, in percent: of what a person may be recognised by,
# no exact share is told.
EDGES = (0, 5, 10, 20, 30, 50, 100)


def band(part: int, n: int) -> tuple[int, int]:
    """The band in which a share lies: from and up to, in percent."""
    share = 100 * min(part, n) / n
    place = max(place for place, edge in enumerate(EDGES[:-1]) if share >= edge)
    return EDGES[place], EDGES[place + 1]


def reach(reading: Reading) -> Panel:
    """Which situations visitors were in, and of which age: whether those are reached whom the point is meant for."""
    table = Table(_("Reach by situation"), (_("Situation"), _("Share of visits")))
    bars, untold = _fill(table, reading, "situation")
    second = Table(_("Reach by age"), (_("Age"), _("Share of visits")))
    _ages, untold_ages = _fill(second, reading, "age_band")
    said = _("Reach by situation: %(shares)s.") % {"shares": ", ".join(f"{bar.label} {bar.text}" for bar in bars)}
    chart = charts.lying(bars, said=said, width=780, left=250, row_height=40) if bars else None
    if chart:
        chart.narrow = charts.steps(bars, said=said)
    return Panel(
        "reach",
        _("Who the service reached"),
        _("Share of visits by situation and age, in bands, as the visitor told it"),
        "s8",
        table,
        chart,
        note=", ".join([*untold, *untold_ages]),
        second=second if second.rows else None,
    )


def _fill(table: Table, reading: Reading, figure: str) -> tuple[list[charts.Lying], list[str]]:
    """The bands of each group in the vocabulary's own order, and the names of those that are not told."""
    n, bars, untold = reading.totals.n("visits"), [], []
    counts = _with_untold(reading.totals.each(figure))
    order = [code for kind, code in reading.names if kind == figure]
    codes = sorted(counts, key=lambda code: (code == NONE_TOLD, order.index(code) if code in order else len(order)))
    hidden = hidden_of([counts[code] for code in codes])
    for place, code in enumerate(codes):
        name = _("Not told") if code == NONE_TOLD else reading.name(figure, code)
        if place in hidden:
            table.rows.append((name, HIDDEN))
            untold.append(name)
            continue
        begins, ends = band(reading.totals.rounded(counts[code]), n)
        table.rows.append((name, _said(begins, ends)))
        if code != NONE_TOLD:
            bars.append(charts.Lying(name, ends, _said(begins, ends)))
    return bars, untold


def _with_untold(counts: Mapping[str, int]) -> dict[str, int]:
    """What was not asked and what was not told is one group."""
    found = {code: n for code, n in counts.items() if n and code not in {NONE_TOLD, Term.NOT_ASKED}}
    untold = sum(counts.get(code, 0) for code in (NONE_TOLD, Term.NOT_ASKED))
    return found | ({NONE_TOLD: untold} if untold else {})


def _said(begins: int, ends: int) -> str:
    if not begins:
        return _("under %(share)s") % {"share": f"{ends}{NARROW}%"}
    return f"{begins}–{ends}{NARROW}%"


def joint(reading: Reading) -> Panel:
    """Meetings that colleagues held together: once for the visitor, once for each colleague; and those from the start.

    The numbers follow from one another, so all are told or none, but for the start, which is a part of the visits.
    """
    totals = reading.totals
    visits, meetings, parts = (totals.n("joint", part) for part in ("visits", "encounters", "parts"))
    start = totals.n("joint", "start")
    table = Table(_("Joint meetings"), (_("What is counted"), _("Number"), _("Share of visits")))
    share = numbers.share(visits, totals.n("visits"))
    told: Cell = HIDDEN if is_small(visits) else whole(meetings)
    by_colleague: Cell = HIDDEN if is_small(visits) else whole(parts)
    table.rows.append((_("Joint meetings, once for the visitor"), told, "–"))
    table.rows.append((_("The same, once for each colleague"), by_colleague, "–"))
    of_visits: Cell = HIDDEN if is_small(visits) or (visits and share is None) else whole(visits)
    table.rows.append((_("Visits with a joint meeting"), of_visits, percent(share.value) if share and visits else "–"))
    cells = [start, max(0, visits - start)]
    from_start: Cell = HIDDEN if 0 in hidden_of(cells) or of_visits is HIDDEN else whole(start)
    early = numbers.share(start, totals.n("visits")) if start and from_start is not HIDDEN else None
    table.rows.append(
        (_("Visits that began with two or more professions"), from_start, percent(early.value) if early else "–")
    )
    title = _("Joint meetings")
    if share is not None and visits:
        title = _("Colleagues met the visitor together in %(share)s of visits") % {"share": percent(share.value)}
    bars = [
        charts.Lying(str(row[0]), n, str(row[1]))
        for row, n in zip(table.rows, (meetings, parts, visits, start), strict=True)
        if row[1] is not HIDDEN and n
    ]
    said = _("Joint meetings: %(numbers)s.") % {"numbers": ", ".join(f"{bar.label} {bar.text}" for bar in bars)}
    chart = charts.steps(bars, said=said) if bars else None
    caption = _("Meetings held by two or more colleagues together")
    return Panel("joint", title, caption, "s4", table, chart)
