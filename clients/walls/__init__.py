"""The wall around the people on file: the rules of `visible_to`, as the database keeps them.

A person is seen by whom a consent in force lets in: the team of a point (to be recorded) or an organisation (to share).
So the consent comes first and the person second, in one transaction: the key is there before the door. A consent that
was withdrawn stays readable on that day to whoever withdrew it, who may give it again.
"""

from __future__ import annotations

from clients.walls import (
    assessment,
    background,
    departing,
    handover,
    identity_code,
    joint,
    keys,
    link,
    merge,
    outcome,
    people,
    plan,
    recusal,
    referral,
    reminder,
    responsibility,
)
from clients.walls.keys import known

__all__ = ["ALSO_SEEN", "FIRST", "FUNCTIONS", "VIEWS", "WALLS", "known"]

_PARTS = (
    people, referral, link, plan, reminder, responsibility, assessment, outcome, handover, merge, recusal,
    background, identity_code, joint,
)  # fmt: skip
_WITH_FUNCTIONS = (
    people, link, merge, plan, recusal, referral, responsibility, background, reminder, assessment, departing, joint,
)  # fmt: skip

# Whoever has marked a person as own or near holds no key to the file, whatever the consents say.
_OPENS = f"{keys.VIEWS['clients_key']} AND {recusal.not_barred('clients_consent.client_id')}"
VIEWS = keys.VIEWS | {"clients_key": _OPENS} | link.VIEWS | plan.VIEWS | assessment.VIEWS | joint.VIEWS
FIRST = keys.FIRST + link.FIRST
FUNCTIONS = "".join(part.FUNCTIONS for part in _WITH_FUNCTIONS)
WALLS = {table: wall for part in _PARTS for table, wall in part.WALLS.items()}
ALSO_SEEN: dict[str, str] = {}
