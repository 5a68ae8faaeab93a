"""Promises kept and broken: what counts, what is hidden, what is traced."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients.actions import erasure
from clients.actions import plan as plans
from clients.actions import reminder as reminders
from clients.models import Client, Reminder
from reports.models import BreachCause
from reports.promises import Told, broken, causes, figures, quarters
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at
from tyoparkki.models import AuditEvent

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
    assert not figure.is_told
    keys = [uuid4() for _row in rows]
    labels = {"first_contact": "Lupaus"}
    found = broken(zip(keys, rows, strict=True), today=TODAY, labels=labels, causes={keys[1]: "absence"})
    assert [(breach.late, breach.cause) for breach in found] == [(2, "absence"), (None, ""), (None, "")]


def test_few_people_are_hidden_on_either_side() -> None:
    due = date(2026, 9, 1)
    kept, broken = Told("first_contact", due, due, "contact"), Told("first_contact", due, None, "")
    told = {
        (k, b): figures([kept] * k + [broken] * b, today=TODAY)[0].is_told
        for k, b in [(20, 5), (20, 4), (3, 0), (9, 0)]
    }
    assert told == {(20, 5): True, (20, 4): False, (3, 0): False, (9, 0): True}


def test_causes_are_told_in_their_order_and_few_are_hidden_with_what_would_reveal_them() -> None:
    assert [n for _label, n in causes({"nobody": 7, "absence": 2, "other": 9})] == [None, None, 0, 0, 9]
    assert [n for _label, n in causes({})] == [0] * 5


@pytest.fixture
def anna(monkeypatch: pytest.MonkeyPatch, db: None) -> Member:
    """An advisor, who made a plan 80 days ago, as a colleague did with five people; nobody was in touch with any."""
    found = Member(MembershipFactory())
    colleague = Member(MembershipFactory(point=found.membership.point))
    long_ago = at(12) - timedelta(days=80)
    monkeypatch.setenv("TYOPARKKI_NOW", long_ago.isoformat())
    for number in range(6):
        by = colleague if number else found
        person = person_on_file(by, name=f"Aino Koe{number}", moment=long_ago)
        plans.open_plan(person, goal="Haluan töihin", by=by, at=long_ago)
    reminders.keep_clocks(at=at(12), using="default")
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    return found


@pytest.fixture
def leader(anna: Member) -> Member:
    """Who leads the point."""
    return Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))


PAGE = "/raportit/lupaukset/"


def keys(browser: Browser) -> list[str]:
    """The keys of the breaches that the page lets one explain."""
    return re.findall(r"/raportit/lupaukset/([0-9a-f-]{36})/syy/", browser.get(PAGE).content.decode())


def tell(browser: Browser, key: str, cause: str) -> Any:
    return browser.post(f"{PAGE}{key}/syy/", {"cause": cause, "submission_key": str(uuid4())})


def test_the_page_tells_the_share_and_who_leads_sees_each_breach(
    anna: Member, leader: Member, client_for: Sign
) -> None:
    text = client_for(leader).get(PAGE).content.decode()
    assert "0\u202f%" in text or "0\u00a0%" in text
    assert text.count("ei toteutunut") == 6
    assert "Aino Koe" not in text
    assert client_for(anna).get(PAGE).content.decode().count("ei toteutunut") == 1
    other = Member(MembershipFactory(point=anna.membership.point))
    assert "ei toteutunut" not in client_for(other).get(PAGE).content.decode()


def test_a_cause_is_told_in_one_press_and_the_last_word_counts(anna: Member, leader: Member, client_for: Sign) -> None:
    browser = client_for(leader)
    key = keys(browser)[0]
    for cause in ("absence", "unreached", "unreached"):
        assert tell(browser, key, cause).status_code == 303
    row = BreachCause.objects.get()
    assert (str(row.key), row.cause, row.told_by) == (key, "unreached", leader.membership)
    assert 'aria-pressed="true" data-testid="cause-unreached"' in browser.get(PAGE).content.decode()
    assert AuditEvent.objects.filter(verb="promise.cause_told", reason="unreached").count() == 2
    assert not Reminder.objects.filter(pk=row.key).exists()


def test_whoever_answers_for_the_person_explains_that_one_and_no_other(
    anna: Member, leader: Member, client_for: Sign
) -> None:
    (own,) = keys(client_for(anna))
    assert tell(client_for(anna), own, "absence").status_code == 303
    foreign = next(key for key in keys(client_for(leader)) if key != own)
    assert tell(client_for(anna), foreign, "absence").status_code == 404
    assert tell(client_for(Member(MembershipFactory(role=Role.MANAGER))), own, "other").status_code == 404
    assert BreachCause.objects.get().cause == "absence"


def test_a_cause_that_is_none_is_refused_kindly(anna: Member, leader: Member, client_for: Sign) -> None:
    browser = client_for(leader)
    answer = tell(browser, keys(browser)[0], "laiskuus")
    assert answer.status_code == 422
    assert "Valitse syy." in answer.content.decode()
    assert not BreachCause.objects.exists()


def test_a_cause_stays_when_the_person_is_gone(
    anna: Member, leader: Member, client_for: Sign, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURES_FILE = str(tmp_path / "erasures.txt")
    (own,) = keys(client_for(anna))
    tell(client_for(anna), own, "absence")
    person = Client.objects.get(name="Aino Koe0")
    erasure.erase(person.pk, at=at(12), why="asked", using="default")
    assert own not in keys(client_for(leader))
    assert BreachCause.objects.get().cause == "absence"
