"""The catalogue's screens: the staff's, paper, and everybody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from services import actions, slots
from services.models import Service
from team.access import Member
from tests.factories.services import ChannelFactory, ServiceFactory
from tests.factories.team import WEDNESDAY, MembershipFactory, OrganisationFactory, at
from tyoparkki.models import AuditEvent, Language

pytestmark = pytest.mark.django_db
Sign = Callable[[Any], Client]
SECRET = "Soita ensin Petrille, vastaa samana päivänä."


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def service() -> Service:
    """A service with a place and a note for professionals."""
    Language.objects.get_or_create(code="fi", defaults={"names": {"fi": "suomi"}})
    row = ServiceFactory(
        names={"fi": "Kielikahvila", "sv": "Språkkafé", "en": "Language café"},
        summaries={"fi": "Puhutaan suomea.", "sv": "Vi talar finska.", "en": "Let us speak Finnish."},
        requirements={"fi": "Opit suomea. Tulet mielelläsi ryhmään."},
        professional_note=SECRET,
        organisation=OrganisationFactory(short_name="Kotokaari"),
        indexed=True,
    )
    row.channels.add(ChannelFactory(names={"fi": "Monikulttuurinen tila"}))
    return row


@pytest.fixture
def advisor(client_for: Sign) -> Client:
    """A signed-in advisor."""
    return client_for(MembershipFactory())


@pytest.fixture
def manager(client_for: Sign) -> Client:
    """A signed-in manager, who may confirm services."""
    return client_for(MembershipFactory(manager=True))


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_the_list_shows_who_organises_it_and_how_fresh_it_is(advisor: Client, service: Service) -> None:
    ServiceFactory(names={"fi": "Vanha palvelu"}, verified_on=WEDNESDAY - timedelta(days=300))
    text = text_of(advisor.get("/palvelut/"))
    assert "Kielikahvila" in text
    assert "Kotokaari" in text
    assert text.index("Kielikahvila") < text.index("Vanha palvelu")
    assert 'class="fresh over"' in text


def test_a_search_for_htmx_answers_with_the_part_only(advisor: Client, service: Service) -> None:
    answer = advisor.get("/palvelut/", {"q": "kielikahvilaan"}, headers={"HX-Request": "true"})
    text = text_of(answer)
    assert "<html" not in text
    assert 'id="catalogue"' in text
    assert "Kielikahvila" in text
    assert "HX-Request" in answer["Vary"]


def test_choices_narrow_the_list_and_say_how_many_there_would_be(advisor: Client) -> None:
    ServiceFactory(names={"fi": "Kurssi"}, service_classes=["P6.10"], charge="chargeable")
    ServiceFactory(names={"fi": "Neuvonta"}, service_classes=["P10.1"], languages=["fi", "sv"])
    text = text_of(advisor.get("/palvelut/", {"need": "learning"}))
    assert "Kurssi" in text
    assert "Neuvonta" not in text
    narrowed = advisor.get("/palvelut/", {"need": ["learning", "job"], "practical": "free"}).context["found"]
    assert [row.names["fi"] for row in narrowed.rows] == ["Neuvonta"]
    counts = {choice.id: choice.count for _group, _title, choices in narrowed.groups for choice in choices}
    assert counts["need-job"] == 1
    assert counts["need-learning"] == 0
    assert counts["practical-other_language"] == 1
    assert [chip.href for chip in narrowed.chips] == [
        "?need=learning&practical=free",
        "?need=job&practical=free",
        "?need=job&need=learning",
    ]


def test_unknown_choices_in_the_address_are_left_out(advisor: Client, service: Service) -> None:
    answer = advisor.get("/palvelut/", {"need": "nonsense", "provider": "x", "practical": "<b>", "q": "x" * 500})
    assert answer.status_code == 200


def test_an_empty_catalogue_and_a_search_without_hits_say_what_to_do(advisor: Client, service: Service) -> None:
    assert "/palvelut/" in text_of(advisor.get("/palvelut/", {"q": "xyzzyx"}))
    Service.objects.all().delete()
    assert 'data-testid="service-hit"' not in text_of(advisor.get("/palvelut/"))


def test_a_service_has_a_page_for_professionals(advisor: Client, service: Service) -> None:
    text = text_of(advisor.get(f"/palvelut/{service.pk}/"))
    assert SECRET in text
    assert "Monikulttuurinen tila" in text
    assert "ma–pe 9–15" in text
    assert "Tulet mielelläsi ryhmään." in text
    assert "service-verify" not in text


def test_the_public_page_never_shows_what_is_for_professionals(service: Service, advisor: Client) -> None:
    for browser in (Client(), advisor):
        answer = browser.get(f"/julkiset-palvelut/{service.pk}/")
        assert "Kielikahvila" in text_of(answer)
        assert SECRET not in text_of(answer)
        assert SECRET not in text_of(browser.get("/julkiset-palvelut/"))


def test_public_pages_may_be_kept_by_caches_and_set_no_cookie(service: Service, advisor: Client) -> None:
    for address in ("/julkiset-palvelut/", "/julkiset-palvelut/?q=kieli", f"/julkiset-palvelut/{service.pk}/?kieli=sv"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "public, max-age=300"
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in text_of(answer)
        assert "Kollega" not in text_of(advisor.get(address))


@pytest.mark.parametrize(
    ("language", "name"), [("fi", "Kielikahvila"), ("sv", "Språkkafé"), ("en", "Language café"), ("xx", "Kielikahvila")]
)
def test_the_public_page_speaks_the_language_of_its_address(service: Service, language: str, name: str) -> None:
    answer = Client().get(f"/julkiset-palvelut/{service.pk}/", {"kieli": language}, headers={"Accept-Language": "fi"})
    assert name in text_of(answer)
    assert answer.status_code == 200


@pytest.mark.parametrize("status", [Service.Status.DRAFT, Service.Status.RETIRED])
def test_what_is_not_published_is_not_public(service: Service, status: str) -> None:
    service.status, service.retired_at = status, at(9)
    service.save()
    missing = Client().get(f"/julkiset-palvelut/{uuid4()}/")
    answer = Client().get(f"/julkiset-palvelut/{service.pk}/")
    assert (answer.status_code, missing.status_code) == (404, 404)


def test_a_retired_service_says_so_to_colleagues(advisor: Client, service: Service) -> None:
    service.status, service.retired_at = Service.Status.RETIRED, at(9)
    service.save()
    text = text_of(advisor.get(f"/palvelut/{service.pk}/"))
    assert 'class="note over"' in text


@pytest.mark.parametrize(
    ("language", "words"), [("fi", "Puhutaan suomea."), ("sv", "Vi talar finska."), ("en", "Let us")]
)
def test_the_sheet_is_printed_in_the_visitors_language(
    advisor: Client, service: Service, language: str, words: str
) -> None:
    text = text_of(advisor.get(f"/palvelut/{service.pk}/tuloste/", {"kieli": language}))
    assert words in text
    assert f'<article class="memo sheet" lang="{language}"' in text
    assert "<svg" in text
    assert SECRET not in text


def test_options_are_found_by_letters_and_suggested_by_topics(client_for: Sign, service: Service) -> None:
    membership = MembershipFactory()
    topic = membership.point.topics.get(code="kotoutuminen")
    topic.service_classes = ["P10.7"]
    topic.save()
    browser = client_for(membership)
    text = text_of(browser.get("/palvelut/ehdotukset/", {"q": "kie"}))
    assert f'data-service="{service.pk}"' in text
    assert 'role="option"' in text
    assert f'data-service="{service.pk}"' in text_of(browser.get("/palvelut/ehdotukset/", {"topics": "kotoutuminen"}))
    assert str(service.pk) in text_of(browser.get("/palvelut/ehdotukset/", {"topics": str(topic.pk)}))
    assert str(service.pk) not in text_of(browser.get("/palvelut/ehdotukset/", {"topics": "cv"}))
    assert "data-service=" not in text_of(browser.get("/palvelut/ehdotukset/"))


def test_a_manager_confirms_and_takes_it_back(manager: Client, service: Service) -> None:
    colleague = MembershipFactory()
    service.verified_on, service.verified_by = WEDNESDAY - timedelta(days=200), colleague
    service.save()
    for _press in range(2):
        assert manager.post(f"/palvelut/{service.pk}/vahvista/", {"submission_key": str(uuid4())}).status_code == 303
    service.refresh_from_db()
    assert service.verified_on == WEDNESDAY
    assert AuditEvent.objects.filter(verb="service.verified").count() == 1
    undo = f"/palvelut/{service.pk}/vahvistus/kumoa/"
    assert f'"{undo}"' in text_of(manager.get(f"/palvelut/{service.pk}/"))
    assert manager.post(f"{undo}?ennen=2099-01-01").status_code == 303
    service.refresh_from_db()
    assert (service.verified_on, service.verified_by) == (WEDNESDAY - timedelta(days=200), colleague)


def test_somebody_elses_confirmation_is_not_taken_back(service: Service) -> None:
    one, other = Member(MembershipFactory(manager=True)), Member(MembershipFactory(manager=True))
    actions.verify(service, by=one, at=at(12))
    with pytest.raises(actions.NotConfirmed):
        actions.undo_verify(service, by=other, at=at(12))


def test_the_note_of_a_colleague_is_never_overwritten_in_silence(manager: Client, service: Service) -> None:
    address = f"/palvelut/{service.pk}/ammattilaisille/"
    assert SECRET in text_of(manager.get(address))
    actions.note(service, "Uusi ohje.", seen=SECRET, by=Member(MembershipFactory(manager=True)), at=at(12))
    late = manager.post(address, {"text": "Minun ohjeeni.", "seen": SECRET, "submission_key": str(uuid4())})
    assert late.status_code == 422
    assert "Minun ohjeeni." in text_of(late)
    assert "Uusi ohje." in text_of(late)
    again = manager.post(address, {"text": "Molemmat.", "seen": "Uusi ohje.", "submission_key": str(uuid4())})
    assert again.status_code == 303
    service.refresh_from_db()
    assert service.professional_note == "Molemmat."


@pytest.mark.parametrize("path", ["vahvista/", "vahvistus/kumoa/", "ammattilaisille/"])
@pytest.mark.parametrize("role", ["advisor", "front_desk", "expert"])
def test_who_may_not_confirm_gets_what_is_missing(client_for: Sign, service: Service, path: str, role: str) -> None:
    browser = client_for(MembershipFactory(role=role))
    assert browser.post(f"/palvelut/{service.pk}/{path}").status_code == 404
    assert browser.get(f"/palvelut/{service.pk}/").status_code == 200


def test_without_signing_in_the_staffs_pages_ask_for_it(service: Service) -> None:
    assert Client().get(f"/palvelut/{service.pk}/").status_code == 302
    assert Client().get("/palvelut/ehdotukset/", {"q": "kie"}).status_code == 302


def test_pages_cost_a_constant_number_of_statements(
    advisor: Client, service: Service, assert_budget: Callable[..., Any]
) -> None:
    advisor.get("/palvelut/")
    with assert_budget(10) as one:
        advisor.get("/palvelut/", {"q": "kielikahvilaan"})
    ServiceFactory.create_batch(29)
    with assert_budget(10) as thirty:
        advisor.get("/palvelut/", {"q": "kielikahvilaan"})
    assert len(one) == len(thirty)
    with assert_budget(10):
        advisor.get("/palvelut/")
    with assert_budget(10):
        advisor.get(f"/palvelut/{service.pk}/")
    with assert_budget(6):
        Client().get(f"/julkiset-palvelut/{service.pk}/")


def test_slots_are_filled_by_the_apps_above(advisor: Client, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils.html import format_html

    monkeypatch.setitem(slots._page, "referral", lambda request, service: format_html("<p>Ohjaa {}</p>", "A28"))
    monkeypatch.setattr(
        slots, "_rows", [lambda request, rows: {row.pk: format_html("<b>Ohjaa {}</b>", "A28") for row in rows}]
    )
    assert "<p>Ohjaa A28</p>" in text_of(advisor.get(f"/palvelut/{service.pk}/"))
    assert "<b>Ohjaa A28</b>" in text_of(advisor.get("/palvelut/"))
    with pytest.raises(LookupError):
        slots.fill("nothing", lambda request, service: format_html(""))


def test_search_and_go_finds_services(advisor: Client, service: Service) -> None:
    assert f"/palvelut/{service.pk}/" in text_of(advisor.get("/haku/", {"q": "kielik"}))
    assert str(service.pk) not in text_of(advisor.get("/haku/", {"q": "ki"}))
