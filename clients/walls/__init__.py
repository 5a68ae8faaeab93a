"""The wall around the people on file: the rules of `visible_to`, as the database keeps them.

A person is seen by whom a consent in force lets in: the team of a point (to be recorded) or an organisation (to share).
So the consent comes first and the person second, in one transaction: the key is there before the door. A consent that
was withdrawn stays readable on that day to whoever withdrew it, who may give it again.
"""

from __future__ import annotations

from clients.walls import departing, handover, people, plan, referral, reminder, responsibility
from clients.walls.keys import VIEWS, known

__all__ = ["ALSO_SEEN", "FUNCTIONS", "VIEWS", "WALLS", "known"]

FUNCTIONS = people.FUNCTIONS + responsibility.FUNCTIONS + reminder.FUNCTIONS + departing.FUNCTIONS
WALLS = people.WALLS | referral.WALLS | plan.WALLS | handover.WALLS | responsibility.WALLS | reminder.WALLS
ALSO_SEEN: dict[str, str] = {}
