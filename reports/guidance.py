"""How guidance is given: contacts by their way, help with digital services, and plans by phase; few people hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from clients.models import ContactNote, Plan
from clients.plan_phases import phases_of
from clients.plan_templates import templates
from reports.figures import percentile
from reports.models import KeptMonth
from reports.promises import quarters
from reports.reading import GRAIN, Totals
from reports.statistics import hidden_of, is_small, shows_share, wilson
from reports.tables import HIDDEN, Cell, Table, cell
from reports.wording import percent, whole
from tyoparkki.anonymity import FEWEST
from tyoparkki.clock import local_date


@dataclass(frozen=True, slots=True)
class Standing:
    """Plans that have stood in one phase of one model for so many days: how many."""

    template: str
    phase: str
    days: int
    n: int


Monthly = Mapping[tuple[str, str], int]


def monthly(point_id: UUID, *, at: datetime) -> Monthly:
    """The months' figures of the reader's own point over the whole quarters, those of erased people with them."""
    first, last = quarters(local_date(at))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reports_monthly(%s, %s)", [first, last])
        counts = Counter({(figure, part): n for figure, part, n in cursor.fetchall()})
    kept = KeptMonth.objects.filter(point_id=point_id, month__range=(first, last)).values_list("figure", "part")
    for figure, part, n in kept.annotate(total=Sum("n")).order_by():
        counts[figure, part] += n
    return counts


def contacts(counts: Monthly) -> Table:
    """Contacts by the way in which one was in touch."""
    modes = list(ContactNote.Mode)
    cells = [counts.get(("contact", mode), 0) for mode in modes]
    hidden, total = hidden_of(cells), sum(cells)
    table = Table(_("Contacts by way"), (_("Way"), _("Contacts"), _("Share")))
    if is_small(total) or not total:
        return table
    for place, (mode, n) in enumerate(zip(modes, cells, strict=True)):
        share = "–" if place in hidden else percent(n / total)
        table.rows.append((str(mode.label), cell(n, is_hidden=place in hidden), share))
    table.rows.append((_("Together"), whole(total), percent(1)))
    return table


def digital(counts: Monthly) -> Table:
    """How many of those who answered need somebody's help to use services online."""
    assisted, alone = (counts.get(("digital", part), 0) for part in ("assisted", "alone"))
    n = assisted + alone
    table = Table(
        _("Help with digital services"), (_("What was answered"), _("People"), _("Share and 95 percent interval"))
    )
    if not n:
        return table
    found = wilson(assisted, n) if shows_share(assisted, n) else None
    share = f"{percent(found.value)} ({percent(found.low)}–{percent(found.high)})" if found else HIDDEN
    told: Cell = whole(assisted) if found else HIDDEN
    table.rows.append((_("Needs help, or has no device or identification"), told, share))
    table.rows.append((_("Answered"), HIDDEN if is_small(n) else whole(n), "–"))
    return table


def lengths(*, at: datetime) -> tuple[int, float]:
    """How many meetings there were at the reader's own point over the whole quarters, and their median in minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reports_lengths(%s, %s)", list(quarters(local_date(at))))
        n, minutes = cursor.fetchone() or (0, None)
        return n, minutes or 0.0


def continuity(counts: Monthly, n: int, minutes: float) -> Table:
    """Whether people met a colleague they knew, beside how long a meeting took."""
    same, other = (counts.get(("continuity", part), 0) for part in ("same", "other"))
    table = Table(_("Continuity and length"), (_("What is counted"), _("Number"), _("Share and 95 percent interval")))
    if same + other:
        found = wilson(same, same + other) if shows_share(same, same + other) else None
        share = f"{percent(found.value)} ({percent(found.low)}–{percent(found.high)})" if found else HIDDEN
        told: Cell = whole(same) if found else HIDDEN
        table.rows.append((_("Visits with a colleague who was there the time before"), told, share))
    if n:
        median: Cell = HIDDEN if is_small(n) else whole(minutes)
        table.rows.append((_("Median length of a meeting, minutes"), median, "–"))
    return table


def standing() -> list[Standing]:
    """The open plans of the reader's own point by model and phase: a function of the wall tells nobody's key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reports_phases()")
        return [Standing(*row) for row in cursor.fetchall()]


def phases(rows: Iterable[Standing]) -> list[Table]:
    """A table for each model with at least five open plans; the small ones are not told at all."""
    found: dict[str, dict[str, Counter[int]]] = {}
    for row in rows:
        known = [phase.key for phase in phases_of(Plan(template=row.template))]
        # A plan that nobody has moved yet stands in the first phase.
        key = row.phase if row.phase in known else known[0]
        found.setdefault(row.template, {}).setdefault(key, Counter())[row.days] += row.n
    names = {code: one.name for code, one in templates().items()} | {"": _("Plans without a model")}
    made = [_by_phase(names.get(code, code), code, those) for code, those in sorted(found.items())]
    return [table for table in made if table is not None]


def _by_phase(name: str, code: str, those: Mapping[str, Counter[int]]) -> Table | None:
    known = phases_of(Plan(template=code))
    days = [those.get(phase.key, Counter()) for phase in known]
    cells = [one.total() for one in days]
    if sum(cells) < FEWEST:
        return None
    hidden, told = hidden_of(cells), Totals(grain=GRAIN)
    table = Table(name, (_("Phase"), _("Plans"), _("Days in the phase, median")))
    for place, phase in enumerate(known):
        if place in hidden:
            table.rows.append((phase.name, HIDDEN, "–"))
        else:
            median = percentile(days[place], 0.5)
            table.rows.append((phase.name, whole(told.rounded(cells[place])), "–" if median is None else whole(median)))
    return table
