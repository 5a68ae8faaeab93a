"""How a need or an obstacle stands: one press from the person's page, with who and when, counted without the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import background as acts
from clients.actions import consent as consents
from clients.actions import erasure
from clients.actions import referral as referrals
from clients.models import Background, BackgroundCount, Client, Consent
from clients.models.consent import Purpose
from services.models import Service
from team.access import Member
from tests.clients.tiers.conftest import NOW, agree, share, tell
from tests.factories.services import ServiceFactory
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki.models import AuditEvent

Sign = Callable[[Any], Browser]
Status = Background.Status
MONTH = NOW.date().replace(day=1)


def counted() -> dict[tuple[str, str, bool], int]:
    """What the figures know: by code, how it stands and whether it led to a referral."""
    rows = BackgroundCount.objects.filter(n__gt=0).values_list("code", "status", "is_referred", "n")
    return {(code, status, is_referred): n for code, status, is_referred, n in rows}


def page_of(person: Client) -> str:
    return reverse("clients:client", args=[person.pk])


def press(browser: Browser, row: Background, status: str, **extra: Any) -> Any:
    return browser.post(reverse(f"clients:background_{status}", args=[row.pk]), {"submission": str(uuid4())}, **extra)


@pytest.fixture
def obstacle(told: list[Background]) -> Background:
    """The obstacle among the three things that were told."""
    return next(row for row in told if row.kind == Background.Kind.OBSTACLE)


@pytest.fixture
def coordinator(db: None) -> Service:
    """The catalogue's service that a need of work ability suggests."""
    names = {"fi": "Työkykykoordinaattorin neuvonta", "sv": "Rådgivning", "en": "Work ability coordinator"}
    return ServiceFactory(names=names, service_classes=["P10.4"])


# --- one press -------------------------------------------------------------------------------------------------------


def test_one_press_says_that_it_eased_and_one_takes_it_back(
    obstacle: Background, person: Client, anna: Member, client_for: Sign
) -> None:
    browser = client_for(anna)
    page = browser.get(page_of(person)).content.decode()
    assert page.count('data-testid="background-removed"') == 2  # the need and the obstacle, not the own words
    answer = press(browser, obstacle, "helped")
    assert (answer.status_code, answer["Location"]) == (303, page_of(person))
    obstacle.refresh_from_db()
    assert (obstacle.status, obstacle.status_at, obstacle.status_by_id) == ("helped", NOW, anna.membership_id)
    page = browser.get(page_of(person)).content.decode()
    assert "Helpottanut" in page
    undo = reverse("clients:background_open", args=[obstacle.pk])
    assert f'action="{undo}"' in page
    assert browser.post(undo).status_code == 303
    obstacle.refresh_from_db()
    assert obstacle.status == "open"
    history = AuditEvent.objects.filter(verb="background.moved", object_id=str(obstacle.pk)).order_by("pk")
    assert list(history.values_list("reason", flat=True)) == ["helped", "open"]


def test_the_panel_alone_is_swapped_unfolded_with_the_focus_on_the_row(
    obstacle: Background, anna: Member, client_for: Sign
) -> None:
    answer = press(client_for(anna), obstacle, "removed", HTTP_HX_REQUEST="true")
    part = answer.content.decode()
    assert (answer.status_code, "<html" in part, part.count("data-focus")) == (200, False, 1)
    assert '<details class="sect" open>' in part
    assert 'hx-swap-oob="true"' in part


def test_a_double_press_and_a_colleague_do_it_once(obstacle: Background, house: House, anna: Member) -> None:
    acts.set_status(obstacle, "removed", by=anna, at=NOW)
    again = acts.set_status(obstacle, "removed", by=house.advisor(), at=NOW + timedelta(minutes=1))
    assert (again.status_at, again.status_by_id) == (NOW, anna.membership_id)
    assert AuditEvent.objects.filter(verb="background.moved").count() == 1
    assert counted()["distance", "removed", False] == 1


def test_the_own_words_have_no_such_state(told: list[Background], anna: Member) -> None:
    words = next(row for row in told if row.kind == Background.Kind.GROUP)
    with pytest.raises(acts.CannotMove):
        acts.set_status(words, "removed", by=anna, at=NOW)
    with pytest.raises(DatabaseError, match="background_status_of_codes"):
        Background.objects.filter(pk=words.pk).update(status="removed", status_at=NOW, status_by=anna.membership)


def test_who_may_not_write_it_does_not_move_it(
    obstacle: Background, house: House, person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    share(person, anna, partner, ["background", "contact"])
    for other in (house.desk, house.advisor(partner=True), partner):
        assert press(client_for(other), obstacle, "removed").status_code in {403, 404}
    page = client_for(partner).get(page_of(person)).content.decode()
    assert ("Matka on pitkä" in page, "background-removed" in page) == (True, False)
    with as_actor(partner.actor):
        assert Background.objects.filter(pk=obstacle.pk).update(status="helped") == 0
    obstacle.refresh_from_db()
    assert obstacle.status == "open"


def test_after_the_withdrawal_nobody_moves_it(obstacle: Background, anna: Member, client_for: Sign) -> None:
    consents.withdraw_consent(Consent.objects.get(purpose=Purpose.BACKGROUND), by=anna, at=NOW)
    assert press(client_for(anna), obstacle, "removed").status_code == 404


# --- figures without the person --------------------------------------------------------------------------------------


def test_what_is_told_is_counted_and_what_is_taken_back_was_not_told(told: list[Background], anna: Member) -> None:
    assert counted() == {("digital", "open", False): 1, ("distance", "open", False): 1}
    assert set(BackgroundCount.objects.values_list("month", flat=True)) == {MONTH}
    acts.take_back(told[0], by=anna, at=NOW)
    assert counted() == {}


def test_figures_stay_the_same_when_the_person_is_erased(obstacle: Background, person: Client, anna: Member) -> None:
    acts.set_status(obstacle, "removed", by=anna, at=NOW)
    before = list(BackgroundCount.objects.order_by("pk").values())
    erasure.erase(person.pk, at=NOW, why="asked", using="default")
    assert not Background.objects.exists()
    assert list(BackgroundCount.objects.order_by("pk").values()) == before
    assert counted()["distance", "removed", False] == 1


def test_figures_stay_when_the_consent_is_withdrawn_and_the_night_erases(told: list[Background], anna: Member) -> None:
    consents.withdraw_consent(Consent.objects.get(purpose=Purpose.BACKGROUND), by=anna, at=NOW)
    before = counted()
    acts.erase_without_consent(at=NOW + timedelta(days=1), using="default")
    assert (Background.objects.count(), counted()) == (0, before)


# --- what a need suggests --------------------------------------------------------------------------------------------


@pytest.fixture
def able(person: Client, anna: Member) -> Background:
    """Somebody who needs support of work ability."""
    agree(person, anna)
    return tell(person, anna, words="", needs=["work_ability"], obstacles=[])[0]


def test_a_need_of_work_ability_suggests_the_coordinator_and_one_press_leads_to_the_form(
    able: Background, coordinator: Service, person: Client, anna: Member, client_for: Sign
) -> None:
    browser = client_for(anna)
    page = browser.get(page_of(person)).content.decode()
    there = f"{reverse('clients:refer', args=[person.pk])}?ehdotus=1"
    assert f'href="{there}"' in page
    form = browser.get(there).content.decode()
    assert f'value="{coordinator.pk}" checked' in form
    sent = {"found": str(coordinator.pk), "q": coordinator.name, "submission": str(uuid4())}
    assert browser.post(reverse("clients:refer", args=[person.pk]), sent).status_code == 303
    assert "background-suggestion" in browser.get(page_of(person)).content.decode()  # a draft has gone nowhere
    row = person.referrals.get()
    referrals.send(row, by=anna, at=NOW)
    assert counted() == {("work_ability", "open", True): 1}
    assert "background-suggestion" not in browser.get(page_of(person)).content.decode()
    referrals.withdraw(row, by=anna, at=NOW + timedelta(minutes=5))
    assert counted() == {("work_ability", "open", False): 1}
    referrals.undo_last(row, by=anna, at=NOW + timedelta(minutes=6))
    assert counted() == {("work_ability", "open", True): 1}


def test_without_the_service_in_the_catalogue_its_name_is_searched_for(
    able: Background, person: Client, anna: Member, client_for: Sign
) -> None:
    browser, there = client_for(anna), f"{reverse('clients:refer', args=[person.pk])}?ehdotus=1"
    assert f'href="{there}"' in browser.get(page_of(person)).content.decode()
    assert 'value="työkykykoordinaattori"' in browser.get(there).content.decode()


def test_a_referral_to_something_else_does_not_count(
    able: Background, coordinator: Service, person: Client, house: House, anna: Member
) -> None:
    referrals.refer(point=house.point, by=anna, at=NOW, client=person, organisation=coordinator.organisation)
    assert counted() == {("work_ability", "open", False): 1}


def test_who_may_not_see_the_need_sees_no_suggestion(
    able: Background,
    coordinator: Service,
    person: Client,
    house: House,
    anna: Member,
    partner: Member,
    client_for: Sign,
) -> None:
    share(person, anna, partner, ["contact", "guidance"])
    for blind in (house.desk, house.advisor(partner=True), partner):
        page = client_for(blind).get(page_of(person))
        assert (page.status_code, "background-suggestion" in page.content.decode()) == (200, False)
    acts.set_status(able, "removed", by=anna, at=NOW)
    assert "background-suggestion" not in client_for(anna).get(page_of(person)).content.decode()
