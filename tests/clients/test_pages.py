"""The screens of the people on file: who may open them, what they show, what they cost."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from clients import slots
from clients.actions import consent as consents
from clients.actions import referral as referrals
from clients.actions.consent import Given
from clients.forms.person import language_choices
from clients.models import Client, Consent, Referral
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import LanguageFactory, MembershipFactory, MunicipalityFactory, at
from tyoparkki.models import AccessEvent, AuditEvent

Sign = Callable[[Any], Browser]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())


@pytest.fixture
def desk(db: None) -> Member:
    """A member of the front desk."""
    return Member(MembershipFactory(front_desk=True))


def told(**changes: Any) -> dict[str, Any]:
    """A filled form of a new person."""
    return {
        "name": "Aino Esimerkki",
        "contact_kind": "phone",
        "contact_value": "+358 000 000 012",
        "language": "",
        "municipality": "109",
        "year_of_birth": "1985",
        "may_record": "on",
        "how": "words",
        "read_in": "fi",
        "submission_key": str(uuid4()),
        **changes,
    }


def test_a_new_person_comes_on_file_with_the_consent(desk: Member, client_for: Sign) -> None:
    browser = client_for(desk)
    assert browser.get("/asiakkaat/uusi/").status_code == 200
    answer = browser.post("/asiakkaat/uusi/", told())
    person = Client.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/asiakkaat/{person.pk}/"
    page = browser.get(answer["Location"])
    assert "Aino Esimerkki" in page.content.decode()
    assert "+358 000 000 012" in page.content.decode()
    assert person.municipality_id == "109"


def test_the_same_form_sent_twice_makes_one_person(desk: Member, client_for: Sign) -> None:
    form, browser = told(), client_for(desk)
    first, second = browser.post("/asiakkaat/uusi/", form), browser.post("/asiakkaat/uusi/", form)
    assert first["Location"] == second["Location"]
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"may_record": ""}, "may_record"),
        ({"year_of_birth": "85"}, "year_of_birth"),
        ({"year_of_birth": "2025"}, "year_of_birth"),
        ({"contact_value": "soita"}, "contact_value"),
        ({"contact_kind": "email", "contact_value": "aino"}, "contact_value"),
    ],
)
def test_what_was_typed_stays_when_something_is_missing(
    desk: Member, client_for: Sign, wrong: dict[str, str], field: str
) -> None:
    answer = client_for(desk).post("/asiakkaat/uusi/", told(**wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    shown = wrong.get("contact_value", "+358 000 000 012")
    assert f'value="{shown}"' in answer.content.decode()
    assert not Client.objects.exists()


def test_only_the_name_is_needed(desk: Member, client_for: Sign) -> None:
    form = told(contact_value="", municipality="", year_of_birth="", name="Nimimerkki", is_alias="on")
    assert client_for(desk).post("/asiakkaat/uusi/", form).status_code == 303
    assert Client.objects.get().is_alias


def test_a_search_shows_hits_and_writes_who_was_shown(desk: Member, client_for: Sign) -> None:
    person, other = person_on_file(desk), person_on_file(desk, name="Toinen Ihminen")
    page = client_for(desk).post("/asiakkaat/", {"q": "esim"}, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert str(person.pk) in text
    assert str(other.pk) not in text
    assert "<html" not in text
    events = AccessEvent.objects.filter(kind="search")
    assert [event.person_id for event in events] == [person.pk]


def test_the_desk_gets_options(desk: Member, client_for: Sign) -> None:
    person = person_on_file(desk)
    text = client_for(desk).post("/asiakkaat/haku/", {"q": "ain"}).content.decode()
    assert f'data-client="{person.pk}"' in text
    assert 'role="option"' in text


def test_no_address_holds_what_was_typed_of_a_person(desk: Member, client_for: Sign) -> None:
    person, browser = person_on_file(desk), client_for(desk)
    assert str(person.pk) not in browser.get("/asiakkaat/", {"q": "aino"}).content.decode()
    assert browser.get("/asiakkaat/haku/", {"q": "aino"}).status_code == 405
    assert "Esimerkki" not in browser.get("/asiakkaat/uusi/", {"nimi": "Esimerkki"}).content.decode()


@pytest.mark.parametrize(("contents", "situation"), [(["contact"], False), (["situation"], True)])
def test_a_hit_tells_an_organisation_no_more_than_the_person_agreed(
    desk: Member, client_for: Sign, contents: list[str], situation: bool
) -> None:
    forssa = MunicipalityFactory(code="061", names={"fi": "Forssa", "sv": "Forssa", "en": "Forssa"})
    person = person_on_file(desk, year_of_birth=1985, language="uk", municipality=forssa)
    Client.objects.update(last_visit_on=at(12).date())
    partner = Member(MembershipFactory())
    theirs = partner.membership.organisation
    share = {"by": desk, "at": at(12), "purpose": Purpose.SHARE, "given": Given()}
    consents.give_consent(person, organisation=theirs, contents=contents, **share)
    told = ("1985", ">UK<", str(person.municipality), "18.11.")
    for who, shown in ((desk, [True] * 4), (partner, [situation] * 3 + [False])):
        text = client_for(who).post("/asiakkaat/", {"q": "esim"}).content.decode()
        assert str(person.pk) in text
        assert [word in text for word in told] == shown
        options = client_for(who).post("/asiakkaat/haku/", {"q": "esim"}).content.decode()
        assert [word in options for word in told[:2]] == shown[:2]
        born = client_for(who).post("/asiakkaat/haku/", {"q": "1985"}).content.decode()
        assert (str(person.pk) in born) == shown[0]


def alike(answer: Any) -> str:
    """The page without what differs at every request: tokens and the address itself."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text)


def test_a_foreign_person_answers_like_a_missing_one(desk: Member, client_for: Sign) -> None:
    foreign = person_on_file(Member(MembershipFactory(front_desk=True)))
    browser = client_for(desk)
    for suffix in ("", "muuta/", "kertominen/", "yhteydenotto/"):
        hidden = browser.get(f"/asiakkaat/{foreign.pk}/{suffix}")
        missing = browser.get(f"/asiakkaat/{uuid4()}/{suffix}")
        assert hidden.status_code == missing.status_code == 404
        assert alike(hidden) == alike(missing)
    consent = foreign.consents.get()
    assert browser.post(f"/suostumukset/{consent.pk}/peru/").status_code == 404


def test_a_look_is_written_down_and_a_refused_look_too(desk: Member, client_for: Sign) -> None:
    mine, foreign = person_on_file(desk), person_on_file(Member(MembershipFactory(front_desk=True)))
    browser = client_for(desk)
    browser.get(f"/asiakkaat/{mine.pk}/")
    browser.get(f"/asiakkaat/{foreign.pk}/")
    looks = AccessEvent.objects.filter(kind="page").values_list("person_id", "outcome")
    assert set(looks) == {(mine.pk, "shown"), (foreign.pk, "denied")}
    assert "client-looks" in browser.get(f"/asiakkaat/{mine.pk}/").content.decode()


def test_withdrawing_closes_the_page_and_the_undo_opens_it(desk: Member, client_for: Sign) -> None:
    person, browser = person_on_file(desk), client_for(desk)
    consent = person.consents.get()
    closed = browser.post(f"/suostumukset/{consent.pk}/peru/")
    assert closed.status_code == 200
    assert f"/suostumukset/{consent.pk}/kumoa/" in closed.content.decode()
    assert browser.get(f"/asiakkaat/{person.pk}/").status_code == 404
    assert browser.post(f"/suostumukset/{consent.pk}/peru/").status_code == 200
    again = browser.post(f"/suostumukset/{consent.pk}/kumoa/")
    assert again["Location"] == f"/asiakkaat/{person.pk}/"
    assert browser.get(f"/asiakkaat/{person.pk}/").status_code == 200


def test_consents_are_given_on_the_page(desk: Member, client_for: Sign) -> None:
    person, browser, partner = person_on_file(desk), client_for(desk), Member(MembershipFactory())
    page = browser.get(f"/asiakkaat/{person.pk}/kertominen/")
    for words in ("Tietojani saa kertoa", "Asiastani saa kertoa", "Mina uppgifter", "My details"):
        assert words in page.content.decode()
    empty = browser.post(f"/asiakkaat/{person.pk}/kertominen/", {"how": "words", "read_in": "fi"})
    assert empty.status_code == 422
    form = {
        "organisation": str(partner.organisation_id),
        "contents": ["contact", "situation"],
        "how": "paper",
        "read_in": "sv",
    }
    assert browser.post(f"/asiakkaat/{person.pk}/kertominen/", form).status_code == 303
    assert browser.post(f"/asiakkaat/{person.pk}/yhteydenotto/", {"how": "words", "read_in": "fi"}).status_code == 303
    assert person.consents.not_withdrawn().count() == 3
    share = person.consents.get(purpose=Purpose.SHARE)
    assert (share.contents, share.text.language, share.how) == (["contact", "situation"], "sv", "paper")
    twice = browser.post(f"/asiakkaat/{person.pk}/yhteydenotto/", {"how": "words", "read_in": "fi"})
    assert twice.status_code == 422


def test_another_organisation_is_given_only_what_was_agreed(desk: Member, client_for: Sign) -> None:
    person = person_on_file(desk, contact_kind="phone", contact_value="+358 000 000 012", year_of_birth=1985)
    partner = Member(MembershipFactory())
    share = {"by": desk, "at": at(12), "purpose": Purpose.SHARE, "given": Given()}
    consents.give_consent(person, organisation=partner.membership.organisation, contents=["guidance"], **share)
    text = client_for(partner).get(f"/asiakkaat/{person.pk}/").content.decode()
    assert "Aino Esimerkki" in text
    for hidden in ("000 000 012", "1985", "client-looks", "client-change", "give-share"):
        assert hidden not in text
    assert client_for(partner).get(f"/asiakkaat/{person.pk}/muuta/").status_code == 404


def test_a_correction_keeps_the_colleagues_text_apart(desk: Member, client_for: Sign) -> None:
    person, browser = person_on_file(desk), client_for(desk)
    url = f"/asiakkaat/{person.pk}/muuta/"
    assert browser.get(url).status_code == 200
    assert browser.post(url, told(name="Aino Uusi", version="1")).status_code == 303
    late = browser.post(url, told(name="Aino Myöhäinen", version="1"))
    assert late.status_code == 422
    text = late.content.decode()
    assert "client-newer" in text
    assert "Aino Uusi" in text
    assert 'value="Aino Myöhäinen"' in text
    assert (
        browser.post(url, told(name="Aino Myöhäinen", version=late.context["form"]["version"].value())).status_code
        == 303
    )
    person.refresh_from_db()
    assert (person.name, person.version) == ("Aino Myöhäinen", 3)
    assert AuditEvent.objects.filter(verb="client.changed").count() == 2
    assert person.contact_points.filter(ended_at__isnull=True).count() == 1


def test_a_non_disclosure_order_hides_and_a_shown_number_is_written_down(desk: Member, client_for: Sign) -> None:
    person = person_on_file(desk, contact_kind="phone", contact_value="+358 000 000 012", is_non_disclosure=True)
    browser = client_for(desk)
    assert "000 000 012" not in browser.get(f"/asiakkaat/{person.pk}/").content.decode()
    assert "000 000 012" in browser.post(f"/asiakkaat/{person.pk}/yhteystieto/").content.decode()
    assert AccessEvent.objects.filter(kind="protected", person_id=person.pk).count() == 1


def test_slots_are_filled_by_the_apps_above(desk: Member, client_for: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils.html import format_html

    person = person_on_file(desk)
    monkeypatch.setitem(slots._fillers, "placements", lambda request, client: format_html("<p>{}</p>", client.pk))
    assert f"<p>{person.pk}</p>" in client_for(desk).get(f"/asiakkaat/{person.pk}/").content.decode()
    with pytest.raises(LookupError):
        slots.fill("nothing", lambda request, client: format_html(""))


def test_the_pages_cost_a_constant_number_of_statements(
    desk: Member, client_for: Sign, assert_budget: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "_fillers", {})
    browser = client_for(desk)
    people = [person_on_file(desk, name=f"Aino Koe{number}") for number in range(15)]
    with assert_budget(10):
        browser.post("/asiakkaat/", {"q": "ain"})
    with assert_budget(14):
        browser.get(f"/asiakkaat/{people[0].pk}/")


def test_the_inbox_shows_each_side_its_own(client_for: Sign, desk: Member) -> None:
    sender, recipient = Member(MembershipFactory(point=desk.membership.point)), Member(MembershipFactory())
    person = person_on_file(desk)
    row = referrals.refer(
        point=sender.membership.point,
        organisation=recipient.membership.organisation,
        client=person,
        reason="Ryhmä alkaa",
        by=sender,
        at=at(12),
    )
    mine, theirs = client_for(sender), client_for(recipient)
    assert "Aino E." in mine.get("/ohjaukset/").content.decode()
    shown = theirs.get("/ohjaukset/").content.decode()
    assert row.carrier_code in shown
    assert "Aino" not in shown
    assert theirs.post(f"/ohjaukset/{row.pk}/ota-vastaan/").status_code == 303
    assert Referral.objects.get().status == "received"
    assert f"/ohjaukset/{row.pk}/kumoa/" in theirs.get("/ohjaukset/").content.decode()
    theirs.post(f"/ohjaukset/{row.pk}/kumoa/")
    assert theirs.post(f"/ohjaukset/{row.pk}/ei-onnistu/").status_code == 422
    theirs.post(f"/ohjaukset/{row.pk}/ei-onnistu/", {"word": row.point.terms.filter(kind="refusal")[0].pk})
    assert Referral.objects.get().status == "declined"
    assert client_for(Member(MembershipFactory())).post(f"/ohjaukset/{row.pk}/kumoa/").status_code == 404
    late = mine.post(f"/ohjaukset/{row.pk}/peru/", headers={"Referer": "http://testserver/ohjaukset/"})
    assert (late.status_code, late.headers["Location"]) == (303, "http://testserver/ohjaukset/")
    assert 'data-testid="toast"' in mine.get("/ohjaukset/").content.decode()
    assert Referral.objects.get().status == "declined"


def test_the_inbox_costs_a_constant_number_of_statements(
    client_for: Sign, desk: Member, assert_budget: Callable[..., Any]
) -> None:
    sender, recipient = Member(MembershipFactory(point=desk.membership.point)), Member(MembershipFactory())
    for number in range(12):
        referrals.refer(
            point=sender.membership.point,
            organisation=recipient.membership.organisation,
            client=person_on_file(desk, name=f"Aino Koe{number}"),
            by=sender,
            at=at(12),
        )
    for who in (sender, recipient):
        browser = client_for(who)
        with assert_budget(9):
            browser.get("/ohjaukset/")


@pytest.mark.parametrize("role", ["manager", "admin", "expert"])
@pytest.mark.parametrize("address", ["/asiakkaat/", "/asiakkaat/uusi/", "/ohjaukset/"])
def test_other_roles_find_nothing_here(client_for: Sign, db: None, role: str, address: str) -> None:
    browser = client_for(MembershipFactory(role=role))
    assert browser.get(address).status_code == 404
    assert browser.post("/asiakkaat/haku/", {"q": "aino"}).status_code == 404


def test_a_consent_is_withdrawn_by_post_only(desk: Member, client_for: Sign) -> None:
    consent = person_on_file(desk).consents.get()
    assert client_for(desk).get(f"/suostumukset/{consent.pk}/peru/").status_code == 405
    assert Consent.objects.not_withdrawn().count() == 1


@pytest.mark.django_db
def test_languages_stand_in_the_order_of_the_readers_alphabet() -> None:
    for code, name in (("xa", "äyrämö"), ("xb", "åländska"), ("xc", "Zulu"), ("xd", "afar"), ("xe", "ödaic")):
        LanguageFactory(code=code, names={"fi": name, "sv": name, "en": name}, desk_order=None)
    names = [name for _code, name in language_choices()]
    assert [name for name in names if name in {"äyrämö", "åländska", "Zulu", "afar", "ödaic"}] == [
        "afar",
        "Zulu",
        "åländska",
        "äyrämö",
        "ödaic",
    ]
