"""Kinds of visitors, each with a browser or a device of their own, and what they may ask for."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from team import matrix
from team.access import Member
from tests.addresses import PAGES, PRESSES, Press
from tests.factories.team import DeviceFactory, MembershipFactory
from tests.factories.visits import House

ROWS = [row for row in matrix.rows() if row.access is not None]
OBJECT = re.compile(r"<(uuid|int):")


class Visitor:
    """One kind of visitor at one house, with a browser or a device of their own."""

    def __init__(self, kind: str, house: House) -> None:
        self.kind, self.house = kind, house
        self.member: Member | None = None
        browser = Client()
        if kind.startswith("device_"):
            token = f"matriisin-{kind}-{uuid4()}"
            DeviceFactory(point=house.point, kind=kind.removeprefix("device_"), token=token)
            browser.cookies[kind] = token
        elif kind in matrix.ROLE_OF:  # whoever holds a link has it in the address, and nothing else
            is_partner = kind == matrix.PARTNER_ADVISOR
            self.member = Member(MembershipFactory(point=house.point, role=matrix.ROLE_OF[kind], partner=is_partner))
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
