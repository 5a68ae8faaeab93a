"""Consent: given with the words that were read, withdrawn in one press, given again by the same hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from clients import channels
from clients.actions import outcome as outcomes
from clients.models import Client, Consent, ConsentText
from clients.models.consent import PROSPECT, Purpose
from team.models import Organisation, ServicePoint
from tyoparkki import audit, clock, live
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from clients.actions.link import LinkHolder
    from team.access import Member

SHORT_DAYS = 30
TEXTS = Path(__file__).resolve().parent.parent / "data" / "consent_texts.json"


class AlreadyGiven(Refused):
    """The same consent is in force."""

    message = _("This consent is already in force.")


class AlreadyWithdrawn(Refused):
    """A colleague withdrew it a moment ago."""

    message = _("This consent has already been withdrawn.")


class NothingShared(Refused):
    """A consent to share names what may be told."""

    message = _("Choose what the organisation may be told.")


class OneRecipient(Refused):
    """A consent to share goes to an organisation or to the team of a point."""

    message = _("Choose either an organisation or the team of a service point.")


class NotShort(Refused):
    """Only a month's consent that still holds can be renewed."""

    message = _("This consent is no longer in force, so it cannot be renewed. Ask the person again.")


class NotRecorded(Refused):
    """The other consents rest on the consent to be recorded."""

    message = _("The person has not agreed to be recorded here.")


class TooLateToUndo(Refused):
    """A withdrawal is undone on the day it was made, by the same person."""

    message = _("The withdrawal can no longer be undone. Ask the person and record them again.")


class TextMissing(Refused):
    """No words to agree to."""

    message = _("The text of the consent is missing. Ask the administrator to load it.")


@dataclass(frozen=True, slots=True)
class Given:
    """How a yes was given: on the tablet, on paper or in words, and in which language the text was read."""

    how: str = Consent.How.WORDS
    language: str = "fi"
    expires_on: date | None = None
    # To be recorded for a month only; the end day follows from it.
    is_short: bool = False

    @classmethod
    def for_a_month(cls, how: str, language: str, *, at: datetime) -> Given:
        """A yes to be recorded for a month from a moment on."""
        return cls(how, language, clock.local_date(at) + timedelta(days=SHORT_DAYS), is_short=True)


@transaction.atomic
def load_consent_texts(*, at: datetime) -> int:
    """Put the texts of the product's own file into the register; versions that are there stay untouched."""
    data = json.loads(TEXTS.read_text(encoding="utf-8"))
    versions = {purpose: data["newer"].get(purpose, data["version"]) for purpose in data["texts"]}
    known = set(ConsentText.objects.values_list("purpose", "version", "language"))
    made = [
        ConsentText(
            purpose=purpose,
            version=versions[purpose],
            language=language,
            title=words["title"],
            body=words["body"],
            approved_on=date.fromisoformat(data["approved_on"]) if data["approved_on"] else None,
        )
        for purpose, languages in data["texts"].items()
        for language, words in languages.items()
        if (purpose, versions[purpose], language) not in known
    ]
    for text in ConsentText.objects.bulk_create(made):
        audit.record("consent_text.loaded", text, by=SYSTEM, at=at)
    return len(made)


@transaction.atomic
def give_consent(
    client: Client,
    *,
    by: Member,
    at: datetime,
    purpose: str,
    given: Given,
    organisation: Organisation | None = None,
    team: ServicePoint | None = None,
    contents: Sequence[str] = (),
) -> Consent:
    """The person says yes: to be recorded or contacted by the point's team, to have background recorded by it, or to
    tell an organisation or the team of another point something.
    """
    _one_at_a_time(client.pk)
    known = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if known is None:
        raise NotRecorded
    if purpose != Purpose.SHARE:
        organisation, team, contents = None, None, ()
    ended = check_givable(known, by=by, at=at, purpose=purpose, organisation=organisation, team=team, contents=contents)
    _withdraw([one for one in ended if not one.is_short], by=None, at=at)
    _withdraw([one for one in ended if one.is_short], by=by, at=at)
    point = team if purpose == Purpose.SHARE else by.membership.point
    new = _given(known.pk, purpose, given, by=by, at=at, contents=contents, organisation=organisation, point=point)
    channels.announce([new])
    return new


def check_givable(
    client: Client,
    *,
    by: Member,
    at: datetime,
    purpose: str,
    organisation: Organisation | None = None,
    team: ServicePoint | None = None,
    contents: Sequence[str] = (),
) -> list[Consent]:
    """Refuse a consent that cannot be given now; else the earlier one of the same kind that it takes the place of.

    One that has run out, or a month's consent to be recorded, which a lasting one replaces.
    """
    if purpose == Purpose.SHARE and not contents:
        raise NothingShared
    if purpose == Purpose.SHARE and (organisation is None) == (team is None):
        raise OneRecipient
    if purpose != Purpose.RECORD and not _is_recorded(client, by.point_id, at):
        raise NotRecorded
    held = client.consents.not_withdrawn().filter(purpose=purpose)
    if organisation is None:
        point = team or by.membership.point
        held = held.filter(recipient_organisation__isnull=True, recipient_point=point)
    else:
        held = held.filter(recipient_organisation=organisation, recipient_point__isnull=True)
    earlier = list(held)
    if any(one.holds_on(clock.local_date(at)) and not one.is_short for one in earlier):
        raise AlreadyGiven
    return earlier


@transaction.atomic
def renew_short(consent: Consent, *, by: Member, at: datetime) -> Consent:
    """The person agrees to a month more: the earlier month ends, and a new one begins with the words of today."""
    now = _locked(consent)
    if now is None or not now.is_short or not now.holds_on(clock.local_date(at)):
        raise NotShort
    point = now.recipient_point
    _withdraw([now], by=by, at=at)
    given = Given.for_a_month(Consent.How.WORDS, now.text.language, at=at)
    return _given(now.client_id, now.purpose, given, by=by, at=at, contents=(), organisation=None, point=point)


def let_record(client_id: UUID, *, by: Member, at: datetime, given: Given) -> Consent:
    """The first yes of somebody who is not on file yet: it comes before the person, whom only it makes visible."""
    return _given(
        client_id, Purpose.RECORD, given, by=by, at=at, contents=(), organisation=None, point=by.membership.point
    )


def _given(
    client_id: UUID,
    purpose: str,
    given: Given,
    *,
    by: Member,
    at: datetime,
    contents: Sequence[str],
    organisation: Organisation | None,
    point: ServicePoint | None,
) -> Consent:
    consent = Consent.objects.create(
        client_id=client_id,
        purpose=purpose,
        recipient_organisation=organisation,
        recipient_point=point,
        contents=list(contents),
        text=_text(PROSPECT if given.is_short else purpose, given.language),
        how=given.how,
        given_at=at,
        recorded_by=by.membership,
        expires_on=given.expires_on,
        is_short=given.is_short,
    )
    audit.record("consent.given", consent, by=by.actor, at=at, fields=["purpose", "contents"], reason=purpose)
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Member | LinkHolder, at: datetime) -> list[Consent]:
    """The person takes a yes back, by the hand of staff or in the own receipt; it works at once.

    Without the consent to be recorded nothing else holds: the point's other consents end with it, and those to share
    end unless another point's team still keeps the person on file.
    """
    now = _locked(consent)
    if now is None or now.withdrawn_at is not None:
        raise AlreadyWithdrawn
    ending = [now]
    if now.purpose == Purpose.RECORD:
        others = Consent.objects.of_client(now.client_id).not_withdrawn().exclude(pk=now.pk)
        of_team = (Purpose.CONTACT, Purpose.BACKGROUND)
        ending += others.filter(purpose__in=of_team, recipient_point_id=now.recipient_point_id)
        if not others.filter(purpose=Purpose.RECORD).exists():
            ending += others.filter(purpose=Purpose.SHARE)
    point = by.membership.point if by.membership else Client.objects.select_related("point").get(pk=now.client_id).point
    _withdraw(ending, by=by, at=at)
    live.announce(point.live_topic)
    return ending


def _one_at_a_time(client_id: UUID) -> None:
    """Until the end of the transaction nobody else changes this person's consents, whether they see the file or not.

    A row lock would not hold whoever withdraws by a link: it asks for the right to change the file.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('consents ' || %s, 0))", [str(client_id)])


def _locked(consent: Consent) -> Consent | None:
    """The consent as it is now, if it is still there for the member; a person's consents change one at a time."""
    _one_at_a_time(consent.client_id)
    return Consent.objects.select_for_update(of=("self",)).filter(pk=consent.pk).first()


def _withdraw(consents: Sequence[Consent], *, by: Member | LinkHolder | None, at: datetime) -> None:
    """End consents in one statement, for the first to end may hide the rest; without a member they had run out."""
    if not consents:
        return
    if by is not None:
        outcomes.end_without_consent(consents, by=by, at=at)
    channels.announce(consents)
    ended = {"withdrawn_at": at, "withdrawn_by": by.membership if by else None}
    Consent.objects.filter(pk__in=[consent.pk for consent in consents]).update(**ended)
    for consent in consents:
        consent.withdrawn_at, consent.withdrawn_by = at, by.membership if by else None
        actor = by.actor if by else SYSTEM
        audit.record("consent.withdrawn", consent, by=actor, at=at, fields=["withdrawn_at"], reason=consent.purpose)


@transaction.atomic
def give_again(consent: Consent, *, by: Member, at: datetime) -> list[Consent]:
    """Undo of a withdrawal on the same day, by the same hand: what ended together is given again, as new rows."""
    now = _locked(consent)
    if (
        now is None
        or now.withdrawn_at is None
        or now.withdrawn_by_id != by.membership_id
        or clock.local_date(now.withdrawn_at) != clock.local_date(at)
    ):
        raise TooLateToUndo
    consents = Consent.objects.of_client(now.client_id)
    ended = consents.filter(withdrawn_at=now.withdrawn_at, withdrawn_by=now.withdrawn_by)
    again = []
    # The consent to be recorded first: it opens the file for the rest.
    for one in ended.with_words().order_by(Case(When(purpose=Purpose.RECORD, then=0), default=1), "given_at", "pk"):
        organisation, point = one.recipient_organisation, one.recipient_point
        held = consents.not_withdrawn().filter(purpose=one.purpose)
        if held.filter(recipient_organisation=organisation, recipient_point=point).exists():
            raise AlreadyGiven
        given = Given(one.how, one.text.language, one.expires_on, one.is_short)
        again.append(
            _given(
                one.client_id,
                one.purpose,
                given,
                by=by,
                at=at,
                contents=one.contents,
                organisation=organisation,
                point=point,
            )
        )
    outcomes.wait_with_consent(list(ended), by=by, at=at)
    live.announce(by.membership.point.live_topic)
    channels.announce(again)
    return again


def undo_since(at: datetime) -> datetime:
    """The beginning of the day within which a withdrawal may be undone."""
    return clock.local(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_recorded(client: Client, point_id: UUID, at: datetime) -> bool:
    recorded = client.consents.in_force(clock.local_date(at)).filter(purpose=Purpose.RECORD)
    return recorded.filter(recipient_point_id=point_id).exists()


def _text(purpose: str, language: str) -> ConsentText:
    """The current words in the language that was read, or else in Finnish."""
    texts = {text.language: text for text in ConsentText.objects.current().filter(purpose=purpose)}
    text = texts.get(language) or texts.get("fi")
    if text is None:
        raise TextMissing
    return text
