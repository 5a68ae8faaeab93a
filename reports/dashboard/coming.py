"""How visitors heard of the point, and how many of those who were offered advice on money wanted it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports import charts
from reports.dashboard import numbers
from reports.dashboard.shape import Panel
from reports.reading import Reading
from reports.statistics import hidden_of
from reports.tables import HIDDEN, Table
from reports.wording import percent, whole
from visits.models import Visit


def sources(reading: Reading) -> Panel:
    """How visitors heard of the point: a share of those visits of which it was told."""
    counts = reading.totals.of("source")
    found = sorted(((reading.name("source", code), n) for code, n in counts.items() if n), key=lambda row: -row[1])
    hidden, n = hidden_of([number for _name, number in found]), sum(number for _name, number in found)
    table = Table(_("How visitors heard of us"), (_("Source"), _("Visits"), _("Share of those told")))
    for place, (name, number) in enumerate(found):
        table.rows.append((name, HIDDEN, "–") if place in hidden else (name, number, percent(number / n)))
    told = [row for place, row in enumerate(found) if place not in hidden]
    bars = [charts.Lying(name, number, percent(number / n)) for name, number in told]
    said = _("How visitors heard of us: %(numbers)s.") % {
        "numbers": ", ".join(f"{bar.label} {bar.text}" for bar in bars)
    }
    return Panel(
        "sources",
        _("How visitors heard of us"),
        _("Share of the visits of which it was told"),
        "s8",
        table,
        charts.lying(bars, said=said, left=210) if bars else None,
        note=", ".join(name for place, (name, _number) in enumerate(found) if place in hidden),
    )


def money(reading: Reading) -> Panel:
    """How often advice on money was offered, and how many of those who heard the offer wanted it."""
    choice = Visit.MoneyAdvice
    wanted, later = (reading.totals.n("money_advice", one) for one in (choice.WANTED, choice.LATER))
    found = numbers.share(wanted, wanted + later)
    table = Table(_("Advice on money"), (_("What came of the offer"), _("Visits"), _("Share of the offers")))
    hidden = hidden_of([wanted, later])
    for place, (name, number) in enumerate(((choice.WANTED.label, wanted), (choice.LATER.label, later))):
        share = percent(number / (wanted + later)) if found and number else "–"
        table.rows.append((str(name), HIDDEN, "–") if place in hidden else (str(name), whole(number), share))
    title = _("Advice on money")
    if found is not None:
        title = _("%(share)s of those offered advice on money wanted it") % {"share": percent(found.value)}
    bars = [
        charts.Lying(str(label), number, whole(number))
        for place, (label, number) in enumerate(((choice.WANTED.label, wanted), (choice.LATER.label, later)))
        if number and place not in hidden
    ]
    said = _("Advice on money: %(numbers)s.") % {"numbers": ", ".join(f"{bar.label} {bar.text}" for bar in bars)}
    caption = _("Offers on first visits, and what came of them")
    return Panel("money_advice", title, caption, "s4", table, charts.steps(bars, said=said) if bars else None)
