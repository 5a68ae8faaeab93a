"""Background by a consent of its own, and the identity code."""

from __future__ import annotations

from itertools import count
from typing import Any

from clients.actions import background as acts
from clients.actions import consent as consents
from clients.actions import identity_code as codes
from clients.actions.consent import Given
from clients.models import Background, Client
from clients.models.consent import Purpose
from tests.addresses.people import person
from tests.addresses.registry import press
from tests.factories.team import at
from tests.factories.visits import House

_made = count()


def fresh_code() -> str:
    """Another artificial code each time (900–999: given to nobody), for one code has one file in a house."""
    number = next(_made)
    day = f"{1 + number % 28:02}{1 + number // 28 % 12:02}{50 + number // 336 % 50}"
    digits = f"{day}{900 + number % 100}"
    return f"{day}-{digits[6:]}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(digits) % 31]}"


def agreed(who: Any) -> Client:
    """Somebody who lets the team record background."""
    known = person(who)
    consents.give_consent(known, by=who, at=at(10), purpose=Purpose.BACKGROUND, given=Given())
    return known


def told(house: House, who: Any) -> Background:
    """Somebody has told of a need."""
    needs = acts.Told("guidance", needs=["digital"])
    return acts.record_background(agreed(who), needs, by=who, at=house.now)[0]


def coded(who: Any) -> Client:
    """Somebody whose identity code is recorded."""
    known = person(who)
    codes.keep_code(known, fresh_code(), by=who, at=at(10))
    return known


@press("clients:give_background")
def give_background(house: House, who: Any) -> Any:
    return [person(who).pk], {"how": "words", "read_in": "fi"}


@press("clients:background")
def background(house: House, who: Any) -> Any:
    return [agreed(who).pk], {"words": "Juuri muuttanut", "needs": "digital", "what_for": "guidance"}


@press("clients:background_end")
def end(house: House, who: Any) -> Any:
    return [told(house, who).pk], {}


@press("clients:background_restore")
def restore(house: House, who: Any) -> Any:
    return [acts.end_background(told(house, who), by=who, at=house.now).pk], {}


@press("clients:background_helped")
def helped(house: House, who: Any) -> Any:
    return [told(house, who).pk], {}


@press("clients:background_removed")
def removed(house: House, who: Any) -> Any:
    return [told(house, who).pk], {}


@press("clients:background_open")
def open_again(house: House, who: Any) -> Any:
    return [acts.set_status(told(house, who), "helped", by=who, at=house.now).pk], {}


@press("clients:background_undo")
def undo(house: House, who: Any) -> Any:
    return [told(house, who).pk], {}


@press("clients:identity_code")
def identity_code(house: House, who: Any) -> Any:
    return [person(who).pk], {"code": fresh_code()}


@press("clients:identity_reveal")
def reveal(house: House, who: Any) -> Any:
    return [coded(who).pk], {"reason": "identify"}


@press("clients:identity_remove")
def remove(house: House, who: Any) -> Any:
    return [coded(who).pk], {}


@press("clients:identity_restore")
def give_back(house: House, who: Any) -> Any:
    known = coded(who)
    codes.remove_code(known, by=who, at=house.now)
    return [known.pk], {}
