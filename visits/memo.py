"""The slip "what happens next": steps, services with contacts, place and person. No topics, no labels, no notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from services.models import Channel
from team.models import Membership, OpeningException, OpeningRule, ServicePoint
from team.opening import DayPlan, plans_between
from tyoparkki import clock, pictures
from tyoparkki.texts import pick
from visits.models import Participation
from visits.visit_page import VisitPage

LANGUAGES = ("fi", "sv", "en")
LOOK_AHEAD = timedelta(days=35)


def language_of(page: VisitPage, chosen: str = "") -> str:
    """The language of the slip: the chosen one, else the visitor's, else Finnish."""
    return next((code for code in (chosen, page.visit.language) if code in LANGUAGES), "fi")


@dataclass(frozen=True, slots=True)
class Contact:
    """One way into a service, in the language of the slip."""

    name: str
    address: str
    phone: str
    email: str
    web: str


@dataclass(frozen=True, slots=True)
class Onward:
    """A service to which the visitor was guided."""

    name: str
    organisation: str
    code: str
    visitor_acts: bool
    contacts: list[Contact]
    picture: SafeString
    address: str


@dataclass(frozen=True, slots=True)
class Memo:
    """The slip's content in one language."""

    language: str
    steps: list[dict[str, Any]]
    onward: list[Onward]
    person: str
    person_organisation: str
    next_open: DayPlan | None
    point_url: str
    point_picture: SafeString
    map_url: str


def read(page: VisitPage, *, language: str, absolute: Callable[[str], str]) -> Memo:
    """Three statements beside the page's own: the services' channels and the point's hours; to a reader, who was in."""
    point = page.visit.point
    sent = page.referrals
    channels = _channels([UUID(row["service_id"]) for row in sent if row["service_id"]])
    point_url = absolute(reverse("visits:public", args=[point.slug]))
    who = _advisor(page)
    place = f"{point.street_address}, {point.postal_code} {point.city}"
    return Memo(
        language=language,
        steps=page.steps,
        onward=[_onward(row, channels.get(row["service_id"], []), language, absolute) for row in sent],
        person=who.user.name,
        person_organisation=who.organisation.name,
        next_open=_next_open(point, page),
        point_url=point_url,
        point_picture=pictures.qr(point_url),
        map_url=f"https://www.openstreetmap.org/search?query={quote_plus(place)}",
    )


def _advisor(page: VisitPage) -> Membership:
    """Whom the visitor met: whoever prints, if with the visitor; to a mere reader, the one who was there first."""
    if page.can_write:
        return page.member.membership
    parts = Participation.objects.held().filter(encounter=page.encounter)
    return (
        parts.select_related("membership__user", "membership__organisation").order_by("joined_at", "pk")[0].membership
    )


def _channels(services: list[UUID]) -> dict[str, list[Channel]]:
    found: dict[str, list[Channel]] = {}
    if services:
        rows = Channel.objects.filter(services__in=services, status="published").order_by("kind", "pk")
        for row in rows.prefetch_related("services"):
            for service in row.services.all():
                found.setdefault(str(service.pk), []).append(row)
    return found


def _onward(row: dict[str, Any], channels: list[Channel], language: str, absolute: Callable[[str], str]) -> Onward:
    address = absolute(reverse("services:public_service", args=[row["service_id"]])) if row["service_id"] else ""
    return Onward(
        name=pick(row["service"], language) or pick(row["organisation"], language),
        organisation=pick(row["organisation"], language) if row["service"] else "",
        code=row["code"],
        visitor_acts=row["status"] == "self",
        contacts=[_contact(channel, language) for channel in channels],
        picture=pictures.qr(address) if address else SafeString(""),
        address=address,
    )


def _contact(channel: Channel, language: str) -> Contact:
    street = pick(channel.street_addresses, language)
    town = " ".join(part for part in (channel.postal_code, pick(channel.post_offices, language)) if part)
    return Contact(
        name=pick(channel.names, language),
        address=", ".join(part for part in (street, town) if part),
        phone=channel.phone,
        email=channel.email,
        web=pick(channel.web_pages, language),
    )


def _next_open(point: ServicePoint, page: VisitPage) -> DayPlan | None:
    """The next day on which the doors open, after the day of the visit."""
    first = clock.local_date(page.at) + timedelta(days=1)
    rules = OpeningRule.objects.filter(point=point).in_force_from(first)
    exceptions = OpeningException.objects.filter(point=point).from_day(first)
    return next((plan for plan in plans_between(first, first + LOOK_AHEAD, rules, exceptions) if plan.is_open), None)
