"""The guidance record: texts that save themselves, agreed steps, referrals, sharing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from clients import repeats
from clients.actions import referral as referrals
from clients.models import Referral
from services.models import Service
from team.access import Member
from team.models import Membership, Organisation
from tyoparkki import audit, clock, live
from tyoparkki.errors import Refused
from tyoparkki.prepared import Prepared
from visits.actions import drafts
from visits.actions.encounters import AskTheVisitor, NotYours, takes_part
from visits.models import (
    AgreedStep,
    Encounter,
    EncounterReferral,
    Guidance,
    GuidanceShare,
    Participation,
    VisitClient,
)

TEXTS = ("notes", "works", "wish", "next_step", "helpers")


class NobodyNamed(Refused):
    """A step that a partner does names the partner: nothing is left in nobody's hands."""

    message = _("Tell who does it: an organisation, a service or a person.")
    status = 422


class ThirdTime(Refused):
    """The same kind of service a third time within a year: asks with what came of the earlier ones, does not forbid."""

    message = _(
        "The same kind of service would be offered for the third time within a year. Look at the results first."
    )
    status = 409

    def __init__(self, service: Service, earlier: Sequence[Referral]) -> None:
        super().__init__()
        self.service = service
        self.earlier = earlier


class BothWrote(Refused):
    """Two people wrote the same field at the same time: both texts are shown, nothing is overwritten."""

    message = _("A colleague changed the same text at the same time. Choose or combine the texts below.")

    def __init__(self, guidance: Guidance, fields: list[str]) -> None:
        super().__init__()
        self.guidance = guidance
        self.fields = fields


def mark(text: object) -> str:
    """A short fingerprint of a text as the form showed it, so that the server can tell who changed what."""
    return hashlib.sha256(str(text if text is not None else "").encode()).hexdigest()[:16]


@transaction.atomic
def save(
    encounter: Encounter, texts: Mapping[str, object], shown: Mapping[str, str], *, by: Member, at: datetime
) -> Guidance:
    """Save the texts. `shown` holds the marks of the texts that the writer's form started from.

    A field that only one side changed is merged; one that both changed raises BothWrote and nothing is saved.
    """
    guidance = next(iter(_OWN.rows(encounter=encounter.pk, membership=by.membership_id)), None)
    if guidance is None:
        raise NotYours
    changed, torn = [], []
    for name, text in texts.items():
        now = getattr(guidance, name)
        base = shown.get(name, mark(now))
        if mark(text) == base or text == now:
            continue
        if mark(now) != base:
            torn.append(name)
            continue
        setattr(guidance, name, text)
        changed.append(name)
    if torn:
        raise BothWrote(guidance, torn)
    if not changed:
        return guidance
    # Each writer's first save is in the trace, and every change to a record that was closed; autosaves between are not.
    is_traced = guidance.saved_by_id != by.membership_id or guidance.closed_at is not None
    guidance.version += 1
    guidance.saved_at = at
    guidance.saved_by = by.membership
    guidance.save(update_fields=[*changed, "version", "saved_at", "saved_by"])
    if is_traced:
        audit.record("guidance.saved", guidance, by=by.actor, at=at, fields=changed)
    live.announce(live.visit_topic(encounter.visit_id))
    return guidance


def _own(encounter: UUID, membership: UUID) -> QuerySet[Guidance]:
    """The record of an encounter, locked, for those who took part in it."""
    part = Participation.objects.held().filter(encounter=OuterRef("pk"), membership_id=membership)
    return Guidance.objects.select_for_update(of=("self",)).filter(Exists(part), pk=encounter)


_OWN = Prepared(_own, encounter=UUID, membership=UUID)


@transaction.atomic
def agree_step(
    encounter: Encounter,
    *,
    what: str,
    by: Member,
    at: datetime,
    who: str = AgreedStep.Who.VISITOR,
    membership: Membership | None = None,
    partner: str = "",
    due_on: date | None = None,
    benefit: str = "",
    key: UUID | None = None,
) -> AgreedStep:
    """Something concrete is agreed: a verb, who, by when, what for. `key` names the sending, whose draft is over.

    An advisor who is not named is the one who writes. Raises NobodyNamed for a partner without a name.
    """
    takes_part(encounter, by)
    if who == AgreedStep.Who.ADVISOR and membership is None:
        membership = by.membership
    if who == AgreedStep.Who.PARTNER and membership is None and not partner:
        raise NobodyNamed
    drafts.sent(encounter, key=key, by=by)
    step = AgreedStep.objects.create(
        encounter=encounter,
        what=what,
        who=who,
        membership=membership,
        partner=partner if who == AgreedStep.Who.PARTNER and membership is None else "",
        due_on=due_on,
        benefit=benefit,
        agreed_at=at,
        agreed_by=by.membership,
    )
    audit.record("step.agreed", step, by=by.actor, at=at)
    live.announce(live.visit_topic(encounter.visit_id))
    return step


@transaction.atomic
def remove_step(step: AgreedStep, *, by: Member, at: datetime) -> AgreedStep:
    """The step was not agreed after all; the row stays, and can be brought back."""
    takes_part(step.encounter, by)
    step = _locked(step)
    if step.removed_at is not None:
        return step
    step.removed_at = at
    step.save(update_fields=["removed_at"])
    audit.record("step.removed", step, by=by.actor, at=at)
    live.announce(live.visit_topic(step.encounter.visit_id))
    return step


def _locked(step: AgreedStep) -> AgreedStep:
    """The step as it is now: of two who press at once, the second finds it done."""
    return AgreedStep.objects.select_for_update(of=("self",)).select_related("encounter").get(pk=step.pk)


@transaction.atomic
def restore_step(step: AgreedStep, *, by: Member, at: datetime) -> AgreedStep:
    """Undo of a removal."""
    takes_part(step.encounter, by)
    step = _locked(step)
    if step.removed_at is None:
        return step
    step.removed_at = None
    step.save(update_fields=["removed_at"])
    audit.record("step.restored", step, by=by.actor, at=at)
    live.announce(live.visit_topic(step.encounter.visit_id))
    return step


@transaction.atomic
def tell_of_step(step: AgreedStep, status: str, *, during: Encounter, by: Member, at: datetime) -> AgreedStep:
    """How an earlier step went, as the visitor tells at a later visit; telling again tells otherwise, open takes back.

    `during` is the sitting in which it is told: whoever is in it tells, a reader of the earlier record too.
    """
    takes_part(during, by)
    step = _locked(step)
    if step.status == status:
        return step
    is_open = status == AgreedStep.Status.OPEN
    step.status = status
    step.told_at = None if is_open else at
    step.told_by = None if is_open else by.membership
    step.save(update_fields=["status", "told_at", "told_by"])
    audit.record("step.told", step, by=by.actor, at=at, fields=["status"])
    live.announce(live.visit_topic(step.encounter.visit_id), live.visit_topic(during.visit_id))
    return step


@transaction.atomic
def refer(
    encounter: Encounter,
    *,
    by: Member,
    at: datetime,
    service: Service | None = None,
    organisation: Organisation | None = None,
    reason: str = "",
    visitor_contacts: bool = False,
    recipient_email: str = "",
    recipient_phone: str = "",
    language: str = "fi",
    knowing: bool = True,
    key: UUID | None = None,
) -> Referral:
    """Guide the visitor to a partner's service or to an organisation; a nameless visitor carries a code.

    A recipient without an account is sent a link for answering, as from a person's page. Unless the member does so
    `knowing` of the earlier ones, a person on file who was offered the same kind of service twice raises ThirdTime.
    """
    takes_part(encounter, by)
    drafts.sent(encounter, key=key, by=by)
    link = (
        VisitClient.objects.filter(visit_id=encounter.visit_id, ended_at__isnull=True).select_related("client").first()
    )
    if link is not None and service is not None and not knowing:
        meant = Referral(client=link.client, service=service)
        if earlier := repeats.before(meant, by, on=clock.local_date(at)):
            raise ThirdTime(service, earlier)
    referral = referrals.refer(
        point=encounter.visit.point,
        service=service,
        organisation=organisation,
        client=link.client if link else None,
        reason=reason,
        visitor_contacts=visitor_contacts,
        recipient_email=recipient_email,
        recipient_phone=recipient_phone,
        language=language,
        by=by,
        at=at,
    )
    EncounterReferral.objects.create(encounter=encounter, referral=referral)
    live.announce(live.visit_topic(encounter.visit_id))
    return referral


@transaction.atomic
def share(
    encounter: Encounter, organisation: Organisation, *, by: Member, at: datetime, client_agreed: bool | None = None
) -> GuidanceShare:
    """Open this encounter's guidance to an organisation; to another than one's own, when the visitor has said yes."""
    takes_part(encounter, by)
    if organisation.pk != by.organisation_id and not client_agreed:
        raise AskTheVisitor(
            _("Ask the visitor first: another organisation reads the record only if the visitor agrees.")
        )
    opened, is_new = GuidanceShare.objects.get_or_create(
        encounter=encounter,
        organisation=organisation,
        ended_at=None,
        defaults={"shared_at": at, "shared_by": by.membership, "client_agreed": client_agreed},
    )
    if not is_new:
        return opened
    audit.record("guidance.shared", opened, by=by.actor, at=at)
    live.announce(live.visit_topic(encounter.visit_id))
    return opened


@transaction.atomic
def stop_sharing(opened: GuidanceShare, *, by: Member, at: datetime) -> GuidanceShare:
    """The organisation sees the guidance no longer, from this very moment."""
    takes_part(opened.encounter, by)
    rows = GuidanceShare.objects.select_for_update(of=("self",)).select_related("encounter")
    opened = rows.get(pk=opened.pk)
    if opened.ended_at is not None:
        return opened
    opened.ended_at = at
    opened.save(update_fields=["ended_at"])
    audit.record("guidance.share_ended", opened, by=by.actor, at=at)
    live.announce(live.visit_topic(opened.encounter.visit_id))
    return opened
