"""What of a person's background the person's page and its own page show, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from clients.coordinator import Suggestion, suggestion
from clients.models import Background, Client, Consent
from clients.models.consent import Purpose
from team.permissions import Perm

if TYPE_CHECKING:
    from team.access import Member


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel of the person's page: what was told, by kind; `may_write` opens the page where more is recorded.

    `suggestion`: a service that an open need suggests; `moved`: the row that was just pressed, which unfolds it.
    """

    kinds: list[tuple[str, list[Background]]]
    may_write: bool
    suggestion: Suggestion | None = None
    moved: UUID | None = None


def shows(person: Client, member: Member) -> bool:
    """Whether the member may ask for it at all: those who guide, where the file is kept or where it is told."""
    told = Consent.Content.BACKGROUND.value in person.told_contents
    return member.may(Perm.GUIDE) and (person.is_kept_by(member) or told)


def panel(
    member: Member, person: Client, rows: Iterable[Background], *, agreed: bool, moved: UUID | None = None
) -> Panel | None:
    """How it stands; no panel where nothing may be recorded and nothing is told. `agreed`: to the member's own team."""
    may_write = agreed and person.is_kept_by(member) and member.may(Perm.GUIDE)
    told = list(rows)
    suggested = suggestion(told) if may_write and member.may(Perm.EDIT_CLIENTS) else None
    return Panel(by_kind(told), may_write, suggested, moved) if told or may_write else None


def suggested(member: Member, person: Client) -> Suggestion | None:
    """What an open need of the person suggests, to those who may see the need and guide by it."""
    if not person.is_kept_by(member):
        return None
    rows = Background.objects.visible_to(member).standing().of_client(person.pk)
    return suggestion(rows.for_page())


def by_kind(rows: Iterable[Background]) -> list[tuple[str, list[Background]]]:
    """Each kind in words with its rows, in the order of kinds, what is gone last; a kind without rows is left out."""
    found = sorted(rows, key=lambda row: row.status == Background.Status.REMOVED)
    kinds = [(str(kind.label), [row for row in found if row.kind == kind]) for kind in Background.Kind]
    return [(label, of_kind) for label, of_kind in kinds if of_kind]


def agreed_to(member: Member, consents: Iterable[Consent]) -> Consent | None:
    """The consent among those in force by which the team of the member's point may record background."""
    to_us = (one for one in consents if one.purpose == Purpose.BACKGROUND)
    return next((one for one in to_us if one.recipient_point_id == member.point_id), None)
