"""Every address × method × kind of visitor: what each is answered is what the address declares, and nothing else.

The expected answers are computed from the declarations (team/matrix.py); the given ones come from the views. A foreign
object answers as a missing one, and whoever loses a right is refused at the next press.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from clients.models import Client as Person
from team import matrix
from team.access import Member
from team.actions import device as devices
from team.actions import user as users
from team.models import Role
from tests.addresses import PAGES, PRESSES, Press
from tests.factories.clients import ClientFactory
from tests.factories.team import DeviceFactory, MembershipFactory, at
from tests.factories.visits import House

ROWS = [row for row in matrix.rows() if row.access is not None]
METHODS = ("GET", "POST", "PUT", "DELETE")
SIGN_IN = "/tili/login/"
LET_IN = {200, 201, 204, 302, 303, 409, 415, 422}
OBJECT = re.compile(r"<(uuid|int):")
# Public addresses that decide on what is asked for, one by one.
DECIDES_ITSELF = {"live_pass": {204, 401}, "readyz": {200, 503}, "styleguide_fault": {500}}
# What the point's staff see of each other's work ends here: these open by taking part, or by being shared.
SIGNS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|csrfmiddlewaretoken\S+ \S+|<svg.*?</svg>"
)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Today is the test Wednesday; thousands of refusals are not worth a line each."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    monkeypatch.setenv("TYOPARKKI_NOW", at(11).isoformat())


class Visitor:
    """One kind of visitor at one house, with a browser or a device of their own."""

    def __init__(self, kind: str, house: House, *, partner: bool = False) -> None:
        self.kind, self.house = kind, house
        self.member: Member | None = None
        browser = Client()
        if kind.startswith("device_"):
            token = f"matriisin-{kind}-{uuid4()}"
            DeviceFactory(point=house.point, kind=kind.removeprefix("device_"), token=token)
            browser.cookies[kind] = token
        elif kind != "anonymous":
            self.member = Member(MembershipFactory(point=house.point, role=kind, partner=partner))
            browser.force_login(self.member.user)
        self.cookies = {name: morsel.value for name, morsel in browser.cookies.items()}

    def send(self, method: str, form: Press) -> Any:
        """Ask, as this visitor, with the cookies of the beginning: no answer changes who asks."""
        browser = Client()
        browser.cookies.load(self.cookies)
        if form.is_json:
            return browser.generic(method, form.path, json.dumps(form.data), content_type="application/json")
        if method in {"GET", "POST"}:
            return getattr(browser, method.lower())(form.path, form.data if method == "POST" else {})
        return browser.generic(method, form.path)


def sample(row: matrix.Row, house: House, who: Member | None) -> Press:
    """Something at the address that this member may press or open."""
    if row.name in PRESSES:
        return PRESSES[row.name](house, who)
    if row.name in PAGES:
        return Press(reverse(row.name, args=PAGES[row.name](house, who)))
    if "<" in row.route and not row.route.startswith("/tili/"):
        raise LookupError(f"nothing is known to stand at {row.name}: add it to tests/addresses")
    return Press(reverse(row.name, args=[1] * len(OBJECT.findall(row.route))))


def expected(row: matrix.Row, kind: str, method: str) -> set[int]:
    """The status codes that the declaration allows for this kind of visitor."""
    access = row.access
    assert access is not None
    if access.kind in {"member", "signed_in"} and kind not in Role.values:
        return {302}
    if row.route.startswith("/tili/"):  # the library's own pages: they let in, or say what is missing
        return set(range(200, 500)) - {500}
    if method not in row.methods:
        return {405}
    if access.kind == "public":
        return DECIDES_ITSELF.get(row.name, LET_IN)
    if access.kind == "device":
        return LET_IN if row.allowed[kind] else {401}
    return LET_IN if row.allowed[kind] else {404}


def ask(row: matrix.Row, one: Visitor, method: str, form: Press) -> str:
    """What is answered otherwise than declared; nothing of it stays."""
    try:
        with transaction.atomic():
            if one.member is not None and row.allowed[one.kind] and method in row.methods:
                form = sample(row, one.house, one.member)
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
PARTS = [ROWS[start : start + AT_A_TIME] for start in range(0, len(ROWS), AT_A_TIME)]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", PARTS, ids=lambda rows: f"from {rows[0].route}")
def test_every_address_answers_every_visitor_as_declared(rows: list[matrix.Row]) -> None:
    house = House()
    visitors = [Visitor(kind, house) for kind in matrix.ANYBODY]
    visitors.append(Visitor(Role.ADVISOR, house, partner=True))
    owners = {role: Member(MembershipFactory(point=house.point, role=role)) for role in Role.values}
    faults = [fault for row in rows for fault in ask_all(row, visitors, owners)]
    assert not faults, "\n".join(faults)


# --- what is somebody else's ---------------------------------------------------------------------------------------


def unknown(path: str) -> str:
    """The same address with objects that are not there."""
    path = SIGNS.sub(lambda _found: str(uuid4()), path)
    return re.sub(r"/\d+/", "/999999999/", path)


def plain(answer: Any) -> str:
    """The page without what differs on every page: keys, tokens."""
    return SIGNS.sub("", answer.content.decode())


def tell_apart(row: matrix.Row, reader: Visitor, owner: Member, house: House) -> list[str]:
    """Answers that betray somebody else's object: unlike those to one that is not there."""
    faults: list[str] = []
    if row.name not in PRESSES | PAGES:
        return [f"nothing is known to stand at {row.name}"]
    for method in sorted({"GET", "POST"} & set(row.methods)):
        with transaction.atomic():
            form = sample(row, house, owner)
            there = reader.send(method, form)
            missing = reader.send(method, Press(unknown(form.path), form.data))
            transaction.set_rollback(True)
        if (there.status_code, missing.status_code) != (404, 404):
            faults.append(f"{method} {row.route} by {reader.kind}: {there.status_code}, missing {missing.status_code}")
        elif plain(there) != plain(missing):
            faults.append(f"{method} {row.route} by {reader.kind}: the pages differ")
    return faults


WITH_OBJECT = [row for row in ROWS if row.access and row.access.kind == "member" and OBJECT.search(row.route)]
# The catalogue, the organisations and the words that all points share belong to everybody.
COMMON = {
    *("services:service", "services:print", "services:verify", "services:undo_verify", "services:note"),
    *("team:change_organisation", "team:change_shared"),
}


@pytest.mark.django_db
def test_an_object_of_another_point_answers_as_a_missing_one() -> None:
    here, there = House(), House()
    readers = {role: Visitor(role, here) for role in Role.values}
    owners = {role: Member(MembershipFactory(point=there.point, role=role)) for role in Role.values}
    MembershipFactory(point=there.point, admin=True)
    faults = []
    for row in WITH_OBJECT:
        roles = [role for role in Role.values if row.allowed[role]]
        if row.name not in COMMON:
            faults += [fault for role in roles[:2] for fault in tell_apart(row, readers[role], owners[role], there)]
    assert not faults, "\n".join(faults)


# Of one point, but not of everybody at it: records open by taking part or by being shared, referrals by a relation.
QUEUE = {"visits:call_to_me", "visits:start", "visits:move", "visits:mine_undo"}
WALLED = [row for row in WITH_OBJECT if row.access and row.access.permissions[0] == "guide" and row.name not in QUEUE]


@pytest.mark.django_db
def test_a_record_of_another_organisation_answers_as_a_missing_one() -> None:
    house = House()
    owner = Member(MembershipFactory(point=house.point))
    partner = Visitor(Role.ADVISOR, house, partner=True)
    faults = [fault for row in WALLED for fault in tell_apart(row, partner, owner, house)]
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["clients:client", "clients:change", "clients:reveal", "clients:give_share"])
def test_a_person_who_has_not_agreed_answers_as_a_missing_one(name: str) -> None:
    house = House()
    person: Person = ClientFactory(point=house.point)
    for kind in (Role.FRONT_DESK, Role.ADVISOR):
        reader = Visitor(kind, house)
        for method in sorted({"GET", "POST"} & set(next(row for row in ROWS if row.name == name).methods)):
            form = Press(reverse(name, args=[person.pk]), {"name": "Aino"})
            there, missing = reader.send(method, form), reader.send(method, Press(unknown(form.path), form.data))
            assert (there.status_code, missing.status_code) == (404, 404)
            assert plain(there) == plain(missing)


# --- rights that end -----------------------------------------------------------------------------------------------

SEEN = {"/tanaan/": "GET", "/tanaan/osa/": "GET", "/tiimi/": "GET", "/asetukset/": "GET", "/kaynnit/": "POST"}


def answers(one: Visitor) -> set[int]:
    """What the visitor's next presses are answered with."""
    return {one.send(method, Press(path)).status_code for path, method in SEEN.items()}


@pytest.mark.django_db
def test_a_membership_that_ends_lets_nobody_in_at_the_next_press() -> None:
    house = House()
    one, admin = Visitor(Role.FRONT_DESK, house), Member(MembershipFactory(point=house.point, admin=True))
    assert answers(one) <= LET_IN
    assert one.member is not None
    users.end_membership(one.member.membership, by=admin, at=house.now)
    assert answers(one) == {403}


@pytest.mark.django_db
def test_a_deactivated_user_is_signed_out_at_the_next_press() -> None:
    house = House()
    one, admin = Visitor(Role.FRONT_DESK, house), Member(MembershipFactory(point=house.point, admin=True))
    assert one.member is not None
    users.deactivate(one.member.user, by=admin, at=house.now)
    assert answers(one) == {302}


@pytest.mark.django_db
def test_a_revoked_device_is_refused_at_the_next_press() -> None:
    house = House()
    for kind, path in (("feedback", "/tabletti/"), ("board", "/taulu/")):
        one = Visitor(f"device_{kind}", house)
        assert one.send("GET", Press(path)).status_code == 200
        devices.revoke(house.point.devices.get(kind=kind), by=house.desk, at=house.now)
        assert one.send("GET", Press(path)).status_code == 401
