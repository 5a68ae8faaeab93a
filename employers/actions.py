"""What is done about employers: register, log a contact, open and fill positions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from employers.models import ContactEvent, ContactPerson, Employer, Position
from team.access import Member
from tyoparkki import audit
from tyoparkki.errors import Refused
from tyoparkki.models import Municipality
from tyoparkki.names import name_key, name_parts

RECENT = timedelta(days=14)


class AlreadyRegistered(Refused):
    """The business id is on the register."""

    message = _("This business ID is already on the register.")


class ChangedMeanwhile(Refused):
    """Somebody else saved the employer after this form was opened."""

    message = _("A colleague changed these details meanwhile. Check them and save again.")


class AlreadyDone(Refused):
    """The position is not in the state that the press expects."""

    message = _("A colleague changed this position a moment ago.")


@transaction.atomic
def register(
    *,
    name: str,
    by: Member,
    at: datetime,
    business_id: str = "",
    size: str = Employer.Size.UNKNOWN,
    industry: str = "",
    municipality: Municipality | None = None,
    web_page: str = "",
    contact_name: str = "",
    contact_title: str = "",
    contact_phone: str = "",
    contact_email: str = "",
) -> Employer:
    """An employer comes onto the register that all organisations share."""
    if business_id and Employer.objects.filter(point_id=by.point_id, business_id=business_id).exists():
        raise AlreadyRegistered
    employer = Employer.objects.create(
        point_id=by.point_id,
        name=name,
        name_key=name_key(name),
        name_parts=name_parts(name),
        business_id=business_id,
        size=size,
        industry=industry,
        municipality=municipality,
        web_page=web_page,
        created_at=at,
    )
    if contact_name:
        ContactPerson.objects.create(
            employer=employer,
            name=contact_name,
            title=contact_title,
            phone=contact_phone,
            email=contact_email,
            created_at=at,
        )
    audit.record("employer.registered", employer, by=by.actor, at=at)
    return employer


def register_by_name(name: str, *, by: Member, at: datetime) -> Employer:
    """The employer of this name, registered now if it is new: what the desk does at the door."""
    known = Employer.objects.filter(point_id=by.point_id, name_key=name_key(name)).order_by("created_at", "pk").first()
    return known or register(name=name, by=by, at=at)


@transaction.atomic
def change(
    employer: Employer,
    *,
    version: int,
    by: Member,
    at: datetime,
    name: str,
    business_id: str = "",
    size: str = Employer.Size.UNKNOWN,
    industry: str = "",
    municipality: Municipality | None = None,
    web_page: str = "",
) -> Employer:
    """Mend the employer's details; refuses when somebody saved in between."""
    now = Employer.objects.select_for_update(of=("self",)).get(pk=employer.pk)
    if now.version != version:
        raise ChangedMeanwhile
    others = Employer.objects.filter(point_id=now.point_id, business_id=business_id).exclude(pk=now.pk)
    if business_id and others.exists():
        raise AlreadyRegistered
    now.name, now.name_key, now.name_parts = name, name_key(name), name_parts(name)
    now.business_id, now.size, now.industry = business_id, size, industry
    now.municipality, now.web_page, now.version = municipality, web_page, version + 1
    now.save()
    audit.record("employer.changed", now, by=by.actor, at=at, fields=["details"])
    return now


@transaction.atomic
def log_contact(
    employer: Employer,
    *,
    kind: str,
    about: str,
    by: Member,
    at: datetime,
    next_step: str = "",
    next_on: date | None = None,
) -> ContactEvent:
    """Somebody spoke with the employer: all organisations see who, when and about what."""
    event = ContactEvent.objects.create(
        employer=employer,
        kind=kind,
        about=about,
        next_step=next_step,
        next_on=next_on,
        at=at,
        by=by.membership,
        organisation_id=by.organisation_id,
    )
    audit.record("employer.contacted", event, by=by.actor, at=at)
    return event


def recent_contact(employer: Employer, *, at: datetime) -> ContactEvent | None:
    """The last contact by anybody in the past two weeks: shown before a new one, so that nobody calls twice."""
    return (
        ContactEvent.objects.filter(employer=employer, undone_at__isnull=True, at__gte=at - RECENT)
        .select_related("by__user", "organisation")
        .order_by("-at", "pk")
        .first()
    )


@transaction.atomic
def undo_contact(event: ContactEvent, *, by: Member, at: datetime) -> ContactEvent:
    """The contact was logged by mistake."""
    event.undone_at = at
    event.save(update_fields=["undone_at"])
    audit.record("employer.contact_undone", event, by=by.actor, at=at)
    return event


@transaction.atomic
def open_position(
    employer: Employer,
    *,
    kind: str,
    title: str,
    by: Member,
    at: datetime,
    today: date,
    details: str = "",
    hours_per_week: Decimal | None = None,
    places: int = 1,
    starts_on: date | None = None,
    open_until: date | None = None,
) -> Position:
    """The employer offers work of some kind."""
    position = Position.objects.create(
        employer=employer,
        kind=kind,
        title=title,
        details=details,
        hours_per_week=hours_per_week,
        places=places,
        starts_on=starts_on,
        open_until=open_until,
        created_at=at,
        created_by=by.membership,
        confirmed_on=today,
    )
    audit.record("position.opened", position, by=by.actor, at=at)
    return position


@transaction.atomic
def move_position(position: Position, status: str, *, by: Member, at: datetime) -> Position:
    """Filled, withdrawn, or open again: at once on every screen."""
    now = Position.objects.select_for_update(of=("self",)).get(pk=position.pk)
    if status not in Position.MOVES[Position.Status(now.status)]:
        raise AlreadyDone
    closing = status != Position.Status.OPEN
    now.status = status
    now.closed_at, now.closed_by = (at, by.membership) if closing else (None, None)
    now.save(update_fields=["status", "closed_at", "closed_by"])
    audit.record(f"position.{status}", now, by=by.actor, at=at)
    return now
