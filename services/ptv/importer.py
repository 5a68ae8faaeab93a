"""Brings catalogue items into the product: idempotent, faults one by one, local edits kept, what vanished retired."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import DatabaseError, transaction

from services import actions
from services.models import Channel, ImportRun, Service
from services.ptv import v11
from services.ptv.items import ChannelItem, Faulty, OrganisationItem, ServiceItem
from team.models import Organisation
from tyoparkki import audit, clock
from tyoparkki.actor import SYSTEM

SOURCE = "ptv"
_LONGEST_FAULT = 200
_SERVICE_FIELDS = (
    "names", "summaries", "descriptions", "how_to_start", "requirements", "keywords", "languages", "charge",
    "municipalities", "service_classes", "target_groups", "life_events",
)  # fmt: skip
_CHANNEL_FIELDS = (
    "kind", "names", "descriptions", "street_addresses", "postal_code", "post_offices", "phone", "email", "web_pages",
    "hours",
)  # fmt: skip
_ORGANISATION_FIELDS = ("names", "kind", "business_id", "email", "phone", "web_page")


class Reader(Protocol):
    """What a version of the interface must be able to read."""

    def kind_of(self, item: Mapping[str, Any]) -> str:
        """service, channel or organisation."""

    def organisation(self, item: Mapping[str, Any]) -> OrganisationItem:
        """One organisation."""

    def service(self, item: Mapping[str, Any]) -> ServiceItem:
        """One service."""

    def channel(self, item: Mapping[str, Any]) -> ChannelItem:
        """One way into services."""


# One reader per version of the interface; the next version is a module of its own and a line here.
READERS: dict[str, Reader] = {"v11": v11}


@dataclass
class Outcome:
    """What a run changed, and what it could not read: `{"id", "fault"}`."""

    created: int = 0
    changed: int = 0
    retired: int = 0
    faults: list[dict[str, str]] = field(default_factory=list)

    def line(self) -> str:
        """The last line of the command."""
        return f"{self.created} created, {self.changed} changed, {self.retired} retired, {len(self.faults)} faulty"

    def fault(self, source_id: object, reason: object) -> None:
        """One item could not be taken; the others go on."""
        self.faults.append({"id": str(source_id or "?"), "fault": " ".join(str(reason).split())[:_LONGEST_FAULT]})

    def counted(self, *, is_new: bool) -> None:
        """One row was written."""
        if is_new:
            self.created += 1
        else:
            self.changed += 1


@dataclass
class _Read:
    """What the files hold: items by kind, and whether a kind's list is whole."""

    items: dict[str, list[Any]] = field(default_factory=lambda: {"organisation": [], "service": [], "channel": []})
    seen: set[str] = field(default_factory=set)
    is_whole: bool = True


class _DryRun(Exception):
    """Everything was tried and is taken back."""


def run(
    paths: Iterable[Path], *, at: datetime, dry_run: bool = False, version: str = "v11", full: bool = True
) -> Outcome:
    """Import files of list answers. A dry run does everything and takes it back.

    `full` says that the files hold everything: what is missing from them is retired, never deleted. A list of which
    a page is missing retires nothing, and neither does an item that is there but faulty.
    """
    outcome = Outcome()
    read = _read(paths, READERS[version], outcome)
    full = full and read.is_whole
    try:
        with transaction.atomic():
            log = ImportRun.objects.create(source=SOURCE, started_at=at)
            _organisations(read, outcome)
            _services(read, outcome, at=at, full=full)
            _channels(read, outcome, at=at, full=full)
            log.ended_at = clock.now()
            log.created_count, log.changed_count = outcome.created, outcome.changed
            log.retired_count, log.faults = outcome.retired, outcome.faults
            log.save()
            audit.record("services.imported", log, by=SYSTEM, at=at)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return outcome


def _read(paths: Iterable[Path], reader: Reader, outcome: Outcome) -> _Read:
    read = _Read()
    pages: dict[str, tuple[int, set[int]]] = {}
    for path in paths:
        answer = json.loads(path.read_text(encoding="utf-8"))
        rows = answer.get("itemList", []) if isinstance(answer, dict) else answer
        for raw in rows:
            source_id = raw.get("id") if isinstance(raw, dict) else None
            read.seen.add(str(source_id))
            try:
                kind = reader.kind_of(raw)
                read.items[kind].append(getattr(reader, kind)(raw))
            except (Faulty, LookupError, TypeError, AttributeError, ValueError) as fault:
                outcome.fault(source_id, f"{fault}" if isinstance(fault, Faulty) else f"not readable: {fault!r}")
            else:
                if isinstance(answer, dict):
                    known = pages.setdefault(kind, (int(answer.get("pageCount") or 1), set()))
                    known[1].add(int(answer.get("pageNumber") or 1))
    read.is_whole = all(len(found) >= count for count, found in pages.values())
    return read


def _organisations(read: _Read, outcome: Outcome) -> None:
    known = {row.source_id: row for row in Organisation.objects.filter(source=SOURCE)}
    for item in read.items["organisation"]:
        found = known.get(item.source_id) or _same_business(item.business_id)
        row, is_new = found or Organisation(is_active=True), found is None
        values = {name: getattr(item, name) for name in _ORGANISATION_FIELDS}
        if row.source_id and all(getattr(row, name) == value for name, value in values.items()):
            continue
        row.short_name = row.short_name or item.names["fi"][:40]
        row.source, row.source_id = SOURCE, item.source_id
        if _saved(row, values, item.source_id, outcome):
            outcome.counted(is_new=is_new)


def _same_business(business_id: str) -> Organisation | None:
    """One that was here before the catalogue told of it."""
    return Organisation.objects.filter(source_id="", business_id=business_id).first() if business_id else None


def _services(read: _Read, outcome: Outcome, *, at: datetime, full: bool) -> None:
    owners = _owners()
    known = {row.source_id: row for row in Service.objects.filter(source=SOURCE)}
    written = []
    for item in read.items["service"]:
        found = known.pop(item.source_id, None)
        row, is_new = found or Service(source=SOURCE, source_id=item.source_id), found is None
        if item.organisation_id not in owners:
            outcome.fault(item.source_id, "unknown organisation")
            continue
        values = {name: getattr(item, name) for name in _SERVICE_FIELDS}
        values["organisation_id"] = owners[item.organisation_id]
        if _is_as_before(row, item):
            continue
        kept = {name for name in values if name in row.local_fields or name.removesuffix("_id") in row.local_fields}
        if item.modified_at and row.verified_by_id is None:
            row.verified_on = clock.local_date(item.modified_at)
        row.updated_at = at
        _mark(row, item, at=at)
        if _saved(row, {name: value for name, value in values.items() if name not in kept}, item.source_id, outcome):
            outcome.counted(is_new=is_new)
            written.append(row)
    _retire(known, read, outcome, at=at, full=full)
    actions.index(written)
    actions.learn_words()  # even if no service has changed: a newer version of the product may know more forms


def _channels(read: _Read, outcome: Outcome, *, at: datetime, full: bool) -> None:
    owners = _owners()
    services = {row.source_id: row for row in Service.objects.filter(source=SOURCE).only("source_id")}
    known = {row.source_id: row for row in Channel.objects.filter(source=SOURCE)}
    for item in read.items["channel"]:
        found = known.pop(item.source_id, None)
        row, is_new = found or Channel(source=SOURCE, source_id=item.source_id), found is None
        if item.organisation_id not in owners:
            outcome.fault(item.source_id, "unknown organisation")
            continue
        if not _is_as_before(row, item):
            values = {name: getattr(item, name) for name in _CHANNEL_FIELDS}
            _mark(row, item, at=at)
            if not _saved(row, values | {"organisation_id": owners[item.organisation_id]}, item.source_id, outcome):
                continue
            outcome.counted(is_new=is_new)
        row.services.set([services[one] for one in item.service_ids if one in services])
    _retire(known, read, outcome, at=at, full=full)


def _owners() -> dict[str, Any]:
    return dict(Organisation.objects.filter(source=SOURCE).values_list("source_id", "pk"))


def _status(item: Any) -> str:
    return Service.Status.PUBLISHED if item.is_published else Service.Status.RETIRED


def _is_as_before(row: Any, item: Any) -> bool:
    return bool(row.source_hash == item.hash and row.status == _status(item))


def _mark(row: Any, item: Any, *, at: datetime) -> None:
    row.status = _status(item)
    row.retired_at = None if item.is_published else at
    row.source_modified_at, row.source_hash = item.modified_at, item.hash


def _saved(row: Any, values: dict[str, Any], source_id: str, outcome: Outcome) -> bool:
    """Write one row; what the database refuses is a fault of this item alone."""
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except (DatabaseError, ValueError) as refusal:
        outcome.fault(source_id, f"not fit for the database: {refusal}")
        return False
    return True


def _retire(missing: Mapping[str, Any], read: _Read, outcome: Outcome, *, at: datetime, full: bool) -> None:
    for source_id, row in missing.items():
        if full and source_id not in read.seen and row.status != Service.Status.RETIRED:
            row.status, row.retired_at = Service.Status.RETIRED, at
            row.save(update_fields=["status", "retired_at"])
            outcome.retired += 1
