"""The directory "ask me about": colleagues by what they know and which languages they speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from team.models import Membership, Shift
from tyoparkki import clock
from tyoparkki.models import Language
from tyoparkki.names import name_key
from tyoparkki.texts import pick

if TYPE_CHECKING:
    from team.access import Member


@dataclass(frozen=True, slots=True)
class Entry:
    """One colleague: what to ask about, in which languages, and whether here just now."""

    membership: Membership
    trades: Sequence[str]
    skills: Sequence[str]
    languages: Sequence[str]
    shift: Shift | None

    @property
    def words(self) -> str:
        """All that the entry is found by."""
        user, house = self.membership.user, self.membership.organisation
        return name_key(" ".join([user.name, house.name, *self.trades, *self.skills, *self.languages]))


def directory_of(member: Member, typed: str, *, at: datetime) -> list[Entry]:
    """Colleagues of the member's point, in whose entry every typed word begins some word; the present ones first."""
    people = list(Membership.objects.valid_on(clock.local_date(at)).at_point(member.point_id).for_roster())
    spoken = {code for person in people for code in person.user.languages}
    names = {row.code: pick(row.names) for row in Language.objects.filter(code__in=spoken)}
    here = {
        shift.membership_id: shift
        for shift in Shift.objects.at_point(member.point_id).at_work(at).select_related("desk")
    }
    entries = [
        Entry(
            person,
            [pick(names) for names in person.trade_names],  # type: ignore[attr-defined]  # annotated
            [pick(names) for names in person.skill_names],  # type: ignore[attr-defined]  # annotated
            [names.get(code, code.upper()) for code in person.user.languages],
            here.get(person.pk),
        )
        for person in people
    ]
    wanted = name_key(typed[:80]).split()
    found = [entry for entry in entries if _matches(entry.words, wanted)]
    return sorted(found, key=lambda entry: (entry.shift is None, name_key(entry.membership.user.name)))


def _matches(words: str, wanted: Sequence[str]) -> bool:
    return all(words.startswith(word) or f" {word}" in words for word in wanted)
