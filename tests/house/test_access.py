"""The access matrix: every address declares whom it lets in, and lets in those and nobody else."""

import json
import re
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from team import matrix
from team.models import Role
from team.permissions import ROLES, Perm
from tests.factories.team import MembershipFactory

ROWS = matrix.rows()
NOBODY = UUID("00000000-0000-4000-8000-000000000000")


def test_nothing_is_undeclared() -> None:
    assert [row.route for row in matrix.undeclared()] == []


def test_declarations_name_known_permissions_and_every_role_has_its_own() -> None:
    asked = {
        permission
        for row in ROWS
        if row.access and row.access.kind == "member"
        for permission in row.access.permissions
    }
    assert asked <= set(Perm.values)
    assert set(ROLES) == set(Role.values)
    assert all(granted <= set(Perm.values) for granted in ROLES.values())


def test_the_command_prints_the_matrix() -> None:
    out = StringIO()
    call_command("access_matrix", "--json", stdout=out)
    table = json.loads(out.getvalue())
    assert table["undeclared"] == []
    rows = {row["name"]: row for row in table["routes"]}
    assert rows["team:users"]["allowed"]["admin"] is True
    assert rows["team:users"]["allowed"]["manager"] is False
    assert rows["account_login"]["allowed"]["anonymous"] is True
    assert rows["clients:withdraw"]["methods"] == ["POST"]
    plain = StringIO()
    call_command("access_matrix", stdout=plain)
    assert "/kayttajat/" in plain.getvalue()


def silent(request: Any) -> HttpResponse:
    """A view that says nothing."""
    return HttpResponse()


urlpatterns = [path("hiljainen/", silent, name="silent")]


@override_settings(ROOT_URLCONF="tests.house.test_access")
def test_a_silent_view_fails_the_command() -> None:
    with pytest.raises(CommandError, match="hiljainen") as failure:
        call_command("access_matrix", stdout=StringIO())
    assert failure.value.returncode == 1


def address(route: str) -> str:
    """An address of the route that leads to nothing."""
    route = re.sub(r"<uuid:\w+>", str(NOBODY), route)
    route = re.sub(r"<int:\w+>", "999999999", route)
    return re.sub(r"<(?:\w+:)?\w+>", "x", route)


OURS = [row for row in ROWS if row.access and row.access.kind == "member" and "(" not in row.route]


@pytest.mark.django_db
@pytest.mark.parametrize("row", OURS, ids=lambda row: row.route)
def test_who_is_not_signed_in_is_asked_to(row: matrix.Row) -> None:
    for method in row.methods:
        answer = Client().generic(method, address(row.route))
        assert answer.status_code in {302, 401}, (method, answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_who_may_not_finds_nothing(role: str) -> None:
    browser = Client()
    browser.force_login(MembershipFactory(role=role).user)
    for row in OURS:
        if row.allowed[role]:
            continue
        for method in row.methods:
            answer = browser.generic(method, address(row.route))
            assert answer.status_code == 404, (row.route, method, answer.status_code)
