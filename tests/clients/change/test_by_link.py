"""A person tells their own view by a link: an area a screen, kept as answered, until the link or a consent ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import link as links
from clients.models import AreaScore, AssessmentAsk, Client, Consent, InstrumentVersion, Link, SelfAssessment
from clients.models.consent import Purpose
from team.access import Member
from tests.clients.change.conftest import NOW
from tests.clients.change.test_instrument import Shipped
from tests.factories.clients import ConsentTextFactory, ServiceRowFactory, person_on_file
from tests.factories.team import MembershipFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki import outbox
from tyoparkki.ids import new_id
from tyoparkki.models import AccessEvent, AuditEvent

MAIL = "kielo@example.org"
Login = Callable[[Member], Browser]


@pytest.fixture
def issued(person: Client, anna: Member, shipped: Shipped) -> links.Issued:
    return links.issue_questions(person, shipped["tilanne"], by=anna, at=NOW, language="fi")


def path(issued: links.Issued) -> str:
    return reverse("clients:link_questions", args=[issued.token])


def say(issued: links.Issued, area: str, answer: str, *, key: str = "", **told: str) -> Any:
    sent = {"area": area, "answer": answer, "language": "fi", **told}
    return Browser().post(path(issued), sent | ({"submission_key": key} if key else {}))


def said(person: Client) -> dict[str, int | None]:
    return dict(AreaScore.objects.filter(assessment__client=person).values_list("area", "value"))


def text(issued: links.Issued, query: str = "?alku=1") -> str:
    return Browser().get(path(issued) + query).content.decode()


def test_first_it_tells_who_sees_the_answers_and_names_nobody(
    issued: links.Issued, person: Client, anna: Member
) -> None:
    shown = text(issued, "")
    assert anna.membership.organisation.name in shown
    assert "questions-begin" in shown
    assert person.name not in shown
    assert not SelfAssessment.objects.exists()


def test_each_answer_is_kept_at_once_and_the_same_link_goes_on_from_there(issued: links.Issued, person: Client) -> None:
    first, second = issued.row.version.keys[:2]
    assert say(issued, first, "4").status_code == 303
    assert said(person) == {first: 4}
    again = text(issued, "")  # the connection was lost, the page is opened anew
    assert f'value="{second}"' in again
    assert say(issued, second, "skip").status_code == 303
    assert said(person) == {first: 4, second: None}
    assert SelfAssessment.objects.get(client=person).how == "link"


def test_after_the_last_answer_it_says_thank_you_and_shows_no_answer(
    issued: links.Issued, person: Client, anna: Member, client_for: Login
) -> None:
    for area in issued.row.version.keys:
        assert say(issued, area, "3").status_code == 303
    shown = text(issued)
    assert "questions-thanks" in shown
    assert "questions-value" not in shown
    assert len(said(person)) == len(issued.row.version.keys)
    assert "trend-suunta" in client_for(anna).get(f"/asiakkaat/{person.pk}/muutos/").content.decode()


def test_an_answer_before_is_corrected_and_the_same_press_twice_is_one(issued: links.Issued, person: Client) -> None:
    area, key = issued.row.version.keys[0], str(new_id())
    for _ in range(2):
        assert say(issued, area, "2", key=key).status_code == 303
    assert "checked" in text(issued, "?alku=1&kysymys=1")
    assert say(issued, area, "5").status_code == 303
    assert said(person) == {area: 5}
    assert SelfAssessment.objects.count() == 1


def finish(issued: links.Issued) -> Any:
    return Browser().post(path(issued), {"finish": "1", "language": "fi"})


def test_once_ready_the_answers_stay_as_they_are(issued: links.Issued, person: Client) -> None:
    keys = issued.row.version.keys
    for area in keys:
        say(issued, area, "3")
    assert say(issued, keys[0], "4").status_code == 303  # until then a slip is corrected
    for _press in range(2):
        assert finish(issued).status_code == 303
    late = say(issued, keys[0], "1")
    assert late.status_code == 409
    assert "questions-finished" in late.content.decode()
    for query in ("", "?alku=1&kysymys=1", "?kieli=sv"):
        shown = text(issued, query)
        assert "questions-finished" in shown
        assert "questions-value" not in shown
    assert said(person) == dict.fromkeys(keys, 3) | {keys[0]: 4}
    assert AuditEvent.objects.filter(verb="assessment.finished").count() == 1


def test_the_wall_too_keeps_what_is_ready(issued: links.Issued, person: Client) -> None:
    for area in issued.row.version.keys:
        say(issued, area, "3")
    finish(issued)
    with as_actor(links.LinkHolder(issued.row).actor):
        assert AreaScore.objects.update(value=1) == 0
    assert set(said(person).values()) == {3}


def test_one_is_not_ready_before_the_last_question(issued: links.Issued) -> None:
    say(issued, issued.row.version.keys[0], "3")
    early = finish(issued)
    assert early.status_code == 422
    assert "questions-refused" in early.content.decode()
    assert Link.objects.get(pk=issued.row.pk).finished_at is None


@pytest.mark.parametrize("answer", ["", "9", "-1", "kaksi", "1" * 30])
def test_what_is_no_answer_is_said_kindly_on_the_same_question(issued: links.Issued, answer: str) -> None:
    asked = say(issued, issued.row.version.keys[0], answer)
    assert asked.status_code == 422
    assert "questions-refused" in asked.content.decode()
    assert not AreaScore.objects.exists()


def test_an_area_that_is_not_asked_is_refused(issued: links.Issued) -> None:
    assert say(issued, "jokin-muu", "3").status_code == 422
    assert not SelfAssessment.objects.exists()


def test_the_language_is_chosen_and_kept_with_the_answers(issued: links.Issued, person: Client) -> None:
    shown = Browser().get(path(issued) + "?kieli=sv&alku=1").content.decode()
    assert 'lang="sv"' in shown
    assert say(issued, issued.row.version.keys[0], "3", language="sv").status_code == 303
    assert SelfAssessment.objects.get(client=person).language == "sv"


def test_what_waited_is_answered_by_the_link(person: Client, anna: Member, shipped: Shipped) -> None:
    with as_actor(anna.actor):
        ask = assessments.ask_after_service(person, ServiceRowFactory(), at(11))[0]
    version = InstrumentVersion.objects.on_offer().get(instrument=ask.instrument)
    issued = links.issue_questions(person, version, by=anna, at=NOW, language="fi", ask=ask)
    assert say(issued, version.keys[0], "3").status_code == 303
    row = AssessmentAsk.objects.get(pk=ask.pk)
    assert (row.ended_at, row.assessment.service_id) == (NOW, ask.service_id)


@pytest.mark.parametrize("purpose", [Purpose.RECORD])
def test_a_consent_that_is_withdrawn_closes_the_link_in_the_same_second(
    issued: links.Issued, person: Client, anna: Member, purpose: str
) -> None:
    area = issued.row.version.keys[0]
    say(issued, area, "3")
    consents.withdraw_consent(Consent.objects.get(client=person, purpose=purpose), by=anna, at=NOW)
    assert Browser().get(path(issued)).status_code == 404
    assert say(issued, area, "1").status_code == 404
    with as_actor(links.LinkHolder(issued.row).actor):
        assert not SelfAssessment.objects.exists()
        assert not AreaScore.objects.update(value=1)
    assert AreaScore.objects.get().value == 3


def test_a_link_that_ended_or_ran_out_opens_nothing(
    issued: links.Issued, anna: Member, person: Client, client_for: Login
) -> None:
    late = links.issue_questions(
        person, issued.row.version, by=anna, at=NOW - timedelta(days=15), language="fi", lasts=timedelta(days=14)
    )
    ended = client_for(anna).post(reverse("clients:assessment_link_end", args=[issued.row.pk]))
    assert ended.status_code == 303
    for one in (issued, late):
        answer = Browser().get(path(one))
        assert answer.status_code == 404
        assert "link-over" in answer.content.decode()


def test_the_link_opens_the_questions_and_nothing_else_of_the_person(
    issued: links.Issued, person: Client, anna: Member, shipped: Shipped
) -> None:
    assessments.record_assessment(person, shipped["tilanne"], {"suunta": 1}, by=anna, at=NOW)
    assert Browser().get(f"/oma/{issued.token}/").status_code == 404
    with as_actor(links.LinkHolder(issued.row).actor):
        assert not Client.objects.exists()
        assert not Consent.objects.exists()
        assert not SelfAssessment.objects.exists()


def test_by_a_link_nobody_answers_for_another_person(issued: links.Issued, anna: Member) -> None:
    other = person_on_file(anna, moment=at(10), name="Åke Esimerkki")
    told = {"version": issued.row.version, "point": anna.membership.point, "filled_at": NOW, "how": "link"}
    row = SelfAssessment(client=other, language="fi", recorded_at=NOW, recorded_by=anna.membership, **told)
    holder = links.LinkHolder(issued.row).actor
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), as_actor(holder):
        row.save(force_insert=True)


def test_each_look_and_the_answer_leave_a_trace(issued: links.Issued, person: Client) -> None:
    say(issued, issued.row.version.keys[0], "3")
    text(issued)
    assert AccessEvent.objects.filter(person_id=person.pk, kind="questions", actor_kind="link").exists()
    assert AuditEvent.objects.filter(verb="assessment.recorded", actor_kind="link").count() == 1


def test_the_advisor_shows_the_link_once_and_a_second_press_makes_no_second(
    person: Client, anna: Member, shipped: Shipped, client_for: Login
) -> None:
    address, browser = reverse("clients:assessment_link", args=[person.pk, "tilanne"]), client_for(anna)
    form = {"read_in": "fi", "way": "show", "submission_key": str(new_id())}
    shown = browser.post(address, form)
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert "questions-qr" in shown.content.decode()
    assert browser.post(address, form).status_code == 303
    assert Link.objects.filter(kind="assessment").count() == 1


def test_a_language_that_is_not_there_is_said_with_the_form(
    person: Client, anna: Member, shipped: Shipped, client_for: Login
) -> None:
    sent = client_for(anna).post(reverse("clients:assessment_link", args=[person.pk, "tilanne"]), {"read_in": "xx"})
    assert sent.status_code == 422
    assert not Link.objects.exists()


@pytest.fixture
def reachable(anna: Member) -> Client:
    """Somebody with an e-mail address who agreed to be contacted."""
    ConsentTextFactory(purpose=Purpose.CONTACT)
    known = person_on_file(anna, moment=at(10), name="Aava Esimerkki", contact_kind="email", contact_value=MAIL)
    given = consents.Given()
    if not Consent.objects.filter(client=known, purpose=Purpose.CONTACT).exists():
        consents.give_consent(known, by=anna, at=at(10), purpose=Purpose.CONTACT, given=given)
    return known


def mailed(person: Client, by: Member) -> Any:
    browser = Browser()
    browser.force_login(by.user)
    return browser.post(
        reverse("clients:assessment_link", args=[person.pk, "tilanne"]), {"read_in": "fi", "way": "mail"}
    )


def test_the_letter_names_nobody_and_its_link_opens_the_questions(
    reachable: Client, anna: Member, shipped: Shipped
) -> None:
    assert mailed(reachable, anna).status_code == 303
    outbox.drain()
    outbox.drain()
    (letter,) = mail.outbox
    assert letter.to == [MAIL]
    assert reachable.name not in letter.body
    assert "arvio" not in letter.subject.lower()
    token = letter.body.split("/kysely/")[1].split("/")[0]
    assert Browser().get(f"/kysely/{token}/").status_code == 200


def test_a_letter_does_not_go_out_after_the_consent_to_be_contacted_has_ended(
    reachable: Client, anna: Member, shipped: Shipped
) -> None:
    mailed(reachable, anna)
    consents.withdraw_consent(Consent.objects.get(client=reachable, purpose=Purpose.CONTACT), by=anna, at=NOW)
    outbox.drain()
    assert mail.outbox == []


def test_a_mailed_link_rests_on_the_consent_to_be_contacted(reachable: Client, anna: Member, shipped: Shipped) -> None:
    mailed(reachable, anna)
    outbox.drain()
    token = mail.outbox[0].body.split("/kysely/")[1].split("/")[0]
    consents.withdraw_consent(Consent.objects.get(client=reachable, purpose=Purpose.CONTACT), by=anna, at=NOW)
    assert Browser().get(f"/kysely/{token}/").status_code == 404


def test_whom_a_letter_does_not_reach_is_shown_the_link(
    person: Client, anna: Member, shipped: Shipped, client_for: Login
) -> None:
    assert mailed(person, anna).status_code == 422
    page = client_for(anna).get(reverse("clients:assessment_fill", args=[person.pk, "tilanne"])).content.decode()
    assert "assessment-link-show" in page
    assert "assessment-link-mail" not in page


def test_a_link_is_made_and_ended_only_where_the_file_is_kept(
    issued: links.Issued, person: Client, shipped: Shipped, client_for: Login
) -> None:
    stranger = client_for(Member(MembershipFactory()))
    assert stranger.post(reverse("clients:assessment_link", args=[person.pk, "tilanne"]), {}).status_code == 404
    assert stranger.post(reverse("clients:assessment_link_end", args=[issued.row.pk])).status_code == 404
    assert Link.objects.get(pk=issued.row.pk).ended_at is None
