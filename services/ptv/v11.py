"""Reads the open API's version 11: its JSON becomes plain values, and nothing else of the product knows its shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tyoparkki.clock import HELSINKI

Json = Mapping[str, Any]
LANGUAGES = ("fi", "sv", "en", "se", "smn", "sms")


class Faulty(Exception):
    """An item that cannot be read, with what is wrong in plain words."""


@dataclass(frozen=True, slots=True)
class OrganisationItem:
    """An organisation as the catalogue tells of it."""

    source_id: str
    names: dict[str, str]
    kind: str
    business_id: str
    hash: str


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """A service as the catalogue tells of it."""

    source_id: str
    organisation_id: str
    names: dict[str, str]
    summaries: dict[str, str]
    descriptions: dict[str, str]
    how_to_start: dict[str, str]
    requirements: dict[str, str]
    keywords: dict[str, list[str]]
    languages: list[str]
    charge: str
    municipalities: list[str]
    service_classes: list[str]
    target_groups: list[str]
    life_events: list[str]
    is_published: bool
    modified_at: datetime | None
    hash: str


@dataclass(frozen=True, slots=True)
class ChannelItem:
    """A place, a telephone or a web service as the catalogue tells of it."""

    source_id: str
    organisation_id: str
    kind: str
    names: dict[str, str]
    descriptions: dict[str, str]
    street_addresses: dict[str, str]
    postal_code: str
    post_offices: dict[str, str]
    phone: str
    email: str
    web_pages: dict[str, str]
    hours: list[dict[str, Any]]
    service_ids: list[str]
    is_published: bool
    modified_at: datetime | None
    hash: str


_KINDS = {
    "Municipality": "municipality",
    "RegionalOrganization": "county",
    "State": "state",
    "Organization": "association",
    "Company": "company",
}
_CHARGES = {"FreeOfCharge": "free", "Chargeable": "chargeable"}
_CHANNELS = {"ServiceLocation": "place", "Phone": "phone", "EChannel": "web", "WebPage": "web"}


def kind_of(item: Json) -> str:
    """Which of the three lists an item comes from."""
    if "serviceNames" in item:
        return "service"
    if "serviceChannelNames" in item:
        return "channel"
    if "organizationNames" in item:
        return "organisation"
    raise Faulty("neither a service, a channel nor an organisation")


def organisation(item: Json) -> OrganisationItem:
    """One organisation; the name in Finnish is the least."""
    names = _texts(item.get("organizationNames"), "Name")
    kind = _KINDS.get(str(item.get("organizationType")), "association")
    educator = any(word in names["fi"].lower() for word in ("opisto", "oppisopimus"))
    return OrganisationItem(
        source_id=_id(item),
        names=names,
        kind="educator" if educator else kind,
        business_id=str(item.get("businessCode") or ""),
        hash=_hash(item),
    )


def service(item: Json) -> ServiceItem:
    """One service; without a name, a responsible organisation or a known status it is faulty."""
    descriptions = item.get("serviceDescriptions")
    responsible = [
        row["organization"]["id"]
        for row in item.get("organizations") or []
        if row.get("roleType") == "Responsible" and row.get("organization")
    ]
    if not responsible:
        raise Faulty("no responsible organisation")
    return ServiceItem(
        source_id=_id(item),
        organisation_id=responsible[0],
        names=_texts(item.get("serviceNames"), "Name"),
        summaries=_texts(descriptions, "Summary", needed=False),
        descriptions=_texts(descriptions, "Description", needed=False),
        how_to_start=_texts(descriptions, "UserInstruction", needed=False),
        requirements=_texts(item.get("requirements"), needed=False),
        keywords=_words(item.get("keywords")),
        languages=[str(code) for code in item.get("languages") or []],
        charge=_CHARGES.get(str(item.get("serviceChargeType")), "other" if item.get("serviceChargeType") else "free"),
        municipalities=_municipalities(item.get("areas")),
        service_classes=_codes(item.get("serviceClasses")),
        target_groups=_codes(item.get("targetGroups")),
        life_events=_codes(item.get("lifeEvents")),
        is_published=_published(item),
        modified_at=_moment(item.get("modified")),
        hash=_hash(item),
    )


def channel(item: Json) -> ChannelItem:
    """One way into services; only places, telephones and web services are taken."""
    kind = _CHANNELS.get(str(item.get("serviceChannelType")))
    if kind is None:
        raise Faulty(f"unknown channel type {item.get('serviceChannelType')}")
    street: Json = next(
        (row["streetAddress"] for row in item.get("addresses") or [] if row.get("type") == "Location" and row.get("streetAddress")),
        {},
    )
    number = str(street.get("streetNumber") or "")
    streets = {code: f"{text} {number}".strip() for code, text in _texts(street.get("street"), needed=False).items()}
    phones = item.get("phoneNumbers") or []
    emails = item.get("emails") or []
    return ChannelItem(
        source_id=_id(item),
        organisation_id=str(item.get("organizationId") or ""),
        kind=kind,
        names=_texts(item.get("serviceChannelNames"), "Name"),
        descriptions=_texts(item.get("serviceChannelDescriptions"), "Summary", needed=False),
        street_addresses=streets,
        postal_code=str(street.get("postalCode") or ""),
        post_offices=_texts(street.get("postOffice"), needed=False),
        phone=f"{phones[0].get('prefixNumber') or ''} {phones[0].get('number') or ''}".strip() if phones else "",
        email=str(emails[0].get("value") or "") if emails else "",
        web_pages={row["language"]: row["url"] for row in item.get("webPages") or [] if row.get("url")},
        hours=[dict(row) for row in item.get("serviceHours") or []],
        service_ids=[row["service"]["id"] for row in item.get("services") or [] if row.get("service")],
        is_published=_published(item),
        modified_at=_moment(item.get("modified")),
        hash=_hash(item),
    )


def _id(item: Json) -> str:
    if not item.get("id"):
        raise Faulty("no id")
    return str(item["id"])


def _texts(rows: Any, kind: str | None = None, *, needed: bool = True) -> dict[str, str]:
    """`[{language, value, type}]` as `{language: value}`; a missing language has no entry."""
    found = {
        row["language"]: row["value"].strip()
        for row in rows or []
        if row.get("value") and row.get("language") in LANGUAGES and (kind is None or row.get("type") == kind)
    }
    if needed and not found:
        raise Faulty("no name in any language")
    if needed and "fi" not in found:
        found["fi"] = next(iter(found.values()))
    return found


def _words(rows: Any) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for row in rows or []:
        if row.get("value"):
            words.setdefault(row["language"], []).append(row["value"])
    return words


def _codes(rows: Any) -> list[str]:
    return [row["code"] for row in rows or [] if row.get("code")]


def _municipalities(areas: Iterable[Json] | None) -> list[str]:
    return sorted({row["code"] for area in areas or [] for row in area.get("municipalities") or [] if row.get("code")})


def _published(item: Json) -> bool:
    status = item.get("publishingStatus")
    if status not in ("Published", "Draft", "Deleted", "Modified"):
        raise Faulty(f"unknown publishing status {status}")
    return bool(status == "Published")


def _moment(text: Any) -> datetime | None:
    """Times are local, without a zone."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=HELSINKI)
    except ValueError as error:
        raise Faulty(f"not a time: {text}") from error


def _hash(item: Json) -> str:
    return hashlib.sha256(json.dumps(item, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
