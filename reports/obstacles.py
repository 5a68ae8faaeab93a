"""What stands in the way of people, and how often it goes: counted when told, over the same quarters as the promises.

Counts are kept by month and code without anybody's key (clients.models.BackgroundCount), so nothing changes when a
person leaves the file. Small numbers are hidden with what would reveal them; codes told by few stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from clients import background_codes
from clients.models import Background, BackgroundCount
from clients.models.background import BackgroundCountQuerySet
from reports.promises import quarters
from reports.statistics import hidden_of, is_small, shows_share
from reports.tables import HIDDEN, Cell, Table, cell
from reports.wording import percent
from tyoparkki.clock import local_date

Status = Background.Status


@dataclass(frozen=True, slots=True)
class Told:
    """How often one obstacle, or several together, was told, and how many of them have eased or gone."""

    code: str
    n: int
    helped: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Referred:
    """Of the needs that suggest a service, how many led to a referral to it."""

    name: str
    n: int
    referred: int

    @property
    def share(self) -> Cell:
        """As it may be told: a percentage, or that it is not shown."""
        if is_small(self.n):
            return HIDDEN
        return percent(self.referred / self.n) if shows_share(self.referred, self.n) else HIDDEN

    @property
    def is_few(self) -> bool:
        """Whether so few have told of it that not even their number is told."""
        return is_small(self.n)


def most_common(rows: Iterable[Told]) -> list[Told]:
    """The obstacles told by five or more, the most common first; the rare ones as one, where they are five together."""
    found = sorted((row for row in rows if row.n), key=lambda row: (-row.n, row.code))
    rare = [row for row in found if is_small(row.n)]
    others = Told("", *(sum(getattr(row, name) for row in rare) for name in ("n", "helped", "removed")))
    return [row for row in [*found, others] if row.n and not is_small(row.n)]


def table(rows: Iterable[Told]) -> Table:
    """A row an obstacle with what may be told of it."""
    heads = (_("What stands in the way"), _("Told"), _("Eased"), _("Gone"), _("Gone, share"))
    made = Table(_("What stands in the way of work"), heads)
    for row in rows:
        hidden = hidden_of([row.n - row.helped - row.removed, row.helped, row.removed])
        share: Cell = HIDDEN if 2 in hidden else percent(row.removed / row.n)
        name = background_codes.label(row.code) if row.code else _("Others together")
        helped, removed = cell(row.helped, is_hidden=1 in hidden), cell(row.removed, is_hidden=2 in hidden)
        made.rows.append((name, row.n, helped, removed, share))
    return made


def of_point(point_id: UUID, *, at: datetime) -> tuple[Table, list[Referred]]:
    """The table of one service point, and the referrals that needs suggested."""
    counts = BackgroundCount.objects.at(point_id).between(*quarters(local_date(at))).order_by()
    told: dict[str, Counter[str]] = {}
    obstacles = counts.filter(kind=Background.Kind.OBSTACLE).values_list("code", "status")
    for code, status, n in obstacles.annotate(total=Sum("n")):
        told.setdefault(code, Counter())[status] += n
    rows = [Told(code, sum(by.values()), by[Status.HELPED], by[Status.REMOVED]) for code, by in told.items()]
    return table(most_common(rows)), _referred(counts)


def _referred(counts: BackgroundCountQuerySet) -> list[Referred]:
    suggested = background_codes.suggestions()
    needs = counts.filter(kind=Background.Kind.NEED, code__in=suggested).values_list("code", "is_referred")
    found: dict[str, Counter[bool]] = {code: Counter() for code in suggested}
    for code, is_referred, n in needs.annotate(total=Sum("n")):
        found[code][is_referred] += n
    return [Referred(suggested[code].name, sum(by.values()), by[True]) for code, by in found.items()]
