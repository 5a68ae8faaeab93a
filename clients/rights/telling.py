"""Everything that is kept of one person, as plain values: rows as they are, colleagues by organisation and role only.

A colleague's name is not the person's to know (judgment C-579/21 of the Court of Justice); the log tells when, from
which organisation, in which role and why somebody looked. Of other people on file there is nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from clients.looks import WAYS
from clients.models import Client, MergeRecord
from clients.rights.held import Held, declared, rows_of
from team.models import Device, Membership, Organisation, User
from tyoparkki import actor, audit, clock
from tyoparkki.models import AccessEvent, AuditEvent
from tyoparkki.templatetags.tp import hm, long_day
from tyoparkki.texts import LANGUAGES, pick

_NOT_TOLD = (User, Device)
MOST_LOOKS = 500


class NotOnFile(Exception):
    """Nobody has this key: never had, or was erased."""


@dataclass(frozen=True, slots=True)
class Table:
    """The person's rows of one table: as data with every column, and as lines of words to read."""

    label: str
    title: str
    purpose: str
    rows: list[dict[str, Any]]
    readable: list[list[tuple[str, str]]]  # of each row, what is told and in which words
    kept_back: dict[str, str]
    ending: str


@dataclass(frozen=True, slots=True)
class Everything:
    """What one person is told."""

    person: UUID
    at: datetime
    language: str
    tables: list[Table]
    looks: list[dict[str, Any]]
    acts: list[dict[str, Any]]


def everything(person: UUID, *, at: datetime, using: str = "system") -> Everything:
    """Read all of it in one unchanging view of the database, whoever writes meanwhile; the look is written down too."""
    with transaction.atomic(using=using, durable=True):
        with transaction.get_connection(using).cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        actor.bind(actor.SYSTEM, using=using)
        client = Client.objects.using(using).filter(pk=person).first()
        if client is None:
            raise NotOnFile
        language = language_of(client)
        with translation.override(language):
            told = _read(person, at=at, language=language, using=using)
        audit.seen_many("client", [person], by=actor.SYSTEM, at=at, kind="export", using=using)
        audit.record("client.exported", client, by=actor.SYSTEM, at=at, using=using)
    return told


def language_of(client: Client) -> str:
    """The language in which a person is told: their own when the product speaks it."""
    if not client.language:
        return "fi"
    return client.language if client.language in LANGUAGES else "en"


def _read(person: UUID, *, at: datetime, language: str, using: str) -> Everything:
    tables, keys = [], {}
    for model, held in declared().items():
        rows = list(rows_of(model, held, person, using=using))
        keys[model._meta.label_lower] = [str(row.pk) for row in rows]
        if rows:
            tables.append(_table(model, held, rows, person, using))
    members = {one.pk: one for one in Membership.objects.using(using).select_related("organisation")}
    organisations = {one.pk: one for one in Organisation.objects.using(using).order_by("pk")}
    looks = _looks(person, keys, members, organisations, using)
    return Everything(person, at, language, tables, looks, _acts(keys, members, organisations, using))


# --- rows ------------------------------------------------------------------------------------------------------------


def _table(model: type[models.Model], held: Held, rows: list[Any], person: UUID, using: str) -> Table:
    columns = [key for key in model._meta.concrete_fields if key.name not in held.kept_back]
    others = {key: _others(key, rows, using) for key in columns if key.is_relation}
    plain, readable = [], []
    for row in rows:
        told: dict[str, Any] = {}
        for key in columns:
            value = getattr(row, key.attname)
            told[key.name] = _pointed_at(value, others[key], person) if key.is_relation else value
        for name, mend in held.own_words.items():
            told[name] = mend(told[name])
        plain.append(told)
        words = [(str(held.told[name]), in_words(model._meta.get_field(name), told[name])) for name in held.told]
        readable.append([(label, text) for label, text in words if text])
    promise: Any = getattr(model, "retention", None)
    purpose = _(promise.purpose) if promise else ""
    kept_back = dict(held.kept_back)
    return Table(model._meta.label, str(held.title), purpose, plain, readable, kept_back, held.ending)


def _others(key: Any, rows: list[Any], using: str) -> dict[Any, Any]:
    """What a column of keys points at."""
    ids = {value for row in rows if (value := getattr(row, key.attname)) is not None}
    found: Any = models.QuerySet(key.related_model, using=using).filter(pk__in=ids)
    if key.related_model is Membership:
        found = found.select_related("organisation")
    return {one.pk: one for one in found}


def _pointed_at(value: Any, others: dict[Any, Any], person: UUID) -> Any:
    """What a key means to the person: organisation and role, a name, or the key of another of their rows."""
    other = others.get(value)
    if value is None or other is None or isinstance(other, _NOT_TOLD):
        return None
    if isinstance(other, Membership):
        return staff(other)
    if isinstance(other, Client):
        return "you" if value == person else None
    return str(value) if type(other) in declared() else _name_of(other)


def _name_of(other: Any) -> str:
    """What a thing that is nobody's is called: words of a consent, an instrument, a service point."""
    if title := getattr(other, "title", ""):
        return f"{title} ({other.version}, {other.language})"
    names = getattr(other, "names", None) or getattr(getattr(other, "instrument", None), "names", None)
    return pick(names) if names else str(other)


def staff(member: Membership) -> dict[str, str]:
    """A colleague, as others may be told of them."""
    return {"organisation": member.organisation.name, "role": str(member.get_role_display())}


# --- the trace -------------------------------------------------------------------------------------------------------

Members = dict[UUID, Membership]
Organisations = dict[UUID, Organisation]


def looks_at(person: UUID) -> list[dict[str, Any]]:
    """The looks at a person as the bound actor may read them, for the page that the person holds."""
    events = AccessEvent.objects.filter(person_kind="client", person_id=person).order_by("-at", "-pk")[:MOST_LOOKS]
    found = list(events)
    members = Membership.objects.select_related("organisation").in_bulk({one.membership_id for one in found})
    organisations = Organisation.objects.in_bulk({one.organisation_id for one in found})
    return [_look(event, members, organisations) for event in found]


def _looks(
    person: UUID, keys: dict[str, list[str]], members: Members, organisations: Organisations, using: str
) -> list[dict[str, Any]]:
    """Who looked at the person or at the notes of a conversation, and who tried in vain; the newest first."""
    seen = AccessEvent.objects.using(using)
    merged = MergeRecord.objects.using(using).standing().filter(kept=person).values_list("gone_id", flat=True)
    of_person = seen.filter(person_kind="client", person_id__in=[person, *merged])
    of_notes = seen.filter(person_kind="guidance", person_id__in=keys.get("visits.encounter", []))
    return [_look(event, members, organisations) for event in (of_person | of_notes).order_by("-at", "-pk")]


def _look(event: AccessEvent, members: Members, organisations: Organisations) -> dict[str, Any]:
    return {
        "at": event.at,
        **_by(event, members, organisations),
        "what": str(WAYS.get(event.kind, event.kind)) if event.person_kind == "client" else _("opened the notes"),
        "shown": event.outcome == "shown",
    }


def _acts(
    keys: dict[str, list[str]], members: Members, organisations: Organisations, using: str
) -> list[dict[str, Any]]:
    """What was done to the person's rows: the verb, the kind of row and the names of fields, the oldest first."""
    found: dict[int, dict[str, Any]] = {}
    for kind, ids in keys.items():
        for event in AuditEvent.objects.using(using).filter(object_kind=kind, object_id__in=ids):
            found[event.pk] = {
                "at": event.at,
                **_by(event, members, organisations),
                "what": event.verb,
                "row": event.object_id,
                "fields": event.fields,
                "reason": event.reason,
            }
    return [found[key] for key in sorted(found)]


def _by(event: Any, members: Members, organisations: Organisations) -> dict[str, str]:
    if event.actor_kind == "link" and event.organisation_id is None:
        return {"organisation": "", "role": _("you yourself")}
    if (member := members.get(event.membership_id)) is not None:
        return staff(member)
    organisation = organisations.get(event.organisation_id)
    role = _("by link") if event.actor_kind == "link" else _("the system")
    return {"organisation": organisation.name if organisation else "", "role": role}


# --- as words --------------------------------------------------------------------------------------------------------


def in_words(column: Any, value: Any) -> str:
    """One value as a person reads it; nothing where there is nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    choices = dict(getattr(getattr(column, "base_field", column), "flatchoices", ()) or ())
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, (in_words(column, one) for one in value)))
    if isinstance(value, dict):
        return ", ".join(filter(None, (in_words(None, one) for one in value.values())))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{long_day(value)} {hm(value)}"
    if isinstance(value, date):
        return str(long_day(value))
    return str(choices.get(value, value))


def by_day(looks: Iterable[dict[str, Any]]) -> list[tuple[date, list[dict[str, Any]]]]:
    """Looks of each day, the same organisation, role and reason told once with how many times."""
    days: dict[date, dict[tuple[str, str, str, bool], int]] = defaultdict(lambda: defaultdict(int))
    for look in looks:
        days[clock.local_date(look["at"])][look["organisation"], look["role"], look["what"], look["shown"]] += 1
    return [
        (
            day,
            [
                {"organisation": organisation, "role": role, "what": what, "shown": shown, "times": times}
                for (organisation, role, what, shown), times in groups.items()
            ],
        )
        for day, groups in sorted(days.items(), reverse=True)
    ]


def line_of(look: dict[str, Any]) -> str:
    """One kind of look of a day: from which organisation, in which role, why, how many times."""
    who = ", ".join(filter(None, (look["organisation"], look["role"].lower())))
    what = look["what"] if look["shown"] else _("tried, and was shown nothing")
    times = f" ({look['times']} ×)" if look["times"] > 1 else ""
    return f"{who}: {what}{times}"
