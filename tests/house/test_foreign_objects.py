"""What is somebody else's answers as what is not there: the same page, the same headers.

Whether an address leads to it or a form names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from clients.models import Client as Person
from team import matrix
from team.access import Member
from team.models import Role
from tests.addresses import PAGES, PRESSES, WORDS, Press
from tests.factories.clients import ClientFactory, person_on_file
from tests.factories.employers import EmployerFactory
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from tests.house.visitor import OBJECT, ROWS, Visitor, sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

# What differs on every page: keys and tokens.
SIGNS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|csrfmiddlewaretoken\S+ \S+|<svg.*?</svg>"
)
OF_THE_REQUEST = {"X-Request-ID", "Expires"}
WITH_OBJECT = [row for row in ROWS if row.access and row.access.kind == "member" and OBJECT.search(row.route)]
# The catalogue, the organisations and the words that all points share belong to everybody.
COMMON = {
    *("services:service", "services:print", "services:verify", "services:undo_verify", "services:note"),
    *("team:change_organisation", "team:change_shared"),
}


def missing_at(path: str) -> str:
    """The same address with objects that are not there."""
    path = SIGNS.sub(lambda _found: str(uuid4()), path)
    return re.sub(r"/\d+/", "/999999999/", path)


def headers_of(answer: Any) -> dict[str, str]:
    """The headers and which cookies are set, but for what differs with every request."""
    cookies = " ".join(sorted(answer.cookies))
    told = {name: SIGNS.sub("", value) for name, value in answer.headers.items() if name not in OF_THE_REQUEST}
    return {**told, "Set-Cookie": cookies}


def difference(there: Any, missing: Any) -> str:
    """What tells the two answers apart; nothing when they are the same."""
    if there.status_code != missing.status_code:
        return f"{there.status_code}, missing {missing.status_code}"
    mine, other = headers_of(there), headers_of(missing)
    if names := [name for name in {**mine, **other} if mine.get(name) != other.get(name)]:
        return f"the headers differ: {names}"
    pages = [SIGNS.sub("", answer.content.decode()) for answer in (there, missing)]
    return "" if pages[0] == pages[1] else "the pages differ"


def tell_apart(row: matrix.Row, reader: Visitor, owner: Member, house: House) -> list[str]:
    """Answers that betray somebody else's object: unlike those to one that is not there."""
    faults: list[str] = []
    words = [make for (name, _said), make in WORDS.items() if name == row.name]
    for make in [lambda house, who: sample(row, house, who), *words]:
        for method in sorted({"GET", "POST"} & set(row.methods)):
            with transaction.atomic():
                form = make(house, owner)
                there = reader.send(method, form)
                missing = reader.send(method, Press(missing_at(form.path), form.data))
                transaction.set_rollback(True)
            fault = difference(there, missing) or (
                "" if there.status_code == 404 else f"answered with {there.status_code}"
            )
            if fault:
                faults.append(f"{method} {form.path} by {reader.kind}: {fault}")
    return faults


def test_every_address_of_an_object_is_known() -> None:
    assert [row.name for row in WITH_OBJECT if row.name not in PRESSES | PAGES] == []


@pytest.mark.parametrize("role", Role.values)
def test_an_object_of_another_point_answers_as_a_missing_one(role: str) -> None:
    here, there = House(), House()
    reader, owner = Visitor(role, here), Member(MembershipFactory(point=there.point, role=role))
    MembershipFactory(point=there.point, admin=True)
    rows = [row for row in WITH_OBJECT if row.allowed[role] and row.name not in COMMON]
    faults = [fault for row in rows for fault in tell_apart(row, reader, owner, there)]
    assert not faults, "\n".join(faults)


# Of one point, but not of everybody at it: records open by taking part or by being shared, referrals by a relation.
QUEUE = {"visits:call_to_me", "visits:start", "visits:move", "visits:mine_help_end"}
# A person on file is known to the whole team of the point, whichever organisation pays: each of it may guide them on.
TEAM = {"clients:refer", "clients:chain"}
WALLED = [
    row for row in WITH_OBJECT if row.access and row.access.permissions[0] == "guide" and row.name not in QUEUE | TEAM
]


def test_a_record_of_another_organisation_answers_as_a_missing_one() -> None:
    house = House()
    owner = Member(MembershipFactory(point=house.point))
    partner = Visitor(matrix.PARTNER_ADVISOR, house)
    faults = [fault for row in WALLED for fault in tell_apart(row, partner, owner, house)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "name", ["clients:client", "clients:change", "clients:reveal", "clients:give_share", "clients:refer"]
)
def test_a_person_who_has_not_agreed_answers_as_a_missing_one(name: str) -> None:
    house = House()
    person: Person = ClientFactory(point=house.point)
    for kind in (Role.FRONT_DESK, Role.ADVISOR):
        reader = Visitor(kind, house)
        for method in sorted({"GET", "POST"} & set(next(row for row in ROWS if row.name == name).methods)):
            form = Press(reverse(name, args=[person.pk]), {"name": "Aino"})
            there, missing = reader.send(method, form), reader.send(method, Press(missing_at(form.path), form.data))
            assert there.status_code == 404
            assert difference(there, missing) == ""


# --- what a form names ---------------------------------------------------------------------------------------------


def advisor(house: House) -> object:
    """A colleague at the point."""
    return house.advisor().membership_id


def person(house: House) -> object:
    """Somebody on the point's file."""
    return person_on_file(house.advisor(), moment=at(10)).pk


def term(kind: str) -> Callable[[House], object]:
    """A word of the point."""
    return lambda house: house.point.terms.filter(kind=kind).order_by("pk")[0].pk


THINGS: dict[str, Callable[[House], object]] = {
    "topic": lambda house: house.topic().pk,
    "second_topics": lambda house: house.topic("cv").pk,
    "employer": lambda house: EmployerFactory(point=house.point).pk,
    "client": person,
    "asks": lambda house: f"m:{advisor(house)}",
    "whom": advisor,
    "colleague": advisor,
    "membership": advisor,
    "situation": term("situation"),
    "age_band": term("age_band"),
    "result": term("result"),
}
NAMED = [
    *(("visits:arrive", field) for field in ("topic", "employer", "client", "asks")),
    *(("visits:details", field) for field in ("topic", "second_topics", "employer", "asks", "situation", "age_band")),
    *(("visits:describe", field) for field in ("situation", "age_band")),
    ("visits:call", "whom"),
    ("visits:topic", "topic"),
    ("visits:join_client", "client"),
    ("visits:invite", "colleague"),
    ("visits:hand_over", "colleague"),
    ("visits:finish", "result"),
    ("team:add_shift", "membership"),
]


@pytest.mark.parametrize(("name", "field"), NAMED)
def test_a_form_that_names_something_of_another_point_is_answered_as_if_it_were_not_there(
    name: str, field: str
) -> None:
    here, there = House(), House()
    row = next(row for row in ROWS if row.name == name)
    role = next(role for role in (Role.ADVISOR, *Role.values) if row.allowed[role])
    reader = Visitor(role, here)
    foreign = str(THINGS[field](there))
    made_up = SIGNS.sub(str(uuid4()), foreign)
    own = str(THINGS[field](here))
    form = PRESSES[name](here, reader.member)
    data = {**form.data, "party": "employer"} if field == "employer" else dict(form.data)
    if (name, field) == ("visits:hand_over", "colleague"):
        del data["profession"]
    answers = []
    for value in (foreign, made_up, own):
        with transaction.atomic():
            answers.append(reader.send("POST", Press(form.path, {**data, field: value})))
            transaction.set_rollback(True)
    assert difference(answers[0], answers[1]) == ""
    assert answers[0].status_code in {404, 422}
    assert answers[2].status_code < 400, "one's own is taken, so the test asks the right thing"
