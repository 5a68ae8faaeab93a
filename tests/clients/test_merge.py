"""Two files of one person become one, and are put apart again byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client as Browser

from clients import merging
from clients.actions import consent as consents
from clients.actions import merge as acts
from clients.actions import plan as plans
from clients.actions import recusal as recusals
from clients.actions import referral as referrals
from clients.actions import responsibility as responsibilities
from clients.actions.client import Person, change_person
from clients.actions.consent import Given
from clients.models import Client, Consent, ContactPoint, MergeRecord, Plan, Referral, Responsibility
from clients.models.consent import Purpose
from team.access import Member
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, at
from tests.factories.visits import House
from tyoparkki.models import AccessEvent, AuditEvent
from visits.actions import identity
from visits.models import VisitClient

NOW = at(12)
Sign = Callable[[Member], Browser]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """The advisor who finds out."""
    return house.advisor()


@pytest.fixture
def kept(anna: Member) -> Client:
    """The file that stays."""
    return person_on_file(anna, name="Oleksandr Petrenko", contact_kind="phone", contact_value="+358 000 000 012")


@pytest.fixture
def leaving(house: House, anna: Member) -> Client:
    """The other file of the same person, with something in every table that may hang on a person."""
    person = person_on_file(
        anna, name="Alexander Petrenko", contact_kind="phone", contact_value="+358 000 000 034",
        year_of_birth=1979, language="uk", is_non_disclosure=True,
    )  # fmt: skip
    visit = house.arrive(at(11))
    identity.join_client(visit, person, by=anna, at=at(11))
    to = OrganisationFactory()
    share = {"purpose": Purpose.SHARE, "organisation": to, "contents": ["contact", "plan"]}
    consents.give_consent(person, by=anna, at=at(11), given=Given(), **share)
    referrals.refer(point=house.point, organisation=to, client=person, by=anna, at=at(11))
    plans.open_plan(person, goal="Oma työ", by=anna, at=at(11))  # and answers for the person
    return person


_LEFT_OUT = {"clients_mergerecord"}


def every_row() -> dict[str, list[str]]:
    """All rows of all tables of people and visits, as the database holds them."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.app_label not in {"clients", "visits", "employers"} or table in _LEFT_OUT:
                continue
            cursor.execute(f"SELECT one::text, to_jsonb(one)::text FROM {table} one")
            found[table] = sorted(json.dumps(row) for row in cursor.fetchall())
    return found


def merged(kept: Client, leaving: Client, by: Member, moment: datetime = NOW) -> MergeRecord:
    """The merge as the page does it: both files fetched for the member."""
    return acts.merge(seen(kept, by), seen(leaving, by), by=by, at=moment)


def seen(person: Client, by: Member) -> Client:
    """The file as this member sees it."""
    return Client.objects.visible_to(by).get(pk=person.pk)


def test_all_that_hangs_on_the_one_file_hangs_on_the_other(anna: Member, kept: Client, leaving: Client) -> None:
    merged(kept, leaving, anna)
    assert not Client.objects.filter(pk=leaving.pk).exists()
    for rows in (VisitClient.objects, Referral.objects, Plan.objects, Responsibility.objects):
        assert set(rows.values_list("client", flat=True)) == {kept.pk}
    assert {one.purpose for one in Consent.objects.filter(client=kept)} >= {Purpose.RECORD, Purpose.SHARE}
    assert ContactPoint.objects.get().value == "+358 000 000 012"
    one = Client.objects.get()
    assert (one.name, one.year_of_birth, one.language) == ("Oleksandr Petrenko", 1979, "uk")
    assert one.is_non_disclosure
    assert one.last_visit_on == NOW.date()


def test_merge_and_undo_leave_every_row_as_it_was(anna: Member, kept: Client, leaving: Client) -> None:
    before = every_row()
    assert sum(map(len, before.values())) > 20
    record = merged(kept, leaving, anna)
    assert every_row() != before
    acts.undo_merge(record, by=anna, at=NOW + timedelta(days=29))
    assert every_row() == before
    row = MergeRecord.objects.get()
    assert (row.rows, row.undone_by_id) == ({}, anna.membership_id)
    assert list(
        AuditEvent.objects.filter(verb__startswith="client.merge").order_by("pk").values_list("verb", flat=True)
    ) == [
        "client.merged",
        "client.merge_undone",
    ]


def test_the_other_way_round_it_is_undone_as_well(anna: Member, kept: Client, leaving: Client) -> None:
    before = every_row()
    record = merged(leaving, kept, anna)
    acts.undo_merge(record, by=anna, at=NOW)
    assert every_row() == before


def test_what_comes_after_the_merge_stays_with_the_kept_file(
    house: House, anna: Member, kept: Client, leaving: Client
) -> None:
    record = merged(kept, leaving, anna)
    later = house.arrive(at(12))
    identity.join_client(later, Client.objects.get(pk=kept.pk), by=anna, at=NOW)
    acts.undo_merge(record, by=anna, at=NOW)
    assert VisitClient.objects.get(visit=later).client_id == kept.pk
    assert VisitClient.objects.exclude(visit=later).get().client_id == leaving.pk


def test_an_undo_is_refused_when_something_depends_on_the_merge(anna: Member, kept: Client, leaving: Client) -> None:
    record = merged(kept, leaving, anna)
    after = every_row()
    with pytest.raises(acts.CannotBePutApart, match="30 päivän"):
        acts.undo_merge(record, by=anna, at=NOW + timedelta(days=30))
    share = Consent.objects.get(purpose=Purpose.SHARE)
    consents.withdraw_consent(share, by=anna, at=NOW)
    with pytest.raises(acts.CannotBePutApart, match="Suostumus"):
        acts.undo_merge(record, by=anna, at=NOW)
    assert {table for table, rows in every_row().items() if rows != after[table]} == {"clients_consent"}
    one = Client.objects.get()
    change_person(one, Person("Oleksandr Petrenko"), by=anna, at=NOW, version=one.version)
    with pytest.raises(acts.CannotBePutApart, match="korjattu"):
        acts.undo_merge(record, by=anna, at=NOW)


def test_an_undo_brings_no_consent_back_that_was_withdrawn_since(anna: Member, kept: Client, leaving: Client) -> None:
    of_leaving = Consent.objects.get(purpose=Purpose.SHARE)
    consents.give_consent(
        kept, by=anna, at=at(11) + timedelta(minutes=5), purpose=Purpose.SHARE, given=Given(), contents=["contact"],
        organisation=of_leaving.recipient_organisation,
    )  # fmt: skip
    record = merged(kept, leaving, anna)
    later = Consent.objects.get(purpose=Purpose.SHARE, client=kept)
    consents.withdraw_consent(later, by=anna, at=NOW)
    with pytest.raises(acts.CannotBePutApart, match="Suostumus"):
        acts.undo_merge(record, by=anna, at=NOW)


def test_whoever_was_barred_since_the_merge_is_barred_from_both_files_after_its_undo(
    house: House, anna: Member, kept: Client, leaving: Client
) -> None:
    record, bo = merged(kept, leaving, anna), house.advisor()
    recusals.recuse(seen(kept, bo), by=bo, at=NOW + timedelta(minutes=1))
    acts.undo_merge(record, by=anna, at=NOW + timedelta(minutes=2))
    assert Client.objects.visible_to(anna).count() == 2
    assert not Client.objects.visible_to(bo).exists()


def test_whoever_is_barred_from_one_file_does_not_come_to_answer_for_both(
    house: House, anna: Member, kept: Client, leaving: Client
) -> None:
    bo = house.advisor()
    recusals.recuse(seen(kept, bo), by=bo, at=at(11, 30))
    offered = responsibilities.offer(leaving, bo.membership, by=anna, at=at(11, 40))
    with pytest.raises(acts.NotMerged, match="läheiseksi"):
        merged(kept, leaving, anna)
    responsibilities.accept(offered, by=bo, at=at(11, 50))
    for one, other in ((kept, leaving), (leaving, kept)):
        with pytest.raises(acts.NotMerged, match="läheiseksi"):
            merged(one, other, anna)
    assert not MergeRecord.objects.exists()


def test_of_two_merges_the_later_one_is_undone_first(anna: Member, kept: Client, leaving: Client) -> None:
    before = every_row()
    third = person_on_file(anna, name="Aleksandr P.")
    with_third = every_row()
    first = merged(kept, leaving, anna)
    second = merged(third, kept, anna, NOW + timedelta(minutes=1))
    with pytest.raises(acts.CannotBePutApart, match="ensin"):
        acts.undo_merge(first, by=anna, at=NOW + timedelta(minutes=2))
    acts.undo_merge(second, by=anna, at=NOW + timedelta(minutes=3))
    acts.undo_merge(MergeRecord.objects.get(pk=first.pk), by=anna, at=NOW + timedelta(minutes=4))
    assert every_row() == with_third
    assert with_third != before
    with pytest.raises(acts.CannotBePutApart, match="jo"):
        acts.undo_merge(first, by=anna, at=NOW + timedelta(minutes=5))


def test_two_plans_two_responsible_persons_or_two_controllers_are_refused(
    house: House, anna: Member, kept: Client, leaving: Client
) -> None:
    bo = house.advisor()
    responsibilities.take(kept, by=bo, at=NOW)
    plans.open_plan(kept, goal="Ammatti", by=anna, at=NOW)
    before = every_row()
    with pytest.raises(acts.NotMerged, match=r"vastuuhenkilö.*suunnitelma"):
        merged(kept, leaving, anna)
    partner = house.advisor(partner=True)
    theirs = person_on_file(partner, name="Alexander Petrenko")
    with pytest.raises(acts.NotBothYours):
        merged(leaving, theirs, anna)
    assert MergeRecord.objects.count() == 0
    assert every_row()["clients_plan"] == before["clients_plan"]


def test_who_may_not_see_the_plans_is_refused_by_the_database(
    house: House, anna: Member, kept: Client, leaving: Client
) -> None:
    plans.open_plan(kept, goal="Ammatti", by=anna, at=NOW)
    with pytest.raises(acts.OnlyOneAtATime):
        merged(kept, leaving, house.desk)
    assert Client.objects.count() == 2


def test_every_key_to_a_person_has_a_rule() -> None:
    hanging = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Client
    }
    assert hanging == set(merging.tables())


# --- the screens ---------------------------------------------------------------------------------------------------


def test_the_files_are_compared_merged_and_put_apart(
    anna: Member, kept: Client, leaving: Client, client_for: Sign
) -> None:
    browser, page = client_for(anna), f"/asiakkaat/{kept.pk}/yhdista/{leaving.pk}/"
    text = browser.get(page).content.decode()
    assert "Alexander Petrenko" in text
    assert "merge-press" in text
    answer = browser.post(page)
    assert (answer.status_code, answer["Location"]) == (303, f"/asiakkaat/{kept.pk}/")
    moved = browser.get(f"/asiakkaat/{leaving.pk}/")
    assert (moved.status_code, moved["Location"]) == (302, f"/asiakkaat/{kept.pk}/")
    assert "client-merge-undo" in browser.get(f"/asiakkaat/{kept.pk}/").content.decode()
    record = MergeRecord.objects.get()
    assert browser.post(f"/yhdistamiset/{record.pk}/kumoa/").status_code == 303
    assert browser.get(f"/asiakkaat/{leaving.pk}/").status_code == 200
    assert "client-merge-undo" not in browser.get(f"/asiakkaat/{kept.pk}/").content.decode()


def test_what_stands_in_the_way_is_told_beforehand(
    house: House, anna: Member, kept: Client, leaving: Client, client_for: Sign
) -> None:
    plans.open_plan(kept, goal="Ammatti", by=anna, at=NOW)
    page = f"/asiakkaat/{kept.pk}/yhdista/{leaving.pk}/"
    text = client_for(anna).get(page).content.decode()
    assert "merge-refused" in text
    assert "merge-press" not in text
    assert client_for(anna).post(page).status_code == 409
    assert client_for(house.desk).post(page).status_code == 409


def test_who_keeps_only_one_of_the_files_finds_nothing(
    house: House, anna: Member, kept: Client, leaving: Client, client_for: Sign
) -> None:
    stranger = Member(MembershipFactory())
    theirs = person_on_file(stranger, name="Alexander Petrenko")
    for one, two in ((kept, theirs), (theirs, kept), (kept, kept)):
        assert client_for(anna).get(f"/asiakkaat/{one.pk}/yhdista/{two.pk}/").status_code == 404
    assert AccessEvent.objects.filter(outcome="denied").exists()
    merged(kept, leaving, anna)
    assert client_for(stranger).get(f"/asiakkaat/{leaving.pk}/").status_code == 404
    assert client_for(stranger).post(f"/yhdistamiset/{MergeRecord.objects.get().pk}/kumoa/").status_code == 404


@pytest.fixture
def typed() -> dict[str, Any]:
    """The form of a new person who is on file already."""
    return {
        "name": "Alexander Petrenko", "contact_kind": "phone", "contact_value": "000 000 012",
        "may_record": "on", "how": "words", "read_in": "fi",
    }  # fmt: skip


def test_whoever_records_is_asked_first_and_loses_nothing(
    anna: Member, kept: Client, typed: dict[str, Any], client_for: Sign
) -> None:
    typed["contact_value"] = "+358 000 000 012"
    browser = client_for(anna)
    text = browser.post("/asiakkaat/samat/", typed).content.decode()
    assert "client-use-1" in text
    assert "sama puhelinnumero" in text
    assert "client-another" not in text
    answer = browser.post("/asiakkaat/uusi/", typed)
    assert answer.status_code == 409
    assert 'value="Alexander Petrenko"' in answer.content.decode()
    assert f'href="/asiakkaat/{kept.pk}/"' in answer.content.decode()
    assert Client.objects.count() == 1
    assert AccessEvent.objects.filter(kind="alike", person_id=kept.pk).exists()
    assert browser.post("/asiakkaat/uusi/", typed | {"is_another": "on"}).status_code == 303
    assert Client.objects.count() == 2
    pairs = browser.get("/asiakkaat/kaksoiskappaleet/").content.decode()
    assert "client-compare" in pairs
    assert "sama puhelinnumero" in pairs


def test_pairs_are_shown_to_those_who_keep_both(
    house: House, anna: Member, kept: Client, leaving: Client, client_for: Sign
) -> None:
    stranger = Member(MembershipFactory())
    person_on_file(stranger, name="Oleksandr Petrenko", contact_kind="phone", contact_value="+358 000 000 012")
    text = client_for(stranger).get("/asiakkaat/kaksoiskappaleet/").content.decode()
    assert "client-compare" not in text
