"""With the visitor: start, invite a colleague of any organisation, come along, hand over, finish."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Membership, Profession, Shift, Term
from tyoparkki import audit, live
from tyoparkki.errors import Refused
from tyoparkki.prepared import Prepared
from visits.actions import moves
from visits.actions.calling import Busy, end_encounter, remembered, to_queue
from visits.models import Encounter, Guidance, Invitation, Participation, Visit, VisitEvent, VisitTopic


class NotYours(Refused):
    """Only those who are with the visitor may do this."""

    message = _("Only those who are with the visitor now can do this.")


def takes_part(encounter: Encounter, by: Member) -> None:
    """Writing is for those who took part; after the visit too, to mend one's own record."""
    if not Participation.objects.held().filter(encounter=encounter, membership=by.membership).exists():
        raise NotYours


class AlreadyHere(Refused):
    """The colleague is already with the visitor or has been asked."""

    message = _("This colleague is already in the visit or has been asked to come.")


class AskTheVisitor(Refused):
    """A colleague of another organisation comes when the visitor has said yes."""

    message = _("Ask the visitor first: a colleague from another organisation comes only if the visitor agrees.")


@transaction.atomic
def start(visit: Visit, *, by: Member, at: datetime) -> Encounter:
    """The visitor sat down: the caller's encounter begins."""
    visit = moves.locked(visit, to=Visit.State.IN_SERVICE)
    if visit.called_for_id != by.membership_id:
        raise NotYours
    before = moves.snapshot(visit, ["asks_for_profession_id"])
    encounter = _new_encounter(visit, at=at)
    before["started"] = str(encounter.pk)
    _take_part(encounter, by.membership, at=at)
    Guidance.objects.create(encounter=encounter, saved_at=at)
    # What was asked at the door is spoken of, until the advisor says otherwise.
    VisitTopic.objects.get_or_create(visit=visit, topic_id=visit.topic_id, source=VisitTopic.Source.DISCUSSED)
    # Asked-for colleague or profession is met; the wish is fulfilled.
    visit.state = Visit.State.IN_SERVICE
    visit.asks_for = None
    visit.asks_for_profession = None
    visit.save(update_fields=["state", "asks_for", "asks_for_profession"])
    kept = Invitation.objects.filter(visit=visit, invited=by.membership).pending().first()
    if kept is not None:
        before["kept"] = remembered(kept)
        _answer(kept, Invitation.State.ACCEPTED, at=at)
    moves.happened(visit, VisitEvent.Kind.STARTED, by=by, at=at, before=before, who=by.membership, desk=visit.desk_id)
    return encounter


@transaction.atomic
def sat_after_all(visit: Visit, *, by: Member, at: datetime) -> Encounter:
    """The one who called tells after the night that the visitor did come: a record can be written.

    The sitting is kept from the call to the end that the night gave; the visit stays outside the wait figures.
    """
    visit = called_in_vain(visit, by=by)
    over = visit.ended_at or at
    encounter = _new_encounter(visit, at=visit.called_at or over)
    encounter.ended_at = over
    encounter.save(update_fields=["ended_at"])
    _take_part(encounter, by.membership, at=encounter.started_at, ended_at=over)
    Guidance.objects.create(encounter=encounter, saved_at=at)
    VisitTopic.objects.get_or_create(visit=visit, topic_id=visit.topic_id, source=VisitTopic.Source.DISCUSSED)
    before = moves.snapshot(visit)
    for kind in (VisitEvent.Kind.STARTED, VisitEvent.Kind.ENDED):
        moves.happened(
            visit, kind, by=by, at=over, recorded_at=at, before=before, who=by.membership, desk=visit.desk_id
        )
    return encounter


def called_in_vain(visit: Visit, *, by: Member) -> Visit:
    """The visit, locked, if the member called it, nobody sat down, and the night ended it."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("point", "day").get(pk=visit.pk)
    if visit.called_for_id != by.membership_id:
        raise NotYours
    sat = Encounter.objects.filter(visit=visit, undone_at__isnull=True).exists()
    if sat or visit.state != Visit.State.ENDED:
        raise moves.TooLate(moves.what_happened(visit))
    return visit


def _new_encounter(visit: Visit, *, at: datetime) -> Encounter:
    last = Encounter.objects.filter(visit=visit).aggregate(last=Max("sequence"))["last"] or 0
    return Encounter.objects.create(visit=visit, sequence=last + 1, desk_id=visit.desk_id, started_at=at)


def _take_part(
    encounter: Encounter, membership: Membership, *, at: datetime, ended_at: datetime | None = None
) -> Participation:
    shift = Shift.objects.filter(
        day_id=encounter.visit.day_id, membership=membership, cancelled_at__isnull=True
    ).first()
    try:
        with transaction.atomic():
            return Participation.objects.create(
                encounter=encounter,
                membership=membership,
                organisation_id=membership.organisation_id,
                profession_id=shift.profession_id if shift else None,
                joined_at=at,
                ended_at=ended_at,
            )
    except IntegrityError as error:
        raise Busy from error


def running(visit: Visit) -> Encounter | None:
    """The encounter that goes on now."""
    return Encounter.objects.filter(visit=visit, ended_at__isnull=True).first()


def _mine(visit: Visit, by: Member) -> Encounter:
    """The running encounter, if the member is in it."""
    sitting = next(iter(_SITTING.rows(visit=visit.pk, membership=by.membership_id)), None)
    if sitting is None:
        raise NotYours
    return sitting


_SITTING = Prepared(
    lambda visit, membership: Encounter.objects.filter(
        visit_id=visit,
        ended_at__isnull=True,
        participations__membership_id=membership,
        participations__ended_at__isnull=True,
    ),
    visit=UUID,
    membership=UUID,
)


@transaction.atomic
def invite(
    visit: Visit,
    colleague: Membership,
    *,
    mode: str,
    by: Member,
    at: datetime,
    client_agreed: bool | None = None,
) -> Invitation:
    """A colleague is asked into the visit, together with me or after me.

    A colleague of another organisation needs the visitor's yes (`client_agreed`), which is recorded with the
    invitation. The colleague may always advise in general; the record opens by taking part.
    """
    visit = moves.locked(visit)
    encounter = _mine(visit, by)
    if colleague.point_id != visit.point_id:
        raise NotYours
    if colleague.organisation_id != by.organisation_id and not client_agreed:
        raise AskTheVisitor
    present = Participation.objects.filter(encounter=encounter, membership=colleague, ended_at__isnull=True)
    asked = Invitation.objects.filter(visit=visit, invited=colleague).pending()
    if present.exists() or asked.exists():
        raise AlreadyHere
    invitation = Invitation.objects.create(
        visit=visit,
        encounter=encounter,
        invited=colleague,
        by=by.membership,
        mode=mode,
        client_agreed=client_agreed,
        asked_at=at,
    )
    before = {"invitation": str(invitation.pk)}
    moves.happened(visit, VisitEvent.Kind.INVITED, by=by, at=at, before=before, who=colleague)
    return invitation


@transaction.atomic
def come_along(invitation: Invitation, *, by: Member, at: datetime) -> Visit:
    """The invited colleague joins the running encounter."""
    visit = moves.locked(invitation.visit)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.invited_id != by.membership_id:
        raise NotYours
    encounter = running(visit)
    if invitation.state not in Invitation.PENDING or encounter is None:
        raise moves.TooLate(_("The visit %(ticket)s went on without you.") % {"ticket": visit.ticket})
    part = _take_part(encounter, by.membership, at=at)
    _answer(invitation, Invitation.State.ACCEPTED, at=at)
    before = {"joined": part.pk, "invitation": str(invitation.pk)}
    moves.happened(visit, VisitEvent.Kind.JOINED, by=by, at=at, before=before, who=by.membership)
    return visit


@transaction.atomic
def promise(invitation: Invitation, *, by: Member, at: datetime) -> Visit:
    """The colleague who was asked for afterwards says yes: the visitor comes when the present encounter ends."""
    visit = moves.locked(invitation.visit)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.invited_id != by.membership_id or invitation.mode != Invitation.Mode.AFTER:
        raise NotYours
    if invitation.state != Invitation.State.OPEN:
        raise moves.TooLate(_("The visit %(ticket)s went on without you.") % {"ticket": visit.ticket})
    _answer(invitation, Invitation.State.PROMISED, at=at)
    audit.record("visit.invitation_promised", invitation, by=by.actor, at=at)
    live.announce(live.point_topic(visit.point_id), live.visit_topic(visit.pk))
    return visit


@transaction.atomic
def decline(invitation: Invitation, *, by: Member, at: datetime) -> Invitation:
    """The invited colleague cannot come, or the one who asked takes the invitation back.

    A visitor who already waited for that colleague by name may then be called by anybody.
    """
    visit = moves.locked(invitation.visit)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("visit").get(pk=invitation.pk)
    if by.membership_id not in (invitation.invited_id, invitation.by_id):
        raise NotYours
    if invitation.state not in Invitation.PENDING:
        raise moves.TooLate(moves.what_happened(visit))
    if invitation.by_id == by.membership_id:
        withdraw(invitation, by=by, at=at)
    else:
        _end_invitation(invitation, Invitation.State.DECLINED, by=by, at=at)
    if visit.state == Visit.State.WAITING and visit.asks_for_id == invitation.invited_id:
        before = moves.snapshot(visit)
        visit.asks_for = None
        visit.save(update_fields=["asks_for"])
        moves.happened(visit, VisitEvent.Kind.DETAILED, by=by, at=at, before=before, fields=["asks_for"])
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Member, at: datetime) -> None:
    """The colleague is not awaited any more."""
    _end_invitation(invitation, Invitation.State.WITHDRAWN, by=by, at=at)


def _end_invitation(invitation: Invitation, state: str, *, by: Member, at: datetime) -> None:
    _answer(invitation, state, at=at)
    audit.record("visit.invitation_ended", invitation, by=by.actor, at=at)
    live.announce(live.point_topic(invitation.visit.point_id), live.visit_topic(invitation.visit_id))


def _answer(invitation: Invitation, state: str, *, at: datetime) -> None:
    invitation.state = state
    invitation.answered_at = at
    invitation.save(update_fields=["state", "answered_at"])


@transaction.atomic
def step_out(visit: Visit, *, by: Member, at: datetime) -> Visit:
    """One of several leaves the visit; the last one finishes, pauses or hands over instead."""
    visit = moves.locked(visit)
    encounter = _mine(visit, by)
    open_parts = Participation.objects.filter(encounter=encounter, ended_at__isnull=True)
    if not open_parts.exclude(membership=by.membership).exists():
        raise Refused(_("You are the last one with the visitor: finish, pause or hand over the visit."))
    open_parts.filter(membership=by.membership).update(ended_at=at)
    moves.happened(
        visit,
        VisitEvent.Kind.STEPPED_OUT,
        by=by,
        at=at,
        before={"encounter": str(encounter.pk), "left": str(by.membership_id)},
        who=by.membership,
    )
    return visit


@transaction.atomic
def hand_over(
    visit: Visit,
    *,
    by: Member,
    at: datetime,
    to: Membership | None = None,
    profession: Profession | None = None,
    client_agreed: bool | None = None,
) -> Visit:
    """The visitor goes on to a colleague or a profession and keeps the place; this encounter ends.

    To a colleague of another organisation when the visitor has said yes (`client_agreed`), which the event records.
    """
    if (to is None) == (profession is None):
        raise Refused(_("Choose to whom the visitor goes on: a colleague or a profession."))
    visit = moves.locked(visit, to=Visit.State.WAITING)
    encounter = _mine(visit, by)
    if to is not None and to.point_id != visit.point_id:
        raise NotYours
    if to is not None and to.organisation_id != by.organisation_id and not client_agreed:
        raise AskTheVisitor
    ended = end_encounter(visit, at=at, encounter=encounter)
    before = moves.snapshot(visit, ["asks_for_profession_id"]) | ended
    visit.asks_for = to
    visit.asks_for_profession = profession
    return to_queue(
        visit, VisitEvent.Kind.HANDED_OVER, by=by, at=at, before=before, who=to, client_agreed=client_agreed
    )


def next_colleague(visit: Visit) -> Invitation | None:
    """The invitation of the colleague who takes the visitor when the present encounter ends."""
    return next(iter(_FOLLOWING.rows(visit=visit.pk)), None)


_FOLLOWING = Prepared(
    lambda visit: Invitation.objects.filter(visit_id=visit).afterwards().select_related("invited__user")[:1], visit=UUID
)


@transaction.atomic
def finish(visit: Visit, *, result: Term | None, by: Member, at: datetime) -> Visit:
    """My part is over. The visitor goes on to the colleague asked for afterwards; without one the visit ends.

    Only the end asks for a result, and marks as not asked what nobody asked.
    """
    visit = moves.locked(visit, to=Visit.State.DONE)
    encounter = _mine(visit, by)
    following = next_colleague(visit)
    if following is not None:
        return _go_on_with(following, visit, encounter, by=by, at=at)
    if result is None or result.point_id != visit.point_id or result.kind != Term.Kind.RESULT:
        raise Refused(_("Choose how the visit ended."))
    ended = end_encounter(visit, at=at, encounter=encounter)
    before = moves.snapshot(visit, moves.DESCRIBED) | ended
    moves.mark_not_asked(visit)
    visit.state = Visit.State.DONE
    visit.result = result
    visit.ended_at = at
    visit.save(update_fields=["state", "result", "ended_at", "situation", "age_band"])
    Guidance.objects.filter(encounter=encounter).update(closed_at=at)
    moves.happened(visit, VisitEvent.Kind.FINISHED, by=by, at=at, before=before, fields=["result"])
    return visit


def _go_on_with(following: Invitation, visit: Visit, encounter: Encounter, *, by: Member, at: datetime) -> Visit:
    """Back to the queue in the old place, waiting for the colleague by name; the invitation is kept when they start."""
    ended = end_encounter(visit, at=at, encounter=encounter, goes_on=True)
    before = moves.snapshot(visit, ["asks_for_profession_id"]) | ended
    Guidance.objects.filter(encounter=encounter).update(closed_at=at)
    visit.asks_for = following.invited
    visit.asks_for_profession = None
    return to_queue(visit, VisitEvent.Kind.HANDED_OVER, by=by, at=at, before=before, who=following.invited)
