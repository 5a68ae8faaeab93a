"""Who answers for a person: taken by one of the team, handed over warmly, ended only with a reason.

Responsibility moves when the receiver accepts and not before: the old one ends and the new one begins in one
transaction, so that the person is in somebody's hands all the time.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.consent import NotRecorded
from clients.models import Client, Plan, Recusal, Responsibility, ResponsibilityOffer
from team.models import Membership
from team.permissions import ROLES, Perm
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

State = ResponsibilityOffer.State


class AlreadyTaken(Refused):
    """Somebody answers for the person already."""

    def __init__(self, held: Responsibility) -> None:
        super().__init__(
            _("%(name)s (%(organisation)s) is already the responsible person, since %(on)s.") % _told_of(held)
        )


class NotResponsible(Refused):
    """Only the one who answers for the person hands over or lets go; a colleague may have taken over meanwhile."""

    def __init__(self, held: Responsibility | None) -> None:
        if held is None:
            text = _("Nobody is the responsible person now. Take the responsibility first.")
        else:
            text = _(
                "You are not the responsible person: %(name)s (%(organisation)s) has been that since %(on)s."
            ) % _told_of(held)
        super().__init__(text)


class AlreadyOffered(Refused):
    """One offer at a time; what is offered is neither offered to another nor let go."""

    def __init__(self, offer: ResponsibilityOffer) -> None:
        told = {"name": offer.to_membership.user.name, "on": _day(offer.offered_at)}
        super().__init__(_("The person was offered to %(name)s on %(on)s. Withdraw that offer first.") % told)


class OfferOver(Refused):
    """The offer was answered or withdrawn a moment ago."""

    def __init__(self, offer: ResponsibilityOffer) -> None:
        sentences = {
            State.ACCEPTED: _("%(to)s accepted the responsibility on %(on)s."),
            State.DECLINED: _("%(to)s declined the offer on %(on)s."),
            State.WITHDRAWN: _("%(from)s withdrew the offer on %(on)s."),
        }
        names = {"to": offer.to_membership.user.name, "from": offer.from_membership.user.name}
        super().__init__(sentences[offer.state] % {**names, "on": _day(offer.ended_at)})


class AlreadyMet(Refused):
    """The meeting has been noted."""

    message = gettext_lazy("The meeting has already been noted.")


class NotYours(Refused):
    """Only the two colleagues of an offer move it, each on their own side."""

    def __init__(self, offer: ResponsibilityOffer) -> None:
        names = {"to": offer.to_membership.user.name, "from": offer.from_membership.user.name}
        super().__init__(_("The offer is between %(from)s and %(to)s: only they can answer or withdraw it.") % names)


class CannotReceive(Refused):
    """The receiver is another colleague who works at the point and may record people."""

    message = gettext_lazy("Choose another colleague of this service point.")


class PlanGoesOn(Refused):
    """Nobody is left in nobody's hands: who does not see the plan hears nothing of it."""

    def __init__(self, *, sees_plan: bool) -> None:
        if sees_plan:
            text = _("The person's plan goes on. Close the plan first, or offer the responsibility to a colleague.")
        else:
            text = _("The person still needs somebody who answers. Offer the responsibility to a colleague.")
        super().__init__(text)


class ReasonMissing(Refused):
    """Declining and letting go need a reason."""

    message = gettext_lazy("Write the reason in a few words.")
    status = 422


@transaction.atomic
def take(client: Client, *, by: Member, at: datetime) -> Responsibility:
    """One of the team begins to answer for a person for whom nobody answers."""
    person = _locked(client.pk, by)
    held = _held(person)
    if held is not None:
        raise AlreadyTaken(held)
    taken = _begin(person, by=by, at=at)
    audit.record("responsibility.taken", taken, by=by.actor, at=at, fields=["membership"])
    return taken


@transaction.atomic
def somebody_answers(client: Client, *, by: Member, at: datetime) -> Responsibility | None:
    """A plan opens: whoever opens it answers for the person, unless somebody does already. The person is locked."""
    if _held(client) is not None:
        return None
    taken = _begin(client, by=by, at=at)
    audit.record("responsibility.taken", taken, by=by.actor, at=at, fields=["membership"], reason="plan")
    return taken


@transaction.atomic
def offer(client: Client, to: Membership, *, by: Member, at: datetime, reason: str = "") -> ResponsibilityOffer:
    """The one who answers asks a colleague to take over; until then nothing moves."""
    person = _locked(client.pk, by)
    _held_by(person, by)
    _refuse_when_offered(person)
    if to.pk == by.membership_id or not _can_receive(to, by, at) or Recusal.objects.bars(person.pk, to.pk):
        raise CannotReceive
    made = ResponsibilityOffer.objects.create(
        client=person, from_membership=by.membership, to_membership=to, reason=reason.strip(), offered_at=at
    )
    audit.record("responsibility.offered", made, by=by.actor, at=at, fields=["to_membership", "reason"])
    return made


@transaction.atomic
def note_meeting(offer: ResponsibilityOffer, *, by: Member, at: datetime) -> ResponsibilityOffer:
    """The person, the one who answers and the receiver have met."""
    row = _waiting(offer, by, (offer.from_membership_id, offer.to_membership_id))
    if row.met_at is not None:
        raise AlreadyMet
    return _moved("responsibility.met", row, {"met_at": at}, by=by, at=at)


@transaction.atomic
def accept(offer: ResponsibilityOffer, *, by: Member, at: datetime) -> Responsibility:
    """The receiver answers for the person from now on: the old responsibility ends as the new one begins."""
    row = _waiting(offer, by, (offer.to_membership_id,))
    held = _held(row.client)
    if held is None or held.membership_id != row.from_membership_id:
        raise NotResponsible(held)
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    taken = _begin(row.client, by=by, at=at)
    _moved("responsibility.accepted", row, {"accepted_at": at}, by=by, at=at)
    return taken


@transaction.atomic
def decline(offer: ResponsibilityOffer, *, by: Member, at: datetime, reason: str) -> ResponsibilityOffer:
    """The receiver cannot take over and says why; the one who answers goes on."""
    row = _waiting(offer, by, (offer.to_membership_id,))
    told = {"declined_at": at, "decline_reason": _needed(reason)}
    return _moved("responsibility.declined", row, told, by=by, at=at)


@transaction.atomic
def withdraw_offer(offer: ResponsibilityOffer, *, by: Member, at: datetime) -> ResponsibilityOffer:
    """The one who offered takes an unanswered offer back and goes on."""
    row = _waiting(offer, by, (offer.from_membership_id,))
    return _moved("responsibility.offer_withdrawn", row, {"withdrawn_at": at}, by=by, at=at)


@transaction.atomic
def release(
    client: Client, *, by: Member, at: datetime, reason: str, ending: str = Responsibility.Ending.OTHER
) -> Responsibility:
    """Nobody needs to answer for the person any more: how it ended closes it, with a reason in words where no other
    fits.
    """
    person = _locked(client.pk, by)
    held = _held_by(person, by)
    _refuse_when_offered(person)
    _refuse_when_needed(person, by)
    words = _needed(reason) if ending == Responsibility.Ending.OTHER else reason.strip()
    held.ended_at, held.ending, held.end_reason = at, ending, words
    fields = ["ended_at", "ending", "end_reason"]
    held.save(update_fields=fields)
    audit.record("responsibility.released", held, by=by.actor, at=at, fields=fields, reason=ending)
    return held


def _locked(client_id: UUID, by: Member) -> Client:
    """The person, for whom responsibility moves one step at a time; refused when the team may not record them."""
    people = Client.objects.visible_to(by).known_to_team_of(by.point_id)
    person = people.select_for_update(of=("self",)).filter(pk=client_id).first()
    if person is None:
        raise NotRecorded
    return person


def _held(client: Client) -> Responsibility | None:
    return Responsibility.objects.of_client(client.pk).running().with_holder().first()


def _held_by(client: Client, by: Member) -> Responsibility:
    held = _held(client)
    if held is None or held.membership_id != by.membership_id:
        raise NotResponsible(held)
    return held


def _refuse_when_offered(client: Client) -> None:
    waits = ResponsibilityOffer.objects.of_client(client.pk).waiting().with_people().first()
    if waits is not None:
        raise AlreadyOffered(waits)


def _refuse_when_needed(client: Client, by: Member) -> None:
    """Whoever has an open plan has somebody who answers; asked past the wall, for not everybody sees the plan."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients_is_planned(%s)", [client.pk])
        (planned,) = cursor.fetchone()
    if planned:
        raise PlanGoesOn(sees_plan=Plan.objects.visible_to(by).open_of(client.pk).exists())


def _can_receive(to: Membership, by: Member, at: datetime) -> bool:
    here = Membership.objects.at_point(by.point_id).valid_on(clock.local_date(at)).filter(pk=to.pk).first()
    return here is not None and Perm.EDIT_CLIENTS in ROLES[here.role]


def _begin(client: Client, *, by: Member, at: datetime) -> Responsibility:
    return Responsibility.objects.create(
        client=client, membership=by.membership, point_id=by.point_id, since_at=at, since_by=by.membership
    )


def _waiting(offer: ResponsibilityOffer, by: Member, hands: tuple[UUID, ...]) -> ResponsibilityOffer:
    """The offer as it is now, with its person locked; refused when it is over, or not the member's to move."""
    person = _locked(offer.client_id, by)
    row = ResponsibilityOffer.objects.with_people().get(pk=offer.pk)
    if row.ended_at is not None:
        raise OfferOver(row)
    if by.membership_id not in hands:
        raise NotYours(row)
    row.client = person
    return row


def _moved(
    verb: str, offer: ResponsibilityOffer, told: dict[str, object], *, by: Member, at: datetime
) -> ResponsibilityOffer:
    for name, value in told.items():
        setattr(offer, name, value)
    offer.save(update_fields=list(told))
    audit.record(verb, offer, by=by.actor, at=at, fields=list(told))
    return offer


def _needed(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def _told_of(held: Responsibility) -> dict[str, str]:
    return {
        "name": held.membership.user.name,
        "organisation": held.membership.organisation.name,
        "on": _day(held.since_at),
    }


def _day(moment: datetime | None) -> str:
    """18.11.2026"""
    on = clock.local_date(moment) if moment else None
    return f"{on.day}.{on.month}.{on.year}" if on else ""
