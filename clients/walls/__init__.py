"""The wall around the people on file: the rules of `visible_to`, as the database keeps them.

A person is seen by whom a consent in force lets in: the team of a point (to be recorded) or an organisation (to share).
So the consent comes first and the person second, in one transaction: the key is there before the door. A consent that
was withdrawn stays readable on that day to whoever withdrew it, who may give it again.
"""

from __future__ import annotations

from clients.walls import handover, merge, people, plan, recusal, referral, responsibility
from clients.walls.keys import VIEWS as KEYS
from clients.walls.keys import known
from clients.walls.people import FUNCTIONS as OF_PEOPLE

__all__ = ["ALSO_SEEN", "FUNCTIONS", "VIEWS", "WALLS", "known"]

# Whoever has marked a person as own or near holds no key to the file, whatever the consents say.
VIEWS = {name: f"{rows} AND {recusal.not_barred('clients_consent.client_id')}" for name, rows in KEYS.items()}
FUNCTIONS = OF_PEOPLE + merge.FUNCTIONS + recusal.FUNCTIONS
WALLS = people.WALLS | referral.WALLS | plan.WALLS | handover.WALLS | responsibility.WALLS | merge.WALLS | recusal.WALLS
ALSO_SEEN: dict[str, str] = {}
