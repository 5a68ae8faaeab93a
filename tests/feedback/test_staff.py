"""What staff read of feedback, and what visitors are told that it led to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from feedback import actions, frame, reading, screens
from feedback.models import Questionnaire, SaidAndDone
from tests.factories.feedback import SaidAndDoneFactory, Tablet
from tests.factories.team import WEDNESDAY, MembershipFactory, PointFactory, at
from tyoparkki import outbox
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db
NOW = at(14, 36)
Sign = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday, 14.36."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def tablet() -> Tablet:
    """A paired tablet."""
    return Tablet()


@pytest.fixture
def manager(tablet: Tablet, client_for: Sign) -> Client:
    """The manager of the tablet's point."""
    return client_for(MembershipFactory(manager=True, point=tablet.device.point))


def form(**other: str) -> dict[str, str]:
    return {
        "submission_key": str(uuid4()),
        "on": "2026-11-18",
        "is_public": "on",
        "said_fi": "Moni toivoi tulkkia.",
        "done_fi": "Nyt tulkki on paikalla.",
        **other,
    }


# --- words ------------------------------------------------------------------------------------------------------------


def test_a_day_of_few_tells_neither_words_nor_how_many(tablet: Tablet, manager: Client) -> None:
    tablet.answer(words="Vain minä sanoin tämän")
    for _ in range(3):
        tablet.answer()
    page = manager.get("/palaute/").content.decode()
    assert "Vain minä" not in page
    assert "4 vastausta" not in page
    tablet.answer()
    page = manager.get("/palaute/").content.decode()
    assert "Vain minä" in page
    assert "5 vastausta" in page


def test_words_come_by_day_and_hour_and_in_no_order_that_tells_more(tablet: Tablet) -> None:
    written = [tablet.answer(at(14, minute), words=f"Sana {minute}") for minute in range(9)]
    for minute in range(5):
        tablet.answer(at(11, minute), words="Aamulla")
    [day] = reading.latest(tablet.device.point_id)
    assert day.answers == 14
    assert [words.text for words in day.words[:9]] == [row.words for row in sorted(written, key=lambda row: row.key)]
    assert {(words.text, words.hour) for words in day.words[9:]} == {("Aamulla", 11)}


def test_an_hour_of_few_is_not_told(tablet: Tablet) -> None:
    for minute in range(5):
        tablet.answer(at(14, minute), words="Iltapäivällä")
    tablet.answer(at(17), words="Yksin illalla")
    [day] = reading.latest(tablet.device.point_id)
    assert [(words.text, words.hour) for words in day.words] == [("Iltapäivällä", 14)] * 5 + [("Yksin illalla", None)]


def test_a_language_of_few_is_kept_for_the_month(tablet: Tablet, manager: Client) -> None:
    for _ in range(6):
        tablet.answer()
    for on in (date(2026, 11, 4), date(2026, 11, 11), WEDNESDAY):
        for _ in range(2):
            tablet.answer(at(14, on=on), language="ar", words="شكرا")
    page = manager.get("/palaute/").content.decode()
    assert "شكرا" not in page
    assert "kun kuukausi on päättynyt" in page
    assert reading.last_month(tablet.device.point_id, date(2026, 11, 30)).words == []
    month = reading.last_month(tablet.device.point_id, date(2026, 12, 1))
    assert month.first == date(2026, 11, 1)
    assert [(words.text, words.lang, words.hour) for words in month.words] == [("شكرا", "ar", None)] * 6


def test_a_month_tells_once_what_no_day_told_and_no_language_of_few(tablet: Tablet) -> None:
    for _ in range(5):
        tablet.answer(at(14, on=date(2026, 10, 7)), words="Päivänsä kertoma")
    for on in (date(2026, 10, 14), date(2026, 10, 21)):
        for _ in range(3):
            tablet.answer(at(14, on=on), words="Kuukauden kertoma")
        tablet.answer(at(14, on=on), language="ar", words="شكرا")
    month = reading.last_month(tablet.device.point_id, WEDNESDAY)
    assert [words.text for words in month.words] == ["Kuukauden kertoma"] * 6


def test_words_show_their_language_and_direction(tablet: Tablet, manager: Client) -> None:
    for _ in range(5):
        tablet.answer(language="ar", words="شكرا")
    page = manager.get("/palaute/").content.decode()
    assert '<blockquote lang="ar" dir="rtl">شكرا</blockquote>' in page


def test_words_are_shown_as_text(tablet: Tablet, manager: Client) -> None:
    for _ in range(5):
        tablet.answer(words="<script>alert(1)</script>")
    assert "<script>alert" not in manager.get("/palaute/").content.decode()


def test_another_points_words_are_not_seen(tablet: Tablet, client_for: Sign) -> None:
    for _ in range(5):
        tablet.answer(words="Meidän palautteemme")
    stranger = client_for(MembershipFactory(manager=True))
    assert "Meidän palautteemme" not in stranger.get("/palaute/").content.decode()


@pytest.mark.parametrize("answers", [5, 40])
def test_the_page_costs_the_same_however_many_answered(
    tablet: Tablet, manager: Client, assert_budget: Callable[..., Any], answers: int
) -> None:
    for number in range(answers):
        tablet.answer(words=f"Sana {number}")
        SaidAndDoneFactory(point=tablet.device.point)
    with assert_budget(9):
        manager.get("/palaute/")


# --- you said, we did -----------------------------------------------------------------------------------------------


def test_what_was_done_is_told_on_the_tablet_in_its_languages(tablet: Tablet, manager: Client) -> None:
    answer = manager.post("/palaute/uusi/", form(said_sv="Många ville ha tolk.", done_sv="Nu finns en tolk."))
    assert answer.status_code == 303
    told = screens.followed(tablet.device.point_id, ["fi", "fi-selko", "sv", "en", "ar"])
    assert told["fi"] == {"lang": "fi", "text": "Moni toivoi tulkkia. Nyt tulkki on paikalla."}
    assert told["fi-selko"]["lang"] == "fi"
    assert told["sv"] == {"lang": "sv", "text": "Många ville ha tolk. Nu finns en tolk."}
    assert told["ar"]["lang"] == "fi"
    assert AuditEvent.objects.filter(verb="said_and_done.told").count() == 1


def test_who_sees_the_figures_does_not_speak_to_visitors(tablet: Tablet, client_for: Sign) -> None:
    row = SaidAndDoneFactory(point=tablet.device.point)
    advisor = client_for(MembershipFactory(point=tablet.device.point, partner=True))
    page = advisor.get("/palaute/").content.decode()
    assert "Moni toivoi iltaan tulkkia." in page
    assert 'data-testid="told-add"' not in page
    assert f"/palaute/{row.pk}/" not in page
    for path in ("/palaute/uusi/", f"/palaute/{row.pk}/"):
        assert advisor.get(path).status_code == 404
        assert advisor.post(path, form()).status_code == 404
    row.refresh_from_db()
    assert row.said["fi"] == "Moni toivoi iltaan tulkkia."


def test_what_is_not_done_or_not_public_is_not_told(tablet: Tablet) -> None:
    point = tablet.device.point
    SaidAndDoneFactory(point=point, done={})
    SaidAndDoneFactory(point=point, done={"fi": ""})
    SaidAndDoneFactory(point=point, is_public=False)
    SaidAndDoneFactory()
    assert screens.followed(point.pk, ["fi"]) == {}


def test_a_line_is_corrected_and_the_trace_names_the_fields_only(tablet: Tablet, manager: Client) -> None:
    row = SaidAndDoneFactory(point=tablet.device.point)
    assert manager.get(f"/palaute/{row.pk}/").context["form"].initial["said_sv"] == "Många ville ha tolk på kvällen."
    manager.post(f"/palaute/{row.pk}/", form(followed_fi="Tulkkia käytti kuusi."))
    row.refresh_from_db()
    assert (row.said, row.followed) == ({"fi": "Moni toivoi tulkkia."}, {"fi": "Tulkkia käytti kuusi."})
    event = AuditEvent.objects.get(verb="said_and_done.corrected")
    assert event.fields == ["done", "followed", "said"]


def test_an_incomplete_line_comes_back_with_what_was_typed(tablet: Tablet, manager: Client) -> None:
    answer = manager.post("/palaute/uusi/", form(said_fi="", done_fi="Tämä säilyy", on="huomenna"))
    assert answer.status_code == 422
    assert "Tämä säilyy" in answer.content.decode()
    assert not SaidAndDone.objects.exists()


def test_a_line_sent_twice_is_one_line(tablet: Tablet, manager: Client) -> None:
    body = form()
    for _ in range(2):
        manager.post("/palaute/uusi/", body)
    assert SaidAndDone.objects.count() == 1


def test_a_foreign_line_is_answered_like_a_missing_one(tablet: Tablet, manager: Client) -> None:
    assert manager.get(f"/palaute/{SaidAndDoneFactory().pk}/").status_code == 404
    assert manager.post(f"/palaute/{uuid4()}/", form()).status_code == 404


# --- questions ------------------------------------------------------------------------------------------------------


def test_the_default_questionnaire_is_made_once_for_a_point() -> None:
    point = PointFactory()
    made = [actions.create_default_questionnaire(point, at=NOW) for _ in range(2)]
    assert made[0] == made[1]
    assert [question.code for question in made[0].questions.order_by("position")] == [
        "saitko-apua",
        "kohtaaminen",
        "seuraava-askel",
        "paremmin",
    ]


def test_a_draft_translation_is_offered_only_where_it_was_asked_for() -> None:
    plain = actions.create_default_questionnaire(PointFactory(), at=NOW)
    assert frame.offered(plain) == ["fi", "fi-selko", "sv", "en"]
    assert frame.offered(Tablet(with_drafts=True, token="toinen-tabletti-0009").questionnaire)[-1] == "ar"


def test_a_language_without_all_its_words_is_not_offered(tablet: Tablet) -> None:
    question = tablet.questionnaire.questions.get(code="kohtaaminen")
    question.labels["sv"] = ["Mycket dåligt", "", "", "Bra", "Mycket bra"]
    question.save()
    found = Questionnaire.objects.with_questions().get(pk=tablet.questionnaire.pk)
    assert "sv" not in frame.offered(found)


def test_every_language_has_every_word_of_the_frame() -> None:
    wanted = set(frame.words()["fi"]) | {"draft"}
    for language, words in frame.words().items():
        assert set(words) | {"draft"} == wanted, language
        assert all(words[name] or name == "draft" for name in words), language


def test_questions_and_words_of_the_tablet_are_short(tablet: Tablet) -> None:
    for question in tablet.questionnaire.questions.all():
        for text in question.texts.values():
            assert len(text) <= 90
            assert len(text.split()) <= 12


def test_the_work_that_an_answer_asks_for_is_forgotten_when_done() -> None:
    assert outbox._known()["reports.day_changed"].forget
