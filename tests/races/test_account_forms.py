"""One's own password, sent twice at once: the sign-in library keeps it, and we see to it that it is kept once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
from django.conf import settings

from team.access import Member
from tests.factories.team import PASSWORD, MembershipFactory
from tests.fixtures.site import Site
from tests.races.window import TOKEN, cookies_of, window
from tyoparkki.models import AuditEvent

ROUNDS = 5
NEW = "tien varren kivi 19"


def signed_in(site: Site) -> tuple[Member, httpx.Client]:
    """A member who has just given the password, in a window with what the product set there."""
    member = Member(MembershipFactory())
    who = {"login": member.user.username, "password": PASSWORD, "csrfmiddlewaretoken": TOKEN}
    with window(site, cookies_of(None)) as door:
        answer = door.post("/tili/login/", data=who)
    assert answer.status_code == 302
    return member, window(site, dict(answer.cookies))


def send(one: httpx.Client, path: str, **data: str) -> httpx.Response:
    """A form with the token of its browser."""
    return one.post(path, data={**data, "csrfmiddlewaretoken": one.cookies[settings.CSRF_COOKIE_NAME]})


def twice(one: httpx.Client, path: str, **data: str) -> list[int]:
    """The same form twice at the same moment."""
    with ThreadPoolExecutor(2) as pool:
        return [answer.status_code for answer in pool.map(lambda _n: send(one, path, **data), range(2))]


def test_a_password_changed_twice_at_once_is_changed_once(wednesday_site: Site) -> None:
    for _round in range(ROUNDS):
        member, one = signed_in(wednesday_site)
        with closing(one):
            answers = twice(one, "/tili/password/change/", oldpassword=PASSWORD, password1=NEW, password2=NEW)
        assert min(answers) == 302
        assert max(answers) < 500
        member.user.refresh_from_db()
        assert member.user.check_password(NEW)
        changed = AuditEvent.objects.filter(verb="user.password_changed", object_id=str(member.user.pk))
        assert changed.count() == 1
