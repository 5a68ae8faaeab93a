"""A joint assessment is opened by whoever keeps the file, who asks others in; it ends with one agreed conclusion.

What each contributor writes is in joint_section.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions import reminder
from clients.actions.consent import NotRecorded
from clients.models import Client, JointAssessment, JointSection, Plan, PlanReview
from clients.models.joint import may_take_part
from tyoparkki import audit
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member
    from team.models import Membership


class OneAtATime(Refused):
    """A colleague was quicker."""

    message = _("A joint assessment is already going on. It opens here.")


class Concluded(Refused):
    """What is concluded is frozen."""

    message = _("The joint assessment has been concluded, so it does not change any more. Open a new one if needed.")


class HasBegun(Refused):
    """Only what nothing has been written in is taken back."""

    message = _("Something has already been written, so this can no longer be taken back.")


class NotCovered(Refused):
    """The key to the person is the person's own."""

    message = _("The person has not agreed that this organisation is told of assessments. Ask the person first.")
    status = 422


class AlreadyTakesPart(Refused):
    """Everybody has one part."""

    message = _("This colleague already takes part.")


class NothingToAgreeOn(Refused):
    """A conclusion is words."""

    message = _("Write the conclusion first.")
    status = 422


class ConclusionChanged(Refused):
    """One agrees to words that one has read."""

    message = _("The conclusion was worded anew while you were reading. Read it once more.")


class NoStrengths(Refused):
    """From problems to resources: strengths are asked for, and may be left out on purpose."""

    message = _("No strength has been written yet. Write at least one, or tick that you go on without.")
    status = 422


class NotEverybodyHasSaid(Refused):
    """Nobody's view is passed over in silence."""

    message = _("Not everybody has said yet what they think of the conclusion. Wait, or tick that you go on without.")
    status = 422


@dataclass(frozen=True, slots=True)
class Start:
    """What is common: strengths first, then the person's own view, and when one meets."""

    strengths: str
    client_view: str
    meets_on: date | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """What whoever concludes has ticked to go on without."""

    strengths: bool = False
    others: bool = False


Unchanged = Callable[[JointAssessment], None]


@transaction.atomic
def open_joint(client: Client, *, profession: str, by: Member, at: datetime) -> JointAssessment:
    """A joint assessment begins, with a part of whoever opens it."""
    person = Client.objects.select_for_update(of=("self",)).filter(pk=client.pk).first()
    if person is None:
        raise NotRecorded
    if JointAssessment.objects.going_on().of_client(person.pk).exists():
        raise OneAtATime
    row = JointAssessment.objects.create(client=person, point_id=by.point_id, opened_at=at, opened_by=by.membership)
    _ask(row, by.membership, profession=profession, by=by, at=at)
    audit.record("joint_assessment.opened", row, by=by.actor, at=at)
    return row


@transaction.atomic
def undo_opening(joint: JointAssessment, *, by: Member, at: datetime) -> None:
    """It was opened by mistake: it goes, as long as nobody has written anything."""
    row = _going_on(joint)
    if row.opened_by_id != by.membership_id or not row.is_untouched or row.sections.exclude(words="").exists():
        raise HasBegun
    audit.record("joint_assessment.opening_undone", row, by=by.actor, at=at)
    row.delete()


@transaction.atomic
def write_start(
    joint: JointAssessment, start: Start, *, by: Member, at: datetime, unchanged: Unchanged | None = None
) -> JointAssessment:
    """Strengths, the person's own view in their own words, and when one meets."""
    row = _going_on(joint)
    if unchanged is not None:
        unchanged(row)
    row.strengths, row.client_view, row.meets_on = start.strengths, start.client_view, start.meets_on
    fields = ["strengths", "client_view", "meets_on"]
    row.save(update_fields=fields)
    audit.record("joint_assessment.start_written", row, by=by.actor, at=at, fields=fields)
    return row


@transaction.atomic
def ask_in(joint: JointAssessment, who: Membership, *, profession: str, by: Member, at: datetime) -> JointSection:
    """A colleague is asked to write a part: one whom the person's consent lets know of assessments."""
    row = _going_on(joint)
    if not may_take_part(by, row.client).filter(pk=who.pk).exists():
        raise NotCovered
    if row.sections.filter(contributor=who).exists():
        raise AlreadyTakesPart
    return _ask(row, who, profession=profession, by=by, at=at)


@transaction.atomic
def take_out(joint: JointAssessment, section_id: UUID, *, by: Member, at: datetime) -> None:
    """A colleague is not needed after all, and has written nothing."""
    row = _going_on(joint)
    part = row.sections.filter(pk=section_id).first()
    if part is None:  # the same press twice
        return
    if part.words or part.stance:
        raise HasBegun
    audit.record("joint_section.taken_out", part, by=by.actor, at=at)
    part.delete()


@transaction.atomic
def word_conclusion(
    joint: JointAssessment, words: str, *, by: Member, at: datetime, unchanged: Unchanged | None = None
) -> JointAssessment:
    """The conclusion as it would be agreed on; whoever agreed to earlier words is asked again."""
    row = _going_on(joint)
    if unchanged is not None:
        unchanged(row)
    if not words:
        raise NothingToAgreeOn
    if words == row.conclusion:
        return row
    row.conclusion, row.conclusion_at, row.conclusion_by = words, at, by.membership
    row.conclusion_version += 1
    row.save(update_fields=["conclusion", "conclusion_at", "conclusion_by", "conclusion_version"])
    audit.record("joint_assessment.conclusion_worded", row, by=by.actor, at=at, fields=["conclusion"])
    return row


@transaction.atomic
def conclude(
    joint: JointAssessment, *, version: int, without: Without | None = None, by: Member, at: datetime
) -> JointAssessment:
    """The conclusion stands, with who agrees and who sees it differently; from here on nothing changes.

    Where a plan is open, the need for support has thereby been looked at together.
    """
    row, chosen = _going_on(joint), without or Without()
    if not row.conclusion:
        raise NothingToAgreeOn
    if version != row.conclusion_version:
        raise ConclusionChanged
    if not (row.strengths or chosen.strengths):
        raise NoStrengths
    if not (chosen.others or all(part.stands_on(row) for part in row.sections.all())):
        raise NotEverybodyHasSaid
    row.concluded_at, row.concluded_by = at, by.membership
    row.save(update_fields=["concluded_at", "concluded_by"])
    audit.record("joint_assessment.concluded", row, by=by.actor, at=at, fields=["concluded_at"])
    plan = Plan.objects.visible_to(by).open_of(row.client_id).first()
    if plan is not None:
        reminder.note_review(plan, kind=PlanReview.Kind.NEED, by=by, at=at)
    return row


def _ask(joint: JointAssessment, who: Membership, *, profession: str, by: Member, at: datetime) -> JointSection:
    row = JointSection.objects.create(
        assessment=joint, contributor=who, profession=profession, invited_at=at, invited_by=by.membership
    )
    audit.record("joint_section.asked_for", row, by=by.actor, at=at, fields=["contributor"])
    return row


def _going_on(joint: JointAssessment) -> JointAssessment:
    """The assessment as it is now, to be changed by one at a time."""
    rows = JointAssessment.objects.select_for_update(of=("self",)).select_related("client")
    row = rows.filter(pk=joint.pk).first()
    if row is None or not row.is_going_on:
        raise Concluded
    return row
