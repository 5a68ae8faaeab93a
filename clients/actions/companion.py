"""A companion comes and goes; a substitute acts during a leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.consent import NotRecorded
from clients.models import Client, Companion, StandIn
from team.models import Membership
from team.permissions import ROLES, Perm
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member


class AlreadyBeside(Refused):
    """The same colleague once."""

    message = _("This colleague is already a companion of the person.")


class Ended(Refused):
    """A colleague was quicker."""

    message = _("This has already ended.")


class NotHere(Refused):
    """The colleague works at the point and may record people."""

    message = _("Choose a colleague of this service point.")


class AlreadyAway(Refused):
    """One substitute at a time."""

    message = _("Somebody already acts for you in that time. End that first.")


@transaction.atomic
def add_companion(client: Client, who: Membership, *, by: Member, at: datetime) -> Companion:
    """A colleague walks beside the person from now on, whoever answers for the person."""
    people = Client.objects.visible_to(by).known_to_team_of(by.point_id)
    person = people.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if person is None:
        raise NotRecorded
    if not _works_here(who, by, at):
        raise NotHere
    if Companion.objects.running().of_client(person.pk).filter(membership=who).exists():
        raise AlreadyBeside
    row = Companion.objects.create(client=person, membership=who, since_at=at, since_by=by.membership)
    audit.record("companion.added", row, by=by.actor, at=at, fields=["membership"])
    return row


@transaction.atomic
def end_companion(companion: Companion, *, by: Member, at: datetime) -> Companion:
    """The colleague no longer walks beside the person."""
    row = Companion.objects.select_for_update(of=("self",)).filter(pk=companion.pk).first()
    if row is None:
        raise NotRecorded
    if row.ended_at is not None:
        raise Ended
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("companion.ended", row, by=by.actor, at=at, fields=["ended_at"])
    return row


@transaction.atomic
def go_on_leave(to: Membership, *, from_on: date, until_on: date, by: Member, at: datetime) -> StandIn:
    """While I am away a colleague sees my people and is in touch with them; I go on answering for them."""
    Membership.objects.select_for_update(of=("self",)).get(pk=by.membership_id)
    if to.pk == by.membership_id or not _works_here(to, by, at):
        raise NotHere
    mine = StandIn.objects.filter(absent=by.membership, ended_at__isnull=True)
    if mine.filter(from_on__lte=until_on, until_on__gte=from_on).exists():
        raise AlreadyAway
    row = StandIn.objects.create(
        point_id=by.point_id, absent=by.membership, membership=to, from_on=from_on, until_on=until_on, set_at=at
    )
    audit.record("stand_in.set", row, by=by.actor, at=at, fields=["membership", "from_on", "until_on"])
    return row


@transaction.atomic
def come_back(leave: StandIn, *, by: Member, at: datetime) -> StandIn:
    """The leave ends before its day, or does not begin."""
    row = StandIn.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    if row.ended_at is not None:
        raise Ended
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("stand_in.ended", row, by=by.actor, at=at, fields=["ended_at"])
    return row


@transaction.atomic
def part(memberships: Iterable[Membership], by: Member, at: datetime) -> int:
    """Who leaves is no companion and no substitute any more; how many ended."""
    keys = [one.pk for one in memberships]
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients_part(%s::uuid[], %s)", [keys, at])
        (ended,) = cursor.fetchone()
    leaves = StandIn.objects.filter(ended_at__isnull=True)
    rows = list((leaves.filter(absent_id__in=keys) | leaves.filter(membership_id__in=keys)).order_by("pk"))
    for row in rows:
        come_back(row, by=by, at=at)
    return int(ended) + len(rows)


def _works_here(who: Membership, by: Member, at: datetime) -> bool:
    here = Membership.objects.at_point(by.point_id).valid_on(clock.local_date(at)).filter(pk=who.pk).first()
    return here is not None and Perm.EDIT_CLIENTS in ROLES[here.role]
