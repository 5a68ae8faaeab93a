"""Background is recorded while the person agrees to it, taken away and given back; without a consent it is erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import connections, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients import background_codes
from clients.actions import background_count
from clients.actions.consent import NotRecorded
from clients.models import Background, Client, Consent, Reminder
from clients.models.consent import Purpose
from tyoparkki import actor, audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

Kind = Background.Kind
Status = Background.Status


class NotAgreed(Refused):
    """The person took the consent back in this very moment."""

    message = _("The person has not agreed that background is recorded. Ask first.")


class NothingNew(Refused):
    """All of it stands there already."""

    message = _("All of this has been recorded already.")


class NotOnTheList(Refused):
    """A code that nobody offered, or a reason that there is not."""

    message = _("Choose from what is offered.")
    status = 422


class AlreadyTakenAway(Refused):
    """A colleague was quicker."""

    message = _("This has already been taken away.")


class TooLateToUndo(Refused):
    """An undo is for the same day and the same hand."""

    message = _("This can no longer be undone. Record it again if the person wishes.")


class CannotMove(Refused):
    """A colleague was quicker, or it is told in the person's own words."""

    message = _("A colleague has changed this meanwhile. The page shows how it stands now.")


@dataclass(frozen=True, slots=True)
class Told:
    """What a person tells, and what it is recorded for."""

    what_for: str
    words: str = ""
    needs: Sequence[str] = ()
    obstacles: Sequence[str] = ()

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """Each thing by kind, code and words."""
        words = [(str(Kind.GROUP), "", self.words)] if self.words else []
        needs = [(str(Kind.NEED), code, "") for code in self.needs]
        return [*words, *needs, *((str(Kind.OBSTACLE), code, "") for code in self.obstacles)]


@transaction.atomic
def record_background(client: Client, told: Told, *, by: Member, at: datetime) -> list[Background]:
    """The person tells; what stands there already stays as it is."""
    person = _locked(client)
    lists = background_codes.lists()
    if told.what_for not in lists[background_codes.WHAT_FOR] or any(
        code and code not in lists[kind] for kind, code, _words in told.facts
    ):
        raise NotOnTheList
    if not _agrees(person, by, at):
        raise NotAgreed
    standing = Background.objects.standing().filter(client=person, point_id=by.point_id)
    known = set(standing.values_list("kind", "code", "words"))
    made = [
        Background(
            client=person,
            point_id=by.point_id,
            kind=kind,
            code=code,
            words=words,
            what_for=told.what_for,
            recorded_at=at,
            recorded_by=by.membership,
        )
        for kind, code, words in told.facts
        if (kind, code, words) not in known
    ]
    if not made:
        raise NothingNew
    for row in Background.objects.bulk_create(made):
        audit.record("background.recorded", row, by=by.actor, at=at, fields=["kind", "code", "words", "what_for"])
    background_count.moved([], background_count.cells(made))
    return made


@transaction.atomic
def set_status(background: Background, status: str, *, by: Member, at: datetime) -> Background:
    """A need or an obstacle stands open, has eased or is gone: who said so and when stays in the trace."""
    row = _standing(background)
    if row.status == status:  # two colleagues press the same
        return row
    if Status(status) not in row.moves:
        raise CannotMove
    before, was = background_count.cells([row]), row.status
    row.status, row.status_at, row.status_by = status, at, by.membership
    row.save(update_fields=["status", "status_at", "status_by"])
    background_count.moved(before, background_count.cells([row]))
    if was == Status.OPEN:
        _settle([row], Reminder.How.CLOSED, by=by, at=at)
    fields = ["status", "status_at", "status_by"]
    audit.record("background.moved", row, by=by.actor, at=at, fields=fields, reason=status)
    return row


@transaction.atomic
def end_background(background: Background, *, by: Member, at: datetime) -> Background:
    """It no longer is so, or the person does not want it kept; the night erases it."""
    row = _standing(background)
    _end([row], by=by, at=at)
    return row


@transaction.atomic
def restore_background(background: Background, *, by: Member, at: datetime) -> Background:
    """Undo of taking away: by the same hand on the same day."""
    person = _locked(Client(pk=background.client_id))
    row = Background.objects.filter(pk=background.pk).first()
    if row is None or not _agrees(person, by, at):
        raise NotAgreed
    if row.ended_at is None:  # the same press twice
        return row
    if row.ended_by_id != by.membership_id or clock.local_date(row.ended_at) != clock.local_date(at):
        raise TooLateToUndo
    row.ended_at, row.ended_by = None, None
    row.save(update_fields=["ended_at", "ended_by"])
    audit.record("background.restored", row, by=by.actor, at=at, fields=["ended_at"])
    return row


@transaction.atomic
def take_back(background: Background, *, by: Member, at: datetime) -> list[Background]:
    """Undo of recording: all that one press recorded, by the same hand on the same day."""
    row = _standing(background)
    if row.recorded_by_id != by.membership_id or clock.local_date(row.recorded_at) != clock.local_date(at):
        raise TooLateToUndo
    together = list(Background.objects.standing().recorded_with(row).select_for_update(of=("self",)).in_order())
    _end(together, by=by, at=at)
    background_count.moved(background_count.cells(together), [])
    return together


def erase_without_consent(*, at: datetime, using: str = "system") -> int:
    """The night's end of background to which nobody agrees any more since an earlier day; returns how many.

    What a merge keeps of it for its undo goes too, and what the clock said of a need that is no more.
    """
    today = clock.local_date(at)
    midnight = datetime.combine(today, time(), tzinfo=clock.HELSINKI)
    over = Q(expires_on__lt=today) | Q(withdrawn_at__lt=midnight)
    agreed = Consent.objects.filter(client=OuterRef("client"), recipient_point=OuterRef("point"))
    with transaction.atomic(using=using):
        actor.bind(actor.SYSTEM, using=using)
        holds = (Exists(agreed.filter(~over, purpose=purpose)) for purpose in (Purpose.BACKGROUND, Purpose.RECORD))
        count, _each = Background.objects.using(using).exclude(*holds).delete()
        told = Reminder.objects.using(using).of_kind(Reminder.Kind.NEED_WAITS)
        orphans, _each = told.exclude(subject_id__in=Background.objects.using(using).values("pk")).delete()
        if orphans:
            audit.ended(Reminder, orphans, at=at, using=using)
        if count:
            audit.ended(Background, count, at=at, using=using)
        with connections[using].cursor() as cursor:
            cursor.execute(_FORGOTTEN_BY_MERGES, {"today": today, "midnight": midnight})
    return count


_FORGOTTEN_BY_MERGES = """
    UPDATE clients_mergerecord SET rows = rows #- '{moved,clients_background}' #- '{aside,clients_background}'
    WHERE (rows -> 'moved' ? 'clients_background' OR rows -> 'aside' ? 'clients_background')
        AND NOT EXISTS (SELECT 1 FROM clients_consent agreed WHERE agreed.client_id = kept_id
            AND agreed.purpose = 'background' AND (agreed.expires_on IS NULL OR agreed.expires_on >= %(today)s)
            AND (agreed.withdrawn_at IS NULL OR agreed.withdrawn_at >= %(midnight)s))
"""


def _locked(client: Client) -> Client:
    person = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if person is None:
        raise NotRecorded
    return person


def _agrees(person: Client, by: Member, at: datetime) -> bool:
    agreed = person.consents.in_force(clock.local_date(at)).filter(purpose=Purpose.BACKGROUND)
    return agreed.filter(recipient_point_id=by.point_id).exists()


def _standing(background: Background) -> Background:
    _locked(Client(pk=background.client_id))
    row = Background.objects.standing().select_for_update(of=("self",)).filter(pk=background.pk).first()
    if row is None:
        raise AlreadyTakenAway
    return row


def _settle(rows: Sequence[Background], how: str, *, by: Member, at: datetime) -> None:
    """What the clock said of these needs has its answer; should one stand open again, the next night says so."""
    waits = Reminder.objects.visible_to(by).open().of_kind(Reminder.Kind.NEED_WAITS)
    waits.filter(subject_id__in=[row.pk for row in rows]).update(settled_at=at, settled_by=by.membership, how=how)


def _end(rows: Sequence[Background], *, by: Member, at: datetime) -> None:
    _settle(rows, Reminder.How.OVER, by=by, at=at)
    ended = {"ended_at": at, "ended_by": by.membership}
    Background.objects.filter(pk__in=[row.pk for row in rows]).update(**ended)
    for row in rows:
        row.ended_at, row.ended_by = at, by.membership
        audit.record("background.ended", row, by=by.actor, at=at, fields=["ended_at"])
