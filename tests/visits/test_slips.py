"""Slips of the finger and of the clock: presses that come twice, too late, on a closed day, or name somebody wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from clients.models import Client as Person
from clients.models import Consent
from team import departure
from team.access import Member
from team.actions import day as days
from team.models import Membership, OpeningException, Role, ServiceDay, Shift
from tests.factories.clients import person_on_file
from tests.factories.employers import EmployerFactory
from tests.factories.team import OrganisationFactory, at
from tests.factories.visits import House
from tyoparkki.models import AccessEvent, AuditEvent
from visits import desk
from visits.actions import calling, encounters, guidance, identity, undo
from visits.models import GuidanceShare, Invitation, Participation, Visit, VisitEvent, VisitTurn

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def come_along(house: House, owner: Member, guest: Member) -> Visit:
    """A colleague came along with a running visit."""
    visit = house.in_service(owner).visit
    asked = encounters.invite(visit, guest.membership, mode="together", client_agreed=True, by=owner, at=at(11, 5))
    return encounters.come_along(asked, by=guest, at=at(11, 6))


def take_back(visit: Visit, by: Member) -> Visit:
    """The last act is undone."""
    event = undo.latest(visit)
    assert event is not None
    return undo.undo(event, by=by, at=at(11, 30))


def close(house: House) -> None:
    """The doors close."""
    days.mark_closed(ServiceDay.objects.get(pk=house.day.pk), by=house.desk, at=at(11, 40))


# --- a part that was taken back --------------------------------------------------------------------------------------
def test_who_came_along_by_mistake_neither_reads_nor_writes_after_it_is_taken_back(house: House) -> None:
    owner, guest = house.advisor(), house.advisor(partner=True)
    visit = come_along(house, owner, guest)
    page, theirs = f"/kaynnit/{visit.pk}/", browser(guest)
    assert theirs.get(page).status_code == 200
    take_back(visit, guest)
    for address in (page, f"{page}muistilista/", f"{page}osa/ohjaus/"):
        assert theirs.get(address).status_code == 404
    assert theirs.post(f"{page}ohjaus/", {"notes": "Vielä minä"}).status_code == 404
    with pytest.raises(encounters.NotYours):
        guidance.save(visit.encounters.get(), {"notes": "Vielä minä"}, {}, by=guest, at=at(11, 31))
    assert browser(owner).get(page).status_code == 200


def test_a_coming_is_not_taken_back_once_the_colleague_has_written(house: House) -> None:
    owner, guest = house.advisor(), house.advisor()
    visit = come_along(house, owner, guest)
    guidance.save(visit.encounters.get(), {"notes": "Sovittu yhdessä"}, {}, by=guest, at=at(11, 10))
    with pytest.raises(undo.Superseded):
        take_back(visit, guest)
    assert Participation.objects.filter(membership=guest.membership, undone_at__isnull=True).exists()


def test_who_is_asked_again_after_a_slip_reads_again(house: House) -> None:
    owner, guest = house.advisor(), house.advisor()
    visit = take_back(come_along(house, owner, guest), guest)
    asked = encounters.invite(visit, guest.membership, mode="together", by=owner, at=at(11, 40))
    encounters.come_along(asked, by=guest, at=at(11, 41))
    assert browser(guest).get(f"/kaynnit/{visit.pk}/").status_code == 200


# --- the visitor's yes -----------------------------------------------------------------------------------------------
def test_the_visitor_goes_on_to_another_organisation_only_after_a_yes_which_is_recorded(house: House) -> None:
    owner, partner = house.advisor(), house.advisor(partner=True)
    visit = house.in_service(owner).visit
    mine, to = browser(owner), f"/kaynnit/{visit.pk}/siirra/"
    onwards = mine.get(f"/kaynnit/{visit.pk}/eteenpain/").content.decode()
    ask = f"/kaynnit/{visit.pk}/mukaan/{partner.membership_id}/?tapa=siirto"
    assert f'href="{ask}"' in onwards
    question = mine.get(ask).content.decode()
    assert f'action="{to}"' in question
    assert "Säilytät paikkasi jonossa" in question
    form = {"colleague": partner.membership_id}
    refused = mine.post(to, form)
    assert refused.status_code == 409
    assert "Kysy ensin asiakkaalta" in refused.content.decode()
    assert mine.post(to, form | {"agreed": "0"}).status_code == 303
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.IN_SERVICE
    assert mine.post(to, form | {"agreed": "1"}).status_code == 303
    assert Visit.objects.get(pk=visit.pk).asks_for_id == partner.membership_id
    assert VisitEvent.objects.get(visit=visit, kind="handed_over").client_agreed is True


def test_a_record_opens_to_another_organisation_only_after_a_yes_and_is_opened_once(house: House) -> None:
    owner, reader = house.advisor(), OrganisationFactory()
    encounter = house.in_service(owner)
    with pytest.raises(encounters.AskTheVisitor):
        guidance.share(encounter, reader, by=owner, at=at(11, 5))
    opened = guidance.share(encounter, reader, by=owner, at=at(11, 6), client_agreed=True)
    assert guidance.share(encounter, reader, by=owner, at=at(11, 7), client_agreed=True) == opened
    assert AuditEvent.objects.filter(verb="guidance.shared").count() == 1
    guidance.share(encounter, owner.membership.organisation, by=owner, at=at(11, 8))
    guidance.stop_sharing(opened, by=owner, at=at(11, 9))
    guidance.stop_sharing(opened, by=owner, at=at(11, 20))
    assert GuidanceShare.objects.get(pk=opened.pk).ended_at == at(11, 9)
    assert AuditEvent.objects.filter(verb="guidance.share_ended").count() == 1


def test_a_step_removed_twice_is_removed_once(house: House) -> None:
    owner = house.advisor()
    step = guidance.agree_step(house.in_service(owner), what="Soita", by=owner, at=at(11, 5))
    for minute in (6, 20):
        guidance.remove_step(step, by=owner, at=at(11, minute))
    step.refresh_from_db()
    assert step.removed_at == at(11, 6)
    for minute in (21, 22):
        guidance.restore_step(step, by=owner, at=at(11, minute))
    assert sorted(AuditEvent.objects.filter(object_id=str(step.pk)).values_list("verb", flat=True)) == [
        "step.agreed",
        "step.removed",
        "step.restored",
    ]


# --- the trace -------------------------------------------------------------------------------------------------------
def test_the_first_save_of_each_writer_is_in_the_trace(house: House) -> None:
    owner, guest = house.advisor(), house.advisor(partner=True)
    encounter = come_along(house, owner, guest).encounters.get()
    for n, (writer, name) in enumerate([(owner, "notes"), (owner, "notes"), (guest, "wish"), (guest, "works")]):
        guidance.save(encounter, {name: f"Rivi {n}"}, {}, by=writer, at=at(11, 10 + n))
    saved = AuditEvent.objects.filter(verb="guidance.saved").order_by("pk").values_list("membership_id", "fields")
    assert list(saved) == [(owner.membership_id, ["notes"]), (guest.membership_id, ["wish"])]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "osa/ohjaus/"), ("get", "eteenpain/"), ("post", "ohjaus/"), ("post", "jaa/"), ("get", "muistilista/")],
)
def test_every_refused_look_at_a_record_is_in_the_trace(house: House, method: str, path: str) -> None:
    visit, stranger = house.in_service(house.advisor()).visit, house.advisor(partner=True)
    form = {"organisation": OrganisationFactory().pk} if path == "jaa/" else {}
    assert getattr(browser(stranger), method)(f"/kaynnit/{visit.pk}/{path}", form).status_code == 404
    look = AccessEvent.objects.get(outcome="denied")
    assert (look.person_kind, look.person_id, look.membership_id) == ("guidance", visit.pk, stranger.membership_id)


# --- a closed day ----------------------------------------------------------------------------------------------------
def test_a_visit_is_joined_to_a_person_and_parted_again_after_the_day_is_closed(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    encounters.finish(visit, result=house.result(), by=advisor, at=at(11, 30))
    person = person_on_file(advisor)
    close(house)
    page = browser(advisor)
    assert page.post(f"/kaynnit/{visit.pk}/asiakas/", {"client": person.pk}, headers=PART).status_code == 200
    assert Person.objects.get(pk=person.pk).last_visit_on == house.day.on
    assert page.post(f"/kaynnit/{visit.pk}/asiakas/irrota/", headers=PART).status_code == 200
    assert not visit.client_links.filter(ended_at__isnull=True).exists()


def test_the_latest_visit_of_a_person_is_the_latest_whatever_is_joined_and_parted_when(house: House) -> None:
    earlier = House(point=house.point, on=house.day.on - timedelta(days=7))
    advisor = house.advisor()
    person = person_on_file(advisor)
    old, new = earlier.arrive(at(11, on=earlier.day.on)), house.arrive()

    def latest() -> object:
        return Person.objects.get(pk=person.pk).last_visit_on

    identity.join_client(new, person, by=advisor, at=at(11))
    identity.join_client(old, person, by=advisor, at=at(11))
    assert latest() == house.day.on
    identity.part_client(new, by=advisor, at=at(11))
    assert latest() == earlier.day.on
    identity.part_client(old, by=advisor, at=at(11))
    assert latest() is None


def test_an_arrival_on_a_closed_day_opens_it_again_and_can_be_undone(house: House) -> None:
    close(house)
    visit = house.arrive(at(11, 50), outside_hours=True)
    assert ServiceDay.objects.get(pk=house.day.pk).state == ServiceDay.State.OPEN
    assert take_back(visit, house.desk).state == Visit.State.UNDONE


def test_an_arrival_outside_the_opening_hours_changes_no_opening_hours(house: House) -> None:
    thursday = house.day.on + timedelta(days=1)
    closed = OpeningException.objects.create(point=house.point, on=thursday, is_closed=True, reasons={"fi": "Koulutus"})
    ServiceDay.objects.create(
        point=house.point, on=thursday, opens_at=time(10), closes_at=time(18), state=ServiceDay.State.CALLED_OFF
    )
    visit = house.arrive(at(10, on=thursday), outside_hours=True)
    assert visit.day.on == thursday
    assert visit.day.state == ServiceDay.State.OPEN
    closed.refresh_from_db()
    assert (closed.is_closed, closed.opens_at, closed.reasons) == (True, None, {"fi": "Koulutus"})
    friday = house.arrive(at(10, on=thursday + timedelta(days=1)), outside_hours=True)
    assert friday.day.on == thursday + timedelta(days=1)
    assert OpeningException.objects.count() == 1


# --- who can be named ------------------------------------------------------------------------------------------------
def ended(house: House) -> Membership:
    """An advisor whose role ended yesterday, with a shift today still."""
    member = house.advisor()
    Membership.objects.filter(pk=member.membership_id).update(valid_until=house.day.on - timedelta(days=1))
    return member.membership


def deactivated(house: House) -> Membership:
    """An advisor who was deactivated in the middle of the shift."""
    member = house.advisor()
    type(member.user).objects.filter(pk=member.user.pk).update(is_active=False)
    return member.membership


def no_guide(house: House) -> Membership:
    """Somebody of the front desk, on shift."""
    member = house.advisor()
    Membership.objects.filter(pk=member.membership_id).update(role=Role.FRONT_DESK)
    return member.membership


def gone_home(house: House) -> Membership:
    """An advisor whose shift has ended."""
    member = house.advisor()
    Shift.objects.filter(membership=member.membership).update(ends_at=at(11, 30))
    return member.membership


@pytest.mark.parametrize("who", [ended, deactivated, no_guide])
def test_a_visitor_is_called_to_and_asks_for_advisors_of_today_only(
    house: House, who: Callable[[House], Membership]
) -> None:
    named, visit, desk_screen = who(house), house.arrive(), browser(house.desk)
    assert desk_screen.post(f"/kaynnit/{visit.pk}/kutsu/", {"whom": named.pk}, headers=PART).status_code == 404
    arrival = {"topic": house.topic().pk, "asks": f"m:{named.pk}"}
    assert desk_screen.post("/kaynnit/", arrival, headers=PART).status_code == 422
    details = {"language": "fi", "topic": house.topic().pk, "party_size": 1, "asks": f"m:{named.pk}"}
    assert desk_screen.post(f"/kaynnit/{visit.pk}/tiedot/", details, headers=PART).status_code == 422
    visit.refresh_from_db()
    assert (visit.state, visit.asks_for_id) == (Visit.State.WAITING, None)


@pytest.mark.parametrize("who", [ended, deactivated, no_guide, gone_home])
def test_an_advisor_on_shift_is_invited_and_handed_over_to_and_nobody_else(
    house: House, who: Callable[[House], Membership]
) -> None:
    named, owner = who(house), house.advisor()
    visit = house.in_service(owner).visit
    mine, form = browser(owner), {"colleague": named.pk, "agreed": "1"}
    assert mine.get(f"/kaynnit/{visit.pk}/mukaan/{named.pk}/").status_code == 404
    for path in ("mukaan/", "siirra/"):
        assert mine.post(f"/kaynnit/{visit.pk}/{path}", form, headers=PART).status_code == 404
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.IN_SERVICE
    assert not Invitation.objects.exists()


def test_the_front_desk_calls_nobody_to_itself(house: House) -> None:
    visit = house.arrive()
    answer = browser(house.desk).post(f"/kaynnit/{visit.pk}/kutsu/", headers=PART)
    assert answer.status_code == 409
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.WAITING


# --- whose turn it is ------------------------------------------------------------------------------------------------
def test_fair_turn_counts_whom_one_sat_with_and_free_since_the_last_of_them_rose(house: House) -> None:
    handing, guest, unlucky = house.advisor(), house.advisor(), house.advisor()
    visit = come_along(house, handing, guest)
    encounters.step_out(visit, by=guest, at=at(11, 20))
    encounters.hand_over(visit, by=handing, at=at(11, 30), to=guest.membership)
    missing = calling.call_in(house.arrive(at(11, 1)), by=unlucky, at=at(11, 2))
    calling.call_again(missing, by=unlucky, at=at(11, 4))
    calling.did_not_come(missing, by=unlucky, at=at(11, 6))
    known = {one.shift.membership_id: one for one in desk.read(house.desk, at=at(12)).people}
    assert [known[one.membership_id].colleague.served for one in (handing, guest, unlucky)] == [1, 1, 0]
    assert [known[one.membership_id].since for one in (handing, guest, unlucky)] == [at(11, 30), at(11, 20), at(10)]


def test_a_name_is_on_the_desk_while_the_consent_holds(house: House) -> None:
    advisor = house.advisor()
    person = person_on_file(advisor, name="Aino Esimerkki")
    identity.join_client(house.arrive(), person, by=advisor, at=at(11))

    def names() -> list[str]:
        return [row.name for row in desk.read(house.desk, at=at(12)).rows]

    assert names() == ["Aino E."]
    Consent.objects.filter(client=person).update(expires_on=house.day.on)
    assert names() == ["Aino E."]
    Consent.objects.filter(client=person).update(expires_on=house.day.on - timedelta(days=1))
    assert names() == [""]


# --- twice and at once -----------------------------------------------------------------------------------------------
def test_the_second_of_two_equal_presses_that_end_ones_part_is_answered_as_the_first(house: House) -> None:
    owner, following = house.advisor(), house.advisor()
    visit = house.in_service(owner).visit
    encounters.invite(visit, following.membership, mode="after", by=owner, at=at(11, 5))
    form, client = {"submission_key": str(uuid4()), "notes": "Jatkuu"}, browser(owner)
    for _press in range(2):
        assert client.post(f"/kaynnit/{visit.pk}/paata/", form, headers=PART).status_code == 200
    assert VisitEvent.objects.filter(visit=visit, kind="handed_over").count() == 1


def test_an_undo_brings_back_those_who_were_asked(house: House) -> None:
    owner, together, after = house.advisor(), house.advisor(), house.advisor()
    visit = house.in_service(owner).visit
    first = encounters.invite(visit, together.membership, mode="together", by=owner, at=at(11, 5))
    second = encounters.invite(visit, after.membership, mode="after", by=owner, at=at(11, 6))
    encounters.promise(second, by=after, at=at(11, 7))
    encounters.hand_over(visit, by=owner, at=at(11, 10), to=house.advisor().membership)
    assert not Invitation.objects.pending().exists()
    take_back(visit, owner)
    states = {one.pk: (one.state, one.answered_at) for one in Invitation.objects.all()}
    assert states == {first.pk: ("open", None), second.pk: ("promised", at(11, 7))}


def test_what_a_leaving_colleague_held_is_freed_visit_by_visit_with_its_trace(house: House) -> None:
    leaver, host = house.advisor(), house.advisor()
    wished = house.arrive(asks_for=leaver.membership)
    running = house.in_service(host).visit
    asked = encounters.invite(running, leaver.membership, mode="together", by=host, at=at(11, 5))
    departure.carry_out([leaver.membership], house.desk, at(11, 10))
    event = undo.latest(wished)
    assert event is not None
    assert (event.kind, event.by_id) == ("detailed", house.desk.membership_id)
    assert event.before["asks_for_id"] == str(leaver.membership_id)
    assert AuditEvent.objects.filter(verb="visit.invitation_ended", object_id=str(asked.pk)).count() == 1


# --- employers and the slip ------------------------------------------------------------------------------------------
def test_an_employers_visit_leads_to_its_page_which_says_that_it_is_here(house: House) -> None:
    advisor = house.advisor()
    employer = EmployerFactory(point=house.point, name="Konepaja Koe Oy")
    visit = house.arrive(party="employer", employer=employer, topic=house.topic("rekry"))
    house.in_service(advisor, visit=visit)
    client, address = browser(advisor), f"/tyonantajat/{employer.pk}/"
    mine = client.get("/oma-kaynti/").content.decode()
    assert f'href="{address}"' in mine
    assert 'data-testid="visit-anonymous"' not in mine
    assert 'data-testid="visit-situation-' not in mine
    page = client.get(address).content.decode()
    assert f"{visit.ticket} on paikalla" in page
    encounters.finish(visit, result=house.result(), by=advisor, at=at(11, 30))
    page = client.get(address).content.decode()
    assert "on paikalla" not in page
    assert str(house.result()) in page[page.index('data-slot="visits"') :]


def test_who_signs_in_on_the_way_to_the_paper_comes_to_it_and_nothing_is_made(house: House) -> None:
    visit = house.arrive()
    answer = browser(house.desk).get(f"/kaynnit/{visit.pk}/lappu/anna/")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/kaynnit/{visit.pk}/lappu/")
    assert not VisitTurn.objects.exists()


def test_the_paper_number_does_not_tell_what_the_visitor_came_for(house: House) -> None:
    visit = house.arrive(topic=house.topic("tyokyky"))
    paper = browser(house.desk).get(f"/kaynnit/{visit.pk}/lappu/").content.decode()
    assert visit.ticket in paper
    assert str(house.topic("tyokyky")) not in paper


def test_the_contact_person_of_the_slip_is_who_met_the_visitor_not_who_prints(house: House) -> None:
    owner, reader = house.advisor(), house.advisor(partner=True)
    encounter = house.in_service(owner, visit=house.arrive(language="ar"))
    guidance.share(encounter, reader.membership.organisation, by=owner, at=at(11, 5), client_agreed=True)
    for who in (owner, reader):
        page = browser(who).get(f"/kaynnit/{encounter.visit_id}/muistilista/").content.decode()
        foot = page[page.index("memo-foot") :]
        assert owner.user.name in foot
        assert reader.user.name not in foot
        assert 'data-testid="memo-missing"' in page, "there is no slip in Arabic, and the page says so"


@pytest.mark.django_db(transaction=True)
def test_a_visitor_in_another_presss_hands_is_not_called_unsuitable(house: House) -> None:
    import threading

    advisor = house.advisor()
    visit = house.arrive()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                Visit.objects.select_for_update().get(pk=visit.pk)
                held.set()
                done.wait(10)
        finally:
            connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(10)
        with pytest.raises(calling.BeingCalled):
            calling.call_next(by=advisor, at=at(12), day=house.day)
    finally:
        done.set()
        other.join()
    assert calling.call_next(by=advisor, at=at(12), day=house.day).pk == visit.pk
