"""Referral: the client is guided to a partner's service; who acts next and by when, until a result closes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions import assessment, coordinator
from clients.actions.link import PERSON_TEXT
from clients.models import Client, Referral, ReferralEvent
from services.models import Service
from team.access import Member
from team.models import Organisation, ServicePoint, Term
from tyoparkki import audit, clock, codes, live, outbox
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused
from tyoparkki.ids import new_id, new_signs
from tyoparkki.workdays import working_days_after

if TYPE_CHECKING:
    from clients.actions.link import LinkHolder

Status = Referral.Status
NextActor = Referral.NextActor

# Without letters and digits that are taken for one another when read aloud or by hand: 0 O, 1 I L, 2 Z, 5 S, 8 B, V U.
ALPHABET = "34679ACDEFGHJKMNPQRTUWXY"

# Whose turn it is in each status, and within how many working days.
TURN: dict[Status, tuple[NextActor, int]] = {
    Status.DRAFT: (NextActor.SENDER, 1),
    Status.SENT: (NextActor.RECIPIENT, 5),
    Status.SELF: (NextActor.CLIENT, 5),
    Status.RECEIVED: (NextActor.RECIPIENT, 5),
    Status.CONTACTED: (NextActor.RECIPIENT, 10),
    Status.STARTED: (NextActor.RECIPIENT, 60),
    Status.DECLINED: (NextActor.SENDER, 3),
    Status.LAPSED: (NextActor.SENDER, 3),
    Status.ENDED: (NextActor.NOBODY, 0),
    Status.WITHDRAWN: (NextActor.NOBODY, 0),
    Status.CLIENT_WITHDREW: (NextActor.NOBODY, 0),
}
# What carries a letter, or a text message, to a recipient without an account.
MAIL = "clients.referral_mail"
TEXT = "clients.referral_text"
UNANSWERED = {Status.DRAFT, Status.SENT, Status.SELF, Status.WITHDRAWN, Status.LAPSED}


class CannotMove(Refused):
    """Somebody moved it a moment ago."""

    SENTENCES = {
        Status.DRAFT: _("The referral has not been sent yet."),
        Status.SENT: _("The referral has not been answered yet."),
        Status.SELF: _("The visitor gets in touch; nothing has been answered yet."),
        Status.RECEIVED: _("The referral has already been received."),
        Status.CONTACTED: _("The client has already been contacted."),
        Status.STARTED: _("The service has already started."),
        Status.ENDED: _("The referral has ended with a result."),
        Status.DECLINED: _("The referral has already been answered: it cannot be taken."),
        Status.WITHDRAWN: _("The sender has withdrawn the referral."),
        Status.CLIENT_WITHDREW: _("The client did not want the service any more."),
        Status.LAPSED: _("The time to answer has run out. Ask the sender for a new referral."),
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


class ChooseWord(Refused):
    """A refusal has its reason and an end its result, from the sender's vocabulary."""

    message = _("Choose one from the list.")
    status = 422


class CriteriaNeeded(Refused):
    """Multi-sectoral support is for a person on file who meets a criterion, with a way back agreed."""

    message = _("Choose at least one criterion, and who takes the person back and when.")
    status = 422


@dataclass(frozen=True)
class MultiSectoral:
    """Why several authorities are asked together, and the way back: who takes the person over at the end, and when."""

    criteria: list[str]
    return_organisation: Organisation
    return_on: date
    return_note: str = ""


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
    draft: bool = False,
    recipient_email: str = "",
    recipient_phone: str = "",
    language: str = "fi",
    multi_sectoral: MultiSectoral | None = None,
    answer_by: date | None = None,
    new_code: Callable[[], str] = carrier_code,
) -> Referral:
    """Guide a visitor to a service, or to an organisation; anonymous, with a carrier code, unless a client is named.

    `visitor_contacts`: the visitor gets in touch; otherwise the recipient acts next. A `draft` is its sender's alone.
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
        recipient_email=recipient_email,
        recipient_phone=recipient_phone,
        language=language,
        sent_at=at,
    )
    if multi_sectoral is not None:
        _support_together(referral, multi_sectoral)
    _stand(referral, Status.DRAFT if draft else Status.SELF if visitor_contacts else Status.SENT, at=at)
    referral.next_on = answer_by or referral.next_on

    def draw() -> None:
        referral.carrier_code = new_code()

    codes.save_under_free_code(referral, draw, unique="referral_carrier_code_once")
    verb = "referral.drafted" if draft else "referral.sent"
    ask_without_account(referral)
    if not draft:
        coordinator.note_sent(referral, by=by, at=at)
    return _happened(verb, referral, by=by, at=at, fields=["status", "service", "organisation"])


@transaction.atomic
def send(referral: Referral, *, by: Member, at: datetime, visitor_contacts: bool = False) -> Referral:
    """The draft goes to the recipient, with what the person lets be told at the time of each look."""
    referral = _locked(referral)
    if referral.sender_id != by.membership_id:
        raise NotSender
    referral.sent_at = at
    row = _move(referral, Status.SELF if visitor_contacts else Status.SENT, "referral.sent", by=by, at=at)
    ask_without_account(row)
    coordinator.note_sent(row, by=by, at=at)
    return row


@transaction.atomic
def receive(referral: Referral, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """The receiving organisation takes the client; contact follows."""
    return _move(_received(referral, by), Status.RECEIVED, "referral.answered", by=by, at=at)


@transaction.atomic
def decline(referral: Referral, refusal: Term | None, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """The receiving organisation cannot take the client, for a reason; the sender acts next."""
    referral = _received(referral, by)
    referral.refusal = _word(referral, refusal, Term.Kind.REFUSAL)
    return _move(referral, Status.DECLINED, "referral.answered", by=by, at=at)


@transaction.atomic
def contact(referral: Referral, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """The recipient and the client have spoken with each other."""
    return _move(_received(referral, by), Status.CONTACTED, "referral.contacted", by=by, at=at)


@transaction.atomic
def start(referral: Referral, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """The client has begun in the service."""
    return _move(_received(referral, by), Status.STARTED, "referral.started", by=by, at=at)


@transaction.atomic
def end(referral: Referral, result: Term | None, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """The service has ended with a result: the sender and the client learn of it, and the client is asked about it."""
    referral = _received(referral, by)
    referral.result = _word(referral, result, Term.Kind.ENDING)
    referral = _move(referral, Status.ENDED, "referral.ended", by=by, at=at)
    if referral.client_id is not None:
        assessment.ask_after_service(referral.client_id, referral.service, at, by=by.actor)
        told = {"client": str(referral.client_id), "point": str(referral.point_id)}
        told |= {"referral": str(referral.pk), "why": "result"}
        outbox.later(PERSON_TEXT, told | {"key": str(new_id())})
    return referral


@transaction.atomic
def withdraw(referral: Referral, *, by: Member, at: datetime) -> Referral:
    """The sender takes an unanswered referral back."""
    referral = _locked(referral)
    if referral.sender_id != by.membership_id:
        raise NotSender
    if referral.status != Status.DRAFT:
        coordinator.note_withdrawn(referral, by=by, at=at)
    return _move(referral, Status.WITHDRAWN, "referral.withdrawn", by=by, at=at)


@transaction.atomic
def client_withdraws(referral: Referral, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """The client does not want it any more: told to whoever hears it first."""
    return _move(_ours(referral, by), Status.CLIENT_WITHDREW, "referral.client_withdrew", by=by, at=at)


@transaction.atomic
def lapse(referral: Referral, *, at: datetime) -> Referral:
    """Nobody answered in time, reminders and all: the sender finds another way."""
    return _move(_locked(referral), Status.LAPSED, "referral.lapsed", by=None, at=at)


@transaction.atomic
def agree_meeting(
    referral: Referral, meeting_at: datetime | None, place: str, *, by: Member | LinkHolder, at: datetime
) -> Referral:
    """The client, the sender and the recipient meet: when and where; None when it was called off."""
    referral = _ours(referral, by)
    if referral.is_closed:
        raise CannotMove(referral.status)
    referral.meeting_at, referral.meeting_place = meeting_at, place if meeting_at else ""
    referral.save(update_fields=["meeting_at", "meeting_place"])
    return _told("referral.meeting_agreed", referral, by=by, at=at, fields=["meeting_at", "meeting_place"])


@transaction.atomic
def undo_last(referral: Referral, *, by: Member | LinkHolder, at: datetime) -> Referral:
    """Take back one's organisation's last move, or one's own, while nothing later has happened."""
    referral = _locked(referral)
    events = list(referral.events.filter(undone_at__isnull=True).order_by("-at", "-pk").select_related("by")[:2])
    if len(events) < 2 or referral.status in Referral.WAITING:
        raise NothingToUndo
    last, before = events
    by_recipient = last.link_id is not None or (last.by_id is not None and last.by_id != referral.sender_id)
    if by_recipient and referral.organisation_id != by.organisation_id:
        raise NotRecipient
    if not by_recipient and (referral.sender_id != by.membership_id or by.membership_id is None):
        raise NotSender
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    referral.refusal = referral.result = None
    _stand(referral, Status(before.status), at=before.at)
    answers = referral.events.filter(undone_at__isnull=True).exclude(status__in=UNANSWERED)
    referral.answered_at = answers.order_by("at", "pk").values_list("at", flat=True).first()
    referral.save(update_fields=["refusal", "result", "status", "next_actor", "next_on", "answered_at"])
    if last.status == Status.ENDED:
        assessment.unask_after_service(referral.pk, at, by=by.actor)
    if last.status == Status.WITHDRAWN and referral.status != Status.DRAFT and isinstance(by, Member):
        coordinator.note_sent(referral, by=by, at=at)
    return _told("referral.undone", referral, by=by, at=at, fields=["status"])


def _support_together(referral: Referral, wanted: MultiSectoral) -> None:
    if referral.client is None or not wanted.criteria:
        raise CriteriaNeeded
    referral.kind = Referral.Kind.MULTI_SECTORAL
    referral.criteria = wanted.criteria
    referral.return_organisation, referral.return_on = wanted.return_organisation, wanted.return_on
    referral.return_note = wanted.return_note


def ask_without_account(referral: Referral, *, why: str = "sent", using: str = "default") -> None:
    """A recipient without an account is asked, or reminded, by mail and by text message, as far as an address is known.

    A text message has a key of its own, which every try to send it carries.
    """
    if why == "sent" and referral.status != Status.SENT:
        return
    told = {"referral": str(referral.pk), "why": why}
    if referral.recipient_email:
        outbox.later(MAIL, told, using=using)
    if referral.recipient_phone:
        outbox.later(TEXT, told | {"key": str(new_id())}, using=using)


def _locked(referral: Referral) -> Referral:
    rows = Referral.objects.select_for_update(of=("self",)).select_related("point", "organisation", "service")
    return rows.get(pk=referral.pk)


def _received(referral: Referral, by: Member | LinkHolder) -> Referral:
    """The referral, locked, when the one who presses is of the organisation that was asked."""
    row = _locked(referral)
    if row.organisation_id != by.organisation_id:
        raise NotRecipient
    return row


def _ours(referral: Referral, by: Member | LinkHolder) -> Referral:
    """The referral, locked, when the one who presses sent it or is asked to answer it."""
    row = _locked(referral)
    if row.organisation_id != by.organisation_id and row.sender_id != by.membership_id:
        raise NotRecipient
    return row


def _word(referral: Referral, word: Term | None, kind: str) -> Term:
    """A word of the vocabulary of the point that sent the referral."""
    if word is None or word.point_id != referral.point_id or word.kind != kind:
        raise ChooseWord
    return word


def _stand(referral: Referral, status: Status, *, at: datetime) -> None:
    """The referral is there since a moment: whose turn it is, and by when."""
    referral.status = status
    referral.next_actor, days = TURN[status]
    referral.next_on = working_days_after(clock.local_date(at), days) if days else None


def _move(referral: Referral, status: Status, verb: str, *, by: Member | LinkHolder | None, at: datetime) -> Referral:
    if not referral.allows(status):
        raise CannotMove(referral.status)
    _stand(referral, status, at=at)
    if status not in UNANSWERED and status != Status.CLIENT_WITHDREW:
        referral.answered_at = referral.answered_at or at
    referral.save(update_fields=["status", "next_actor", "next_on", "answered_at", "sent_at", "refusal", "result"])
    fields = ["status"]
    if status == Status.DECLINED:
        fields.append("refusal")
    elif status == Status.ENDED:
        fields.append("result")
    return _happened(verb, referral, by=by, at=at, fields=fields)


def _happened(
    verb: str, referral: Referral, *, by: Member | LinkHolder | None, at: datetime, fields: list[str]
) -> Referral:
    link: UUID | None = by.actor.link_id if by else None
    membership = by.membership if by else None
    ReferralEvent.objects.create(referral=referral, status=referral.status, at=at, by=membership, link_id=link)
    return _told(verb, referral, by=by, at=at, fields=fields)


def _told(
    verb: str, referral: Referral, *, by: Member | LinkHolder | None, at: datetime, fields: list[str]
) -> Referral:
    actor = by.actor if by else SYSTEM
    audit.record(verb, referral, by=actor, at=at, fields=fields, reason=referral.status)
    live.announce(referral.point.live_topic)
    on = clock.local_date(referral.sent_at)
    outbox.later("reports.day_changed", {"point": str(referral.point_id), "on": on.isoformat()})
    return referral
