"""Whoever marks a person as own or near has nothing to do with the file any more, in any role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from clients.actions import merge as merges
from clients.actions import recusal as acts
from clients.actions import responsibility as responsibilities
from clients.keys import sought
from clients.models import Client, Consent, ContactPoint, Plan, Recusal, Referral, Responsibility
from team.access import Member
from team.models import Role
from tests.factories.clients import ReferralFactory, person_on_file, plan_of
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki.models import AuditEvent

NOW = at(12)
Sign = Callable[[Member], Browser]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """The advisor whose own people come in."""
    return house.advisor()


@pytest.fixture
def manager(house: House) -> Member:
    """The manager of the point, who sees nobody on file."""
    return Member(MembershipFactory(point=house.point, role=Role.MANAGER))


@pytest.fixture
def near(anna: Member) -> Client:
    """Somebody of the advisor's own."""
    return person_on_file(anna, name="Aino Läheinen", contact_kind="phone", contact_value="+358 000 000 012")


def test_the_file_is_closed_in_every_membership_by_both_walls(house: House, anna: Member, near: Client) -> None:
    elsewhere = Member(MembershipFactory(user=anna.user, point=anna.membership.point, role=Role.FRONT_DESK))
    offer = responsibilities.offer(plan_of(near, anna).client, house.advisor().membership, by=anna, at=NOW)
    responsibilities.accept(offer, by=Member(offer.to_membership), at=NOW)
    acts.recuse(near, by=anna, at=NOW)
    for one in (anna, elsewhere):
        assert not Client.objects.visible_to(one).exists()
        with as_actor(one.actor):
            for model in (Client, ContactPoint, Consent, Plan, Responsibility):
                assert not model.objects.exists(), model
            assert not Client.objects.found_by(sought("aino läheinen"), one).exists()
            assert not Client.objects.found_by(sought("000 012"), one).exists()


def test_colleagues_go_on(house: House, anna: Member, near: Client, client_for: Sign) -> None:
    acts.recuse(near, by=anna, at=NOW)
    bo = house.advisor()
    assert Client.objects.visible_to(bo).get() == near
    assert client_for(bo).get(f"/asiakkaat/{near.pk}/").status_code == 200
    responsibilities.take(near, by=bo, at=NOW)


def test_the_screens_answer_as_for_what_is_not_there(anna: Member, near: Client, client_for: Sign) -> None:
    browser, page = client_for(anna), f"/asiakkaat/{near.pk}/"
    assert "client-recuse" in browser.get(page).content.decode()
    answer = browser.post(f"{page}esteellinen/")
    assert (answer.status_code, answer["Location"]) == (303, "/asiakkaat/")
    referral = ReferralFactory(point=anna.membership.point, client=near, organisation=anna.membership.organisation)
    for address in (page, f"{page}muuta/", f"{page}suunnitelma/", f"{page}kertominen/"):
        assert browser.get(address).status_code == 404, address
    for address in ("/asiakkaat/omat/", "/ohjaukset/", "/asiakkaat/kaksoiskappaleet/"):
        assert "Läheinen" not in browser.get(address).content.decode()
    assert "Läheinen" not in browser.post("/asiakkaat/", {"q": "läheinen"}).content.decode()
    typed = {"name": "Aino Läheinen", "contact_kind": "phone", "contact_value": "+358 000 000 012"}
    assert "client-use" not in browser.post("/asiakkaat/samat/", typed).content.decode()
    assert Referral.objects.get().pk == referral.pk


def test_the_responsibility_moves_first(house: House, anna: Member, near: Client, client_for: Sign) -> None:
    bo = house.advisor()
    responsibilities.take(near, by=anna, at=NOW)
    with pytest.raises(acts.AnswersStill):
        acts.recuse(near, by=anna, at=NOW)
    answer = client_for(anna).post(f"/asiakkaat/{near.pk}/esteellinen/")
    assert answer.status_code == 409
    assert "recusal-refused" in answer.content.decode()
    offer = responsibilities.offer(near, bo.membership, by=anna, at=NOW)
    with pytest.raises(acts.OfferWaits):
        acts.recuse(near, by=bo, at=NOW)
    responsibilities.accept(offer, by=bo, at=NOW)
    assert acts.recuse(near, by=anna, at=NOW).user == anna.user


def test_whoever_is_barred_is_not_asked_to_answer_for_the_person(house: House, anna: Member, near: Client) -> None:
    bo = house.advisor()
    responsibilities.take(near, by=bo, at=NOW)
    acts.recuse(near, by=anna, at=NOW)
    with pytest.raises(responsibilities.CannotReceive):
        responsibilities.offer(near, anna.membership, by=bo, at=NOW)
    assert responsibilities.offer(near, house.advisor().membership, by=bo, at=NOW).client == near


def test_one_takes_a_wrong_mark_back_on_the_same_day_only(anna: Member, near: Client, client_for: Sign) -> None:
    mark = acts.recuse(near, by=anna, at=NOW)
    with pytest.raises(acts.NotYoursToEnd):
        acts.take_back(mark, by=anna, at=NOW + timedelta(days=1))
    answer = client_for(anna).post(f"/esteellisyydet/{mark.pk}/peru/")
    assert (answer.status_code, answer["Location"]) == (303, f"/asiakkaat/{near.pk}/")
    assert Client.objects.visible_to(anna).exists()
    with pytest.raises(acts.AlreadyEnded):
        acts.take_back(mark, by=anna, at=NOW)


def test_the_manager_sees_who_is_barred_and_who_answers_but_never_from_whom(
    house: House, anna: Member, manager: Member, near: Client, client_for: Sign
) -> None:
    mark = acts.recuse(near, by=anna, at=NOW)
    text = client_for(manager).get("/esteellisyydet/").content.decode()
    assert anna.user.name in text
    assert "kukaan ei vastaa" in text
    bo = house.advisor()
    responsibilities.take(near, by=bo, at=NOW)
    text = client_for(manager).get("/esteellisyydet/").content.decode()
    assert bo.user.name in text
    assert "Läheinen" not in text
    assert str(near.pk) not in text
    other = Member(MembershipFactory(role=Role.MANAGER))
    assert anna.user.name not in client_for(other).get("/esteellisyydet/").content.decode()
    assert client_for(other).post(f"/esteellisyydet/{mark.pk}/paata/", {"reason": "Erehdys"}).status_code == 404
    assert client_for(anna).get("/esteellisyydet/").status_code == 404


def test_the_manager_ends_a_wrong_mark_with_a_reason(
    anna: Member, manager: Member, near: Client, client_for: Sign
) -> None:
    mark = acts.recuse(near, by=anna, at=NOW)
    browser = client_for(manager)
    assert browser.post(f"/esteellisyydet/{mark.pk}/paata/", {"reason": ""}).status_code == 422
    assert browser.post(f"/esteellisyydet/{mark.pk}/paata/", {"reason": "Väärä henkilö"}).status_code == 303
    ended = Recusal.objects.get()
    assert (ended.end_reason, ended.ended_by) == ("Väärä henkilö", manager.membership)
    assert Client.objects.visible_to(anna).exists()
    assert browser.post(f"/esteellisyydet/{mark.pk}/paata/", {"reason": "Taas"}).status_code == 409
    verbs = AuditEvent.objects.filter(verb__startswith="recusal.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["recusal.marked", "recusal.ended"]


def test_whoever_is_barred_from_one_file_is_barred_from_the_merged_one(
    house: House, anna: Member, near: Client
) -> None:
    bo = house.advisor()
    again = person_on_file(bo, name="Aino Läheinen")
    acts.recuse(near, by=anna, at=NOW)
    acts.recuse(again, by=anna, at=NOW)
    rows = Client.objects.visible_to(bo)
    record = merges.merge(rows.get(pk=again.pk), rows.get(pk=near.pk), by=bo, at=NOW)
    assert not Client.objects.visible_to(anna).exists()
    assert Recusal.objects.get().client_id == again.pk
    merges.undo_merge(record, by=bo, at=NOW)
    assert set(Recusal.objects.values_list("client", flat=True)) == {near.pk, again.pk}
