"""Two files of one person become one, and are put apart again row for row while nothing has been built on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.types.json import Jsonb

from clients import merging
from clients.actions import identity_code
from clients.merging import Part
from clients.models import (
    Client,
    Companion,
    Consent,
    ContactPoint,
    IdentityCode,
    JointAssessment,
    MergeRecord,
    NotSame,
    Plan,
    Recusal,
    Reminder,
    Responsibility,
    ResponsibilityOffer,
)
from clients.models.merge import UNDO_DAYS
from tyoparkki import audit, outbox
from tyoparkki.errors import Refused
from tyoparkki.ids import new_id

if TYPE_CHECKING:
    from team.access import Member


class NotMerged(Refused):
    """Something in the two files stands in the way; the sentences say what to do first."""


class NotBothYours(Refused):
    """Both files must be kept by the member's own organisation, for the team of the point."""

    message = gettext_lazy("Only two files that your own team keeps can be merged.")


class OnlyOneAtATime(Refused):
    """Both files have something open of which a person has one, and the member may not see what."""

    message = gettext_lazy(
        "Both files have something open that a person can have only one of, such as a plan. "
        "Ask a colleague who guides to close one of them first."
    )


class TwoJointAssessments(Refused):
    """A person has one joint assessment at a time."""

    message = gettext_lazy("Both files have a joint assessment that goes on. Conclude one of them first.")


class TwoResponsible(Refused):
    """Two colleagues answer for what turns out to be one person."""

    message = gettext_lazy("Both files have a responsible person. One of them must let go first.")


class NearAnswers(Refused):
    """Whoever is barred from one of the files would answer for both."""

    message = gettext_lazy(
        "A colleague who has marked one of the files as own or near answers for the other, or is offered it. "
        "Somebody else must answer first."
    )


class TwoOffers(Refused):
    """Two offers wait for an answer."""

    message = gettext_lazy("Both files have been offered to a colleague. Withdraw one of the offers first.")


class TwoPlans(Refused):
    """Two plans are open."""

    message = gettext_lazy("Both files have an open plan. Close one of the plans first.")


class TwoIdentityCodes(Refused):
    """Two people have two identity codes."""

    message = gettext_lazy(
        "The files have different identity codes, so they are not of one person. Check the codes first."
    )


class CannotBePutApart(Refused):
    """Something was done after the merge that an undo would lose or contradict."""

    SENTENCES = {
        "over": gettext_lazy("The merge has already been undone."),
        "late": gettext_lazy("A merge can be undone for 30 days. That time is over."),
        "later_merge": gettext_lazy("Another file has been merged here since. Undo that merge first."),
        "clients_client": gettext_lazy(
            "The details have been corrected since the merge, so it can no longer be undone."
        ),
        "clients_consent": gettext_lazy("A consent has changed since the merge, so it can no longer be undone."),
        "clients_contactpoint": gettext_lazy(
            "The way to reach the person has changed since the merge, so it can no longer be undone."
        ),
    }
    OTHER = gettext_lazy("Something that was moved has changed since the merge, so it can no longer be undone.")

    def __init__(self, why: str) -> None:
        super().__init__(self.SENTENCES.get(why, self.OTHER))


@transaction.atomic
def merge(kept: Client, leaving: Client, *, by: Member, at: datetime) -> MergeRecord:
    """All that hangs on one file moves to the other, and the emptied file goes; what is needed to undo is kept."""
    if not (kept.is_kept_by(by) and leaving.is_kept_by(by)) or kept.pk == leaving.pk:
        raise NotBothYours
    terms = merging.terms(kept, leaving)
    if terms.refusals:
        raise NotMerged(" ".join(terms.refusals))
    key = new_id()
    _carried_out("SELECT clients_merge(%s, %s, %s, %s, %s)", [key, kept.pk, leaving.pk, Jsonb(terms.aside), at])
    record = MergeRecord.objects.defer("rows").get(pk=key)
    audit.record("client.merged", record, by=by.actor, at=at, fields=sorted(merging.tables()))
    outbox.later("reports.client_changed", {"client": str(kept.pk)})
    return record


@transaction.atomic
def undo_merge(record: MergeRecord, *, by: Member, at: datetime) -> MergeRecord:
    """The two files are as they were; refused when something was built on the merge, or after 30 days."""
    if record.merged_at <= at - timedelta(days=UNDO_DAYS):
        raise CannotBePutApart("late")
    with transaction.atomic():
        why = _carried_out("SELECT clients_unmerge(%s, %s)", [record.pk, at])
        if why:
            raise CannotBePutApart(why)
    record.undone_at = at
    audit.record("client.merge_undone", record, by=by.actor, at=at)
    for client in (record.kept_id, record.gone_id):
        outbox.later("reports.client_changed", {"client": str(client)})
    return record


def _carried_out(statement: str, values: list[Any]) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
    except IntegrityError:
        raise OnlyOneAtATime from None
    return str(row[0] or "") if row else ""


# --- how the rows of this app move -----------------------------------------------------------------------------------


def consents(kept: Client, leaving: Client) -> Part:
    """Of two open consents to the same, the later one is the person's word; the earlier is set aside."""
    open_ones = Consent.objects.not_withdrawn().filter(client__in=[kept.pk, leaving.pk]).order_by("-given_at", "-pk")
    seen, aside = set(), []
    for one in open_ones:
        matter = (one.purpose, one.recipient_organisation_id, one.recipient_point_id)
        if matter in seen:
            aside.append(one.pk)
        seen.add(matter)
    told = _("Where both files have a consent to the same, the later one holds.") if aside else ""
    return Part(tuple(aside), (told,) if told else ())


def contacts(kept: Client, leaving: Client) -> Part:
    """The way to reach the person is that of the file that stays, where it has one."""
    open_ones = {
        way.client_id: way for way in ContactPoint.objects.filter(client__in=[kept, leaving], ended_at__isnull=True)
    }
    if len(open_ones) < 2:
        return Part()
    mine, theirs = open_ones[kept.pk], open_ones[leaving.pk]
    differs = mine.value_key != theirs.value_key
    return Part((theirs.pk,), (_("The number or address of the file that stays is kept."),) if differs else ())


def responsibilities(kept: Client, leaving: Client) -> Part:
    """One person answers: the same one in both files is well; two must agree first."""
    held = {row.client_id: row for row in Responsibility.objects.running().filter(client__in=[kept, leaving])}
    if len(held) < 2:
        return Part()
    if held[kept.pk].membership_id != held[leaving.pk].membership_id:
        raise TwoResponsible
    return Part((held[leaving.pk].pk,))


def offers(kept: Client, leaving: Client) -> Part:
    """One offer at a time."""
    if ResponsibilityOffer.objects.waiting().filter(client__in=[kept, leaving]).count() > 1:
        raise TwoOffers
    return Part()


def recusals(kept: Client, leaving: Client) -> Part:
    """The marks move; nobody who has made one may thereby come to answer for the person."""
    for client, other in ((kept, leaving), (leaving, kept)):
        concerned = set(Responsibility.objects.running().of_client(client.pk).values_list("membership_id", flat=True))
        for ends in (
            ResponsibilityOffer.objects.waiting()
            .of_client(client.pk)
            .values_list("from_membership_id", "to_membership_id")
        ):
            concerned.update(ends)
        if any(Recusal.objects.bars(other.pk, one) for one in sorted(concerned)):
            raise NearAnswers
    return Part()


def plans(kept: Client, leaving: Client) -> Part:
    """One open plan."""
    if Plan.objects.filter(client__in=[kept, leaving], closed_at__isnull=True).count() > 1:
        raise TwoPlans
    return Part()


def joint_assessments(kept: Client, leaving: Client) -> Part:
    """One that goes on."""
    if JointAssessment.objects.going_on().filter(client__in=[kept, leaving]).count() > 1:
        raise TwoJointAssessments
    return Part()


def reminders(kept: Client, leaving: Client) -> Part:
    """What the clock raised about the file that goes is set aside; it speaks of the one that stays."""
    taken_over = Q(client=leaving, kind=Reminder.Kind.SITE_PROMISE, promise__counted_from="taken")
    rows = Reminder.objects.filter(Q(subject_id=leaving.pk) | taken_over)
    return Part(tuple(rows.values_list("pk", flat=True)))


def companions(kept: Client, leaving: Client) -> Part:
    """Who walks beside both walks beside the one, since the file that stays says so."""
    running = Companion.objects.running()
    beside = running.filter(client=kept).values("membership_id")
    return Part(tuple(running.filter(client=leaving, membership_id__in=beside).values_list("pk", flat=True)))


def identity_codes(kept: Client, leaving: Client) -> Part:
    """One code: the same in both files is well, and two are of two people. What was taken away stays away."""
    rows = list(IdentityCode.objects.filter(client__in=[kept, leaving]))
    held = {row.client_id: row for row in rows if row.ended_at is None}
    aside = [row.pk for row in rows if row.ended_at is not None]
    if len(held) == 2:
        if not identity_code.is_same(held[kept.pk], held[leaving.pk]):
            raise TwoIdentityCodes
        aside.append(held[leaving.pk].pk)
    return Part(tuple(aside))


def not_same(kept: Client, leaving: Client) -> Part:
    """What was said of the two against each other waits for the undo; of others it holds for the one that stays."""
    between = list(NotSame.objects.between(kept.pk, leaving.pk))
    others = NotSame.objects.standing().filter(client=kept).values("other_id")
    twice = NotSame.objects.standing().filter(client=leaving, other_id__in=others)
    told = _("A colleague has marked the two files as two people.") if any(not m.ended_at for m in between) else ""
    return Part((*(mark.pk for mark in between), *twice.values_list("pk", flat=True)), (told,) if told else ())


# Of these a person may have any number; they move as they are.
ALL_MOVE = (
    "clients_assessmentask",
    "clients_background",
    "clients_contactnote",
    "clients_followup",
    "clients_handoversession",
    "clients_link",
    "clients_mergerecord",
    "clients_outcome",
    "clients_referral",
    "clients_selfassessment",
)
