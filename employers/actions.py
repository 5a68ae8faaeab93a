"""What is done about employers: register, log a contact, open and fill positions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from employers.models import RECENT, ContactEvent, ContactPerson, Employer, Position
from team.access import Member
from tyoparkki import audit, live
from tyoparkki.errors import Refused
from tyoparkki.models import Municipality
from tyoparkki.names import name_key, name_parts


class AlreadyRegistered(Refused):
    """The business id is on the register; or the name is, and neither has a business id."""

    message = _("This business ID is already on the register.")
    of_name = _("An employer of this name is already on the register. If this is another one, give its business ID.")

    def __init__(self, employer: Employer) -> None:
        super().__init__(None if employer.business_id else self.of_name)
        self.employer = employer
        self.field = "business_id" if employer.business_id else "name"


class ChangedMeanwhile(Refused):
    """Somebody else saved the same after this form was opened."""

    message = _("A colleague changed these details while you were writing. Check them and save again.")


class ContactedMeanwhile(Refused):
    """Somebody else logged a contact after this form was opened."""

    message = _("A colleague was in touch with this employer a moment ago. Read it, then save again if you like.")


class AlreadyDone(Refused):
    """The position is not in the state that the press expects."""

    message = _("A colleague changed this position a moment ago.")


def live_topic(point_id: object) -> str:
    """The live topic on which lists of employers and positions hear of changes."""
    return f"employers:{point_id}"


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
    employer = Employer(
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
    with _once_on_the_register(employer):
        employer.save(force_insert=True)
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
    live.announce(live_topic(by.point_id))
    return employer


def register_by_name(name: str, *, by: Member, at: datetime) -> Employer:
    """The employer of this name, registered now if it is new: what the desk does at the door."""
    known = Employer.objects.filter(point_id=by.point_id, name_key=name_key(name)).order_by("created_at", "pk").first()
    if known is not None:
        return known
    try:
        return register(name=name, by=by, at=at)
    except AlreadyRegistered as refusal:  # a colleague was faster
        return refusal.employer


@contextmanager
def _once_on_the_register(employer: Employer) -> Iterator[None]:
    """Refuse what the constraints refuse, two clerks at once too: the second waits and hears whom the first wrote."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        others = Employer.objects.filter(point_id=employer.point_id).exclude(pk=employer.pk)
        known = others.same_as(name=employer.name, business_id=employer.business_id).first()
        if known is None:
            raise
        raise AlreadyRegistered(known) from None


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
    now = _locked(employer)
    if now.version != version:
        raise ChangedMeanwhile
    new = {
        "name": name,
        "business_id": business_id,
        "size": size,
        "industry": industry,
        "municipality": municipality,
        "web_page": web_page,
    }
    changed = _set(now, new)
    now.name_key, now.name_parts, now.version = name_key(name), name_parts(name), version + 1
    with _once_on_the_register(now):
        now.save()
    audit.record("employer.changed", now, by=by.actor, at=at, fields=changed)
    live.announce(live_topic(now.point_id))
    return now


def _locked(employer: Employer) -> Employer:
    return Employer.objects.select_for_update(of=("self",)).get(pk=employer.pk)


def _set(row: Any, new: dict[str, Any]) -> list[str]:
    """Set the values; the names of those that differ."""
    changed = [name for name, value in new.items() if getattr(row, name) != value]
    for name, value in new.items():
        setattr(row, name, value)
    return changed


@transaction.atomic
def add_person(
    employer: Employer, *, name: str, by: Member, at: datetime, title: str = "", phone: str = "", email: str = ""
) -> ContactPerson:
    """Somebody to ask for at the employer."""
    person = ContactPerson.objects.create(
        employer=employer, name=name, title=title, phone=phone, email=email, created_at=at
    )
    audit.record("contact_person.added", person, by=by.actor, at=at)
    return person


@transaction.atomic
def change_person(
    person: ContactPerson, *, name: str, by: Member, at: datetime, title: str = "", phone: str = "", email: str = ""
) -> ContactPerson:
    """A name, a number or an address is corrected."""
    now = _locked_person(person)
    changed = _set(now, {"name": name, "title": title, "phone": phone, "email": email})
    now.save()
    audit.record("contact_person.changed", now, by=by.actor, at=at, fields=changed)
    return now


@transaction.atomic
def end_person(person: ContactPerson, *, by: Member, at: datetime) -> ContactPerson:
    """Not the one to ask for any more."""
    now = _locked_person(person)
    now.ended_at = now.ended_at or at
    now.save(update_fields=["ended_at"])
    audit.record("contact_person.ended", now, by=by.actor, at=at)
    return now


@transaction.atomic
def restore_person(person: ContactPerson, *, by: Member, at: datetime) -> ContactPerson:
    """The end was a slip."""
    now = _locked_person(person)
    now.ended_at = None
    now.save(update_fields=["ended_at"])
    audit.record("contact_person.restored", now, by=by.actor, at=at)
    return now


def _locked_person(person: ContactPerson) -> ContactPerson:
    return ContactPerson.objects.select_for_update(of=("self",)).get(pk=person.pk)


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
    aware_of: str | None = None,
) -> ContactEvent:
    """Somebody spoke with the employer: all organisations see who, when and about what.

    `aware_of` is the recent contact that the writer had before the eyes ("" for none); a newer one by a colleague is
    shown before the new one is written.
    """
    now = _locked(employer)
    latest = recent_contact(now, at=at)
    is_news = latest is not None and latest.by_id != by.membership_id and str(latest.pk) != aware_of
    if aware_of is not None and is_news:
        raise ContactedMeanwhile
    event = ContactEvent.objects.create(
        employer=now,
        kind=kind,
        about=about,
        next_step=next_step,
        next_on=next_on,
        at=at,
        by=by.membership,
        organisation_id=by.organisation_id,
    )
    audit.record("employer.contacted", event, by=by.actor, at=at)
    live.announce(live_topic(now.point_id))
    return event


def recent_contact(employer: Employer, *, at: datetime) -> ContactEvent | None:
    """The last contact by anybody in the past two weeks: shown before a new one, so that nobody calls twice."""
    return ContactEvent.objects.filter(employer=employer).standing().since(at - RECENT).for_log().first()


@transaction.atomic
def undo_contact(event: ContactEvent, *, by: Member, at: datetime) -> ContactEvent:
    """The contact was logged by mistake."""
    now = ContactEvent.objects.select_for_update(of=("self",)).select_related("employer").get(pk=event.pk)
    now.undone_at = now.undone_at or at
    now.save(update_fields=["undone_at"])
    audit.record("employer.contact_undone", now, by=by.actor, at=at)
    live.announce(live_topic(now.employer.point_id))
    return now


@transaction.atomic
def open_position(
    employer: Employer,
    *,
    kind: str,
    title: str,
    by: Member,
    at: datetime,
    today: date,
    occupation_code: str = "",
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
        occupation_code=occupation_code,
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
    live.announce(live_topic(employer.point_id))
    return position


@transaction.atomic
def change_position(
    position: Position, *, version: int, by: Member, at: datetime, today: date, **told: Any
) -> Position:
    """Mend what is told of the work (the fields of `open_position`); refuses when somebody saved in between.

    It counts as asked again today.
    """
    now = _locked_position(position)
    if now.version != version:
        raise ChangedMeanwhile
    changed = _set(now, told)
    now.confirmed_on, now.version = today, version + 1
    now.save()
    audit.record("position.changed", now, by=by.actor, at=at, fields=changed)
    live.announce(live_topic(now.employer.point_id))
    return now


@transaction.atomic
def move_position(position: Position, status: str, *, by: Member, at: datetime) -> Position:
    """Filled, withdrawn, or open again: at once on every screen."""
    now = _locked_position(position)
    if status not in Position.MOVES[Position.Status(now.status)]:
        raise AlreadyDone
    closing = status != Position.Status.OPEN
    now.status = status
    now.closed_at, now.closed_by = (at, by.membership) if closing else (None, None)
    now.save(update_fields=["status", "closed_at", "closed_by"])
    audit.record(f"position.{status}", now, by=by.actor, at=at)
    live.announce(live_topic(now.employer.point_id))
    return now


def _locked_position(position: Position) -> Position:
    return Position.objects.select_for_update(of=("self",)).select_related("employer").get(pk=position.pk)
