"""The roster, users, devices, opening hours, one's own settings."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from team.actions import device as devices
from team.actions import opening
from team.actions import shift as shifts
from team.actions import user as users
from team.models import Desk, OpeningRule, ServiceDay, Shift
from tests.addresses.desk import on_shift
from tests.addresses.registry import page, press
from tests.factories.team import (
    WEDNESDAY,
    DeviceFactory,
    MembershipFactory,
    OrganisationFactory,
    ProfessionFactory,
    ServiceDayFactory,
    ShiftFactory,
)
from tests.factories.visits import House

NEXT_WEDNESDAY = WEDNESDAY + timedelta(weeks=1)


def colleague(house: House) -> Any:
    """Somebody else of the same point."""
    return MembershipFactory(point=house.point)


def shift_of(house: House) -> Shift:
    """A colleague's shift today."""
    shift: Shift = ShiftFactory(day=house.day)
    return shift


def coming_shift(house: House) -> Shift:
    """A colleague's shift next Wednesday."""
    day = ServiceDay.objects.at(house.point.pk).on(NEXT_WEDNESDAY).first()
    shift: Shift = ShiftFactory(day=day or ServiceDayFactory(point=house.point, on=NEXT_WEDNESDAY, planned=True))
    return shift


# --- the roster ----------------------------------------------------------------------------------------------------


@press("team:add_shift")
def add_shift(house: House, who: Any) -> Any:
    return {
        "membership": colleague(house).pk,
        "on": NEXT_WEDNESDAY.isoformat(),
        "starts": "10:00",
        "ends": "14:00",
    }


@press("team:change_shift")
def change_shift(house: House, who: Any) -> Any:
    return [shift_of(house).pk], {"starts": "10:00", "ends": "15:30"}


@press("team:cancel_shift")
def cancel_shift(house: House, who: Any) -> Any:
    return [coming_shift(house).pk], {}


@press("team:restore_shift")
def restore_shift(house: House, who: Any) -> Any:
    return [shifts.cancel_shift(coming_shift(house), by=who, at=house.now).pk], {}


@press("team:start_break")
def start_break(house: House, who: Any) -> Any:
    return [on_shift(house, who).pk], {"minutes": 15}


@press("team:end_break")
def end_break(house: House, who: Any) -> Any:
    mine = on_shift(house, who)
    shifts.start_break(mine, by=who, at=house.now)
    return [mine.pk], {}


@press("team:end_early")
def end_early(house: House, who: Any) -> Any:
    return [on_shift(house, who).pk], {}


@press("team:move_desk")
def move_desk(house: House, who: Any) -> Any:
    assert Desk.objects.filter(point=house.point, number=8).exists()
    return [on_shift(house, who).pk], {"desk": 8}


# --- oneself and users ---------------------------------------------------------------------------------------------


@press("team:settings")
def settings(house: House, who: Any) -> Any:
    return {"language": "sv", "single_keys": "on"}


@press("team:act_as")
def act_as(house: House, who: Any) -> Any:
    return {"membership": who.membership_id}


@press("team:add_user")
def add_user(house: House, who: Any) -> Any:
    return {
        "name": "Uusi Kollega",
        "username": f"uusi{uuid4().hex[:12]}",
        "organisation": OrganisationFactory().pk,
        "role": "advisor",
        "languages": "fi",
    }


@press("team:user")
def change_user(house: House, who: Any) -> Any:
    return [colleague(house).user_id], {"name": "Toinen Nimi", "email": "toinen@tyo.example", "languages": "fi"}


@press("team:add_membership")
def add_membership(house: House, who: Any) -> Any:
    return [colleague(house).user_id], {"organisation": OrganisationFactory().pk, "role": "advisor"}


@press("team:end_membership")
def end_membership(house: House, who: Any) -> Any:
    return [colleague(house).pk], {}


@press("team:reset_password")
def reset_password(house: House, who: Any) -> Any:
    return [colleague(house).user_id], {}


@press("team:deactivate")
def deactivate(house: House, who: Any) -> Any:
    return [colleague(house).user_id], {}


@press("team:reactivate")
def reactivate(house: House, who: Any) -> Any:
    gone = colleague(house).user
    users.deactivate(gone, by=who, at=house.now)
    return [gone.pk], {}


# --- devices and hours ---------------------------------------------------------------------------------------------


@press("team:devices")
def offer(house: House, who: Any) -> Any:
    return {"kind": "feedback", "name": "Tabletti ovella"}


@press("team:revoke")
def revoke(house: House, who: Any) -> Any:
    return [DeviceFactory(point=house.point, token=f"poistuva-{uuid4()}").pk], {}


@press("team:pair")
def pair(house: House, who: Any) -> Any:
    offered = devices.offer_code(house.point, kind="feedback", name="Tabletti", by=house.desk, at=house.now)
    return {"code": offered.code}


@press("team:add_rule")
def add_rule(house: House, who: Any) -> Any:
    return {"weekday": 5, "opens_at": "10:00", "closes_at": "14:00", "valid_from": "2026-12-01"}


@press("team:end_rule")
def end_rule(house: House, who: Any) -> Any:
    rule = OpeningRule.objects.create(
        point=house.point, weekday=6, opens_at=time(10), closes_at=time(12), valid_from=date(2026, 1, 1)
    )
    return [rule.pk], {"last_on": "2026-12-31"}


@press("team:set_exception")
def set_exception(house: House, who: Any) -> Any:
    return {"on": "2026-12-02", "is_closed": "on", "reason_fi": "Henkilöstön koulutus"}


@press("team:remove_exception")
def remove_exception(house: House, who: Any) -> Any:
    row = opening.set_exception(
        house.point, date(2026, 12, 2), by=who, at=house.now, opens_at=None, closes_at=None, reasons={}
    )
    return [row.pk], {}


@page("team:user")
def user(house: House, who: Any) -> list[Any]:
    return [colleague(house).user_id]


# --- the house and its words -----------------------------------------------------------------------------------------

POINT = {
    "name_fi": "TyöParkki Hämeenlinna", "municipality": "109", "desks": 8, "wait_target_minutes": 15,
    "wait_alarm_minutes": 20, "calls_before_no_show": 2, "board_languages": ["fi", "sv"],
}  # fmt: skip
TOPIC = {"parties": ["client"], "guidance_minutes": 20, "is_active": "on"}


@press("team:point")
def change_point(house: House, who: Any) -> Any:
    return POINT


@press("team:open_point")
def open_point(house: House, who: Any) -> Any:
    name = f"TyöParkki {uuid4().hex[:12]}"
    return {**POINT, "name_fi": name, "organisation": house.point.organisation_id}


@press("team:add_organisation")
def add_organisation(house: House, who: Any) -> Any:
    return {"name_fi": f"Uusi yhdistys {uuid4()}", "kind": "association", "is_active": "on"}


@press("team:change_organisation")
def change_organisation(house: House, who: Any) -> Any:
    return [OrganisationFactory().pk], {"name_fi": f"Toinen nimi {uuid4()}", "kind": "company", "is_active": "on"}


@press("team:add_topic")
def add_topic(house: House, who: Any) -> Any:
    return {"name_fi": f"Uusi aihe {uuid4()}", **TOPIC}


@press("team:change_topic")
def change_topic(house: House, who: Any) -> Any:
    return [house.point.topics.get(code="muu").pk], {"name_fi": "Muu asia", **TOPIC}


@press("team:add_term")
def add_term(house: House, who: Any) -> Any:
    return ["result"], {"name_fi": f"Uusi tulos {uuid4()}", "is_active": "on"}


@press("team:change_term")
def change_term(house: House, who: Any) -> Any:
    return [house.point.terms.get(kind="result", code="jatko").pk], {"name_fi": "Jatko sovittu", "is_active": "on"}


@press("team:add_shared")
def add_shared(house: House, who: Any) -> Any:
    return ["ammatit"], {"name_fi": f"Uusi ammatti {uuid4()}", "is_active": "on"}


@press("team:change_shared")
def change_shared(house: House, who: Any) -> Any:
    return ["ammatit", ProfessionFactory().pk], {"name_fi": f"Ammatti {uuid4()}", "is_active": "on"}
