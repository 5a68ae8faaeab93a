"""Needs and obstacles that stand open, with the last act after each: a contact, a step of the plan, a referral."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clients.clocks import Need
from clients.models import Background, PlanStep, Referral
from tyoparkki.clock import local_date


def needs_of(
    points: Mapping[UUID, UUID], touched: Mapping[UUID, list[datetime]], *, on: date, using: str = "default"
) -> dict[UUID, list[Need]]:
    """The open needs of these people, each told at the person's own point; a person without one costs no more."""
    rows = Background.objects.using(using).unsolved().agreed_on(on).of_people(points)
    told: Any = rows.order_by("recorded_at", "pk").values_list("pk", "client_id", "point_id", "recorded_at")
    open_needs = [(key, client, at) for key, client, point, at in told if points[client] == point]
    if not open_needs:
        return {}
    acted = _acted({client for _key, client, _at in open_needs}, using)
    found: dict[UUID, list[Need]] = defaultdict(list)
    for key, client, told_at in open_needs:
        told_on, days = local_date(told_at), [local_date(one) for one in touched.get(client, ())]
        days += [day for since, day in acted.get(client, ()) if local_date(since) >= told_on]
        found[client].append(Need(key, told_at, max((day for day in days if day >= told_on), default=None)))
    return found


def _acted(clients: set[UUID], using: str) -> dict[UUID, list[tuple[datetime, date]]]:
    """What was agreed or done for these people: when, and until which day it counts.

    A step counts on the day when it was agreed or done, and while it is to do until its own day; a referral from its
    sending, and while somebody is to act until that day.
    """
    found: dict[UUID, list[tuple[datetime, date]]] = defaultdict(list)
    steps = PlanStep.objects.using(using).filter(plan__client__in=clients, ended_at__isnull=True)
    columns = steps.values_list("plan__client_id", "added_at", "done_at", "by_on", "ends_on")
    for client, added_at, done_at, by_on, ends_on in columns.order_by():
        for at in filter(None, (added_at, done_at)):
            found[client].append((at, local_date(at)))
        if added_at and not done_at:
            found[client] += [(added_at, day) for day in (by_on, ends_on) if day]
    sent = Referral.objects.using(using).sent().exclude(status=Referral.Status.WITHDRAWN).filter(client__in=clients)
    for client, at, next_on in sent.values_list("client_id", "sent_at", "next_on").order_by():
        if client:
            found[client] += [(at, day) for day in (local_date(at), next_on) if day]
    return found
