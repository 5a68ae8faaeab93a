"""The advisor's own screen: whose visit it is, who may open it, and how one ends and the next begins."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories.clients import person_on_file
from tests.factories.team import ProfessionFactory, at
from tests.factories.visits import House
from tyoparkki.models import AccessEvent
from visits.actions import calling, encounters, guidance, identity
from visits.models import Encounter, Invitation, Visit, VisitEvent

PART = {"HX-Request": "true"}
# What differs on every page: keys and tokens.
DIFFERS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|csrfmiddlewaretoken\S+ \S+")


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def test_without_a_visitor_the_next_suitable_one_is_proposed_with_the_reason(house: House) -> None:
    trade, other = ProfessionFactory(code="tyokyky"), ProfessionFactory(code="koulutus")
    house.topic("koulutus").professions.set([other])
    house.topic("tyokyky").professions.set([trade])
    advisor = house.advisor(professions=[trade])
    house.advisor(professions=[other])
    first = house.arrive(topic=house.topic("koulutus"))
    suitable = house.arrive(at(11, 1), topic=house.topic("tyokyky"))
    page = browser(advisor).get("/oma-kaynti/").content.decode()
    assert f'name="expected" value="{suitable.pk}"' in page
    assert f'data-testid="visit-call-{first.ticket}"' in page


def test_the_proposed_visitor_is_called_and_the_next_one_when_somebody_was_quicker(house: House) -> None:
    advisor, quicker = house.advisor(), house.advisor()
    first, second = house.arrive(), house.arrive(at(11, 1))
    calling.call_in(first, by=quicker, at=at(11, 2))
    answer = browser(advisor).post("/oma-kaynti/kutsu-seuraava/", {"expected": first.pk}, headers=PART)
    assert answer.status_code == 200
    assert second.ticket in answer.content.decode()
    assert Visit.objects.get(pk=second.pk).called_for_id == advisor.membership_id


def test_nobody_waiting_is_said_and_nothing_breaks(house: House) -> None:
    advisor = house.advisor()
    client = browser(advisor)
    assert client.get("/oma-kaynti/").status_code == 200
    assert client.post("/oma-kaynti/kutsu-seuraava/", headers=PART).status_code == 409


def test_called_started_paused_and_brought_back(house: House) -> None:
    advisor, visit = house.advisor(), house.arrive()
    client = browser(advisor)
    client.post(f"/kaynnit/{visit.pk}/kutsu-minulle/", headers=PART)
    assert 'data-testid="visit-called"' in client.get("/oma-kaynti/").content.decode()
    assert 'data-testid="visit-no-show"' not in client.get("/oma-kaynti/").content.decode()
    assert (
        'data-testid="visit-no-show"'
        in client.post(f"/kaynnit/{visit.pk}/oma/uudelleen/", headers=PART).content.decode()
    )
    assert 'data-testid="visit-finish"' in client.post(f"/kaynnit/{visit.pk}/aloita/", headers=PART).content.decode()
    client.post(f"/kaynnit/{visit.pk}/oma/tauolle/", headers=PART)
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.PAUSED
    assert client.post(f"/kaynnit/{visit.pk}/oma/palasi/", headers=PART).status_code == 200


def test_two_presses_of_the_same_start_begin_one_visit(house: House) -> None:
    advisor, visit = house.advisor(), house.arrive()
    calling.call_in(visit, by=advisor, at=house.now)
    client, key = browser(advisor), str(uuid4())
    for _press in range(2):
        assert client.post(f"/kaynnit/{visit.pk}/aloita/", {"submission_key": key}, headers=PART).status_code == 200
    assert Encounter.objects.filter(visit=visit).count() == 1


def test_without_script_every_press_leads_back_to_the_screen(house: House) -> None:
    advisor, visit = house.advisor(), house.arrive()
    client = browser(advisor)
    assert client.post("/oma-kaynti/kutsu-seuraava/").status_code == 303
    assert client.post(f"/kaynnit/{visit.pk}/aloita/").headers["Location"] == "/oma-kaynti/"
    refused = client.post(f"/kaynnit/{visit.pk}/aloita/")
    assert refused.status_code == 409
    assert "<!doctype html>" in refused.content.decode()


def test_finishing_asks_only_how_it_ended_and_the_undo_brings_the_visit_back(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    client = browser(advisor)
    asked = client.post(f"/kaynnit/{visit.pk}/paata/", headers=PART)
    assert asked.status_code == 422
    assert asked.headers["HX-Retarget"] == "#visit-paatos"
    assert 'data-testid="visit-finish-error"' in asked.content.decode()
    done = client.post(
        f"/kaynnit/{visit.pk}/paata/", {"result": house.result().pk, "notes": "Viimeinen rivi"}, headers=PART
    )
    assert done.status_code == 200
    assert 'data-testid="undo-toast"' in done.content.decode()
    encounter = Encounter.objects.select_related("guidance").get(visit=visit)
    assert encounter.guidance.notes == "Viimeinen rivi"
    event = VisitEvent.objects.get(visit=visit, kind="finished")
    back = client.post(f"/oma-kaynti/kumoa/{event.pk}/", headers=PART)
    assert 'data-testid="visit-finish"' in back.content.decode()
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.IN_SERVICE


def test_todays_earlier_visit_opens_again_and_goes_on(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    encounters.finish(visit, result=house.result(), by=advisor, at=at(11, 3))
    client = browser(advisor)
    assert f"/kaynnit/{visit.pk}/" in client.get("/oma-kaynti/").content.decode()
    page = client.get(f"/kaynnit/{visit.pk}/").content.decode()
    assert 'data-testid="visit-note"' in page
    assert 'data-testid="visit-finish"' not in page
    client.post(f"/kaynnit/{visit.pk}/jatka/", headers=PART)
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.IN_SERVICE


def test_another_advisors_visit_answers_exactly_like_a_missing_one(house: House) -> None:
    visit = house.in_service(house.advisor()).visit
    client = browser(house.advisor(partner=True))
    for path in ("", "muistilista/", "osa/ohjaus/", "eteenpain/", "palvelut/?q=tyo"):
        foreign, missing = client.get(f"/kaynnit/{visit.pk}/{path}"), client.get(f"/kaynnit/{uuid4()}/{path}")
        assert (foreign.status_code, missing.status_code) == (404, 404), path
    for path in ("ohjaus/", "aihe/", "tilanne/", "askeleet/", "mukaan/", "ohjaa/", "paata/", "siirra/"):
        form = {"topic": str(house.topic().pk), "result": house.result().pk}
        asked = {key: client.post(f"/kaynnit/{key}/{path}", form) for key in (visit.pk, uuid4())}
        foreign, missing = ((answer.status_code, DIFFERS.sub("", answer.content.decode())) for answer in asked.values())
        assert foreign == missing, path
        assert foreign[0] == 404, path


@pytest.mark.parametrize(("method", "path"), [("get", "osa/ohjaus/"), ("post", "ohjaus/"), ("post", "mukaan/")])
def test_every_refused_look_at_a_record_leaves_a_trace(house: House, method: str, path: str) -> None:
    visit, stranger = house.in_service(house.advisor()).visit, house.advisor(partner=True)
    client = browser(stranger)
    assert getattr(client, method)(f"/kaynnit/{visit.pk}/{path}", headers=PART).status_code == 404
    look = AccessEvent.objects.get(person_kind="guidance", person_id=visit.pk)
    assert (look.outcome, look.membership_id) == ("denied", stranger.membership_id)


@pytest.mark.parametrize("path", ["/oma-kaynti/", "/oma-kaynti/osa/"])
def test_the_front_desk_has_no_such_screen(house: House, path: str) -> None:
    assert browser(house.desk).get(path).status_code == 404


def test_the_front_desk_cannot_open_a_visits_record(house: House) -> None:
    visit = house.in_service(house.advisor()).visit
    client = browser(house.desk)
    assert client.get(f"/kaynnit/{visit.pk}/").status_code == 404
    assert client.get(f"/kaynnit/{visit.pk}/muistilista/").status_code == 404


def test_a_colleague_of_another_organisation_comes_when_the_visitor_said_yes(house: House) -> None:
    advisor, partner = house.advisor(), house.advisor(partner=True)
    visit = house.in_service(advisor).visit
    client = browser(advisor)
    question = client.get(f"/kaynnit/{visit.pk}/mukaan/{partner.membership_id}/", headers=PART).content.decode()
    assert "Voit sanoa myös ei" in question
    form = {"colleague": partner.membership_id, "mode": "together"}
    assert client.post(f"/kaynnit/{visit.pk}/mukaan/", form, headers=PART).status_code == 409
    client.post(f"/kaynnit/{visit.pk}/mukaan/", form | {"agreed": "0"}, headers=PART)
    assert not Invitation.objects.exists()
    client.post(f"/kaynnit/{visit.pk}/mukaan/", form | {"agreed": "1"}, headers=PART)
    asked = Invitation.objects.get()
    assert asked.client_agreed is True
    theirs = browser(partner)
    assert 'data-testid="asked-come"' in theirs.get("/oma-kaynti/").content.decode()
    joined = theirs.post(f"/kutsut/{asked.pk}/tulen/", headers=PART).content.decode()
    assert 'data-testid="visit-multi"' in joined
    assert theirs.get(f"/kaynnit/{visit.pk}/").status_code == 200


def test_two_organisations_in_one_visit_are_one_visit(house: House) -> None:
    advisor, partner = house.advisor(), house.advisor(partner=True)
    visit = house.in_service(advisor).visit
    asked = encounters.invite(visit, partner.membership, mode="together", client_agreed=True, by=advisor, at=house.now)
    browser(partner).post(f"/kutsut/{asked.pk}/tulen/", headers=PART)
    browser(advisor).post(f"/kaynnit/{visit.pk}/paata/", {"result": house.result().pk}, headers=PART)
    assert Visit.objects.on_day(house.day).count() == 1
    assert Encounter.objects.filter(visit=visit).count() == 1
    assert {row.organisation_id for row in Encounter.objects.get(visit=visit).participations.all()} == {
        advisor.organisation_id,
        partner.organisation_id,
    }


@pytest.mark.parametrize(
    ("press", "sentence"),
    [
        ("paata", "{name} päätti käynnin {ticket} klo 11.05. riitti."),
        ("oma/tauolle", "{name} laittoi käynnin {ticket} tauolle klo 11.05."),
    ],
)
def test_who_ended_a_shared_visit_is_told_to_the_other(house: House, press: str, sentence: str) -> None:
    advisor, partner = house.advisor(), house.advisor(partner=True)
    visit = house.in_service(advisor).visit
    asked = encounters.invite(visit, partner.membership, mode="together", client_agreed=True, by=advisor, at=house.now)
    browser(partner).post(f"/kutsut/{asked.pk}/tulen/", headers=PART)
    form = {"topic": str(house.topic().pk), "result": house.result().pk}
    browser(advisor).post(f"/kaynnit/{visit.pk}/{press}/", form, headers=PART)
    told = sentence.format(name=advisor.user.first_name, ticket=visit.ticket)
    head = f"/kaynnit/{visit.pk}/osa/paa/"
    assert told in browser(partner).get(head, headers=PART).content.decode()
    own = browser(advisor).get(head, headers=PART).content.decode()
    assert 'data-testid="visit-over"' in own
    assert f"{advisor.user.first_name} p" not in own


@pytest.mark.parametrize("press", ["hand over", "pause"])
def test_how_a_visit_ended_is_told_of_its_end_and_not_of_an_earlier_sitting(house: House, press: str) -> None:
    advisor, partner, third = house.advisor(), house.advisor(partner=True), house.advisor()
    visit = house.in_service(advisor).visit
    asked = encounters.invite(visit, partner.membership, mode="together", client_agreed=True, by=advisor, at=at(11, 1))
    encounters.come_along(asked, by=partner, at=at(11, 1))
    if press == "pause":
        calling.pause(visit, by=advisor, at=at(11, 2))
        told = f"{advisor.user.first_name} laittoi käynnin {visit.ticket} tauolle klo 11.02."
    else:
        encounters.hand_over(visit, by=advisor, at=at(11, 2), to=third.membership)
        told = f"{advisor.user.first_name} siirsi käynnin {visit.ticket} eteenpäin klo 11.02."
    head = f"/kaynnit/{visit.pk}/osa/paa/"
    assert told in browser(partner).get(head, headers=PART).content.decode()
    if press == "pause":
        calling.bring_back(visit, by=advisor, at=at(11, 3))
    house.in_service(third, Visit.objects.get(pk=visit.pk), at(11, 3))
    encounters.finish(visit, result=house.result(), by=third, at=at(11, 4))
    page = browser(partner).get(head, headers=PART).content.decode()
    assert f"Päättyi 11.04: {house.result()}." in page
    assert told not in page


def test_who_reads_by_sharing_is_told_of_the_sharing_and_not_of_what_a_colleague_pressed(house: House) -> None:
    advisor, reader = house.advisor(), house.advisor(partner=True)
    encounter = house.in_service(advisor)
    guidance.share(encounter, reader.membership.organisation, by=advisor, at=at(11, 1), client_agreed=True)
    calling.pause(encounter.visit, by=advisor, at=at(11, 2))
    page = browser(reader).get(f"/kaynnit/{encounter.visit_id}/osa/paa/", headers=PART).content.decode()
    assert "Kollega on avannut tämän kirjauksen organisaatiollesi." in page
    assert f"{advisor.user.first_name} laittoi" not in page


def test_an_invitation_is_declined_or_taken_back(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    visit = house.in_service(advisor).visit
    form = {"colleague": colleague.membership_id, "mode": "after"}
    browser(advisor).post(f"/kaynnit/{visit.pk}/mukaan/", form, headers=PART)
    first = Invitation.objects.get()
    assert browser(colleague).post(f"/kutsut/{first.pk}/en-paase/", headers=PART).status_code == 200
    browser(advisor).post(f"/kaynnit/{visit.pk}/mukaan/", form, headers=PART)
    second = Invitation.objects.get(state="open")
    assert browser(colleague).post(f"/kutsut/{second.pk}/peru/", headers=PART).status_code == 404
    browser(advisor).post(f"/kutsut/{second.pk}/peru/", headers=PART)
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["declined", "withdrawn"]


def test_the_visitor_goes_on_to_a_colleague_and_keeps_the_place(house: House) -> None:
    advisor, colleague = house.advisor(), house.advisor()
    visit = house.in_service(advisor).visit
    client = browser(advisor)
    assert colleague.user.name in client.get(f"/kaynnit/{visit.pk}/eteenpain/").content.decode()
    assert client.post(f"/kaynnit/{visit.pk}/siirra/", {"colleague": colleague.membership_id}).status_code == 303
    waiting = Visit.objects.get(pk=visit.pk)
    assert (waiting.state, waiting.asks_for_id) == (Visit.State.WAITING, colleague.membership_id)
    assert waiting.queued_at == visit.queued_at


def test_own_break_begins_and_ends(house: House) -> None:
    client = browser(house.advisor())
    house.arrive()
    assert 'data-testid="visit-call-next"' not in client.post("/oma-kaynti/tauko/", headers=PART).content.decode()
    assert 'data-testid="visit-call-next"' in client.post("/oma-kaynti/tauko/", headers=PART).content.decode()


def test_every_opened_record_leaves_a_trace(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    person = person_on_file(advisor, name="Aino Esimerkki")
    identity.join_client(encounter.visit, person, by=advisor, at=house.now)
    page = browser(advisor).get("/oma-kaynti/").content.decode()
    assert "Aino Esimerkki" in page
    seen = AccessEvent.objects.filter(outcome="shown", membership_id=advisor.membership_id)
    assert set(seen.values_list("person_kind", "person_id")) == {("guidance", encounter.pk), ("client", person.pk)}


@pytest.mark.parametrize("waiting", [1, 30])
def test_the_screen_between_visits_costs_the_same_whatever_the_queue(
    house: House, assert_budget: Any, waiting: int
) -> None:
    advisor = house.advisor()
    for minute in range(waiting):
        house.arrive(house.now + timedelta(seconds=minute))
    client = browser(advisor)
    with assert_budget(10) as statements:
        assert client.get("/oma-kaynti/").status_code == 200
    assert not any('FROM "visits_guidance"' in one for one in statements), "who sits with nobody reads no record"


@pytest.mark.parametrize("crowd", [1, 6])
def test_the_visit_costs_the_same_whatever_the_crowd(house: House, assert_budget: Any, crowd: int) -> None:
    from visits.actions import guidance

    advisor = house.advisor()
    encounter = house.in_service(advisor)
    identity.join_client(encounter.visit, person_on_file(advisor), by=advisor, at=house.now)
    for n in range(crowd):
        house.advisor()
        house.arrive(house.now + timedelta(seconds=n))
        guidance.agree_step(encounter, what=f"Soita {n}", by=advisor, at=house.now)
    client = browser(advisor)
    with assert_budget(10):
        assert client.get("/oma-kaynti/").status_code == 200
