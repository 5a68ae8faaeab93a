"""Service points are opened and changed, organisations come and go: by the administrator's screens."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from clients.models import ConsentText
from feedback.models import Questionnaire
from team.access import Member
from team.models import BOARD_LANGUAGES, Desk, Membership, Organisation, Profession, Role, ServicePoint
from tests.factories.team import MembershipFactory, MunicipalityFactory, OrganisationFactory
from tyoparkki.models import AuditEvent, Language, Municipality

Sign = Callable[[Any], Browser]


@pytest.fixture
def admin(db: None) -> Member:
    """The administrator of a point."""
    return Member(MembershipFactory(admin=True))


def fields(**changed: Any) -> dict[str, Any]:
    """The form of a point, as its page shows it."""
    return {
        "name_fi": "TyöParkki Janakkala", "municipality": MunicipalityFactory(code="165").pk, "desks": 3,
        "wait_target_minutes": 15, "wait_alarm_minutes": 20, "calls_before_no_show": 2, "board_languages": ["fi"],
        **changed,
    }  # fmt: skip


def test_a_new_point_can_work_from_its_first_day_and_the_administrator_at_it(client_for: Sign, admin: Member) -> None:
    browser = client_for(admin)
    answer = browser.post("/palvelupisteet/uusi/", fields(organisation=admin.organisation_id))
    assert answer.status_code == 303
    point = ServicePoint.objects.get(slug="tyoparkki-janakkala")
    assert point.desks.filter(is_active=True).count() == 3
    assert point.topics.filter(is_active=True, parties__contains=["client"]).count() == 10
    assert point.terms.filter(kind="result").count() == 5
    assert Questionnaire.objects.at(point.pk).in_use().count() == 1
    mine = Membership.objects.get(user=admin.user, point=point)
    assert (mine.role, mine.organisation_id) == (Role.ADMIN, admin.organisation_id)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"point.opened", "vocabulary.given", "questionnaire.created", "membership.added"} <= verbs
    assert browser.post("/asetukset/jasenyys/", {"membership": mine.pk}).status_code == 303
    assert "Janakkala" in browser.get("/kayttajat/").content.decode()
    again = browser.post("/palvelupisteet/uusi/", fields(organisation=admin.organisation_id))
    assert again.status_code == 422
    assert "Tämän niminen palvelupiste on jo olemassa." in again.content.decode()


def test_a_points_details_and_desks_change_and_its_address_on_the_web_stays(client_for: Sign, admin: Member) -> None:
    point, browser = admin.membership.point, client_for(admin)
    shown = browser.get("/palvelupiste/").context["form"]
    assert (shown["street_address"].value(), shown["desks"].value()) == ("Esimerkkikatu 1", 8)
    changed = fields(name_fi="Uusi nimi", street_address="Toinen katu 2", desks=10, board_languages=["fi", "uk"])
    assert browser.post("/palvelupiste/", changed).status_code == 303
    slug = point.slug
    point.refresh_from_db()
    assert (point.slug, point.names, point.board_languages) == (slug, {"fi": "Uusi nimi"}, ["fi", "uk"])
    assert list(
        Desk.objects.filter(point=point, is_active=True).order_by("number").values_list("number", flat=True)
    ) == list(range(1, 11))
    assert browser.post("/palvelupiste/", fields(desks=2)).status_code == 303
    assert point.desks.filter(is_active=True).count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("name_fi", ""), ("postal_code", "131"), ("municipality", ""), ("desks", "0"), ("wait_alarm_minutes", "5")],
)
def test_a_faulty_point_is_told_of_and_nothing_is_saved(
    client_for: Sign, admin: Member, field: str, value: str
) -> None:
    answer = client_for(admin).post("/palvelupiste/", fields(**{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not AuditEvent.objects.filter(verb="point.changed").exists()


def test_an_organisation_joins_and_its_people_can_be_added(client_for: Sign, admin: Member) -> None:
    browser = client_for(admin)
    form = {"name_fi": "Uusi Säätiö", "kind": "association", "business_id": "01469214", "is_active": "on"}
    assert browser.post("/organisaatiot/uusi/", form).status_code == 303
    made = Organisation.objects.get(names__fi="Uusi Säätiö")
    assert (made.business_id, made.short_name) == ("0146921-4", "Uusi Säätiö")
    assert browser.post("/organisaatiot/uusi/", {**form, "name_fi": "uusi säätiö"}).status_code == 422
    assert browser.post("/organisaatiot/uusi/", {**form, "business_id": "0146921-5"}).status_code == 422
    assert made in browser.get("/kayttajat/uusi/").context["form"].fields["organisation"].queryset


def test_an_organisation_leaves_only_when_nobody_acts_for_it(client_for: Sign, admin: Member) -> None:
    browser, partner = client_for(admin), OrganisationFactory()
    there = MembershipFactory(point=admin.membership.point, organisation=partner, user__name="Noora Koe")
    leaving = {"name_fi": "Yhdistys", "kind": "association"}
    answer = browser.post(f"/organisaatiot/{partner.pk}/", leaving)
    assert answer.status_code == 422
    assert "Noora Koe" in answer.content.decode()
    assert browser.post(f"/roolit/{there.pk}/paata/").status_code == 303
    assert browser.post(f"/organisaatiot/{partner.pk}/", leaving).status_code == 303
    partner.refresh_from_db()
    assert not partner.is_active
    assert "ei mukana" in browser.get("/organisaatiot/").content.decode()


def test_the_reference_data_come_by_a_command_and_coming_again_changes_nothing(db: None) -> None:
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert out.getvalue().strip() == (
        "308 municipalities, 194 languages, 10 new professions, 0 new texts of consents, "
        "6 new instruments of self-assessment, 10 new kinds of outcome"
    )
    counts = [model.objects.count() for model in (Municipality, Language, Profession, ConsentText, AuditEvent)]
    call_command("load_reference", verbosity=0)
    assert counts == [model.objects.count() for model in (Municipality, Language, Profession, ConsentText, AuditEvent)]


def test_the_boards_languages_are_those_whose_words_it_has() -> None:
    from visits.board import words_of

    point = ServicePoint(board_languages=list(BOARD_LANGUAGES))
    assert [words["lang"] for words in words_of(point)] == list(BOARD_LANGUAGES)


def test_each_kind_of_visitor_has_a_letter_of_its_own_from_the_next_number_on(client_for: Sign, admin: Member) -> None:
    point, browser = admin.membership.point, client_for(admin)
    assert browser.get("/palvelupiste/").context["form"]["letter_employer"].value() == "T"
    chosen = fields(letter_client="b", letter_employer="Y", letter_group="", letter_other="M")
    assert browser.post("/palvelupiste/", chosen).status_code == 303
    point.refresh_from_db()
    assert point.letters == {"client": "B", "employer": "Y", "group": "G", "other": "M"}
    alike = browser.post("/palvelupiste/", {**chosen, "letter_other": "b"})
    assert alike.status_code == 422
    assert "Kaksi kävijäryhmää saisi saman kirjaimen." in alike.content.decode()
    for wrong in ("1", "Ä", "-"):
        refused = browser.post("/palvelupiste/", {**chosen, "letter_group": wrong})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["letter_group"])
    point.refresh_from_db()
    assert point.letters["group"] == "G"


def test_the_languages_of_the_board_have_names_before_the_reference_data_are_loaded(
    client_for: Sign, admin: Member
) -> None:
    Language.objects.all().delete()
    shown = dict(client_for(admin).get("/palvelupiste/").context["form"].fields["board_languages"].choices)
    assert shown == {
        "fi": "suomi", "sv": "ruotsi", "en": "englanti", "ar": "arabia", "uk": "ukraina", "ru": "venäjä", "et": "viro",
    }  # fmt: skip
    assert set(shown) == set(BOARD_LANGUAGES)
