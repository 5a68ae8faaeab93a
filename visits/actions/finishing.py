"""The end of a visit: the last words are saved and the visitor goes, in one press."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from team.access import Member
from team.models import Term
from visits.actions import encounters, guidance
from visits.models import Encounter, Visit


@transaction.atomic
def finish_with_record(
    encounter: Encounter,
    *,
    result: Term | None,
    texts: Mapping[str, object],
    shown: Mapping[str, str],
    by: Member,
    at: datetime,
) -> Visit:
    """Save what was typed last and end one's part; when somebody else wrote the same text, nothing is done.

    Raises guidance.BothWrote, encounters.NotYours or moves.TooLate.
    """
    guidance.save(encounter, texts, shown, by=by, at=at)
    return encounters.finish(encounter.visit, result=result, by=by, at=at)
