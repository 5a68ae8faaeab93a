"""A person comes on file by consent, and what is known of the person changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.actions.consent import Given, give_consent, let_record
from clients.actions.not_same import compare_again
from clients.keys import contact_key, phone_parts
from clients.models import Client, ContactPoint
from clients.models.consent import Purpose
from clients.sounds import sound_parts
from tyoparkki import audit, outbox
from tyoparkki.errors import Refused
from tyoparkki.models import Municipality
from tyoparkki.names import name_key, name_parts

if TYPE_CHECKING:
    from team.access import Member


class ChangedMeanwhile(Refused):
    """A colleague saved the same person while this form was open."""

    message = _("A colleague changed these details while you were writing. Check them and save again.")


# What tells two people apart: when it changes, files that were compared are compared again.
_COMPARED = {"name_key", "year_of_birth", "contact"}


@dataclass(frozen=True, slots=True)
class Person:
    """What a person tells of themselves; only the name, or an alias, is needed."""

    name: str
    is_alias: bool = False
    contact_kind: str = ""
    contact_value: str = ""
    language: str = ""
    municipality: Municipality | None = None
    year_of_birth: int | None = None
    is_non_disclosure: bool = False

    @property
    def columns(self) -> dict[str, object]:
        """What of it the client's row holds, with its keys."""
        return {
            "name": self.name,
            "is_alias": self.is_alias,
            "name_key": name_key(self.name),
            "name_parts": name_parts(self.name),
            "sound_parts": sound_parts(self.name),
            "language": self.language,
            "municipality": self.municipality,
            "year_of_birth": self.year_of_birth,
            "is_non_disclosure": self.is_non_disclosure,
        }


@transaction.atomic
def record_person(person: Person, *, by: Member, at: datetime, consent: Given, may_contact: bool = False) -> Client:
    """A person agrees to be recorded, and in the same act comes on file; perhaps also agrees to be contacted."""
    client = Client(
        controller_id=by.organisation_id,
        point_id=by.point_id,
        created_at=at,
        created_by=by.membership,
        **person.columns,
    )
    let_record(client.pk, by=by, at=at, given=consent)
    client.save(force_insert=True)
    _reach_by(client, person, at=at)
    audit.record("client.recorded", client, by=by.actor, at=at, fields=_told_of(person))
    if may_contact:
        give_consent(client, by=by, at=at, purpose=Purpose.CONTACT, given=replace(consent, is_short=False))
    return client


@transaction.atomic
def change_person(client: Client, person: Person, *, by: Member, at: datetime, version: int) -> Client:
    """Correct what is known of a person; refused when a colleague saved in between."""
    client = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if client.version != version:
        raise ChangedMeanwhile
    columns = person.columns
    changed = [name for name, value in columns.items() if _key_of(client, name) != getattr(value, "pk", value)]
    for name, value in columns.items():
        setattr(client, name, value)
    client.version += 1
    client.save(update_fields=[*columns, "version"])
    if _reach_by(client, person, at=at):
        changed.append("contact")
    fields = sorted(set(changed) - {"name_key", "name_parts", "sound_parts"})
    audit.record("client.changed", client, by=by.actor, at=at, fields=fields)
    if _COMPARED & set(changed):
        compare_again(client, by=by, at=at)
    if "municipality" in changed:
        outbox.later("reports.client_changed", {"client": str(client.pk)})
    return client


def _key_of(client: Client, name: str) -> object:
    return client.municipality_id if name == "municipality" else getattr(client, name)


def _reach_by(client: Client, person: Person, *, at: datetime) -> bool:
    """Keep one open way to reach the person: an unchanged one stays, another replaces it. Says whether it changed."""
    known = client.contact_points.filter(ended_at__isnull=True).first()
    value = person.contact_value.strip()
    if known is not None and (known.kind, known.value) == (person.contact_kind, value):
        return False
    if known is not None:
        known.ended_at = at
        known.save(update_fields=["ended_at"])
    if value:
        ContactPoint.objects.create(client=client, created_at=at, **contact_columns(person.contact_kind, value))
    return known is not None or bool(value)


def contact_columns(kind: str, value: str) -> dict[str, object]:
    """A way to reach somebody with its keys, as its row holds them."""
    key = contact_key(kind, value)
    parts = phone_parts(key) if kind in {ContactPoint.Kind.PHONE, ContactPoint.Kind.SMS} else []
    return {"kind": kind, "value": value, "value_key": key, "value_parts": parts}


def _told_of(person: Person) -> list[str]:
    told = {
        "name": person.name,
        "contact": person.contact_value,
        "language": person.language,
        "municipality": person.municipality,
        "year_of_birth": person.year_of_birth,
    }
    return [name for name, value in told.items() if value]
