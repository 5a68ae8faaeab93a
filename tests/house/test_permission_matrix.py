"""Every address × method × kind of visitor: what each is answered is what the address declares, and nothing else.

The expected answers are computed from the declarations (team/matrix.py); the given ones come from the views. Whoever
loses a right is refused at the next press.
"""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction

from team import matrix
from team.access import Member
from team.actions import device as devices
from team.actions import user as users
from team.models import Role
from tests.addresses import Press
from tests.factories.team import MembershipFactory
from tests.factories.visits import House
from tests.house.visitor import ROWS, Visitor, sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SIGN_IN = "/tili/login/"
LET_IN = {200, 201, 204, 302, 303}
# Public addresses that decide on what is asked for, one by one.
DECIDES_ITSELF = {"live_pass": {204, 401}, "readyz": {200, 503}, "styleguide_fault": {500}}


def expected(row: matrix.Row, kind: str, method: str) -> set[int]:
    """The status codes that the declaration allows for this kind of visitor."""
    access = row.access
    assert access is not None
    if access.kind in {"member", "signed_in"} and kind not in matrix.ROLE_OF:
        return {302}
    if row.route.startswith("/tili/"):  # the library's own pages: they let in, or say what is missing
        return set(range(200, 500)) - {401, 403}
    if method not in row.methods:
        return {405}
    if access.kind == "public":
        return DECIDES_ITSELF.get(row.name, LET_IN)
    if access.kind == "link":
        return LET_IN if row.allowed[kind] else {404}
    if access.kind == "device":
        return LET_IN if row.allowed[kind] else {401}
    return LET_IN if row.allowed[kind] else {404}


def ask(row: matrix.Row, one: Visitor, method: str, form: Press) -> str:
    """What is answered otherwise than declared; nothing of it stays."""
    cache.clear()  # how often one may try is another matter
    try:
        with transaction.atomic():
            if one.member is not None and row.allowed[one.kind] and method in row.methods:
                form = sample(row, one.house, one.member)
            if row.access is not None and row.access.kind == "link" and not row.allowed[one.kind]:
                form = Press(re.sub(r"[\w-]{32}", uuid4().hex, form.path), form.data)  # a secret that opens nothing
            answer = one.send(method, form)
            transaction.set_rollback(True)
    except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001 - each is a fault of the matrix, told with the rest
        return f"{method} {row.route} by {one.kind}: {type(fault).__name__} {fault}"
    if answer.status_code not in expected(row, one.kind, method):
        return f"{method} {row.route} by {one.kind}: {answer.status_code}"
    if one.member and answer.get("Location", "").startswith(SIGN_IN):
        return f"{method} {row.route} by {one.kind}: led to {answer['Location']}"
    return ""


def ask_all(row: matrix.Row, visitors: list[Visitor], owners: dict[str, Member]) -> list[str]:
    """Everybody by every method; to whom it is closed, at something of somebody else's that is really there."""
    with transaction.atomic():
        owner = next((member for role, member in owners.items() if row.allowed[role]), None)
        try:
            form = sample(row, visitors[0].house, owner)
        except LookupError as unknown_place:
            return [str(unknown_place)]
        faults = [ask(row, one, method, form) for one in visitors for method in METHODS]
        transaction.set_rollback(True)
    return [fault for fault in faults if fault]


AT_A_TIME = 12  # so that processes that test side by side share the work
EACH_TIME = 5  # every fifth part is asked in every run of the tests, the others in the slow one
PARTS = [
    pytest.param(
        ROWS[start : start + AT_A_TIME],
        id=f"from {ROWS[start].route}",
        marks=() if start // AT_A_TIME % EACH_TIME == 0 else pytest.mark.slow,
    )
    for start in range(0, len(ROWS), AT_A_TIME)
]


@pytest.mark.parametrize("rows", PARTS)
def test_every_address_answers_every_visitor_as_declared(rows: list[matrix.Row]) -> None:
    house = House()
    visitors = [Visitor(kind, house) for kind in matrix.ANYBODY]
    owners = {role: Member(MembershipFactory(point=house.point, role=role)) for role in Role.values}
    faults = [fault for row in rows for fault in ask_all(row, visitors, owners)]
    assert not faults, "\n".join(faults)


# --- rights that end -----------------------------------------------------------------------------------------------

SEEN = {"/tanaan/": "GET", "/tanaan/osa/": "GET", "/tiimi/": "GET", "/asetukset/": "GET", "/kaynnit/": "POST"}


def answers(one: Visitor) -> set[int]:
    """What the visitor's next presses are answered with."""
    return {one.send(method, Press(path)).status_code for path, method in SEEN.items()}


def test_a_membership_that_ends_lets_nobody_in_at_the_next_press() -> None:
    house = House()
    one, admin = Visitor(Role.FRONT_DESK, house), Member(MembershipFactory(point=house.point, admin=True))
    assert answers(one) == {200, 422}  # a page, and an arrival that is asked for its topic
    assert one.member is not None
    users.end_membership(one.member.membership, by=admin, at=house.now)
    assert answers(one) == {403}


def test_a_deactivated_user_is_signed_out_at_the_next_press() -> None:
    house = House()
    one, admin = Visitor(Role.FRONT_DESK, house), Member(MembershipFactory(point=house.point, admin=True))
    assert one.member is not None
    users.deactivate(one.member.user, by=admin, at=house.now)
    assert answers(one) == {302}


def test_a_revoked_device_is_refused_at_the_next_press() -> None:
    house = House()
    for kind, path in (("feedback", "/tabletti/"), ("board", "/taulu/")):
        one = Visitor(f"device_{kind}", house)
        assert one.send("GET", Press(path)).status_code == 200
        devices.revoke(house.point.devices.get(kind=kind), by=house.desk, at=house.now)
        assert one.send("GET", Press(path)).status_code == 401
