"""The team's screens: what they show, what is pressed on them, what they cost, whom they let in."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from team.access import Member
from team.models import OpeningException, OpeningRule, ServiceDay, Shift
from team.views import home
from tests.factories.team import (
    MembershipFactory,
    PointFactory,
    ProfessionFactory,
    ServiceDayFactory,
    ShiftFactory,
    SkillFactory,
    at,
)

NOW = at(12)
Sign = Callable[[Any], Browser]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday, noon."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def manager(db: None) -> Member:
    """The manager of a point that is open today."""
    return Member(MembershipFactory(manager=True))


@pytest.fixture
def today(manager: Member) -> ServiceDay:
    """Today's service day."""
    return ServiceDayFactory(point=manager.membership.point)


def test_the_door_leads_to_work(client_for: Sign, manager: Member) -> None:
    assert client_for(manager).get("/").status_code == 302
    assert Browser().get("/")["Location"].startswith("/tili/login/")


def test_the_roster_says_what_is_missing(client_for: Sign, manager: Member, today: ServiceDay) -> None:
    trade = ProfessionFactory(code="tyokyky")
    topic = manager.membership.point.topics.get(code="tyokyky")
    topic.professions.add(trade)
    shift = ShiftFactory(day=today, starts_at=at(10), ends_at=at(16), membership__user__languages=["fi", "en", "sv"])
    shift.membership.user.professions.add(trade)
    page = client_for(manager).get("/tiimi/")
    roster = page.context["roster"]
    assert len(roster.columns) == 8
    assert roster.columns[0].on == today.on
    gaps = [(lack.gap.on, lack.label, lack.gap.starts.hour) for lack in roster.lacks if lack.gap.on == today.on]
    assert (today.on, topic.name, 16) in gaps
    text = page.content.decode()
    assert "roster-gaps" in text
    assert ">10–16<" in text
    assert 'x="0%" width="75%"' in text


def test_the_roster_is_live_and_part_of_it_is_fetched(client_for: Sign, manager: Member, today: ServiceDay) -> None:
    browser = client_for(manager)
    page = browser.get("/tiimi/")
    assert f'data-live="{manager.membership.point.live_topic}"' in page.content.decode()
    assert page.cookies["tp_live"]["path"] == "/live/"
    part = browser.get("/tiimi/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'id="roster"' in part.content.decode()


def test_a_shift_is_added_changed_cancelled_and_restored(client_for: Sign, manager: Member, today: ServiceDay) -> None:
    colleague, browser = MembershipFactory(point=manager.membership.point), client_for(manager)
    opened = browser.get(f"/tiimi/vuorot/uusi/?paiva=2026-11-25&jasen={colleague.pk}")
    assert opened.context["form"]["on"].value() == "2026-11-25"
    form = {
        "membership": str(colleague.pk),
        "on": "2026-11-25",
        "starts": "10:00",
        "ends": "14.30",
        "submission_key": str(uuid4()),
    }
    for _ in range(2):
        assert browser.post("/tiimi/vuorot/uusi/", form).status_code == 303
    shift = Shift.objects.get()
    assert (shift.starts_at, shift.ends_at) == (at(10, on=shift.day.on), at(14, 30, on=shift.day.on))
    double = browser.post("/tiimi/vuorot/uusi/", {**form, "submission_key": str(uuid4())})
    assert double.status_code == 422
    assert colleague.user.name in double.content.decode()
    url = f"/tiimi/vuorot/{shift.pk}/"
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"starts": "12:00", "ends": "11:00"}).status_code == 422
    assert browser.post(url, {"starts": "12:00", "ends": "18:00"}).status_code == 303
    browser.post(f"{url}peru/")
    shift.refresh_from_db()
    assert (shift.starts_at, shift.cancelled_at) == (at(12, on=shift.day.on), NOW)
    assert f"{url}palauta/" in browser.get("/tiimi/").content.decode()
    browser.post(f"{url}palauta/")
    shift.refresh_from_db()
    assert shift.cancelled_at is None


def test_one_marks_the_own_break_and_the_desk_marks_anybodys(client_for: Sign, today: ServiceDay) -> None:
    shift = ShiftFactory(day=today)
    own, other = client_for(shift.membership), client_for(MembershipFactory(point=today.point))
    desk = client_for(MembershipFactory(point=today.point, front_desk=True))
    url = f"/tiimi/vuorot/{shift.pk}/"
    assert other.post(f"{url}tauko/").status_code == 404
    assert own.post(f"{url}tauko/", {"minutes": "30"}).status_code == 303
    assert shift.breaks.get().until == at(12, 30)
    assert desk.post(f"{url}tauolta/").status_code == 303
    assert shift.breaks.get().ended_at == NOW
    assert desk.post(f"{url}piste/", {"desk": "3"}).status_code == 303
    assert desk.post(f"{url}piste/", {"desk": "99"}).status_code == 303
    shift.refresh_from_db()
    assert shift.desk is not None
    assert shift.desk.number == 3
    own.post(f"{url}paata/")
    shift.refresh_from_db()
    assert shift.ends_at == NOW


@pytest.mark.parametrize("typed", ["palkka", "TAITAVA", "ar", "tyokyky kollega"])
def test_colleagues_are_found_by_what_they_know(client_for: Sign, manager: Member, typed: str) -> None:
    person = MembershipFactory(
        point=manager.membership.point, user__name="Kollega Taitava", user__languages=["fi", "ar"]
    )
    person.user.professions.add(ProfessionFactory(code="tyokyky"))
    person.user.skills.add(SkillFactory(code="palkkatuki"))
    page = client_for(manager).get("/tiimi/kollegat/", {"q": typed})
    assert [entry.membership for entry in page.context["entries"]] == [person]
    assert not client_for(manager).get("/tiimi/kollegat/", {"q": "zzz"}).context["entries"]


def test_opening_hours_on_the_screen(client_for: Sign, manager: Member) -> None:
    browser, point = client_for(manager), manager.membership.point
    page = browser.get("/aukiolo/")
    assert page.status_code == 200
    rule = {"weekday": "5", "opens_at": "9:00", "closes_at": "12", "valid_from": "2026-11-18"}
    assert browser.post("/aukiolo/viikko/", {**rule, "closes_at": "8:00"}).status_code == 422
    assert browser.post("/aukiolo/viikko/", rule).status_code == 303
    friday = OpeningRule.objects.get(point=point, weekday=5)
    assert browser.post(f"/aukiolo/viikko/{friday.pk}/paata/", {"last_on": "2026-12-04"}).status_code == 303
    assert browser.post("/aukiolo/poikkeukset/", {"on": "2026-12-02"}).status_code == 422
    assert browser.post("/aukiolo/poikkeukset/", {"on": "2026-11-01", "is_closed": "on"}).status_code == 422
    closed = {"on": "2026-12-02", "is_closed": "on", "reason_fi": "Koulutuspäivä"}
    assert browser.post("/aukiolo/poikkeukset/", closed).status_code == 303
    assert "Koulutuspäivä" in browser.get("/aukiolo/").content.decode()
    exception = OpeningException.objects.get(point=point)
    assert browser.post(f"/aukiolo/poikkeukset/{exception.pk}/poista/").status_code == 303
    foreign = OpeningRule.objects.get(point=PointFactory())
    assert browser.post(f"/aukiolo/viikko/{foreign.pk}/paata/", {"last_on": "2026-12-04"}).status_code == 404


def test_closing_a_planned_day_asks_whether_its_shifts_are_cancelled(client_for: Sign, manager: Member) -> None:
    browser = client_for(manager)
    shift = ShiftFactory(day=ServiceDayFactory(point=manager.membership.point, planned=True, on=date(2026, 12, 2)))
    closed = {"on": "2026-12-02", "is_closed": "on", "reason_fi": "Koulutuspäivä"}
    assert 'name="cancels_shifts"' not in browser.get("/aukiolo/").content.decode()
    asked = browser.post("/aukiolo/poikkeukset/", closed)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert shift.membership.user.name in page
    assert 'name="cancels_shifts"' in page
    assert 'value="Koulutuspäivä"' in page
    assert browser.post("/aukiolo/poikkeukset/", {**closed, "cancels_shifts": "on"}).status_code == 303
    shift.refresh_from_db()
    assert shift.cancelled_at is not None


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("address", ["/tietosuoja/", "/saavutettavuus/", "/pariliitos/"])
def test_the_public_pages_open_in_every_language(db: None, address: str, language: str) -> None:
    page = Browser().get(address, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


@pytest.mark.parametrize("address", ["/tietosuoja/", "/saavutettavuus/"])
def test_the_statements_name_who_answers_for_the_service(db: None, address: str) -> None:
    point = PointFactory(email="parkki@kunta.example", organisation__names={"fi": "Kokeilukunta"})
    closed = PointFactory(names={"fi": "Entinen piste"}, is_active=False)
    page = Browser().get(address, headers={"Accept-Language": "fi"}).content.decode()
    assert 'href="mailto:parkki@kunta.example"' in page
    assert "Kokeilukunta" in page
    assert point.phone in page
    assert closed.names["fi"] not in page
    assert "tyoparkki.example" not in page


def test_the_accessibility_statement_tells_when_it_was_made(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "ASSESSED_ON", date(2027, 2, 3))
    assert "3.2.2027" in Browser().get("/saavutettavuus/").content.decode()


def test_the_roster_costs_a_constant_number_of_statements(
    client_for: Sign, manager: Member, today: ServiceDay, assert_budget: Callable[..., Any]
) -> None:
    browser = client_for(manager)
    for number in (1, 14):
        for _ in range(number):
            ShiftFactory(day=today)
        with assert_budget(10):
            browser.get("/tiimi/")
        with assert_budget(7):
            browser.get("/tiimi/kollegat/")


PAGES = {
    "/tiimi/": {"front_desk", "advisor", "expert", "manager", "admin"},
    "/tiimi/kollegat/": {"front_desk", "advisor", "expert", "manager", "admin"},
    "/tiimi/vuorot/uusi/": {"manager"},
    "/asetukset/": {"front_desk", "advisor", "expert", "manager", "admin"},
    "/kayttajat/": {"admin"},
    "/kayttajat/uusi/": {"admin"},
    "/laitteet/": {"front_desk", "manager", "admin"},
    "/aukiolo/": {"manager", "admin"},
}


@pytest.mark.parametrize("role", ["front_desk", "advisor", "expert", "manager", "admin"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_for_those_who_may(client_for: Sign, db: None, address: str, role: str) -> None:
    expected = 200 if role in PAGES[address] else 404
    assert client_for(MembershipFactory(role=role)).get(address).status_code == expected
