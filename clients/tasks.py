"""What happens around people by the clock, and the letters and text messages that go out."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from clients import letters
from clients.actions import background, erasure, referral_clock, reminder
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.keys import phone_abroad
from clients.letters import letter, questions
from clients.models import Client, Link, Referral
from team.models import ServicePoint
from tyoparkki import clock, jobs, outbox, sms, tombstones
from tyoparkki.ids import secret_of


@jobs.job("clients.tasks.keep_clocks", slot=jobs.each_day, using="system")
def keep_clocks(at: datetime) -> None:
    """Once a day, early in the morning: what is due is put on the lists of those whose it is."""
    reminder.keep_clocks(at=at)
    referral_clock.remind(at=at)
    referral_clock.tell_of_standing(at=at)


@jobs.job("clients.tasks.lapse_referrals", slot=jobs.each_day)
def lapse_referrals(at: datetime) -> None:
    """Once a day: a referral that nobody answered in all its time comes back to its sender."""
    referral_clock.lapse_overdue(at=at)


@outbox.handler(referrals.MAIL)
def referral_mail(payload: dict[str, Any]) -> None:
    """A letter to a recipient without an account: who asks, the code, by when, and a new link. Nobody is named.

    The link is made here and not with the act, so that its secret stands in no row; a letter that could not be sent
    takes its link with it.
    """
    row = _waiting(payload)
    if row is None or not row.recipient_email or (made := _link(row)) is None:
        return
    issued, address = made
    with translation.override(row.language):
        subject, text = letter(row, issued.row, address, is_reminder=payload["why"] == "reminder")
    EmailMessage(subject, text, to=[row.recipient_email]).send()


@outbox.handler(referrals.TEXT)
def referral_text(payload: dict[str, Any]) -> None:
    """The same as a text message to the recipient's number. Its link is the same at every try, as its key is."""
    row = _waiting(payload)
    if row is None or not row.recipient_phone or (made := _link(row, secret_of(str(payload["key"])))) is None:
        return
    with translation.override(row.language):
        text = letters.referral_text(row, made[1], is_reminder=payload["why"] == "reminder")
    sms.send(sms.Message(row.recipient_phone, text, str(payload["key"])))


def _waiting(payload: dict[str, Any]) -> Referral | None:
    row = Referral.objects.for_lists().filter(pk=UUID(str(payload["referral"]))).first()
    return row if row is not None and row.is_waiting else None


def _link(row: Referral, token: str = "") -> tuple[links.Issued, str] | None:
    """A new link and its address; none where the consent that it rests on has ended: it would open nothing."""
    at = clock.now()
    issued = links.issue_for_referral(row, by=None, at=at, language=row.language, token=token)
    if links.opened_by(issued.token, kind=Link.Kind.REFERRAL, at=at) is None:
        return None
    return issued, settings.PUBLIC_URL + reverse("clients:link_referral", args=[issued.token])


@outbox.handler(links.PERSON_TEXT)
def person_text(payload: dict[str, Any]) -> None:
    """A text message to a person who agreed to be contacted that way: that there is something to read, and a link.

    Neither name, service nor result stand in it, for others may read the screen of a telephone.
    """
    at, key = clock.now(), UUID(str(payload["client"]))
    is_result = payload["why"] == "result"
    if is_result and not Referral.objects.filter(pk=UUID(str(payload["referral"])), status="ended").exists():
        return  # it was undone meanwhile
    agreed = links.texted_to(key, UUID(str(payload["point"])))
    if agreed is None:
        return
    number, language = agreed
    person = Client(pk=key)
    issued = links.issue_receipt(person, by=None, at=at, language=language, token=secret_of(str(payload["key"])))
    with translation.override(language):
        address = settings.PUBLIC_URL + reverse("clients:own", args=[issued.token])
        text = letters.person_text(address, is_result=is_result)
    sms.send(sms.Message(phone_abroad(number), text, str(payload["key"])))


@outbox.handler(links.QUESTIONS_MAIL)
def questions_mail(payload: dict[str, Any]) -> None:
    """A letter to a person who is asked for their own view, with a secret made here; not sent when a consent has ended.

    A letter that could not be sent takes its secret with it.
    """
    posted = links.put_in_letter(UUID(str(payload["link"])), at=clock.now())
    if posted is None:
        return
    point = ServicePoint.objects.get(pk=posted.point_id)
    address = settings.PUBLIC_URL + reverse("clients:link_questions", args=[posted.token])
    with translation.override(posted.language.split("-", maxsplit=1)[0]):
        subject, text = questions(point, address, until=posted.until)
    EmailMessage(subject, text, to=[posted.to]).send()


@shared_task(name="clients.tasks.erase_lapsed")
def erase_lapsed() -> None:
    """Erase whoever agreed to be recorded for a month and was not asked again, and of others the background to which
    they agree no more; a second run finds nothing.
    """
    erasure.erase_lapsed(at=clock.now())
    background.erase_without_consent(at=clock.now())
    with suppress(OSError):  # the tombstones stand in the database; the next backup writes them beside its folder
        tombstones.copy_out(using="system")
