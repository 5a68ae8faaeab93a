"""What the clocks need to know of people, read for many at a time: plans, who answers, contacts, measures, promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from clients import touch
from clients.clocks import Case, Measure, Promise, SitePromise, Statutory, Terms
from clients.models import (
    Consent,
    Plan,
    PlanReview,
    PlanStep,
    PointPromise,
    PointTerms,
    Referral,
    ReferralEvent,
    Responsibility,
    StatutoryPlan,
)
from clients.models.consent import Purpose
from clients.needs import needs_of
from tyoparkki.clock import local_date

# Contacts older than this are silence to every clock.
LOOKED_BACK = timedelta(days=400)


def terms_of_points(*, using: str = "default") -> dict[UUID, Terms]:
    """The terms of the points that have some of their own."""
    names = list(Terms.__slots__)
    rows = PointTerms.objects.using(using).values("point_id", *names)
    return {row.pop("point_id"): Terms(**row) for row in rows}


def terms_of(point_id: UUID) -> Terms:
    """The terms of one point."""
    row = PointTerms.objects.filter(point_id=point_id).values(*Terms.__slots__).first()
    return Terms(**row) if row else Terms()


def people(*, on: date, using: str = "default") -> list[UUID]:
    """Everybody on file with an open plan or somebody who answers; whoever took the consent back is left in peace."""
    recorded = Consent.objects.in_force(on).filter(purpose=Purpose.RECORD).values("client_id")
    planned = Plan.objects.using(using).filter(closed_at__isnull=True, client__in=recorded).values_list("client_id")
    held = Responsibility.objects.using(using).running().filter(client__in=recorded).values_list("client_id")
    return [key for (key,) in planned.union(held).order_by("client_id")]


def cases(clients: Iterable[UUID], *, at: datetime, using: str = "default") -> list[Case]:
    """The cases of these people, as the connection's actor may know them; in eleven statements."""
    keys = list(clients)
    since = at - LOOKED_BACK
    plans = {plan.client_id: plan for plan in _plans(keys, using)}
    held = {row["client_id"]: row for row in _held(keys, using)}
    measures, touched = _measures(plans.values(), using), touch.contacts(keys, since=since, using=using)
    seen, statutory = _seen(plans.values(), using), _statutory(plans.values(), using)
    points = {key: plan.point_id for key, plan in plans.items()} | {key: row["point_id"] for key, row in held.items()}
    found = [
        _case((key, points[key]), held.get(key), plans.get(key), touched.get(key, []), measures, seen, since)
        for key in keys
        if key in points
    ]
    needs = needs_of(points, touched, on=local_date(at), using=using)
    site, received = _site_promises(set(points.values()), using), _received(keys, since, using)
    return [
        replace(
            one,
            statutory=tuple(statutory.get(one.plan_id, ())) if one.plan_id else (),
            needs=tuple(needs.get(one.client_id, ())),
            site=tuple(_begun(one, site.get(one.point_id, []), received, plans, held, touched, since)),
        )
        for one in found
    ]


def _plans(keys: list[UUID], using: str) -> Iterable[Plan]:
    return Plan.objects.using(using).filter(client_id__in=keys, closed_at__isnull=True).order_by("pk")


def _held(keys: list[UUID], using: str) -> Iterable[dict[str, Any]]:
    """Who answers, with the one before, from whom the person was taken over."""
    rows = Responsibility.objects.using(using).running().filter(client_id__in=keys)
    before = Responsibility.objects.using(using).filter(client_id__in=keys, ended_at__isnull=False)
    ended = set(before.values_list("client_id", "ended_at"))
    fields = rows.values("pk", "client_id", "point_id", "membership_id", "since_at")
    return [{**row, "taken_over": (row["client_id"], row["since_at"]) in ended} for row in fields]


def _measures(plans: Iterable[Plan], using: str) -> dict[UUID, list[Measure]]:
    found: dict[UUID, list[Measure]] = defaultdict(list)
    opened = {plan.pk: plan.opened_at for plan in plans}
    steps = PlanStep.objects.using(using).to_do().filter(plan_id__in=list(opened), ends_on__isnull=False)
    open_ended = set(steps.unfollowed().values_list("pk", flat=True))
    rows: Any = steps.order_by(F("ends_on"), "pk").values_list("pk", "plan_id", "added_at", "ends_on")
    for key, plan_id, added_at, ends_on in rows:
        found[plan_id].append(Measure(key, local_date(added_at or opened[plan_id]), ends_on, key not in open_ended))
    return found


def _statutory(plans: Iterable[Plan], using: str) -> dict[UUID, list[Statutory]]:
    """References to statutory plans that are looked at again on a day, by the plan beside which they stand."""
    found: dict[UUID, list[Statutory]] = defaultdict(list)
    rows = StatutoryPlan.objects.using(using).running().filter(plan_id__in=[plan.pk for plan in plans])
    dated: Any = rows.filter(review_on__isnull=False).order_by("review_on", "pk")
    for key, plan_id, at, on in dated.values_list("pk", "plan_id", "recorded_at", "review_on"):
        found[plan_id].append(Statutory(key, at, on))
    return found


def _site_promises(points: Iterable[UUID], using: str) -> dict[UUID, list[PointPromise]]:
    """What the points promise in their own words."""
    found: dict[UUID, list[PointPromise]] = defaultdict(list)
    for row in PointPromise.objects.using(using).running().filter(point_id__in=list(points)).order_by("made_at", "pk"):
        found[row.point_id].append(row)
    return found


def _received(keys: list[UUID], since: datetime, using: str) -> dict[tuple[UUID, UUID], list[tuple[UUID, datetime]]]:
    """When referrals of these people were received, and which, by the person and the point that received them."""
    found: dict[tuple[UUID, UUID], list[tuple[UUID, datetime]]] = defaultdict(list)
    rows = ReferralEvent.objects.using(using).filter(
        referral__client_id__in=keys,
        status=Referral.Status.RECEIVED,
        at__gte=since,
        undone_at__isnull=True,
        by__isnull=False,
    )
    told: Any = rows.order_by("at", "pk").values_list("referral__client_id", "by__point_id", "referral_id", "at")
    for client_id, point_id, referral_id, at in told:
        found[client_id, point_id].append((referral_id, at))
    return found


def _begun(
    case: Case,
    promises: Iterable[PointPromise],
    received: dict[tuple[UUID, UUID], list[tuple[UUID, datetime]]],
    plans: dict[UUID, Plan],
    held: dict[UUID, dict[str, Any]],
    touched: dict[UUID, list[datetime]],
    since: datetime,
) -> Iterable[SitePromise]:
    """The point's promises that began for one person: none from before the promise was made."""
    plan, answers, moments = plans.get(case.client_id), held.get(case.client_id), touched.get(case.client_id, [])
    begins = {
        PointPromise.CountedFrom.PLAN: [(plan.pk, plan.opened_at)] if plan else [],
        PointPromise.CountedFrom.TAKEN_OVER: (
            [(case.client_id, answers["since_at"])] if answers and answers["taken_over"] else []
        ),
        PointPromise.CountedFrom.REFERRAL: received.get((case.client_id, case.point_id), []),
    }
    for promise in promises:
        for subject, start in begins[PointPromise.CountedFrom(promise.counted_from)]:
            if start >= max(promise.made_at, since):
                met = next((one for one in moments if one > start), None)
                yield SitePromise(promise.pk, promise.days, subject, start, met)


def _seen(plans: Iterable[Plan], using: str) -> dict[tuple[UUID, str], datetime]:
    """When a plan and its need were last looked at together."""
    rows = PlanReview.objects.using(using).filter(plan_id__in=[plan.pk for plan in plans], undone_at__isnull=True)
    return {(plan_id, kind): at for plan_id, kind, at in rows.order_by("at", "pk").values_list("plan_id", "kind", "at")}


def _case(
    of: tuple[UUID, UUID],
    held: dict[str, Any] | None,
    plan: Plan | None,
    moments: list[datetime],
    measures: dict[UUID, list[Measure]],
    seen: dict[tuple[UUID, str], datetime],
    since: datetime,
) -> Case:
    begun = [plan.opened_at] if plan else []
    begun += [held["since_at"]] if held else []
    promises = [(plan.pk, plan.opened_at)] if plan else []
    promises += [(held["client_id"], held["since_at"])] if held and held["taken_over"] else []
    seen_at = [plan.opened_at, seen.get((plan.pk, "plan")), plan.approved_at] if plan else []
    client_id, point_id = of
    return Case(
        client_id=client_id,
        point_id=point_id,
        since_at=min(begun),
        plan_id=plan.pk if plan else None,
        intensity=plan.intensity if plan else "",
        plan_seen_at=max((moment for moment in seen_at if moment), default=None),
        need_seen_at=seen.get((plan.pk, "need"), plan.opened_at) if plan else None,
        contact_at=moments[-1] if moments else None,
        membership_id=held["membership_id"] if held else None,
        responsibility_id=held["pk"] if held else None,
        promises=tuple(
            Promise(subject, start, next((one for one in moments if one > start), None))
            for subject, start in promises
            if start >= since
        ),
        measures=tuple(measures.get(plan.pk, ())) if plan else (),
    )
