"""Somebody of one's own: the file is closed to the marker at once; only a manager opens it again later."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.consent import NotRecorded
from clients.models import Client, Recusal, Responsibility, ResponsibilityOffer
from team.permissions import Perm
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member


class AnswersStill(Refused):
    """Nobody is left in nobody's hands: the responsibility moves first."""

    message = _("You are the responsible person. Hand the responsibility over to a colleague first.")


class OfferWaits(Refused):
    """An offer between the marker and a colleague would wait for ever."""

    message = _("An offer of responsibility waits between you and a colleague. Answer or withdraw it first.")


class AlreadyEnded(Refused):
    """The mark does not hold any more."""

    message = _("The mark has already been ended.")


class NotYoursToEnd(Refused):
    """One's own mark is taken back on the same day; after that the manager ends it."""

    message = _("You can take your own mark back on the same day. After that the manager ends it.")


class ReasonNeeded(Refused):
    """A mark is ended with a reason."""

    message = _("Write the reason in a few words.")
    status = 422


@transaction.atomic
def recuse(client: Client, *, by: Member, at: datetime) -> Recusal:
    """The member marks a person as own or near, and is barred from the file in every membership from now on."""
    user = by.membership.user_id
    if Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first() is None:
        raise NotRecorded
    if Responsibility.objects.running().of_client(client.pk).filter(membership__user_id=user).exists():
        raise AnswersStill
    waiting = ResponsibilityOffer.objects.waiting().of_client(client.pk)
    if any(user in (one.from_membership.user_id, one.to_membership.user_id) for one in waiting.with_people()):
        raise OfferWaits
    mark = Recusal.objects.create(
        client=client, user_id=user, point_id=by.point_id, marked_at=at, marked_by=by.membership
    )
    audit.record("recusal.marked", mark, by=by.actor, at=at, fields=["user"])
    return mark


@transaction.atomic
def take_back(recusal: Recusal, *, by: Member, at: datetime) -> Recusal:
    """The marker pressed wrong and says so on the same day."""
    if recusal.user_id != by.membership.user_id or clock.local_date(recusal.marked_at) != clock.local_date(at):
        raise NotYoursToEnd
    return _ended(_standing(recusal), by=by, at=at)


@transaction.atomic
def end_recusal(recusal: Recusal, *, by: Member, at: datetime, reason: str) -> Recusal:
    """The manager ends a mark that was wrong or is no longer true, and says why; never one's own."""
    if not by.may(Perm.EDIT_ROSTER) or recusal.user_id == by.membership.user_id:
        raise NotYoursToEnd
    if not reason.strip():
        raise ReasonNeeded
    row = _standing(recusal)
    row.end_reason = reason.strip()
    return _ended(row, by=by, at=at)


def _standing(recusal: Recusal) -> Recusal:
    row = Recusal.objects.select_for_update(of=("self",)).get(pk=recusal.pk)
    if row.ended_at is not None:
        raise AlreadyEnded
    return row


def _ended(row: Recusal, *, by: Member, at: datetime) -> Recusal:
    row.ended_at, row.ended_by = at, by.membership
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    audit.record("recusal.ended", row, by=by.actor, at=at, fields=["ended_at", "end_reason"])
    return row
