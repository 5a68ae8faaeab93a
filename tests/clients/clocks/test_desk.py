"""My people with what is due, the most urgent first; the manager's list names nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import plan as plans
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.models import Client, ContactNote, PlanReview, PointTerms, Reminder
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at

Sign = Callable[[Any], Browser]
NOW = at(12)
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(db: None) -> Member:
    """An advisor."""
    return Member(MembershipFactory(user__name="Anna Koe"))


def answered(anna: Member, name: str, since: datetime, *, step: str = "", intensity: str = "dense") -> Client:
    """Somebody for whom Anna answers, with a plan when there is a step."""
    known = person_on_file(anna, name=name, moment=NOW)
    responsibilities.take(known, by=anna, at=since)
    if step:
        plan = plans.open_plan(known, goal="Haluan töihin", intensity=intensity, by=anna, at=since)
        plans.add_step(plan, step=plans.Step(step), by=anna, at=since)
    return known


def strike() -> None:
    """The night's clock."""
    reminders.keep_clocks(at=NOW, using="default")


def test_the_most_urgent_comes_first_with_its_next_step_and_words(anna: Member, client_for: Sign) -> None:
    answered(anna, "Aino Rauhassa", NOW - timedelta(days=1), step="Soittaa oppilaitokseen")
    answered(anna, "Örn Kiireinen", NOW - timedelta(days=16), step="Hakea kurssille")
    answered(anna, "Bo Tarpeessa", NOW - timedelta(days=200), step="Kysyä palkkatuesta", intensity="occasional")
    strike()
    text = client_for(anna).get("/asiakkaat/omat/").content.decode()
    places = [text.index(name) for name in ("Bo Tarpeessa", "Örn Kiireinen", "Aino Rauhassa")]
    assert places == sorted(places)
    for words in ("Soittaa oppilaitokseen", "myöhässä", "Tukijakso on kulunut ilman tarpeen tarkistusta", "Luvattu"):
        assert words in text


def test_a_contact_is_noted_from_the_row_once_and_taken_back(anna: Member, client_for: Sign) -> None:
    person = answered(anna, "Aino Koe", NOW - timedelta(days=60), step="Soittaa")
    strike()
    browser = client_for(anna)
    form = {"mode": "outreach", "submission": ""}
    answer = browser.post(f"/asiakkaat/{person.pk}/yhteys/", form, headers=PART)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="omat"' in text
    note = ContactNote.objects.get()
    assert (note.mode, note.client, note.membership) == ("outreach", person, anna.membership)
    assert "Luvattu" not in text
    undo = f"/yhteydet/{note.pk}/peru/"
    assert undo in text
    assert "Ei yhteyttä pitkään aikaan" in browser.post(undo, headers=PART).content.decode()
    assert browser.post(undo, headers=PART).status_code == 409
    assert browser.post(f"/asiakkaat/{person.pk}/yhteys/", {"mode": "x"}, headers=PART).status_code == 422


def test_a_look_together_is_noted_from_the_row(anna: Member, client_for: Sign) -> None:
    person = answered(anna, "Aino Koe", NOW - timedelta(days=95), step="Soittaa")
    strike()
    plan = person.plans.get()
    browser = client_for(anna)
    assert f"/suunnitelmat/{plan.pk}/katsottu/" in browser.get("/asiakkaat/omat/").content.decode()
    answer = browser.post(f"/suunnitelmat/{plan.pk}/katsottu/")
    assert answer.status_code == 303
    assert PlanReview.objects.get().kind == "plan"
    assert not Reminder.objects.open().filter(kind="plan_review").exists()


def test_thirty_people_cost_as_many_statements_as_one(
    anna: Member, client_for: Sign, assert_budget: Callable[..., Any]
) -> None:
    """Eleven for the list itself; the rest signs the reader in and writes the look."""
    browser = client_for(anna)
    answered(anna, "Aino Koe0", NOW - timedelta(days=60), step="Soittaa")
    strike()
    with assert_budget(15) as first:
        browser.get("/asiakkaat/omat/")
    assert len([one for one in first if "clients_" in one or "visits_" in one]) <= 11
    for number in range(1, 30):
        answered(anna, f"Aino Koe{number}", NOW - timedelta(days=60), step="Soittaa")
    strike()
    with assert_budget(len(first), exactly=True):
        browser.get("/asiakkaat/omat/")


def test_who_leads_sees_how_long_and_who_answers_and_no_name(anna: Member, client_for: Sign) -> None:
    answered(anna, "Aino Salainen", NOW - timedelta(days=70), step="Soittaa")
    strike()
    leader = Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))
    text = client_for(leader).get("/asiakkaat/ilman-yhteytta/").content.decode()
    assert "Yksi asiakas, 70 päivää ilman yhteyttä" in text
    assert "Anna Koe" in text
    assert "Salainen" not in text
    assert client_for(anna).get("/asiakkaat/ilman-yhteytta/").status_code == 404


def test_terms_are_kept_and_a_wrong_one_stays_as_typed(anna: Member, client_for: Sign) -> None:
    leader = Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))
    browser = client_for(leader)
    form = {"first_contact_days": 3, "dense_days": 7, "sparse_days": 40, "occasional_days": 90, "lost_days": 20,
            "long_lost_days": 40, "gap_days": 9, "need_days": 21, "plan_review_months": 2, "need_review_months": 5,
            "referral_remind_days": 2, "referral_late_days": 4, "referral_stuck_days": 8,
            "referral_lapse_days": 16}  # fmt: skip
    answer = browser.post("/asiakkaat/maaraajat/", {**form, "long_lost_days": 10})
    assert answer.status_code == 422
    assert 'value="10"' in answer.content.decode()
    assert browser.post("/asiakkaat/maaraajat/", form).status_code == 303
    assert PointTerms.objects.get(point=anna.membership.point).dense_days == 7
    assert PointTerms.objects.get(point=anna.membership.point).referral_lapse_days == 16
    page = browser.get("/asiakkaat/ilman-yhteytta/").content.decode()
    assert 'name="referral_stuck_days" value="8"' in page
    assert "matkalla" in page
    assert client_for(anna).post("/asiakkaat/maaraajat/", form).status_code in {403, 404}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"referral_late_days": 2}, "Lähettäjälle kerrotaan myöhemmin kuin vastaanottajalle."),
        ({"referral_stuck_days": 4}, "Esihenkilölle kerrotaan myöhemmin kuin lähettäjälle."),
        ({"referral_lapse_days": 8}, "Ohjaus raukeaa vasta sen jälkeen, kun esihenkilölle on kerrottu."),
        ({"referral_remind_days": 0}, "Vähintään 1."),
        ({"referral_remind_days": ""}, "Kirjoita numero."),
    ],
)
def test_the_terms_of_referrals_rise_and_a_wrong_one_is_said_kindly(
    anna: Member, client_for: Sign, wrong: dict[str, object], said: str
) -> None:
    leader = Member(MembershipFactory(point=anna.membership.point, role=Role.MANAGER))
    form = {"first_contact_days": 3, "dense_days": 7, "sparse_days": 40, "occasional_days": 90, "lost_days": 20,
            "long_lost_days": 40, "plan_review_months": 2, "need_review_months": 5, "referral_remind_days": 2,
            "referral_late_days": 4, "referral_stuck_days": 8, "referral_lapse_days": 16}  # fmt: skip
    answer = client_for(leader).post("/asiakkaat/maaraajat/", form | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PointTerms.objects.exists()
