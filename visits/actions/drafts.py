"""What is being typed is kept on the server until it is sent, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from team.access import Member
from tyoparkki import audit, submission
from visits.actions.encounters import takes_part
from visits.models import Draft, Encounter, Guidance


@transaction.atomic
def keep(
    encounter: Encounter, *, kind: str, key: UUID, typed: Mapping[str, str], by: Member, at: datetime
) -> Draft | None:
    """Keep what is typed so far; nothing typed takes it away, and what has been sent is no draft any more."""
    takes_part(encounter, by)
    _in_turn(encounter)
    mine = Draft.objects.filter(encounter=encounter, membership=by.membership, kind=kind)
    if not typed or submission.is_done(key):
        mine.filter(key=key).delete()
        return None
    draft, is_new = mine.update_or_create(
        encounter=encounter,
        membership=by.membership,
        kind=kind,
        defaults={"key": key, "typed": dict(typed), "saved_at": at},
    )
    if is_new:
        audit.record("draft.kept", draft, by=by.actor, at=at, fields=[kind])
    return draft


def sent(encounter: Encounter, *, key: UUID | None, by: Member) -> None:
    """The draft has become what it was to be, in the same transaction."""
    if key is not None:
        _in_turn(encounter)
        Draft.objects.filter(encounter=encounter, membership=by.membership, key=key).delete()


def _in_turn(encounter: Encounter) -> None:
    # A draft on its way and the sending it belongs to take turns: a late draft finds that it has been sent.
    Guidance.objects.select_for_update(of=("self",)).get(pk=encounter.pk)
