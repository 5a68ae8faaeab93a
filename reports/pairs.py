"""Referrals between organisations: how long until the first contact, how many end in a result, what waits longest.

Small pairs are put together; a number under five, or one that would reveal such a number, is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from reports.statistics import is_small, shows_share
from reports.tables import HIDDEN, Cell, Table
from reports.wording import percent
from team.models import Organisation

SINCE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Pair:
    """The referrals from one organisation to another within a year; `days` is the median until the first contact."""

    sender: UUID | None
    recipient: UUID | None
    sent: int
    contacted: int
    days: int | None
    ended: int
    closed: int
    oldest: date | None


def pairs(*, at: datetime) -> list[Pair]:
    """Those sent from the actor's point: numbers that the database counts, for no row may be read by who leads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clients_referral_pairs(%s)", [at - SINCE])
        return [Pair(*row) for row in cursor.fetchall()]


def together(rows: Iterable[Pair]) -> list[Pair]:
    """Pairs with at least five referrals, the largest first; the small ones as one, where they are five together."""
    found = sorted(rows, key=lambda one: (-one.sent, str(one.sender), str(one.recipient)))
    large = [one for one in found if not is_small(one.sent)]
    small = [one for one in found if is_small(one.sent)]
    others = _sum(small)
    if others is not None and is_small(others.sent) and large:
        others = _sum([*small, large.pop()])
    if others is None or is_small(others.sent):
        return large
    return [*large, others]


def _sum(rows: list[Pair]) -> Pair | None:
    """Several pairs as one; of medians there is no sum."""
    if not rows:
        return None
    oldest = min((one.oldest for one in rows if one.oldest), default=None)
    counts = [sum(getattr(one, name) for one in rows) for name in ("sent", "contacted", "ended", "closed")]
    return Pair(None, None, counts[0], counts[1], None, counts[2], counts[3], oldest)


def table(rows: list[Pair], name: Callable[[UUID], str], *, today: date) -> Table:
    """A row a pair, with what may be told of it."""
    heads = (
        _("From – to"),
        _("Referrals"),
        _("Days to the first contact, median"),
        _("Closed by a result"),
        _("Oldest that is open, days"),
    )
    made = Table(_("Referrals between organisations"), heads)
    for one in rows:
        who = f"{name(one.sender)} → {name(one.recipient)}" if one.sender and one.recipient else _("Others together")
        days: Cell = HIDDEN if one.days is None or is_small(one.contacted) else one.days
        share: Cell = percent(one.ended / one.sent) if shows_share(one.ended, one.sent) or not one.ended else HIDDEN
        oldest: Cell = (today - one.oldest).days if one.oldest else "–"
        made.rows.append((who, one.sent, days, share, oldest))
    made.note = _("Sent within the last 12 months.")
    return made


def of_point(*, at: datetime, today: date) -> Table:
    """The whole table of the actor's point."""
    rows = together(pairs(at=at))
    keys = {key for one in rows for key in (one.sender, one.recipient) if key}
    names = {row.pk: row.short_name or row.name for row in Organisation.objects.filter(pk__in=keys)}
    return table(rows, lambda key: names.get(key, "–"), today=today)
