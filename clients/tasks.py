"""What happens around people by the clock, and the mail that goes out of a referral."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from clients.actions import erasure, referral_clock, reminder
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.letters import letter, questions
from clients.models import Link, Referral
from team.models import ServicePoint
from tyoparkki import clock, jobs, outbox, tombstones


@jobs.job("clients.tasks.keep_clocks", slot=jobs.each_day, using="system")
def keep_clocks(at: datetime) -> None:
    """Once a day, early in the morning: what is due is put on the lists of those whose it is."""
    reminder.keep_clocks(at=at)
    referral_clock.remind(at=at)


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
    at = clock.now()
    row = Referral.objects.for_lists().filter(pk=UUID(str(payload["referral"]))).first()
    if row is None or not row.is_waiting or not row.recipient_email:
        return
    issued = links.issue_for_referral(row, by=None, at=at, language=row.language)
    if links.opened_by(issued.token, kind=Link.Kind.REFERRAL, at=at) is None:
        return  # the consent that it rested on has ended since: a link that opens nothing is not sent
    address = settings.PUBLIC_URL + reverse("clients:link_referral", args=[issued.token])
    with translation.override(row.language):
        subject, text = letter(row, issued.row, address, is_reminder=payload["why"] == "reminder")
    EmailMessage(subject, text, to=[row.recipient_email]).send()


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
    """Erase whoever agreed to be recorded for a month and was not asked again; a second run finds nobody."""
    erasure.erase_lapsed(at=clock.now())
    with suppress(OSError):  # the tombstones stand in the database; the next backup writes them beside its folder
        tombstones.copy_out(using="system")
