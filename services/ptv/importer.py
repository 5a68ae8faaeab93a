"""Brings catalogue items into the product: idempotent, faults one by one, local edits kept, what vanished retired."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from services import search
from services.models import Channel, ImportRun, Service
from services.ptv import v11
from team.models import Organisation
from tyoparkki import clock

SOURCE = "ptv"
# One reader per version of the interface; the next version gets its own module here.
ADAPTERS = {"v11": v11}


@dataclass
class Outcome:
    """What a run changed, and what it could not read: (id, reason)."""

    created: int = 0
    changed: int = 0
    retired: int = 0
    faults: list[dict[str, str]] = field(default_factory=list)

    def line(self) -> str:
        """The last line of the command."""
        return f"{self.created} created, {self.changed} changed, {self.retired} retired, {len(self.faults)} faulty"


class DryRun(Exception):
    """Everything was tried and is taken back."""


def run(paths: Iterable[Path], *, at: datetime, dry_run: bool = False, version: str = "v11", full: bool = True) -> Outcome:
    """Import files of list answers. A dry run does everything and takes it back.

    `full` says that the files hold everything: what is missing from them is retired, never deleted.
    """
    outcome = Outcome()
    items = _items(paths, ADAPTERS[version], outcome)
    try:
        with transaction.atomic():
            log = ImportRun.objects.create(source=SOURCE, started_at=at)
            _organisations(items["organisation"], outcome)
            _services(items["service"], outcome, at=at, full=full)
            _channels(items["channel"], outcome, at=at, full=full)
            log.ended_at = clock.now()
            log.created_count, log.changed_count = outcome.created, outcome.changed
            log.retired_count, log.faults = outcome.retired, outcome.faults
            log.save()
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return outcome


def _items(paths: Iterable[Path], adapter: Any, outcome: Outcome) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"organisation": [], "service": [], "channel": []}
    for path in paths:
        for raw in json.loads(path.read_text(encoding="utf-8")).get("itemList", []):
            try:
                kind = adapter.kind_of(raw)
                found[kind].append(getattr(adapter, kind)(raw))
            except (v11.Faulty, KeyError, TypeError, AttributeError) as fault:
                outcome.faults.append({"id": str(raw.get("id") if isinstance(raw, dict) else ""), "fault": str(fault)})
    return found


def _organisations(items: list[v11.OrganisationItem], outcome: Outcome) -> None:
    for item in items:
        row = (
            Organisation.objects.filter(source=SOURCE, source_id=item.source_id).first()
            or (Organisation.objects.filter(source_id="", business_id=item.business_id).first() if item.business_id else None)
        )
        values = {"names": item.names, "kind": item.kind, "business_id": item.business_id}
        if row is None:
            Organisation.objects.create(
                source=SOURCE, source_id=item.source_id, short_name=item.names["fi"][:40], **values
            )
            outcome.created += 1
        elif any(getattr(row, name) != value for name, value in values.items()) or not row.source_id:
            for name, value in values.items():
                setattr(row, name, value)
            row.source, row.source_id = SOURCE, item.source_id
            row.save()
            outcome.changed += 1


def _services(items: list[v11.ServiceItem], outcome: Outcome, *, at: datetime, full: bool) -> None:
    owners = dict(Organisation.objects.filter(source=SOURCE).values_list("source_id", "pk"))
    known = {row.source_id: row for row in Service.objects.filter(source=SOURCE)}
    for item in items:
        owner = owners.get(item.organisation_id)
        if owner is None:
            outcome.faults.append({"id": item.source_id, "fault": "unknown organisation"})
            continue
        values = {
            name: getattr(item, name)
            for name in (
                "names", "summaries", "descriptions", "how_to_start", "requirements", "keywords", "languages",
                "charge", "municipalities", "service_classes", "target_groups", "life_events",
            )
        } | {"organisation_id": owner}  # fmt: skip
        row = known.pop(item.source_id, None) or Service(source=SOURCE, source_id=item.source_id)
        _write(row, values, item, outcome, at=at, done=search.index)
    _retire(known.values(), outcome, at=at, full=full and bool(items))


def _channels(items: list[v11.ChannelItem], outcome: Outcome, *, at: datetime, full: bool) -> None:
    owners = dict(Organisation.objects.filter(source=SOURCE).values_list("source_id", "pk"))
    services = dict(Service.objects.filter(source=SOURCE).values_list("source_id", "pk"))
    known = {row.source_id: row for row in Channel.objects.filter(source=SOURCE)}
    for item in items:
        owner = owners.get(item.organisation_id)
        if owner is None:
            outcome.faults.append({"id": item.source_id, "fault": "unknown organisation"})
            continue
        values = {
            name: getattr(item, name)
            for name in (
                "kind", "names", "descriptions", "street_addresses", "postal_code", "post_offices", "phone", "email",
                "web_pages", "hours",
            )
        } | {"organisation_id": owner}  # fmt: skip
        row = known.pop(item.source_id, None) or Channel(source=SOURCE, source_id=item.source_id)
        _write(row, values, item, outcome, at=at)
        row.services.set([services[one] for one in item.service_ids if one in services])
    _retire(known.values(), outcome, at=at, full=full and bool(items))


def _write(
    row: Any, values: dict[str, Any], item: Any, outcome: Outcome, *, at: datetime, done: Callable[[Any], None] | None = None
) -> None:
    """Save an item when it differs from what was imported last; fields edited here are left as they are."""
    is_new = row._state.adding
    status = Service.Status.PUBLISHED if item.is_published else Service.Status.RETIRED
    if not is_new and row.source_hash == item.hash and row.status == status:
        return
    kept = set(getattr(row, "local_fields", []))
    for name, value in values.items():
        if name.removesuffix("_id") not in kept and name not in kept:
            setattr(row, name, value)
    row.status = status
    row.retired_at = None if item.is_published else at
    row.source_modified_at, row.source_hash = item.modified_at, item.hash
    if hasattr(row, "verified_on") and item.modified_at and not row.verified_by_id:
        row.verified_on = clock.local_date(item.modified_at)
    if hasattr(row, "updated_at"):
        row.updated_at = at
    row.save()
    if done is not None:
        done(row)
    if is_new:
        outcome.created += 1
    else:
        outcome.changed += 1


def _retire(missing: Iterable[Any], outcome: Outcome, *, at: datetime, full: bool) -> None:
    if not full:
        return
    for row in missing:
        if row.status != Service.Status.RETIRED:
            row.status, row.retired_at = Service.Status.RETIRED, at
            row.save(update_fields=["status", "retired_at"])
            outcome.retired += 1
