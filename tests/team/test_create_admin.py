"""The operator lets the first administrator in, also into an empty house."""

import io
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from team.models import Membership, Role, ServicePoint
from tests.factories.team import MunicipalityFactory, PointFactory


def run(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("create_admin", *arguments, stdout=out)
    return out.getvalue()


def test_an_empty_house_gets_its_first_point(db: None) -> None:
    MunicipalityFactory()
    house = ("--new-point", "Hämeenlinna", "--organisation", "Hämeenlinnan kaupunki")
    said = run("pia", "--name", "Pia Pääkäyttäjä", *house)
    password = said.split("Password for the first sign-in: ")[1].strip()
    membership = Membership.objects.get()
    assert membership.role == Role.ADMIN
    assert membership.point == ServicePoint.objects.get(slug="hameenlinna")
    assert membership.point.desks.count() == 4
    browser = Browser()
    browser.post("/tili/login/", {"login": "pia", "password": password})
    assert browser.get("/kayttajat/")["Location"] == "/tili/password/change/"
    with pytest.raises(CommandError):
        run("toinen", "--name", "Toinen", *house)


@pytest.mark.parametrize("arguments", [(), ("pia",), ("pia", "--name", "Pia")])
def test_a_script_says_everything_beforehand(
    db: None, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError) as failure:
        run(*arguments)
    assert failure.value.returncode == 2


def test_a_password_may_be_given_and_must_be_good(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    PointFactory()
    monkeypatch.setattr("sys.stdin", io.StringIO("salasana\n"))
    with pytest.raises(CommandError):
        run("pia", "--name", "Pia", "--password-stdin")
    monkeypatch.setattr("sys.stdin", io.StringIO("kadunvarren penkki 18\n"))
    assert "Password for" not in run("pia", "--name", "Pia", "--password-stdin")
    user = Membership.objects.get(role=Role.ADMIN).user
    assert user.check_password("kadunvarren penkki 18")
    assert not user.must_change_password


def test_the_point_is_chosen_when_there_are_several(db: None) -> None:
    first, _second = PointFactory(), PointFactory()
    with pytest.raises(CommandError):
        run("pia", "--name", "Pia")
    run("pia", "--name", "Pia", "--point", first.slug)
    assert Membership.objects.get(role=Role.ADMIN).point == first
