"""Services and employers; the public pages, the slip and the turn on the phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from employers import actions as employers
from employers.models import ContactPerson, Employer, Position
from services import actions as services
from services.models import Service
from tests.addresses.registry import page, press, word
from tests.factories.employers import EmployerFactory
from tests.factories.services import ServiceFactory
from tests.factories.visits import House
from visits.actions import turn


def published(house: House) -> UUID:
    """A service that everybody may read about."""
    return UUID(str(ServiceFactory().pk))


@press("services:verify")
def verify(house: House, who: Any) -> Any:
    return [published(house)], {}


@press("services:undo_verify")
def undo_verify(house: House, who: Any) -> Any:
    key = published(house)
    services.verify(Service.objects.get(pk=key), by=who, at=house.now)
    return [key], {}


@press("services:note")
def note(house: House, who: Any) -> Any:
    return [published(house)], {"text": "Soita ensin vastaavalle ohjaajalle.", "seen": ""}


for _name in ("service", "print", "public_service"):
    page(f"services:{_name}")(lambda house, who: [published(house)])


def firm(house: House) -> Employer:
    """An employer on the point's register."""
    employer: Employer = EmployerFactory(point=house.point)
    return employer


@press("employers:add")
def add(house: House, who: Any) -> Any:
    return {"name": "Pihlajan Paja Oy", "size": "unknown", "contact_name": "Aino Esimerkki"}


@press("employers:change")
def change(house: House, who: Any) -> Any:
    known = firm(house)
    return [known.pk], {"name": "Pihlajan Verstas Oy", "size": "unknown", "version": known.version}


@press("employers:contact")
def contact(house: House, who: Any) -> Any:
    return [firm(house).pk], {"about": "Etsivät kahta varastotyöntekijää.", "kind": "phone"}


@press("employers:contact_undo")
def contact_undo(house: House, who: Any) -> Any:
    return [employers.log_contact(firm(house), kind="phone", about="Kyseltiin.", by=who, at=house.now).pk], {}


@press("employers:position_add")
def position_add(house: House, who: Any) -> Any:
    return [firm(house).pk], {"title": "Varastotyöntekijä", "kind": "job", "places": 2}


def opened(house: House, who: Any) -> Position:
    """Work that is offered."""
    return employers.open_position(firm(house), kind="job", title="Siivooja", by=who, at=house.now, today=house.day.on)


@press("employers:position_change")
def position_change(house: House, who: Any) -> Any:
    place = opened(house, who)
    return [place.pk], {"title": "Laitossiivooja", "kind": "job", "places": 1, "version": place.version}


@press("employers:position_move")
def position_move(house: House, who: Any) -> Any:
    return [opened(house, who).pk, "taytetty"], {}


@word("employers:position_move", "peruttu")
def withdraw_position(house: House, who: Any) -> Any:
    return [opened(house, who).pk], {}


@word("employers:position_move", "avoinna")
def open_position_again(house: House, who: Any) -> Any:
    return [employers.move_position(opened(house, who), "filled", by=who, at=house.now).pk], {}


@press("employers:person_add")
def person_add(house: House, who: Any) -> Any:
    return [firm(house).pk], {"name": "Aino Esimerkki", "phone": "+358 000 000 014"}


def contact_person(house: House, who: Any) -> ContactPerson:
    """Whom to ask for at an employer."""
    return employers.add_person(firm(house), name="Aino Esimerkki", by=who, at=house.now)


@press("employers:person_change")
def person_change(house: House, who: Any) -> Any:
    return [contact_person(house, who).pk], {"name": "Aino Toinen", "title": "Esihenkilö"}


@press("employers:person_end")
def person_end(house: House, who: Any) -> Any:
    return [contact_person(house, who).pk], {}


@press("employers:person_restore")
def person_restore(house: House, who: Any) -> Any:
    return [employers.end_person(contact_person(house, who), by=who, at=house.now).pk], {}


@page("employers:employer")
def employer(house: House, who: Any) -> list[Any]:
    return [firm(house).pk]


@page("visits:public")
def public(house: House, who: Any) -> list[Any]:
    return [house.point.slug]


@page("visits:turn")
def own_turn(house: House, who: Any) -> list[Any]:
    return [turn.give_turn(house.arrive(), by=house.desk, at=house.now)]


@page("visits:slip")
def slip(house: House, who: Any) -> list[Any]:
    return [house.arrive().pk]


@press("visits:give_slip")
def give_slip(house: House, who: Any) -> Any:
    return [house.arrive().pk], {}


@page("styleguide_press")
def style(house: House, who: Any) -> list[Any]:
    return ["ok"]
