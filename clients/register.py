"""The record of processing (article 30 of the GDPR), read off what the program itself declares: nothing to keep up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Consent, ConsentText
from clients.models.consent import PROSPECT, Purpose
from clients.rights.held import GOES, Held, declared
from team.models import Organisation, Role, ServicePoint
from team.permissions import ROLES, Perm
from tyoparkki import purge
from tyoparkki.retention import Retention

# Personal columns of tables that are not of people on file, and moments from which days are counted.
WORDS: dict[str, Any] = {
    "username": _("user name"),
    "name": _("name"),
    "email": _("e-mail address"),
    "phone": _("telephone number"),
    "words": _("free words"),
    "user_id": _("key of the colleague"),
    "person_id": _("key of the person"),
    "client": _("key of the person"),
    "gone_id": _("key of the person"),
    "other_id": _("key of the person"),
    "rows": _("the rows as they were before the merge"),
    "name_key": _("name as it is searched"),
    "name_parts": _("parts of the name"),
    "sound_parts": _("name as it sounds"),
    "value_key": _("contact detail as it is searched"),
    "value_parts": _("parts of the number"),
    "code_hash": _("keyed hash of the code"),
}
SINCE: dict[str, Any] = {
    "last_visit_on": _("the latest visit"),
    "arrived_at": _("the visit"),
    "withdrawn_at": _("the withdrawal"),
    "sent_at": _("the sending"),
    "closed_at": _("the closing"),
    "opened_at": _("the opening"),
    "left_on": _("the day when the colleague left"),
    "valid_until": _("the end of the role"),
    "revoked_at": _("the day when the device was taken away"),
    "ended_at": _("the end"),
    "ends_at": _("the end"),
    "done_at": _("the end"),
    "dead_at": _("the end"),
    "saved_at": _("the latest saving"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: why it is kept, what in it is about somebody, how long, and what becomes of it at erasure."""

    label: str
    purpose: str
    fields: list[str]
    kept: str
    erasure: str
    ended_lately: int


@dataclass(frozen=True, slots=True)
class RoleRights:
    """One role and what it allows, in plain words."""

    role: str
    permissions: list[str]


def kinds(ended: dict[str, int]) -> list[Kind]:
    """Every kind of row that tells of somebody or that ends, those of people on file first."""
    held = declared()
    every = [model for model in apps.get_models() if isinstance(getattr(model, "retention", None), Retention)]
    personal = [model for model in every if _tells(model, held)]
    return [_kind(model, held.get(model), ended) for model in sorted(personal, key=lambda model: model not in held)]


def _tells(model: Any, held: dict[Any, Held]) -> bool:
    return model in held or bool(model.retention.personal) or model.retention.days is not None


def _kind(model: Any, held: Held | None, ended: dict[str, int]) -> Kind:
    promise: Retention = model.retention
    told = held.told if held else {}
    fields = [str(told.get(name) or WORDS.get(name, name)) for name in promise.personal]
    return Kind(
        model._meta.label,
        gettext(promise.purpose),
        sorted(set(fields), key=fields.index),
        _kept(promise),
        _erasure(held),
        ended.get(model._meta.label_lower, 0),
    )


def _kept(promise: Retention) -> str:
    if promise.days is None:
        return gettext("as long as what it belongs to")
    since = str(SINCE.get(promise.since, _("the making")))
    if not promise.days:
        return gettext("the night after the end") if promise.since == "ended_at" else gettext("the same night")
    days = ngettext("%(n)d day", "%(n)d days", promise.days) % {"n": promise.days}
    return gettext("%(days)s from %(since)s") % {"days": days, "since": since}


def _erasure(held: Held | None) -> str:
    if held is None:
        return gettext("not of people on file")
    if held.ending == GOES:
        return gettext("goes")
    return gettext("stays without words") if held.emptied else gettext("stays, says nothing of the person")


def roles() -> list[RoleRights]:
    """Every role with its permissions, as the program asks them at each request."""
    return [
        RoleRights(str(Role(role).label), [str(one.label) for one in Perm if one in permissions])
        for role, permissions in ROLES.items()
    ]


def consents() -> list[dict[str, Any]]:
    """What people are asked, with the version of the words in force."""
    titles: dict[str, ConsentText] = {}
    for text in ConsentText.objects.current():
        titles.setdefault(text.purpose, text)
    names = {**{one.value: one.label for one in Purpose}, PROSPECT: _("To be recorded for a month")}
    return [
        {
            "purpose": str(label),
            "version": titles[key].version if key in titles else None,
            "approved_on": titles[key].approved_on if key in titles else None,
            "contents": [str(one.label) for one in Consent.Content] if key == Purpose.SHARE else [],
        }
        for key, label in names.items()
    ]


def page(*, today: date, ended: dict[str, int]) -> dict[str, Any]:
    """The whole record."""
    found = kinds(ended)
    return {
        "kinds": found,
        "roles": roles(),
        "consents": consents(),
        "points": ServicePoint.objects.select_related("organisation").order_by("slug"),
        "recipients": Organisation.objects.filter(is_active=True).order_by("short_name", "pk"),
        "people_days": Client.retention.days,
        "trace_days": max(purge.promise_of(model).days for model in purge.declared()),
        "source": gettext(Client.retention.source),
        "today": today,
    }
