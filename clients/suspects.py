"""Who on file may be the same person: found through the indexes, compared one by one, shown with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from clients.duplicates import Facts, Likeness, facts_of, likeness
from clients.models import Client, NotSame

if TYPE_CHECKING:
    from team.access import Member

MOST = 5
NEWEST = 60


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody on file who may be the same person, and why."""

    client: Client
    likeness: Likeness

    @property
    def reasons(self) -> str:
        """Why, in words, the weightiest first."""
        return ", ".join(str(reason.label) for reason in self.likeness.reasons)


def suspects(member: Member, facts: Facts, *, without: UUID | None = None, most: int = MOST) -> list[Suspect]:
    """Those whom the member may see and who may be the person of these facts, the likeliest first."""
    rows = Client.objects.visible_to(member).perhaps_same(facts.name, facts.reached, facts.year_of_birth)
    found = [(row, likeness(facts, facts_of(row))) for row in rows.select_related("municipality") if row.pk != without]
    hits = [Suspect(row, why) for row, why in found if why is not None]
    return sorted(hits, key=lambda hit: (-hit.likeness.score, hit.client.name_key, hit.client.pk))[:most]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files that may be of one person, and why."""

    one: Client
    other: Client
    likeness: Likeness

    @property
    def reasons(self) -> str:
        """Why, in words, the weightiest first."""
        return ", ".join(str(reason.label) for reason in self.likeness.reasons)


def pairs(member: Member, *, page: int = 0, newest: int = NEWEST) -> tuple[list[Pair], bool]:
    """The member's own files that may be of one person, looked for from the newest on; and whether older ones follow.

    Each file is compared with those that the indexes give for it, so that one page costs the same however many there
    are.
    """
    kept = Client.objects.visible_to(member).with_contact_key().filter(controller_id=member.organisation_id)
    rows = list(kept.order_by("-created_at", "-pk")[page * newest : (page + 1) * newest + 1])
    apart = NotSame.objects.visible_to(member).apart(row.pk for row in rows[:newest])
    near: dict[UUID, list[UUID]] = Client.objects.all().near_to([row.pk for row in rows[:newest]])
    known = {row.pk: row for row in kept.filter(pk__in={pk for ids in near.values() for pk in ids})}
    found: dict[frozenset[UUID], Pair] = {}
    for row in rows[:newest]:
        for other in (known[pk] for pk in near.get(row.pk, ()) if pk in known and row.is_team and known[pk].is_team):
            pair = frozenset({row.pk, other.pk})
            why = likeness(facts_of(row), facts_of(other)) if pair not in apart else None
            if why is not None:
                older, newer = sorted((row, other), key=lambda one: (one.created_at, one.pk))
                found.setdefault(pair, Pair(older, newer, why))
    return sorted(found.values(), key=lambda pair: -pair.likeness.score), len(rows) > newest


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Two files of which a colleague said that they are of two people, who said it and when."""

    one: Client
    other: Client
    mark: NotSame


def told_apart(member: Member, *, most: int = NEWEST) -> list[TwoPeople]:
    """The member's own files that were found to be of two people, the newest first."""
    kept = Client.objects.visible_to(member).filter(controller_id=member.organisation_id)
    marks = NotSame.objects.visible_to(member).standing().filter(client__in=kept.values("pk")).for_list()
    found: dict[frozenset[UUID], NotSame] = {}
    for mark in marks[: 2 * most]:
        found.setdefault(frozenset({mark.client_id, mark.other_id}), mark)
    known = kept.in_bulk([mark.other_id for mark in found.values()])
    pairs = [TwoPeople(mark.client, known[mark.other_id], mark) for mark in found.values() if mark.other_id in known]
    return pairs[:most]
