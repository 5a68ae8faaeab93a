"""Search and go: only what one may open, found by the letters typed in any language of the house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from team import palette
from team.access import Member
from team.models import Membership, Role
from team.permissions import Perm
from tests.factories.team import MembershipFactory


@pytest.fixture(autouse=True)
def english(client: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English words, and only the pages: what the apps find is tried with the apps."""
    monkeypatch.setattr(palette, "_sources", [])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


def labels(role: str, words: str) -> list[str]:
    return [str(choice.label) for choice in palette.find(Member(Membership(role=role)), words)]


def test_pages_are_found_by_the_first_letters_of_any_word() -> None:
    assert labels(Role.ADVISOR, "rep")[0] == "Reports"
    assert "Team" in labels(Role.ADVISOR, "vuor")


def test_what_begins_so_comes_before_what_is_only_like_it() -> None:
    assert labels(Role.MANAGER, "t")[:2] == ["Today", "Team"]


def test_only_what_the_role_may_open_is_found() -> None:
    assert labels(Role.FRONT_DESK, "users") == []
    assert labels(Role.ADMIN, "users") == ["Users"]


def test_apps_add_what_they_know_at_most_five_each() -> None:
    palette.source(lambda member, words: [palette.Choice(f"{words} {n}", "/x/") for n in range(9)])
    assert labels(Role.ADVISOR, "zzz") == ["zzz 0", "zzz 1", "zzz 2", "zzz 3", "zzz 4"]


def test_the_options_are_for_members_only(client: Client, db: None) -> None:
    assert client.get("/haku/", {"q": "t"}).status_code == 302
    membership = MembershipFactory()
    client.force_login(membership.user)
    answer = client.get("/haku/", {"q": "own sett"})
    assert 'role="option"' in answer.text
    assert "/asetukset/" in answer.text


def test_nothing_found_is_said(client: Client, db: None) -> None:
    client.force_login(MembershipFactory().user)
    assert "Nothing found" in client.get("/haku/", {"q": "qwerty"}).text


def test_the_own_menu_offers_the_other_roles(client: Client, db: None) -> None:
    first = MembershipFactory(role=Role.ADVISOR)
    other = MembershipFactory(user=first.user, point=first.point, role=Role.MANAGER)
    client.force_login(first.user)
    page = client.get("/asetukset/").text
    menu = page.split('action="/asetukset/jasenyys/"')[1:]
    assert menu
    current, offered = (first, other) if str(other.pk) in "".join(menu) else (other, first)
    assert client.get("/asetukset/").context["member"].membership == current
    assert str(offered.pk) in "".join(menu)


@pytest.mark.parametrize("role", Role.values)
def test_every_line_of_the_menus_and_the_palette_leads_somewhere(client: Client, db: None, role: str) -> None:
    membership = MembershipFactory(role=role)
    client.force_login(membership.user)
    frame = client.get("/asetukset/").context
    offered = {str(href) for _label, href, *_icon in (*frame["navigation"], *frame["own_pages"])}
    member = Member(membership)
    offered |= {
        choice.href for _perm, page, _words in palette._PAGES for choice in palette.find(member, str(page.label))
    }
    assert "/asetukset/" in offered
    assert ("/ohjaukset/" in offered) is member.may(Perm.GUIDE)
    for address in sorted(offered):
        assert client.get(address).status_code in {200, 302}, address
