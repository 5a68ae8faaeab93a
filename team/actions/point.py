"""A new service point: an address with a door, before anybody works there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from team.models import Desk, Organisation, ServicePoint
from tyoparkki import audit
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused
from tyoparkki.models import Municipality

FIRST_DESKS = 4


class NameTaken(Refused):
    """Two points of one name would have one address."""

    message = _("There is already a service point with this name.")


@transaction.atomic
def open_point(
    name: str,
    *,
    at: datetime,
    organisation_name: str,
    municipality: Municipality,
    street_address: str = "",
    postal_code: str = "",
) -> ServicePoint:
    """The operator makes a service point and, when it is new, the organisation that keeps it."""
    slug = slugify(name)[:40]
    if ServicePoint.objects.filter(slug=slug).exists():
        raise NameTaken
    house = Organisation.objects.filter(names__fi=organisation_name).order_by("pk").first()
    if house is None:
        house = Organisation.objects.create(
            names={"fi": organisation_name},
            short_name=organisation_name[:40],
            kind=Organisation.Kind.MUNICIPALITY,
        )
        audit.record("organisation.added", house, by=SYSTEM, at=at, fields=["names", "kind"])
    point = ServicePoint.objects.create(
        slug=slug,
        names={"fi": name},
        organisation=house,
        municipality=municipality,
        street_address=street_address,
        postal_code=postal_code,
        city=municipality.names.get("fi", ""),
    )
    Desk.objects.bulk_create([Desk(point=point, number=number) for number in range(1, FIRST_DESKS + 1)])
    audit.record("point.opened", point, by=SYSTEM, at=at, fields=["names", "municipality"])
    return point
