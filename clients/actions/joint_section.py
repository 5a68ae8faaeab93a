"""What a contributor of a joint assessment writes: the own part, and what one thinks of the conclusion."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.joint import Concluded, ConclusionChanged, NothingToAgreeOn
from clients.models import JointAssessment, JointSection
from tyoparkki import audit
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

Stance = JointSection.Stance


class NotYours(Refused):
    """Everybody writes the own part alone."""

    message = _("Only the colleague whose part this is writes in it.")


class NothingWritten(Refused):
    """A part is words."""

    message = _("Write what you see in your own work.")
    status = 422


class SayHow(Refused):
    """A view of one's own is words."""

    message = _("Write how you see it.")
    status = 422


@transaction.atomic
def write_section(section: JointSection, words: str, *, by: Member, at: datetime) -> JointSection:
    """The contributor's own part, until the conclusion."""
    row = _own(section, by)
    if not words:
        raise NothingWritten
    row.words, row.written_at = words, at
    row.save(update_fields=["words", "written_at"])
    audit.record("joint_section.written", row, by=by.actor, at=at, fields=["words"])
    return row


@transaction.atomic
def take_stance(
    section: JointSection, stance: str, *, words: str = "", version: int, by: Member, at: datetime
) -> JointSection:
    """The contributor agrees to the conclusion as it is worded, or keeps a view of their own beside it."""
    row = _own(section, by)
    joint = JointAssessment.objects.get(pk=row.assessment_id)
    if not joint.conclusion:
        raise NothingToAgreeOn
    if joint.conclusion_version != version:
        raise ConclusionChanged
    if stance == Stance.DIFFERS and not words:
        raise SayHow
    row.stance, row.stance_at, row.stance_version = stance, at, version
    row.stance_words = words if stance == Stance.DIFFERS else ""
    row.save(update_fields=["stance", "stance_words", "stance_at", "stance_version"])
    audit.record("joint_section.stance_taken", row, by=by.actor, at=at, fields=["stance", "stance_words"])
    return row


def _own(section: JointSection, by: Member) -> JointSection:
    """The own part, while the assessment goes on: it is not concluded between this and what is written now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients_joint_goes_on(%s, %s)", [section.assessment_id, by.membership_id])
        (goes_on,) = cursor.fetchone()
    if goes_on is None:
        raise NotYours
    if not goes_on:
        raise Concluded
    rows = JointSection.objects.of_member(by).select_for_update(of=("self",))
    row = rows.filter(pk=section.pk).first()
    if row is None:
        raise NotYours
    return row
