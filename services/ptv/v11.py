"""Reads the open API's version 11: its JSON becomes plain values, and nothing else of the product knows its shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.ptv.items import ChannelItem, Faulty, OrganisationItem, ServiceItem
from tyoparkki.clock import HELSINKI

Json = Mapping[str, Any]
LANGUAGES = ("fi", "sv", "en", "se", "smn", "sms")
# Part of each item's hash: raise it when the same JSON is read otherwise than before.
READER = "v11.2"

_KINDS = {
    "Municipality": "municipality",
    "RegionalOrganization": "county",
    "State": "state",
    "Organization": "association",
    "Company": "company",
}
# The register has no kind for educators.
_EDUCATORS = ("opisto", "oppisopimus", "koulu", "oppilaitos")
_CHARGES = {"FreeOfCharge": "free", "Chargeable": "chargeable"}
_CHANNELS = {"ServiceLocation": "place", "Phone": "phone", "EChannel": "web", "WebPage": "web"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STATES = {"Published": True, "Draft": False, "Deleted": False, "Modified": False, "OldPublished": False}


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
    """One organisation; the name is the least."""
    names = _texts(item.get("organizationNames"), "Name")
    kind = _KINDS.get(str(item.get("organizationType")), "association")
    pages = {row["language"]: row["url"] for row in item.get("webPages") or [] if row.get("url")}
    return OrganisationItem(
        source_id=_id(item),
        names=names,
        kind="educator" if any(word in names["fi"].lower() for word in _EDUCATORS) else kind,
        business_id=str(item.get("businessCode") or "")[:9],
        email=_email(item.get("emails")),
        phone=_phone(item.get("phoneNumbers")),
        web_page=pages.get("fi") or next(iter(pages.values()), ""),
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
        organisation_id=str(responsible[0]),
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
    streets = (
        row["streetAddress"]
        for row in item.get("addresses") or []
        if row.get("type") == "Location" and row.get("streetAddress")
    )
    street: Json = next(streets, {})
    number = str(street.get("streetNumber") or "")
    return ChannelItem(
        source_id=_id(item),
        organisation_id=str(item.get("organizationId") or ""),
        kind=kind,
        names=_texts(item.get("serviceChannelNames"), "Name"),
        descriptions=_texts(item.get("serviceChannelDescriptions"), "Summary", needed=False),
        street_addresses={
            code: f"{text} {number}".strip() for code, text in _texts(street.get("street"), needed=False).items()
        },
        postal_code=str(street.get("postalCode") or "")[:5],
        post_offices=_texts(street.get("postOffice"), needed=False),
        phone=_phone(item.get("phoneNumbers")),
        email=_email(item.get("emails")),
        web_pages={row["language"]: row["url"] for row in item.get("webPages") or [] if row.get("url")},
        hours=[hours for row in item.get("serviceHours") or [] for hours in _hours(row)],
        service_ids=[row["service"]["id"] for row in item.get("services") or [] if row.get("service")],
        is_published=_published(item),
        modified_at=_moment(item.get("modified")),
        hash=_hash(item),
    )


def _id(item: Json) -> str:
    """The item's id: a UUID as the interface writes it, for it leads back to the source."""
    found = str(item.get("id") or "")
    if not found:
        raise Faulty("no id")
    try:
        is_written_so = str(UUID(found)) == found.lower()
    except ValueError:
        is_written_so = False
    if not is_written_so:
        raise Faulty("the id is not a UUID")
    return found


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


def _phone(rows: Any) -> str:
    first: Json = next(iter(rows or []), {})
    return f"{first.get('prefixNumber') or ''} {first.get('number') or ''}".strip()[:30]


def _email(rows: Any) -> str:
    first: Json = next(iter(rows or []), {})
    return str(first.get("value") or "")


def _municipalities(areas: Iterable[Json] | None) -> list[str]:
    return sorted({row["code"] for area in areas or [] for row in area.get("municipalities") or [] if row.get("code")})


def _hours(row: Json) -> list[dict[str, Any]]:
    """The rows of one set of hours; a set without rows says that it is closed, or nothing."""
    spans = row.get("openingHour") or []
    if row.get("serviceHourType") == "Exceptional":
        on = str(row.get("validFrom") or "")[:10]
        base = {
            "on": on,
            "until": str(row.get("validTo") or "")[:10] or on,
            "closed": bool(row.get("isClosed")) or not spans,
            "note": _texts(row.get("additionalInformation"), needed=False),
        }
        return [{**base, **_span(span)} for span in spans] or [base] if on else []
    return [{"days": _days(span), **_span(span)} for span in spans if span.get("dayFrom") in _DAYS]


def _span(span: Json) -> dict[str, str]:
    return {"from": str(span.get("from") or "")[:5], "to": str(span.get("to") or "")[:5]}


def _days(span: Json) -> list[int]:
    first = _DAYS.index(span["dayFrom"]) + 1
    last = _DAYS.index(span["dayTo"]) + 1 if span.get("dayTo") in _DAYS else first
    return list(range(first, last + 1)) if last >= first else [*range(first, 8), *range(1, last + 1)]


def _published(item: Json) -> bool:
    status = str(item.get("publishingStatus"))
    if status not in _STATES:
        raise Faulty(f"unknown publishing status {status}")
    return _STATES[status]


def _moment(text: Any) -> datetime | None:
    """Times are local, without a zone."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=HELSINKI)
    except ValueError as error:
        raise Faulty(f"not a time: {text}") from error


def _hash(item: Json) -> str:
    text = READER + json.dumps(item, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
