"""What every page says and carries, whoever asks: strict headers, and that a demonstration is one."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as product
from django.db import transaction

from team import matrix
from tests.addresses import Press
from tests.factories.visits import House
from tests.house.test_permission_matrix import DECIDES_ITSELF
from tests.house.visitor import Visitor, sample

pytestmark = pytest.mark.usefixtures("wednesday")

ROWS = [row for row in matrix.rows() if row.access is not None and "GET" in row.methods]
KINDS = ("anonymous", "device_feedback", "device_board", "advisor", "front_desk", "manager", "admin")
POLICY = {
    f"{name} {' '.join(str(value) for value in values)}"
    for name, values in product.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
}
# One address of the library needs a page of its own making; nobody is sent there.
NOT_OURS = ("/tili/2fa/", "/tili/3rdparty/", "/tili/oidc/")


def answers() -> list[tuple[str, Any]]:
    """Each address as the first kind of visitor that it lets in is answered, and one that is not there."""
    house, found = House(), []
    visitors = {kind: Visitor(kind, house) for kind in KINDS}
    for row in ROWS:
        kind = next((kind for kind in KINDS if row.allowed.get(kind)), None)
        if kind is None or row.route.startswith(NOT_OURS):
            continue
        one = visitors[kind]
        with transaction.atomic():
            found.append((f"{row.route} by {kind}", one.send("GET", sample(row, house, one.member))))
            transaction.set_rollback(True)
    for kind in KINDS:
        missing = visitors[kind].send("GET", Press("/ei-ole-mitaan/"))
        found.append((f"a missing page by {kind}", missing))
    return found


@pytest.mark.django_db
def test_every_answer_has_the_strict_policy_and_a_demonstration_says_so_on_every_page(settings: Any) -> None:
    settings.DEMO = True
    faults, pages = [], 0
    for name, answer in answers():
        given = set(answer.get("Content-Security-Policy", "").split("; "))
        if given != POLICY:
            faults.append(f"{name}: its policy lacks {POLICY - given}, adds {given - POLICY}")
        if answer["X-Content-Type-Options"] != "nosniff" or answer["X-Frame-Options"] != "DENY":
            faults.append(f"{name}: a header is missing")
        if not answer.streaming and b"<html" in answer.content:
            pages += 1
            if answer.content.count(b'data-testid="demo-mark"') != 1:
                faults.append(f"{name}: says nothing of a demonstration ({answer.status_code})")
    assert not faults, "\n".join(faults)
    assert pages > 60


def test_nothing_inline_nothing_foreign_is_allowed() -> None:
    text = "; ".join(POLICY)
    assert "unsafe" not in text
    assert "nonce" not in text
    assert "http" not in text
    assert "require-trusted-types-for 'script'" in POLICY
    assert "default-src 'none'" in POLICY
    assert set(DECIDES_ITSELF) == {"live_pass", "readyz", "styleguide_fault"}
