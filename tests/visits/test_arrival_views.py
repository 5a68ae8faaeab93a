"""Presses at the door through their addresses: one key, a person, an employer, a group, a paper number, a question."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from clients.models.consent import Consent, Purpose
from employers.models import Employer
from team.models import ServiceDay
from tests.factories.clients import ConsentFactory, person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from tyoparkki.models import Language
from visits.actions import arrival, calling, encounters, identity, situation
from visits.models import Visit, VisitNote, VisitTopic

HX = {"HX-Request": "true"}


@pytest.fixture
def screen(house: House, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    """The front desk's browser at the house's own moment."""
    monkeypatch.setenv("TYOPARKKI_NOW", house.now.isoformat())
    return client_for(house.desk)


def press(screen: Client, house: House, **more: Any) -> Any:
    """A topic's button as htmx sends it."""
    data = {"topic": house.topic().pk, "language": "fi", "submission_key": uuid.uuid4(), **more}
    return screen.post("/kaynnit/", data, headers=HX)


def test_one_press_logs_an_anonymous_visit_and_answers_with_its_number(screen: Client, house: House) -> None:
    answer = press(screen, house)
    assert answer.status_code == 200
    visit = Visit.objects.get()
    assert (visit.ticket, visit.state, visit.party, visit.language) == ("A01", "waiting", "client", "fi")
    assert b"A01" in answer.content
    assert b'data-testid="undo-last"' in answer.content


def test_an_arrival_costs_twelve_statements_with_sign_in_and_answer(
    screen: Client, house: House, assert_budget: Callable[..., Any]
) -> None:
    press(screen, house)
    data = {"topic": house.topic().pk, "language": "fi", "submission_key": uuid.uuid4()}
    with assert_budget(12):
        screen.post("/kaynnit/", data, headers=HX)


def test_without_script_the_press_leads_back_to_the_desk(screen: Client, house: House) -> None:
    answer = screen.post("/kaynnit/", {"topic": house.topic().pk, "language": "sv"})
    assert (answer.status_code, answer["Location"]) == (303, "/tanaan/")
    assert Visit.objects.get().language == "sv"


def test_the_same_press_sent_twice_is_one_visit(screen: Client, house: House) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        assert press(screen, house, submission_key=key).status_code == 200
    assert Visit.objects.count() == 1


def test_another_language_is_chosen_from_the_list(screen: Client, house: House) -> None:
    Language.objects.get_or_create(
        code="uk", defaults={"names": {"fi": "ukraina", "sv": "ukrainska", "en": "Ukrainian"}}
    )
    press(screen, house, language="", other_language="uk")
    assert Visit.objects.get().language == "uk"
    assert press(screen, house, language="", other_language="xx").status_code == 422


def test_an_employers_arrival_has_a_number_of_its_own_and_registers_a_new_name(screen: Client, house: House) -> None:
    data = {"employer_topic": house.topic("rekry").pk, "party": "employer", "employer_name": "Vanajan Leipä Oy"}
    screen.post("/kaynnit/", data, headers=HX)
    visit = Visit.objects.get()
    assert visit.ticket == "T01"
    assert visit.employer == Employer.objects.get(name="Vanajan Leipä Oy")
    screen.post("/kaynnit/", data, headers=HX)
    assert Employer.objects.count() == 1


def test_an_employers_arrival_without_a_name_is_asked_for_it(screen: Client, house: House) -> None:
    answer = screen.post("/kaynnit/", {"employer_topic": house.topic("rekry").pk, "party": "employer"}, headers=HX)
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_a_known_client_is_joined_to_the_visit_in_the_same_press(screen: Client, house: House) -> None:
    person = person_on_file(house.desk, name="Marja-Liisa Koivu")
    data = {"topic": house.topic("muu").pk, "client_name": person.name, "client": person.pk}
    assert screen.post("/kaynnit/", data, headers=HX).status_code == 200
    visit = Visit.objects.get()
    assert visit.client_links.get().client == person
    assert "Marja-Liisa K." in screen.get("/tanaan/").content.decode()


def here_already(house: House, state: str) -> tuple[Any, Visit]:
    """A person on file whose visit of today is in a state."""
    person = person_on_file(house.desk, name="Marja-Liisa Koivu")
    visit, advisor = house.arrive(), house.advisor()
    identity.join_client(visit, person, by=house.desk, at=house.now)
    if state == "paused":
        calling.pause(visit, by=house.desk, at=house.now)
    if state in ("called", "in_service"):
        calling.call_in(visit, by=advisor, at=house.now)
    if state == "in_service":
        encounters.start(visit, by=advisor, at=house.now)
    return person, visit


@pytest.mark.parametrize("state", ["waiting", "called", "in_service", "paused"])
def test_a_person_who_is_here_already_is_asked_about_and_nothing_typed_is_lost(
    screen: Client, house: House, state: str
) -> None:
    person, visit = here_already(house, state)
    typed = {"client": person.pk, "client_name": person.name, "party_size": 2, "language": "sv"}
    question = press(screen, house, **typed)
    assert (question.status_code, question["HX-Retarget"]) == (422, "#arrival-question")
    text = question.content.decode()
    assert person.name in text
    assert visit.ticket in text
    assert 'data-testid="already-here-yes"' in text
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in text
    assert Visit.objects.count() == 1
    assert press(screen, house, **typed, once_more="1").status_code == 200
    second = Visit.objects.exclude(pk=visit.pk).get()
    assert (second.number, second.party_size, second.language) == (visit.number + 1, 2, "sv")
    assert second.client_links.get().client == person


def test_a_person_whose_visit_is_over_is_logged_without_a_word(screen: Client, house: House) -> None:
    person, visit = here_already(house, "waiting")
    calling.leave(visit, by=house.desk, at=house.now)
    assert press(screen, house, client=person.pk).status_code == 200
    assert Visit.objects.count() == 2


def test_both_questions_may_be_asked_and_the_first_answer_is_kept(
    screen: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, visit = here_already(house, "waiting")
    monkeypatch.setenv("TYOPARKKI_NOW", (house.day.ends + timedelta(hours=1)).isoformat())
    assert 'data-testid="outside-hours"' in press(screen, house, client=person.pk).content.decode()
    text = press(screen, house, client=person.pk, outside_hours="1").content.decode()
    assert visit.ticket in text
    assert 'name="outside_hours" value="1"' in text
    assert press(screen, house, client=person.pk, outside_hours="1", once_more="1").status_code == 200


def test_a_person_who_is_not_seen_here_does_not_exist_though_waiting_elsewhere(screen: Client, house: House) -> None:
    other = House()
    person = person_on_file(other.desk)
    identity.join_client(other.arrive(), person, by=other.desk, at=other.now)
    assert press(screen, house, client=person.pk).status_code == 404


def test_whom_only_an_organisation_may_know_is_logged_without_a_word_about_who_is_here(
    screen: Client, house: House
) -> None:
    person, visit = here_already(house, "waiting")
    Consent.objects.filter(client=person).update(withdrawn_at=house.now)
    ConsentFactory.create(
        client=person,
        purpose=Purpose.SHARE,
        recipient_point=None,
        recipient_organisation=house.desk.membership.organisation,
        contents=["contact"],
    )
    answer = press(screen, house, client=person.pk)
    assert answer.status_code == 200
    assert visit.ticket not in answer.content.decode()


def test_a_question_stays_until_it_is_answered_itself(screen: Client, house: House) -> None:
    person, _visit = here_already(house, "waiting")
    gone = 'id="arrival-question" hx-swap-oob'
    press(screen, house, client=person.pk)
    assert gone not in press(screen, house).content.decode()
    assert gone in press(screen, house, client=person.pk, once_more="1").content.decode()


def test_a_name_that_nobody_was_chosen_for_is_not_a_visit(screen: Client, house: House) -> None:
    answer = screen.post("/kaynnit/", {"topic": house.topic().pk, "client_name": "Marja"}, headers=HX)
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_a_person_who_has_not_agreed_cannot_be_joined(screen: Client, house: House) -> None:
    other = House()
    person = person_on_file(other.desk)
    data = {"topic": house.topic().pk, "client": person.pk}
    assert screen.post("/kaynnit/", data, headers=HX).status_code == 404
    assert not Visit.objects.exists()


def test_a_group_and_a_wish_come_with_the_press(screen: Client, house: House) -> None:
    advisor = house.advisor()
    press(screen, house, party_size=4, asks=f"m:{advisor.membership_id}")
    visit = Visit.objects.get()
    assert (visit.party_size, visit.asks_for) == (4, advisor.membership)


def test_a_colleague_of_another_point_cannot_be_asked_for(screen: Client, house: House) -> None:
    stranger = House().advisor()
    assert press(screen, house, asks=f"m:{stranger.membership_id}").status_code == 422


def test_a_paper_number_keeps_its_time(screen: Client, house: House) -> None:
    early = house.arrive()
    press(screen, house, came_at="10.15".replace(".", ":"))
    late = Visit.objects.exclude(pk=early.pk).get()
    assert late.arrived_at == at(10, 15)
    assert late.events.get().recorded_at == house.now


def test_a_time_that_is_still_to_come_is_refused(screen: Client, house: House) -> None:
    assert press(screen, house, came_at="15:00").status_code == 422


def test_outside_opening_hours_the_desk_asks_and_keeps_what_was_chosen(
    screen: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", (house.day.ends + timedelta(hours=1)).isoformat())
    question = press(screen, house, language="sv", party_size=2)
    assert question.status_code == 422
    assert question["HX-Retarget"] == "#arrival-question"
    text = question.content.decode()
    assert 'name="language" value="sv"' in text
    assert 'name="party_size" value="2"' in text
    assert not Visit.objects.exists()
    assert press(screen, house, language="sv", party_size=2, outside_hours="1").status_code == 200
    assert Visit.objects.get().party_size == 2


def test_who_is_let_in_before_the_hour_does_not_open_the_doors(
    screen: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ServiceDay.objects.filter(pk=house.day.pk).update(state="planned", opened_at=None)
    monkeypatch.setenv("TYOPARKKI_NOW", (house.day.starts - timedelta(minutes=5)).isoformat())
    assert press(screen, house, outside_hours="1").status_code == 200
    assert ServiceDay.objects.get(pk=house.day.pk).state == "planned"
    page = screen.get("/tanaan/").content.decode()
    assert "A01" in page
    assert 'data-testid="open-day"' in page
    monkeypatch.setenv("TYOPARKKI_NOW", (house.day.starts + timedelta(minutes=1)).isoformat())
    press(screen, house)
    assert ServiceDay.objects.get(pk=house.day.pk).state == "open"


def test_a_topic_of_another_point_is_refused(screen: Client, house: House) -> None:
    assert press(screen, house, topic=House().topic().pk).status_code == 422


def details_of(house: House, visit: Visit, **more: Any) -> dict[str, Any]:
    """The form of details as the screen sends it."""
    return {"language": "fi", "topic": visit.topic_id, "party_size": 1, **more}


def test_details_follow_in_place(screen: Client, house: House) -> None:
    visit = house.arrive()
    other = house.topic("digi")
    data = details_of(
        house,
        visit,
        language="sv",
        needs_interpreter="on",
        second_topics=[other.pk],
        called_name="Sisu",
        note="Tulee kello 12 takaisin",
    )
    assert screen.post(f"/kaynnit/{visit.pk}/tiedot/", data, headers=HX).status_code == 200
    visit.refresh_from_db()
    assert (visit.language, visit.needs_interpreter) == ("sv", True)
    assert VisitTopic.objects.get(visit=visit).topic == other
    assert VisitNote.objects.get(visit=visit).called_name == "Sisu"


def test_details_may_say_that_something_was_not_asked(screen: Client, house: House) -> None:
    visit = house.arrive()
    term = house.point.terms.get(kind="age_band", code="ei_kysytty")
    screen.post(f"/kaynnit/{visit.pk}/tiedot/", details_of(house, visit, age_band=term.pk), headers=HX)
    visit.refresh_from_db()
    assert visit.age_band == term


def test_details_move_a_visit_to_another_topic_in_the_same_place(screen: Client, house: House) -> None:
    visit = house.arrive()
    screen.post(f"/kaynnit/{visit.pk}/tiedot/", details_of(house, visit, topic=house.topic("cv").pk), headers=HX)
    moved = Visit.objects.get(pk=visit.pk)
    assert moved.topic == house.topic("cv")
    assert moved.queued_at == visit.queued_at


def test_a_note_that_is_too_long_comes_back_with_the_form_and_its_text(screen: Client, house: House) -> None:
    visit = house.arrive()
    answer = screen.post(f"/kaynnit/{visit.pk}/tiedot/", details_of(house, visit, note="x" * 201), headers=HX)
    assert answer.status_code == 422
    assert "x" * 201 in answer.content.decode()


def test_the_details_of_another_points_visit_do_not_exist(screen: Client) -> None:
    visit = House().arrive()
    assert screen.get(f"/kaynnit/{visit.pk}/tiedot/").status_code == 404


def seen_in(answer: Any) -> str:
    """The marks of the details as a form shows them."""
    found = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def details(screen: Client, visit: Visit, **form: Any) -> Any:
    """The details as htmx sends them."""
    return screen.post(f"/kaynnit/{visit.pk}/tiedot/", {"submission_key": uuid.uuid4(), **form}, headers=HX)


def test_details_that_a_colleague_changed_meanwhile_stay(screen: Client, house: House) -> None:
    visit = house.arrive(note="Odottaa tulkkia")
    seen = seen_in(screen.get(f"/kaynnit/{visit.pk}/tiedot/"))
    situation.describe(visit, language="sv", by=house.desk, at=house.now)
    form = {"language": "fi", "topic": visit.topic_id, "party_size": "2", "note": "Odottaa tulkkia", "seen": seen}
    assert details(screen, visit, **form).status_code == 200
    now = Visit.objects.get(pk=visit.pk)
    assert (now.language, now.party_size) == ("sv", 2)


def test_details_that_two_people_changed_are_shown_and_asked(screen: Client, house: House) -> None:
    visit, colleague = house.arrive(), house.advisor()
    seen = seen_in(screen.get(f"/kaynnit/{visit.pk}/tiedot/"))
    arrival.add_details(visit, by=colleague, at=house.now, language="fi", note="Tulee rappua pitkin")
    form = {"language": "fi", "topic": visit.topic_id, "party_size": "1", "note": "Odottaa tulkkia", "seen": seen}
    answer = details(screen, visit, **form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Tulee rappua pitkin" in text
    assert "Odottaa tulkkia" in text
    assert colleague.user.first_name in text
    assert VisitNote.objects.get(visit=visit).text == "Tulee rappua pitkin"
    again = details(screen, visit, **form | {"seen": seen_in(answer)})
    assert again.status_code == 200
    assert VisitNote.objects.get(visit=visit).text == "Odottaa tulkkia"
