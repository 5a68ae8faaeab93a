"""Referral: a visitor is guided to a partner's service; the partner answers in one press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Referral, ReferralEvent
from services.models import Service
from team.models import Organisation, ServicePoint
from tyoparkki import audit, clock, codes, live, outbox
from tyoparkki.errors import Refused
from tyoparkki.ids import new_signs

if TYPE_CHECKING:
    from clients.actions.link import LinkHolder
    from team.access import Member

Status = Referral.Status
NextActor = Referral.NextActor

# Without letters and digits that are taken for one another when read aloud or by hand: 0 O, 1 I L, 2 Z, 5 S, 8 B, V U.
ALPHABET = "34679ACDEFGHJKMNPQRTUWXY"
ANSWER_WITHIN = timedelta(days=7)


class CannotMove(Refused):
    """Somebody answered or withdrew it a moment ago."""

    SENTENCES = {
        Status.SENT: _("The referral has not been answered yet."),
        Status.SELF: _("The visitor gets in touch; nothing has been answered yet."),
        Status.ACCEPTED: _("The referral has already been received."),
        Status.DECLINED: _("The referral has already been answered: it cannot be taken."),
        Status.WITHDRAWN: _("The sender has withdrawn the referral."),
    }

    def __init__(self, status: str) -> None:
        super().__init__(self.SENTENCES[Status(status)])


class NotRecipient(Refused):
    """Only the receiving organisation answers."""

    message = _("Only the receiving organisation can answer the referral.")


class NotSender(Refused):
    """Only the sender withdraws."""

    message = _("Only the sender can withdraw the referral.")


class NothingToUndo(Refused):
    """Something later happened, or nothing was answered."""

    message = _("There is no answer to undo.")


def carrier_code() -> str:
    """Eight signs in two groups of four that a visitor carries on paper and reads aloud without mistakes."""
    return f"{new_signs(ALPHABET, 4)}-{new_signs(ALPHABET, 4)}"


@transaction.atomic
def refer(
    *,
    point: ServicePoint,
    by: Member,
    at: datetime,
    service: Service | None = None,
    organisation: Organisation | None = None,
    client: Client | None = None,
    reason: str = "",
    visitor_contacts: bool = False,
    answer_by: date | None = None,
    new_code: Callable[[], str] = carrier_code,
) -> Referral:
    """Guide a visitor to a service, or to an organisation; anonymous, with a carrier code, unless a client is named.

    `visitor_contacts`: the visitor gets in touch; otherwise the recipient acts next, within a week.
    """
    recipient = service.organisation if service is not None else organisation
    if recipient is None:
        raise ValueError("a referral needs a service or an organisation")
    referral = Referral(
        point=point,
        client=client,
        service=service,
        organisation=recipient,
        sender=by.membership,
        sender_organisation_id=by.organisation_id,
        reason=reason,
        status=Status.SELF if visitor_contacts else Status.SENT,
        next_actor=NextActor.CLIENT if visitor_contacts else NextActor.RECIPIENT,
        next_on=answer_by or clock.local_date(at + ANSWER_WITHIN),
        sent_at=at,
    )

    def draw() -> None:
        referral.carrier_code = new_code()

    codes.save_under_free_code(referral, draw, unique="referral_carrier_code_once")
    return _happened("referral.sent", referral, by=by, at=at, fields=["status", "service", "organisation"])


@transaction.atomic
def answer(referral: Referral, status: str, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """The receiving organisation says that it takes the visitor, or that it cannot."""
    referral = _locked(referral)
    if referral.organisation_id != by.organisation_id:
        raise NotRecipient
    if status not in {Status.ACCEPTED, Status.DECLINED}:
        raise ValueError("an answer is accepted or declined")
    _may_move(referral, status)
    referral.status = status
    referral.next_actor = NextActor.RECIPIENT if status == Status.ACCEPTED else NextActor.SENDER
    referral.next_on = clock.local_date(at + ANSWER_WITHIN)
    referral.answered_at = at
    referral.save(update_fields=["status", "next_actor", "next_on", "answered_at"])
    return _happened("referral.answered", referral, by=by, at=at, fields=["status"])


@transaction.atomic
def withdraw(referral: Referral, *, by: Member, at: datetime) -> Referral:
    """The sender takes an unanswered referral back."""
    referral = _locked(referral)
    if referral.sender_id != by.membership_id:
        raise NotSender
    _may_move(referral, Status.WITHDRAWN)
    referral.status, referral.next_actor, referral.next_on = Status.WITHDRAWN, NextActor.NOBODY, None
    referral.save(update_fields=["status", "next_actor", "next_on"])
    return _happened("referral.withdrawn", referral, by=by, at=at, fields=["status"])


@transaction.atomic
def undo_last(referral: Referral, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """Take back one's organisation's last answer, or one's own withdrawal, while nothing later has happened."""
    referral = _locked(referral)
    events = list(referral.events.filter(undone_at__isnull=True).select_related("by").order_by("-at", "-pk")[:2])
    if len(events) < 2 or referral.status in {Status.SENT, Status.SELF}:
        raise NothingToUndo
    last, before = events
    if referral.status == Status.WITHDRAWN and referral.sender_id != by.membership_id:
        raise NotSender
    if referral.status != Status.WITHDRAWN and referral.organisation_id != by.organisation_id:
        raise NotRecipient
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    answered = before.status in {Status.ACCEPTED, Status.DECLINED}
    referral.status = before.status
    referral.next_actor = {Status.SELF: NextActor.CLIENT, Status.DECLINED: NextActor.SENDER}.get(
        Status(before.status), NextActor.RECIPIENT
    )
    referral.next_on = clock.local_date(before.at + ANSWER_WITHIN)
    referral.answered_at = before.at if answered else None
    referral.save(update_fields=["status", "next_actor", "next_on", "answered_at"])
    return _told("referral.undone", referral, by=by, at=at, fields=["status"])


def _locked(referral: Referral) -> Referral:
    rows = Referral.objects.select_for_update(of=("self",)).select_related("point", "organisation", "service")
    return rows.get(pk=referral.pk)


def _may_move(referral: Referral, status: str) -> None:
    if Status(status) not in Referral.MOVES[Status(referral.status)]:
        raise CannotMove(referral.status)


def _happened(verb: str, referral: Referral, *, by: Member | LinkHolder, at: datetime, fields: list[str]) -> Referral:
    ReferralEvent.objects.create(
        referral=referral, status=referral.status, at=at, by=by.membership, link_id=by.actor.link_id
    )
    return _told(verb, referral, by=by, at=at, fields=fields)


def _told(verb: str, referral: Referral, *, by: Member | LinkHolder, at: datetime, fields: list[str]) -> Referral:
    audit.record(verb, referral, by=by.actor, at=at, fields=fields, reason=referral.status)
    live.announce(referral.point.live_topic)
    on = clock.local_date(referral.sent_at)
    outbox.later("reports.day_changed", {"point": str(referral.point_id), "on": on.isoformat()})
    return referral
