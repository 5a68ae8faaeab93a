"""The record of processing says what the program does, for it is read off the program."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from clients import register
from clients.models import Client
from clients.models.consent import PROSPECT, Purpose
from team.access import Member
from team.models import Role
from team.permissions import ROLES, Perm
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from tyoparkki.purge import promise_of

pytestmark = pytest.mark.django_db


def test_every_kind_of_row_that_tells_of_somebody_or_ends_is_in_it() -> None:
    labels = {one.label for one in register.kinds({})}
    for model in apps.get_models():
        promise = getattr(model, "retention", None)
        if promise and (promise.personal or promise.days is not None):
            assert model._meta.label in labels
    person = next(one for one in register.kinds({"clients.client": 3}) if one.label == "clients.Client")
    assert (person.kept, person.erasure, person.ended_lately) == (
        f"{Client.retention.days} päivää, alkaen: viimeisin käynti",
        "poistuu",
        3,
    )
    assert "Nimi" in person.fields


def test_every_personal_column_has_words_that_are_not_its_name() -> None:
    bare = {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        if promise_of(model)
        for name in promise_of(model).personal
        if name in register._kind(model, register.declared().get(model), {}).fields
    }
    assert bare == set()


def test_every_role_and_every_purpose_is_in_it() -> None:
    assert len(register.roles()) == len(ROLES)
    assert sum(len(one.permissions) for one in register.roles()) == sum(map(len, ROLES.values()))
    assert len(register.consents()) == len({*Purpose.values, PROSPECT})


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.ADMIN, 200), (Role.ADVISOR, 404)])
def test_who_leads_and_who_administers_may_read_it(
    role: Role, status: int, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    house = House()
    member = Member(MembershipFactory(point=house.point, role=role))
    answer = client_for(member).get("/tietosuoja/rekisteri/")
    assert answer.status_code == status
    assert (Perm.SEE_REGISTER in ROLES[role]) is (status == 200)
    if status == 200:
        text = answer.content.decode()
        assert "Seloste käsittelytoimista" in text
        assert "register-kinds" in text
