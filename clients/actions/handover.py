"""A tablet is handed over: staff open a session, the tablet types its six digits, the person answers once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from clients.actions import consent as consents
from clients.models import Client, HandoverSession
from team.access import Member
from tyoparkki import audit
from tyoparkki.actor import Actor, bind
from tyoparkki.errors import Refused
from tyoparkki.models import AuditEvent

if TYPE_CHECKING:
    from team.models import Device, Organisation

TO_BEGIN = timedelta(minutes=5)
TO_READ = timedelta(minutes=10)
MOST_WRONG, WITHIN = 10, timedelta(minutes=10)
_TRIES = 10


class TooManyTries(Refused):
    """Somebody is guessing at this tablet."""

    message = _("Too many tries. Wait ten minutes and ask the staff for a new code.")


class NoCodeFree(Refused):
    """Ten codes in a row were taken."""

    message = _("No free code was found. Try once more.")


class SessionOver(Refused):
    """It was answered already, or its time ran out."""

    message = _("This turn has ended. Ask the staff for a new code.")


@dataclass(frozen=True, slots=True)
class Offer:
    """Six digits as they are shown once, and the session that they begin."""

    code: str
    session: HandoverSession


@dataclass(frozen=True)
class HandingMember(Member):
    """The member who handed the tablet over; the trace tells that the person pressed, on which device."""

    device_id: UUID | None = None

    @cached_property
    def actor(self) -> Actor:
        """The hand-over, not the member's own hand."""
        return Actor(
            "handover",
            user_id=self.membership.user_id,
            membership_id=self.membership_id,
            organisation_id=self.organisation_id,
            point_id=self.point_id,
            device_id=self.device_id,
            may=self.permissions,
        )


def _hash(code: str) -> str:
    """Six digits are soon guessed from a plain hash, so it is keyed."""
    return salted_hmac("clients.handover", code, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


@transaction.atomic
def open_session(
    client: Client,
    *,
    by: Member,
    at: datetime,
    purpose: str,
    language: str,
    organisation: Organisation | None = None,
    contents: Sequence[str] = (),
    until: date | None = None,
) -> Offer:
    """Staff open a turn at the tablet for one person and one consent: six digits, shown once, for five minutes."""
    client = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    consents.check_givable(client, by=by, at=at, purpose=purpose, organisation=organisation, contents=contents)
    earlier = HandoverSession.objects.opened_by_member(by).filter(client=client, ended_at__isnull=True)
    for row in earlier.select_for_update(of=("self",)).order_by("pk"):
        _end(row, HandoverSession.Outcome.REPLACED, by=by.actor, at=at)
    for _try in range(_TRIES):
        code = f"{secrets.randbelow(1_000_000):06d}"
        row = HandoverSession(
            point=by.membership.point,
            client=client,
            purpose=purpose,
            organisation=organisation,
            contents=list(contents),
            consent_until=until,
            language=language,
            code_hash=_hash(code),
            opened_by=by.membership,
            created_at=at,
            expires_at=at + TO_BEGIN,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue
        audit.record("handover.opened", row, by=by.actor, at=at, reason=purpose)
        return Offer(code, row)
    raise NoCodeFree


@transaction.atomic
def take(code: str, *, device: Device, at: datetime) -> HandoverSession | None:
    """A tablet has typed six digits: it shows the one matter of the one person from now on.

    None when the code is mistyped, used already, too old or of another point; which of these, nobody is told.
    """
    actor = Actor("device", point_id=device.point_id, device_id=device.pk)
    wrong = AuditEvent.objects.filter(
        object_kind="team.device", object_id=str(device.pk), verb="handover.code_refused", at__gt=at - WITHIN
    )
    if wrong.count() >= MOST_WRONG:
        raise TooManyTries
    waiting = HandoverSession.objects.waiting_for_code(at).filter(code_hash=_hash(code), point_id=device.point_id)
    row = waiting.select_for_update(of=("self",)).order_by("pk").first()
    if row is None:
        again = HandoverSession.objects.on_device(device.pk, at).filter(code_hash=_hash(code)).first()
        if again is not None:  # the same press twice
            return again
        audit.record("handover.code_refused", device, by=actor, at=at)
        return None
    row.device, row.taken_at, row.expires_at = device, at, at + TO_READ
    row.save(update_fields=["device", "taken_at", "expires_at"])
    audit.record("handover.taken", row, by=actor, at=at, fields=["device", "taken_at"])
    return row


@transaction.atomic
def answer(session: HandoverSession, *, agrees: bool, language: str, at: datetime) -> HandoverSession:
    """The person says yes or no on the tablet, once; a yes is a consent, given with the words that were read."""
    row = (
        HandoverSession.objects.select_for_update(of=("self",))
        .select_related("client", "organisation", "opened_by__user", "opened_by__organisation", "opened_by__point")
        .get(pk=session.pk)
    )
    if row.state_at(at) != "taken":
        raise SessionOver
    by = HandingMember(row.opened_by, device_id=row.device_id)
    if agrees:
        bind(by.actor)  # the tablet's own eyes do not reach the file; the hand that passed it over does
        consents.give_consent(
            row.client,
            by=by,
            at=at,
            purpose=row.purpose,
            given=consents.Given(how="tablet", language=language, expires_on=row.consent_until),
            organisation=row.organisation,
            contents=row.contents,
        )
    outcome = HandoverSession.Outcome.AGREED if agrees else HandoverSession.Outcome.DECLINED
    return _end(row, outcome, by=by.actor, at=at)


def _end(row: HandoverSession, outcome: str, *, by: Actor, at: datetime) -> HandoverSession:
    row.ended_at, row.outcome = at, outcome
    row.save(update_fields=["ended_at", "outcome"])
    audit.record("handover.ended", row, by=by, at=at, fields=["ended_at", "outcome"], reason=outcome)
    return row
