"""Who acts now, by when: derived from steps, referrals that wait and what was promised, and typed nowhere.

The first day comes first; on one day what was agreed in the plan comes before what waits elsewhere, and that before
what the clock asks for. Where nothing waits, whoever answers agrees on the next step with the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from clients.models import PlanStep, Referral, Reminder, Responsibility


class Side(StrEnum):
    """On whose side the next act is."""

    CLIENT = "client"
    US = "us"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that waits: what, for whom by name, by when."""

    side: Side
    who: str  # empty: the person, or nobody yet on our side
    what: str
    on: date | None = None


def first(
    *,
    steps: Iterable[PlanStep],
    referrals: Iterable[Referral],
    due: Iterable[Reminder],
    held: Responsibility | None,
) -> Act:
    """The act that comes first."""
    waits = [*map(_of_step, steps), *_of_referrals(referrals), *(_of_reminder(one, held) for one in due)]
    waits.sort(key=lambda act: (act.on is None, act.on or date.max))
    return waits[0] if waits else Act(Side.US, _name(held), _("Agree on the next step together"))


def _of_step(step: PlanStep) -> Act:
    sides = {PlanStep.Who.CLIENT: Side.CLIENT, PlanStep.Who.STAFF: Side.US}
    side = sides.get(PlanStep.Who(step.who), Side.PARTNER)
    return Act(side, "" if side == Side.CLIENT else step.doer, step.what, step.by_on or step.ends_on)


def _of_referrals(referrals: Iterable[Referral]) -> Iterable[Act]:
    actor = Referral.NextActor
    for one in referrals:
        what = _("The referral to %(to)s") % {"to": one.to}
        if one.next_actor == actor.CLIENT:
            yield Act(Side.CLIENT, "", what, one.next_on)
        elif one.next_actor == actor.RECIPIENT:
            yield Act(Side.PARTNER, one.organisation.name, what, one.next_on)
        elif one.next_actor == actor.SENDER:
            yield Act(Side.US, one.sender.user.name, what, one.next_on)


def _of_reminder(reminder: Reminder, held: Responsibility | None) -> Act:
    what = f"{reminder.words}: {reminder.step.what}" if reminder.step else reminder.words
    return Act(Side.US, _name(held), what, reminder.due_on)


def _name(held: Responsibility | None) -> str:
    return f"{held.membership.user.name}, {held.membership.organisation.short_name}" if held else ""
