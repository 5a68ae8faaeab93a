"""Service points: an address with a door is opened, and what is told of it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from team import new_point
from team.actions.facts import Known, put
from team.actions.vocabulary import give_first_words
from team.models import FIRST_LETTERS, Desk, Membership, Organisation, ServicePoint
from tyoparkki import audit, clock, live
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused
from tyoparkki.models import Municipality

if TYPE_CHECKING:
    from team.access import Member

FIRST_DESKS = 4


class NameTaken(Refused):
    """Two points of one name would have one address."""

    message = _("There is already a service point with this name.")


class LettersAlike(Refused):
    """Two series of one letter would call two visitors by one number."""

    message = _("Two groups of visitors would have the same letter. Choose a letter of its own for each.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFacts(Known):
    """What visitors are told of a service point, and the limits that its desk works by."""

    municipality: Municipality
    street_address: str = ""
    postal_code: str = ""
    city: str = ""
    wait_target_minutes: int = 15
    wait_alarm_minutes: int = 20
    calls_before_no_show: int = 2
    letters: Mapping[str, str] = field(default_factory=FIRST_LETTERS.copy)
    board_languages: Sequence[str] = ("fi", "sv", "en")


@transaction.atomic
def open_point(
    facts: PointFacts, *, at: datetime, organisation: Organisation, desks: int = FIRST_DESKS, by: Member | None = None
) -> ServicePoint:
    """A new service point with its desks, first words and questions; the administrator who opens it may work there."""
    slug = slugify(facts.names["fi"])[:40]
    if not slug or ServicePoint.objects.filter(slug=slug).exists():
        raise NameTaken
    actor = by.actor if by else SYSTEM
    point = ServicePoint(slug=slug, organisation=organisation)
    told = _write(point, facts)
    audit.record("point.opened", point, by=actor, at=at, fields=told)
    _set_desks(point, desks)
    give_first_words(point, at=at, by=by)
    new_point.furnish(point, by, at)
    if by is not None:
        membership = Membership.objects.create(
            user=by.user,
            organisation_id=by.organisation_id,
            point=point,
            role=by.membership.role,
            title=by.membership.title,
            valid_from=clock.local_date(at),
        )
        audit.record("membership.added", membership, by=actor, at=at, fields=["role"], reason=membership.role)
    return point


@transaction.atomic
def change_point(
    point: ServicePoint,
    facts: PointFacts,
    *,
    by: Member,
    at: datetime,
    desks: int,
    unchanged: Callable[[ServicePoint], None] | None = None,
) -> ServicePoint:
    """Another address, limit or number of desks; the point's own address on the web stays."""
    point = ServicePoint.objects.select_for_update(of=("self",)).get(pk=point.pk)
    if unchanged is not None:
        unchanged(point)
    told = _write(point, facts)
    _set_desks(point, desks)
    audit.record("point.changed", point, by=by.actor, at=at, fields=[*told, "desks"])
    live.announce(point.live_topic)
    return point


def _write(point: ServicePoint, facts: PointFacts) -> list[str]:
    if len(set(facts.letters.values())) < len(facts.letters):
        raise LettersAlike
    told = put(point, facts)
    point.city = point.city or facts.municipality.names.get("fi", "")
    point.save()
    return told


def _set_desks(point: ServicePoint, count: int) -> None:
    """Desks 1…n are in use; what was at a desk that goes stays told of it."""
    known = {desk.number: desk for desk in Desk.objects.filter(point=point)}
    Desk.objects.bulk_create(Desk(point=point, number=n) for n in range(1, count + 1) if n not in known)
    Desk.objects.filter(point=point).update(is_active=False)
    Desk.objects.filter(point=point, number__lte=count).update(is_active=True)
