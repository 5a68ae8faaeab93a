"""Promises kept and broken: what counts, what is hidden, what is traced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import plan as plans
from clients.actions import reminder as reminders
from reports.promises import Told, figures, quarters
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at

Sign = Callable[[Any], Browser]
TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [(TODAY, date(2025, 10, 1), date(2026, 9, 30)), (date(2027, 1, 1), date(2026, 1, 1), date(2026, 12, 31))],
)
def test_the_figures_are_of_whole_quarters(today: date, first: date, last: date) -> None:
    assert quarters(today) == (first, last)


def test_what_counts_is_kept_or_broken_and_nothing_else() -> None:
    due = date(2026, 9, 1)
    rows = [
        Told("first_contact", due, due, "contact"),
        Told("first_contact", due, due + timedelta(days=2), "contact"),
        Told("first_contact", due, None, ""),
        Told("first_contact", due, due - timedelta(days=3), "over"),
        Told("first_contact", due, due + timedelta(days=3), "over"),
        Told("next_contact", due, None, ""),
        Told("first_contact", TODAY, None, ""),
    ]
    (figure, *_others) = figures(rows, today=TODAY)
    assert (figure.kept, figure.broken) == (1, 3)
    assert [breach.late for breach in figure.breaches] == [2, None, None]
    assert not figure.is_told


def test_few_people_are_hidden_on_either_side() -> None:
    due = date(2026, 9, 1)
    kept, broken = Told("first_contact", due, due, "contact"), Told("first_contact", due, None, "")
    told = {
        (k, b): figures([kept] * k + [broken] * b, today=TODAY)[0].is_told
        for k, b in [(20, 5), (20, 4), (3, 0), (9, 0)]
    }
    assert told == {(20, 5): True, (20, 4): False, (3, 0): False, (9, 0): True}


@pytest.mark.django_db
def test_the_page_tells_the_share_and_who_leads_sees_each_breach(
    client_for: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = Member(MembershipFactory())
    long_ago = at(12) - timedelta(days=80)
    monkeypatch.setenv("TYOPARKKI_NOW", long_ago.isoformat())
    for number in range(6):
        person = person_on_file(anna, name=f"Aino Koe{number}", moment=long_ago)
        plans.open_plan(person, goal="Haluan töihin", by=anna, at=long_ago)
    reminders.keep_clocks(at=at(12), using="default")
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    leader = Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))
    text = client_for(leader).get("/raportit/lupaukset/").content.decode()
    assert "0\u202f%" in text or "0\u00a0%" in text
    assert text.count("ei toteutunut") == 6
    assert "Aino Koe" not in text
    assert "ei toteutunut" not in client_for(anna).get("/raportit/lupaukset/").content.decode()
