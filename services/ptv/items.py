"""What the catalogue tells, as plain values: the readers of all versions of its interface end in these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Faulty(Exception):
    """An item that cannot be read, with what is wrong in plain words."""


@dataclass(frozen=True, slots=True)
class OrganisationItem:
    """An organisation as the catalogue tells of it."""

    source_id: str
    names: dict[str, str]
    kind: str
    business_id: str
    email: str
    phone: str
    web_page: str
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
    """A place, a telephone or a web service as the catalogue tells of it.

    `hours`: `{"days": [1, 4], "from": "09:00", "to": "15:00"}` for weekdays (1 is Monday), and
    `{"on": "2026-12-09", "until": …, "from": …, "to": …, "closed": bool, "note": {language: text}}` for exceptions.
    """

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
