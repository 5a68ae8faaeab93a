"""One-time links: issued with a secret that is told once, ended at once, opened without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clients.models import (
    AssessmentAsk,
    Client,
    Consent,
    ConsentText,
    ContactPoint,
    InstrumentVersion,
    Link,
    Referral,
)
from clients.models.consent import Purpose
from tyoparkki import audit, clock, outbox
from tyoparkki.actor import SYSTEM, Actor
from tyoparkki.errors import Refused
from tyoparkki.ids import new_id, new_secret, secret_hash, secret_of
from tyoparkki.texts import LANGUAGES

if TYPE_CHECKING:
    from team.access import Member

REFERRAL_FOR = timedelta(days=120)
RECEIPT_FOR = timedelta(days=14)
ASSESSMENT_FOR = timedelta(days=14)
QUESTIONS_MAIL = "clients.questions_mail"


# What carries a text message to a person on file.
PERSON_TEXT = "clients.person_text"


class NotAgreed(Refused):
    """No consent to be contacted, or another way was chosen."""

    message = _("The person has not agreed to text messages.")


class LinkOver(Refused):
    """It was ended already, or has run out."""

    message = _("This link has ended.")


@dataclass(frozen=True, slots=True)
class Issued:
    """The secret as it is told once, and the row that it opens."""

    token: str
    row: Link


@dataclass(frozen=True)
class LinkHolder:
    """Whoever holds a link: acts for the organisation that was asked, or is the person; nobody by name."""

    link: Link
    # The trace, the events of a referral and the walls ask for a membership: there is none.
    membership: None = None
    membership_id: None = None

    @property
    def organisation_id(self) -> UUID | None:
        """The organisation that is asked to answer; none for a person's own receipt."""
        return self.link.referral.organisation_id if self.link.referral else None

    @property
    def actor(self) -> Actor:
        """The same, as the database and the trace know it."""
        return Actor("link", organisation_id=self.organisation_id, link_id=self.link.pk)


@transaction.atomic
def issue_for_referral(
    referral: Referral,
    *,
    by: Member | None,
    at: datetime,
    language: str = "fi",
    lasts: timedelta = REFERRAL_FOR,
    token: str = "",
) -> Issued:
    """A way to answer a referral without an account; by nobody when the clock sends it with a reminder."""
    row = Link(kind=Link.Kind.REFERRAL, referral=referral)
    return _issue(row, by=by, at=at, language=language, lasts=lasts, token=token)


@transaction.atomic
def issue_receipt(
    client: Client,
    *,
    by: Member | None,
    at: datetime,
    language: str = "fi",
    lasts: timedelta = RECEIPT_FOR,
    token: str = "",
) -> Issued:
    """A way for a person to read what was agreed and who has looked; by nobody when it goes as a text message."""
    row = Link(kind=Link.Kind.RECEIPT, client=client)
    return _issue(row, by=by, at=at, language=language, lasts=lasts, token=token)


@transaction.atomic
def text_receipt(client: Client, *, by: Member, at: datetime) -> None:
    """The link to the person's own page goes to the person as a text message, as was agreed with them."""
    if not may_text(client, by, clock.local_date(at)):
        raise NotAgreed
    told = {"client": str(client.pk), "point": str(by.point_id), "why": "receipt"}
    outbox.later(PERSON_TEXT, told | {"key": str(new_id())})
    audit.record("receipt.texted", client, by=by.actor, at=at)


def may_text(client: Client, member: Member, on: date) -> bool:
    """Whether the person agreed to be contacted from the member's point, and chose text messages; never under a
    non-disclosure order."""
    agreed = Consent.objects.visible_to(member).of_client(client.pk).in_force(on)
    agreed = agreed.filter(purpose=Purpose.CONTACT, recipient_point_id=member.point_id)
    ways = client.contact_points.filter(ended_at__isnull=True, kind=ContactPoint.Kind.SMS)
    return not client.is_non_disclosure and agreed.exists() and ways.exists()


def issue_questions(
    client: Client,
    version: InstrumentVersion,
    *,
    by: Member,
    at: datetime,
    language: str,
    ask: AssessmentAsk | None = None,
    is_mailed: bool = False,
    lasts: timedelta = ASSESSMENT_FOR,
) -> Issued:
    """A way for a person to tell their own view where they are; what waited for it is answered by it.

    By e-mail the secret is made when the letter goes out, so that it stands in no row and nobody here reads it.
    """
    row = Link(kind=Link.Kind.ASSESSMENT, client=client, version=version, ask=ask, is_mailed=is_mailed)
    issued = _issue(row, by=by, at=at, language=language, lasts=lasts, token="")
    if is_mailed:
        outbox.later(QUESTIONS_MAIL, {"link": str(row.pk)})
    return issued


@dataclass(frozen=True, slots=True)
class Letter:
    """Where a letter with a new secret goes, in which language, from which point, until when it works."""

    to: str
    language: str
    until: datetime
    point_id: UUID
    token: str


def put_in_letter(link_id: UUID, *, at: datetime) -> Letter | None:
    """A secret for a letter that is about to go; none when a consent has ended, or there is no address any more.

    Whoever posts it sees nothing of the person: the database's own function answers with the address alone.
    """
    token = secret_of(str(link_id))  # the same at every try, for an earlier letter may have gone
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clients_post(%s, %s, %s)", [link_id, secret_hash(token), at])
        found = cursor.fetchone()
    if found is None:
        return None
    to, language, until, point_id = found
    return Letter(to, language, until, point_id, token)


def _issue(row: Link, *, by: Member | None, at: datetime, language: str, lasts: timedelta, token: str) -> Issued:
    """`token`: of a text message, the same at every try, for the gateway may have taken an earlier one."""
    token = token or new_secret()
    row.token_hash = secret_hash(token)
    row.language = language if language in ConsentText.LANGUAGES else "fi"
    row.created_at, row.expires_at = at, at + lasts
    row.created_by = by.membership if by else None
    row.save(force_insert=True)
    audit.record("link.issued", row, by=by.actor if by else SYSTEM, at=at, reason=row.kind)
    return Issued(token, row)


@transaction.atomic
def end(link: Link, *, by: Member, at: datetime) -> Link:
    """The link opens nothing from now on."""
    row = Link.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if row.ended_at is not None:
        raise LinkOver
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("link.ended", row, by=by.actor, at=at, fields=["ended_at"], reason=row.kind)
    return row


@transaction.atomic
def end_all(referral: Referral, *, by: Member, at: datetime) -> int:
    """Every link to the referral opens nothing from now on; how many there were."""
    rows = Link.objects.select_for_update(of=("self",)).filter(referral=referral, ended_at__isnull=True)
    return len([end(row, by=by, at=at) for row in rows.order_by("pk")])


@transaction.atomic
def note_opened(link: Link, *, by: LinkHolder, at: datetime) -> None:
    """The page behind the link was shown. A mail scanner may have asked: it says nothing of who read it."""
    Link.objects.filter(pk=link.pk).update(opened=F("opened") + 1, opened_at=at)
    audit.record("link.opened", link, by=by.actor, at=at, fields=["opened"], reason=link.kind)


def opened_by(token: str, *, kind: str, at: datetime) -> UUID | None:
    """The link that a secret opens at a moment: not ended, not run out, and the consent that it rests on holds.

    It is asked before anybody is known to the walls, so the database's own function answers, with the key alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients_link_of(%s, %s, %s)", [secret_hash(token), kind, at])
        opened: UUID | None = cursor.fetchone()[0]
    return opened


def texted_to(client_id: UUID, point_id: UUID) -> tuple[str, str] | None:
    """To which number and in which language a person is texted from a point, who agreed to it there; asked by the
    night's work alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, language FROM clients_texted(%s, %s)", [client_id, point_id])
        row = cursor.fetchone()
    return (row[0], row[1] if row[1] in LANGUAGES else "fi") if row else None
