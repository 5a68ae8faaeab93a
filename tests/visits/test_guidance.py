"""The record of a visit: what is typed is never lost, who may read it, and what goes along on the slip."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from clients.models import Referral
from services.actions import index
from services.models import Channel
from team.models import Organisation, Term
from tests.factories.clients import ServiceRowFactory, person_on_file
from tests.factories.team import at
from tests.factories.visits import House
from tests.fixtures.sms import SmsGateway
from tyoparkki import outbox
from tyoparkki.models import Language
from visits.actions import encounters, guidance, identity
from visits.actions.guidance import mark
from visits.models import AgreedStep, Encounter, Guidance, GuidanceShare, Visit, VisitClient, VisitTopic

PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven o'clock on the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11, 5).isoformat())


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def together(house: House) -> tuple[Any, Any, Encounter]:
    """Two advisors of two organisations with one visitor."""
    advisor, partner = house.advisor(), house.advisor(partner=True)
    encounter = house.in_service(advisor)
    asked = encounters.invite(
        encounter.visit, partner.membership, mode="together", client_agreed=True, by=advisor, at=house.now
    )
    encounters.come_along(asked, by=partner, at=house.now)
    return advisor, partner, encounter


def test_text_saves_itself_and_the_form_goes_on_from_what_was_saved(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    client, url = browser(advisor), f"/kaynnit/{encounter.visit_id}/ohjaus/"
    saved = client.post(url, {"notes": "Ensimmäinen", "shown_notes": mark("")}, headers=PART)
    assert saved.status_code == 200
    assert f'value="{mark("Ensimmäinen")}"' in saved.content.decode()
    again = client.post(url, {"notes": "Ensimmäinen ja toinen", "shown_notes": mark("Ensimmäinen")}, headers=PART)
    assert "data-saved-at" in again.content.decode()
    assert Guidance.objects.get(pk=encounter.pk).notes == "Ensimmäinen ja toinen"


def test_line_ends_of_a_browser_without_script_make_no_difference(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    form = {"notes": "Yksi\r\nkaksi", "shown_notes": mark(""), "choice": "save"}
    answer = browser(advisor).post(f"/kaynnit/{encounter.visit_id}/ohjaus/", form)
    assert answer.status_code == 303
    assert Guidance.objects.get(pk=encounter.pk).notes == "Yksi\nkaksi"


def test_two_writers_in_different_fields_are_merged(house: House) -> None:
    advisor, partner, encounter = together(house)
    url, start = f"/kaynnit/{encounter.visit_id}/ohjaus/", {"shown_notes": mark(""), "shown_wish": mark("")}
    assert browser(advisor).post(url, {"notes": "Minä", "wish": "", **start}, headers=PART).status_code == 200
    theirs = browser(partner).post(url, {"notes": "", "wish": "Hoitoala", **start}, headers=PART)
    assert theirs.status_code == 200
    # The partner's form still shows an empty note, so its mark stays the empty one and cannot wipe the other's text.
    assert f'name="shown_notes" value="{mark("")}"' in theirs.content.decode()
    now = Guidance.objects.get(pk=encounter.pk)
    assert (now.notes, now.wish) == ("Minä", "Hoitoala")


@pytest.mark.parametrize(
    ("choice", "result"), [("mine", "Kumppanin"), ("theirs", "Ohjaajan"), ("both", "Ohjaajan\n\nKumppanin")]
)
def test_two_writers_in_one_field_see_both_texts_and_choose(house: House, choice: str, result: str) -> None:
    advisor, partner, encounter = together(house)
    url, start = f"/kaynnit/{encounter.visit_id}/ohjaus/", {"shown_notes": mark("")}
    browser(advisor).post(url, {"notes": "Ohjaajan", **start}, headers=PART)
    client = browser(partner)
    torn = client.post(url, {"notes": "Kumppanin", **start}, headers=PART)
    assert torn.status_code == 409
    assert "Ohjaajan" in torn.content.decode()
    assert Guidance.objects.get(pk=encounter.pk).notes == "Ohjaajan"
    chosen = {"notes": "Kumppanin", **start, "torn": "notes", "now_notes": mark("Ohjaajan"), "choice": choice}
    assert client.post(url, chosen, headers=PART).status_code == 200
    assert Guidance.objects.get(pk=encounter.pk).notes == result


def test_a_choice_does_not_overwrite_what_was_written_while_choosing(house: House) -> None:
    advisor, partner, encounter = together(house)
    url, start = f"/kaynnit/{encounter.visit_id}/ohjaus/", {"shown_notes": mark("")}
    browser(advisor).post(url, {"notes": "Toinen versio", **start}, headers=PART)
    late = {"notes": "Omani", **start, "torn": "notes", "now_notes": mark("Ensimmäinen versio"), "choice": "mine"}
    answer = browser(partner).post(url, late, headers=PART)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Toinen versio" in page
    assert "Omani" in page


def test_both_texts_stay_on_the_page_of_a_browser_without_script(house: House) -> None:
    advisor, partner, encounter = together(house)
    url, start = f"/kaynnit/{encounter.visit_id}/ohjaus/", {"shown_notes": mark("")}
    browser(advisor).post(url, {"notes": "Ohjaajan", **start}, headers=PART)
    answer = browser(partner).post(url, {"notes": "Kumppanin", **start, "choice": "save"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ohjaajan" in page
    assert "Kumppanin" in page
    assert "<!doctype html>" in page


def test_finishing_with_a_torn_text_finishes_nothing(house: House) -> None:
    advisor, partner, encounter = together(house)
    url, start = f"/kaynnit/{encounter.visit_id}/", {"shown_notes": mark("")}
    browser(advisor).post(f"{url}ohjaus/", {"notes": "Ohjaajan", **start}, headers=PART)
    form = {"notes": "Kumppanin", **start, "result": house.result().pk}
    answer = browser(partner).post(f"{url}paata/", form, headers=PART)
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#visit-ohjaus"
    assert Visit.objects.get(pk=encounter.visit_id).state == Visit.State.IN_SERVICE


def test_a_colleagues_change_is_told_and_not_ones_own(house: House) -> None:
    advisor, partner, encounter = together(house)
    part = f"/kaynnit/{encounter.visit_id}/osa/teksti/?v=0"
    guidance.save(encounter, {"wish": "Työ"}, {}, by=advisor, at=house.now)
    assert 'data-testid="visit-text-news"' not in browser(advisor).get(part, headers=PART).content.decode()
    assert 'data-testid="visit-text-news"' in browser(partner).get(part, headers=PART).content.decode()


def test_too_long_a_text_is_told_and_kept(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    url = f"/kaynnit/{encounter.visit_id}/ohjaus/"
    auto = browser(advisor).post(url, {"wish": "x" * 501}, headers=PART)
    assert auto.status_code == 422
    assert "data-error" in auto.content.decode()
    pressed = browser(advisor).post(url, {"wish": "x" * 501, "choice": "save"}, headers=PART)
    assert pressed.status_code == 422
    assert "x" * 501 in pressed.content.decode()


def test_an_organisation_reads_what_is_shared_with_it_until_the_sharing_ends(house: House) -> None:
    advisor, reader = house.advisor(), house.advisor(partner=True)
    encounter = house.in_service(advisor)
    guidance.save(encounter, {"notes": "Näkyykö tämä"}, {}, by=advisor, at=house.now)
    url, mine, theirs = f"/kaynnit/{encounter.visit_id}/", browser(advisor), browser(reader)
    assert theirs.get(url).status_code == 404
    refused = mine.post(f"{url}jaa/", {"organisation": reader.organisation_id}, headers=PART)
    assert refused.status_code == 409
    assert "Kysy ensin asiakkaalta" in refused.content.decode()
    assert not GuidanceShare.objects.exists()
    mine.post(f"{url}jaa/", {"organisation": reader.organisation_id, "agreed": "1"}, headers=PART)
    page = theirs.get(url)
    assert "Näkyykö tämä" in page.content.decode()
    assert theirs.post(f"{url}ohjaus/", {"notes": "Muutan"}, headers=PART).status_code == 404
    assert theirs.post(f"{url}askeleet/", {"what": "Soita"}, headers=PART).status_code == 404
    share = GuidanceShare.objects.get()
    assert share.client_agreed is True
    assert theirs.post(f"/jaot/{share.pk}/peru/", headers=PART).status_code == 404
    mine.post(f"/jaot/{share.pk}/peru/", headers=PART)
    assert theirs.get(url).status_code == 404


def test_the_next_advisor_does_not_see_what_was_written_before(house: House) -> None:
    first, second = house.advisor(), house.advisor()
    encounter = house.in_service(first)
    guidance.save(encounter, {"notes": "Ensimmäisen salaisuus"}, {}, by=first, at=house.now)
    guidance.agree_step(encounter, what="Vain ensimmäiselle", by=first, at=house.now)
    encounters.hand_over(encounter.visit, by=first, at=house.now, to=second.membership)
    house.in_service(second, visit=Visit.objects.get(pk=encounter.visit_id), moment=at(11, 2))
    page = browser(second).get("/oma-kaynti/").content.decode()
    assert "Ensimmäisen salaisuus" not in page
    assert "Vain ensimmäiselle" not in page
    assert "Ensimmäisen salaisuus" in browser(first).get(f"/kaynnit/{encounter.visit_id}/").content.decode()


def test_topics_are_pressed_on_and_off_and_the_one_asked_at_the_door_is_on(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    url, client = f"/kaynnit/{encounter.visit_id}/aihe/", browser(advisor)

    def spoken() -> set[str]:
        rows = VisitTopic.objects.filter(visit=encounter.visit_id, source="discussed")
        return set(rows.values_list("topic__code", flat=True))

    assert spoken() == {"tyonhaku"}
    answer = client.post(url, {"topic": house.topic("cv").pk, "on": "1", "number": "2"}, headers=PART)
    assert 'aria-pressed="true"' in answer.content.decode()
    assert spoken() == {"tyonhaku", "cv"}
    client.post(url, {"topic": house.topic().pk, "on": "0"}, headers=PART)
    assert spoken() == {"cv"}


def test_situation_age_and_language_are_one_press_each(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    url, client = f"/kaynnit/{visit.pk}/tilanne/", browser(advisor)
    Language.objects.get_or_create(code="sv", defaults={"names": {"fi": "ruotsi"}, "desk_order": 2})
    word = Term.objects.get(point=house.point, kind="situation", code="tyoton")
    age = Term.objects.get(point=house.point, kind="age_band", code="30_34")
    for form in ({"situation": word.pk}, {"age_band": age.pk}, {"language": "sv"}, {"interpreter": "1"}):
        assert client.post(url, form, headers=PART).status_code == 200, form
    now = Visit.objects.get(pk=visit.pk)
    assert (now.situation_id, now.age_band_id, now.language, now.needs_interpreter) == (word.pk, age.pk, "sv", True)
    assert client.post(url, {"situation": age.pk}, headers=PART).status_code == 422


def test_a_step_needs_one_line_and_comes_back_after_a_removal(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    url, client = f"/kaynnit/{encounter.visit_id}/askeleet/", browser(advisor)
    empty = client.post(url, {"what": " ", "benefit": "Säilyy tässä"}, headers=PART)
    assert empty.status_code == 422
    assert "Säilyy tässä" in empty.content.decode()
    form = {"what": "Varaa aika", "who": str(advisor.membership_id), "due_on": "2026-11-25", "benefit": "Varmuus"}
    added = client.post(url, form, headers=PART)
    assert "Varaa aika" in added.content.decode()
    step = AgreedStep.objects.get()
    assert (step.who, step.membership_id, step.benefit) == ("advisor", advisor.membership_id, "Varmuus")
    removed = client.post(f"/askeleet/{step.pk}/poista/", headers=PART).content.decode()
    assert 'visit-step-what"' not in removed
    assert f"/askeleet/{step.pk}/palauta/" in removed
    assert "Varaa aika" in client.post(f"/askeleet/{step.pk}/palauta/", headers=PART).content.decode()


def test_a_colleagues_step_of_another_visit_is_not_there(house: House) -> None:
    encounter = house.in_service(house.advisor())
    owner = encounter.participations.get().membership
    step = guidance.agree_step(encounter, what="Soita", by=type(house.desk)(owner), at=house.now)
    assert browser(house.advisor()).post(f"/askeleet/{step.pk}/poista/", headers=PART).status_code == 404


def test_the_visitors_own_rating_is_pressed_and_taken_away(house: House) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor)
    client, url = browser(advisor), f"/kaynnit/{encounter.visit_id}/arvio/"
    client.post(url, {"rating": "4"}, headers=PART)
    assert Guidance.objects.get(pk=encounter.pk).self_rating == 4
    client.post(url, {"rating": ""}, headers=PART)
    assert Guidance.objects.get(pk=encounter.pk).self_rating is None
    assert client.post(url, {"rating": "9"}, headers=PART).status_code == 404


def test_a_visit_is_joined_to_a_person_and_parted_again(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    person = person_on_file(advisor, name="Aino Esimerkki")
    client, url = browser(advisor), f"/kaynnit/{visit.pk}/asiakas/"
    joined = client.post(url, {"client": person.pk}, headers=PART).content.decode()
    assert 'data-testid="visit-client"' in joined
    assert "Aino Esimerkki" in joined
    client.post(f"{url}irrota/", headers=PART)
    assert not VisitClient.objects.filter(visit=visit, ended_at__isnull=True).exists()
    assert client.post(url, {"client": "ei"}, headers=PART).status_code == 404


def test_a_service_is_found_in_three_letters_and_referred_to_in_one_press(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    service = ServiceRowFactory(names={"fi": "Työpaja Alku", "sv": "Verkstad", "en": "Workshop"})
    index([service])
    client, url = browser(advisor), f"/kaynnit/{visit.pk}/"
    assert f'data-value="{service.pk}"' in client.get(f"{url}palvelut/?q=työ", headers=PART).content.decode()
    assert "Työpaja Alku" in client.get(f"{url}palvelut/?q=työ").content.decode()
    form = {"found": service.pk, "visitor_contacts": "1", "reason": "Haluaa kokeilla"}
    answer = client.post(f"{url}ohjaa/", form, headers=PART).content.decode()
    referral = Referral.objects.get()
    assert (referral.status, referral.service_id, referral.reason) == ("self", service.pk, "Haluaa kokeilla")
    assert referral.carrier_code in answer
    client.post(f"{url}ohjaa/{referral.pk}/peru/", headers=PART)
    assert Referral.objects.get().status == "withdrawn"
    assert client.post(f"{url}ohjaa/", {}, headers=PART).status_code == 422


@pytest.mark.parametrize("is_named", [False, True])
def test_a_partner_without_an_account_is_asked_by_mail_and_text_message_from_a_visit_too(
    house: House, gateway: SmsGateway, is_named: bool
) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    if is_named:
        identity.join_client(visit, person_on_file(advisor, name="Aino Salainen"), by=advisor, at=house.now)
    partner: Organisation = house.advisor(partner=True).membership.organisation
    form = {"found": partner.pk, "reason": "Kaipaa rytmiä", "recipient_email": "paja@paja.example",
            "recipient_phone": "040 000 0099", "language": "en"}  # fmt: skip
    client = browser(advisor)
    assert client.post(f"/kaynnit/{visit.pk}/ohjaa/", form, headers=PART).status_code == 200
    referral = Referral.objects.get()
    told = (referral.recipient_email, referral.recipient_phone, referral.language, referral.client is not None)
    assert told == ("paja@paja.example", "+358400000099", "en", is_named)
    outbox.drain()
    (letter,) = mail.outbox
    (text,) = gateway.texts
    for words in (letter.subject + letter.body, text):
        assert referral.carrier_code in words
        assert not any(secret in words for secret in ("Salainen", "rytmiä"))
        found = re.search(r"/linkki/[\w-]+/", words)
        assert found is not None
        assert Client().get(found.group(0)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"recipient_email": "paja"}, "Kirjoita sähköpostiosoite kokonaan"),
        ({"recipient_phone": "12"}, "Kirjoita puhelinnumero numeroin"),
        ({"recipient_phone": "paja 040 000 0099"}, "Kirjoita puhelinnumero numeroin"),
    ],
)
def test_a_wrong_address_of_a_partner_is_said_kindly_and_nothing_typed_is_lost(
    house: House, wrong: dict[str, str], said: str
) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    partner: Organisation = house.advisor(partner=True).membership.organisation
    form = {"found": partner.pk, "reason": "Kaipaa rytmiä", **wrong}
    client, url = browser(advisor), f"/kaynnit/{visit.pk}/ohjaa/"
    assert said in client.post(url, form, headers=PART).content.decode()
    answer = client.post(url, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="Kaipaa rytmiä"' in page
    assert all(f'value="{text}"' in page for text in wrong.values())
    assert not Referral.objects.exists()


def test_a_visitor_is_referred_to_an_organisation_found_by_name(house: House) -> None:
    advisor = house.advisor()
    visit = house.in_service(advisor).visit
    partner: Organisation = house.advisor(partner=True).membership.organisation
    browser(advisor).post(f"/kaynnit/{visit.pk}/ohjaa/", {"found": partner.pk}, headers=PART)
    assert Referral.objects.get().organisation_id == partner.pk


@pytest.mark.parametrize(
    ("language", "word"),
    [("fi", "Mitä seuraavaksi"), ("sv", 'lang="sv"'), ("en", "What happens next"), ("ar", 'lang="fi"')],
)
def test_the_slip_speaks_the_visitors_language_and_tells_only_what_was_agreed(
    house: House, language: str, word: str
) -> None:
    advisor = house.advisor()
    encounter = house.in_service(advisor, visit=house.arrive(language=language))
    guidance.save(encounter, {"notes": "Terveystieto", "wish": "Toive"}, {}, by=advisor, at=house.now)
    guidance.agree_step(encounter, what="Soita oppilaitokseen", by=advisor, at=house.now)
    service = ServiceRowFactory(names={"fi": "Työpaja Alku", "sv": "Verkstaden Alku", "en": "Workshop Alku"})
    channel = Channel.objects.create(
        organisation=service.organisation, kind="phone", names={"fi": "Neuvonta"}, phone="+358 000 000 044"
    )
    channel.services.add(service)
    referral = guidance.refer(encounter, by=advisor, at=house.now, service=service)
    page = browser(advisor).get(f"/kaynnit/{encounter.visit_id}/muistilista/").content.decode()
    slip = page[page.index('class="memo"') :]
    for wanted in (word, "Soita oppilaitokseen", referral.carrier_code, "+358 000 000 044", advisor.user.name, "<svg"):
        assert wanted in page, wanted
    for secret in ("Terveystieto", "Toive", house.topic().names["fi"]):
        assert secret not in slip, secret
