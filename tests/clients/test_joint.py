"""The joint assessment of need: strengths first, a part a profession, one conclusion beside which other views stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import consent as consents
from clients.actions import joint as acts
from clients.actions import joint_section as sections
from clients.actions import merge as merges
from clients.actions.consent import Given
from clients.models import Client, Consent, JointAssessment, JointSection, PlanReview
from clients.models.consent import Purpose
from team.access import Member
from team.models import Role
from tests.factories.clients import person_on_file, plan_of
from tests.factories.team import MembershipFactory, PointFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki.models import AccessEvent, AuditEvent

NOW = at(12)
WORDS = "Neljä tuntia päivässä kahvilassa, kolmen kuukauden ajan."
Sign = Callable[[Any], Browser]


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walls ask the clock, so it stands still."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(house: House) -> Member:
    """An advisor of the organisation that keeps the file."""
    return house.advisor()


@pytest.fixture
def colleague(house: House) -> Member:
    """Another of the same organisation."""
    return house.advisor()


@pytest.fixture
def partner(db: None) -> Member:
    """An advisor of another organisation, at another point."""
    return Member(MembershipFactory(point=PointFactory(), partner=True, role=Role.ADVISOR))


@pytest.fixture
def person(anna: Member) -> Client:
    """Somebody who has agreed to be recorded, and to nothing else."""
    return person_on_file(anna, moment=at(9), name="Kielo Esimerkki")


@pytest.fixture
def joint(person: Client, anna: Member) -> JointAssessment:
    """A joint assessment that goes on, with the part of who opened it."""
    return acts.open_joint(person, profession="ohjaaja", by=anna, at=at(10))


def share(person: Client, by: Member, to: Member, contents: list[str]) -> Consent:
    given = {"purpose": Purpose.SHARE, "given": Given(), "organisation": to.membership.organisation}
    return consents.give_consent(person, by=by, at=at(10), **given, contents=contents)


def ask(joint: JointAssessment, who: Member, by: Member) -> JointSection:
    with as_actor(by.actor):
        return acts.ask_in(joint, who.membership, profession="", by=by, at=at(11))


def write(part: JointSection, by: Member, words: str = WORDS) -> JointSection:
    with as_actor(by.actor):
        return sections.write_section(part, words, by=by, at=at(11))


def say(part: JointSection, by: Member, stance: str = "agrees", words: str = "", version: int = 1) -> JointSection:
    with as_actor(by.actor):
        return sections.take_stance(part, stance, words=words, version=version, by=by, at=at(11))


def address(name: str, *args: Any) -> str:
    return reverse(f"clients:{name}", args=args)


# --- one agreed conclusion, and views that differ --------------------------------------------------------------------


def test_a_part_that_is_asked_for_stands_on_the_colleagues_own_list_until_it_is_written(
    joint: JointAssessment, person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    told = share(person, anna, partner, ["contact", "assessments"])
    part, browser = ask(joint, partner, anna), client_for(partner)
    page = browser.get("/asiakkaat/omat/").content.decode().split('data-testid="mine-asked"')[1]
    assert address("joint", person.pk) in page
    assert anna.user.name in page
    assert AccessEvent.objects.filter(kind="mine", person_id=person.pk, membership_id=partner.membership_id).exists()
    consents.withdraw_consent(told, by=anna, at=NOW)
    assert "mine-asked" not in browser.get("/asiakkaat/omat/").content.decode()
    share(person, anna, partner, ["contact", "assessments"])
    write(part, partner)
    assert "mine-asked" not in browser.get("/asiakkaat/omat/").content.decode()


def test_contributors_are_listed_with_one_conclusion_and_a_view_that_differs(
    joint: JointAssessment, person: Client, anna: Member, colleague: Member, client_for: Sign
) -> None:
    theirs = ask(joint, colleague, anna)
    acts.write_start(joint, acts.Start("Kolme kieltä", "Haluan tehdä käsilläni"), by=anna, at=at(11))
    write(joint.sections.get(contributor=anna.membership), anna, "Osaa paljon.")
    write(theirs, colleague, "Väsyy iltapäivällä.")
    acts.word_conclusion(joint, WORDS, by=anna, at=at(11))
    say(joint.sections.get(contributor=anna.membership), anna)
    say(theirs, colleague, "differs", "Kaksi tuntia riittää.")
    acts.conclude(joint, version=1, by=anna, at=NOW)
    for path in (address("joint", person.pk), address("joint_paper", joint.pk)):
        page = client_for(anna).get(path).content.decode()
        for text in ("Kolme kieltä", "Haluan tehdä käsilläni", "Osaa paljon.", "Väsyy iltapäivällä.", WORDS,
                     "Kaksi tuntia riittää.", anna.user.name, colleague.user.name):  # fmt: skip
            assert text in page, (path, text)
        assert page.index("Kolme kieltä") < page.index("Osaa paljon.")
        assert page.count('data-testid="joint-conclusion"') == 1


def test_an_agreement_is_to_words_and_lapses_when_they_change(
    joint: JointAssessment, anna: Member, colleague: Member
) -> None:
    theirs, mine = ask(joint, colleague, anna), joint.sections.get(contributor=anna.membership)
    acts.write_start(joint, acts.Start("Sitkeä", ""), by=anna, at=at(11))
    acts.word_conclusion(joint, WORDS, by=anna, at=at(11))
    say(mine, anna)
    say(theirs, colleague)
    acts.word_conclusion(joint, "Kaksi tuntia.", by=anna, at=at(11))
    with pytest.raises(acts.ConclusionChanged):
        say(theirs, colleague, version=1)
    with pytest.raises(acts.ConclusionChanged):
        acts.conclude(joint, version=1, by=anna, at=NOW)
    with pytest.raises(acts.NotEverybodyHasSaid):
        acts.conclude(joint, version=2, by=anna, at=NOW)
    say(mine, anna, version=2)
    say(theirs, colleague, version=2)
    assert acts.conclude(joint, version=2, by=anna, at=NOW).concluded_at == NOW


def test_the_same_words_saved_again_ask_nobody_anew(joint: JointAssessment, anna: Member) -> None:
    acts.word_conclusion(joint, WORDS, by=anna, at=at(11))
    assert acts.word_conclusion(joint, WORDS, by=anna, at=NOW).conclusion_version == 1


def test_what_is_missing_is_gone_on_without_only_on_purpose(joint: JointAssessment, anna: Member) -> None:
    with pytest.raises(acts.NothingToAgreeOn):
        acts.conclude(joint, version=0, by=anna, at=NOW)
    acts.word_conclusion(joint, WORDS, by=anna, at=at(11))
    with pytest.raises(acts.NoStrengths):
        acts.conclude(joint, version=1, without=acts.Without(others=True), by=anna, at=NOW)
    with pytest.raises(acts.NotEverybodyHasSaid):
        acts.conclude(joint, version=1, without=acts.Without(strengths=True), by=anna, at=NOW)
    done = acts.conclude(joint, version=1, without=acts.Without(strengths=True, others=True), by=anna, at=NOW)
    assert done.concluded_by == anna.membership


def test_a_view_that_differs_is_words(joint: JointAssessment, anna: Member) -> None:
    acts.word_conclusion(joint, WORDS, by=anna, at=at(11))
    with pytest.raises(sections.SayHow):
        say(joint.sections.get(), anna, "differs")


def conclude(joint: JointAssessment, by: Member) -> JointAssessment:
    acts.word_conclusion(joint, WORDS, by=by, at=at(11))
    return acts.conclude(joint, version=1, without=acts.Without(strengths=True, others=True), by=by, at=NOW)


def test_what_is_concluded_is_frozen_for_everybody(joint: JointAssessment, anna: Member, colleague: Member) -> None:
    part = ask(joint, colleague, anna)
    conclude(joint, anna)
    with pytest.raises(acts.Concluded):
        write(part, colleague)
    with pytest.raises(acts.Concluded):
        say(part, colleague)
    with pytest.raises(acts.Concluded):
        ask(joint, colleague, anna)
    for act in (
        lambda: acts.write_start(joint, acts.Start("x", ""), by=anna, at=NOW),
        lambda: acts.word_conclusion(joint, "x", by=anna, at=NOW),
        lambda: acts.conclude(joint, version=1, by=anna, at=NOW),
        lambda: acts.undo_opening(joint, by=anna, at=NOW),
        lambda: acts.take_out(joint, part.pk, by=anna, at=NOW),
    ):
        with pytest.raises(acts.Concluded):
            act()
    with as_actor(anna.actor):
        assert JointAssessment.objects.update(conclusion="muutettu") == 0
        assert JointSection.objects.of_member(anna).update(words="muutettu", written_at=NOW) == 0
    with as_actor(colleague.actor):
        assert JointSection.objects.of_member(colleague).update(words="muutettu", written_at=NOW) == 0
    assert acts.open_joint(joint.client, profession="", by=anna, at=NOW).pk != joint.pk


def test_the_earlier_ones_are_still_there_to_read(
    joint: JointAssessment, person: Client, anna: Member, client_for: Sign
) -> None:
    conclude(joint, anna)
    acts.open_joint(person, profession="", by=anna, at=NOW)
    page = client_for(anna).get(address("joint", person.pk)).content.decode()
    assert 'data-testid="joint-earlier"' in page
    assert address("joint_paper", joint.pk) in page


def test_a_conclusion_is_a_look_at_the_need_where_a_plan_is_open(
    joint: JointAssessment, person: Client, anna: Member
) -> None:
    plan = plan_of(person, anna)
    conclude(joint, anna)
    review = PlanReview.objects.get(plan=plan)
    assert (review.kind, review.at, review.membership) == ("need", NOW, anna.membership)


# --- who writes what -------------------------------------------------------------------------------------------------


def test_a_part_is_written_by_its_contributor_alone(joint: JointAssessment, anna: Member, colleague: Member) -> None:
    theirs = ask(joint, colleague, anna)
    with pytest.raises(sections.NotYours):
        write(theirs, anna)
    with as_actor(anna.actor):
        assert JointSection.objects.filter(pk=theirs.pk).update(words="x", written_at=NOW) == 0
    assert write(theirs, colleague).words == WORDS


def test_whoever_does_not_take_part_reads_and_writes_nothing(
    joint: JointAssessment, person: Client, colleague: Member, house: House, client_for: Sign
) -> None:
    with pytest.raises(sections.NotYours):
        write(joint.sections.get(), colleague)
    part = joint.sections.get()
    for who in (house.desk, house.advisor(partner=True)):
        browser = client_for(who)
        assert browser.get(address("joint", person.pk)).status_code == 404
        assert browser.post(address("joint_open", person.pk)).status_code == 404
        assert browser.post(address("joint_write", part.pk), {"words": "x"}).status_code == 404
        assert 'data-testid="together"' not in browser.get(address("client", person.pk)).content.decode()


def test_one_goes_on_at_a_time(joint: JointAssessment, person: Client, anna: Member) -> None:
    with pytest.raises(acts.OneAtATime):
        acts.open_joint(person, profession="", by=anna, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        JointAssessment.objects.create(client=person, point=joint.point, opened_at=NOW, opened_by=anna.membership)


def test_what_was_opened_by_mistake_goes_while_nothing_is_written(
    joint: JointAssessment, anna: Member, colleague: Member
) -> None:
    with pytest.raises(acts.HasBegun):
        acts.undo_opening(joint, by=colleague, at=NOW)
    part = write(joint.sections.get(), anna)
    with pytest.raises(acts.HasBegun):
        acts.undo_opening(joint, by=anna, at=NOW)
    JointSection.objects.filter(pk=part.pk).update(words="", written_at=None)
    with as_actor(anna.actor):
        acts.undo_opening(joint, by=anna, at=NOW)
    assert not JointAssessment.objects.exists()
    assert not JointSection.objects.exists()


def test_a_colleague_who_has_written_is_not_taken_out(joint: JointAssessment, anna: Member, colleague: Member) -> None:
    part = ask(joint, colleague, anna)
    with as_actor(anna.actor):
        acts.take_out(joint, part.pk, by=anna, at=NOW)
        acts.take_out(joint, part.pk, by=anna, at=NOW)
    part = write(ask(joint, colleague, anna), colleague)
    with pytest.raises(acts.HasBegun):
        acts.take_out(joint, part.pk, by=anna, at=NOW)
    with as_actor(anna.actor):
        assert JointSection.objects.filter(pk=part.pk)._raw_delete("default") == 0


# --- nobody without the person's consent -----------------------------------------------------------------------------


@pytest.mark.parametrize("contents", [None, ["contact", "plan"]])
def test_without_a_consent_that_covers_assessments_nobody_of_that_organisation_is_asked_in(
    contents: list[str] | None, joint: JointAssessment, person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    if contents:
        share(person, anna, partner, contents)
    with pytest.raises(acts.NotCovered):
        ask(joint, partner, anna)
    row = JointSection(assessment=joint, contributor=partner.membership, invited_at=NOW, invited_by=anna.membership)
    with pytest.raises(DatabaseError, match="row-level security"), as_actor(anna.actor):
        row.save(force_insert=True)
    browser = client_for(anna)
    page = browser.get(address("joint", person.pk)).content.decode()
    assert str(partner.membership_id) not in page
    assert 'data-testid="joint-give-share"' in page
    assert ('data-testid="joint-half-told"' in page) == bool(contents)
    answer = browser.post(address("joint_ask", joint.pk), {"colleague": partner.membership_id})
    assert answer.status_code == 422
    assert "Kysy ensin asiakkaalta" in answer.content.decode()
    assert joint.sections.count() == 1


def test_with_the_consent_a_partner_writes_and_the_withdrawal_closes_it_at_once(
    joint: JointAssessment, person: Client, anna: Member, partner: Member, client_for: Sign
) -> None:
    agreed = share(person, anna, partner, ["assessments"])
    browser, theirs = client_for(anna), client_for(partner)
    assert str(partner.membership_id) in browser.get(address("joint", person.pk)).content.decode()
    assert browser.post(address("joint_ask", joint.pk), {"colleague": partner.membership_id}).status_code == 303
    part = joint.sections.get(contributor=partner.membership)
    assert 'data-testid="together-mine"' in theirs.get(address("client", person.pk)).content.decode()
    assert theirs.post(address("joint_write", part.pk), {"words": WORDS}).status_code == 303
    assert theirs.post(address("joint_start", joint.pk), {"strengths": "x"}).status_code == 404
    looks = AccessEvent.objects.filter(person_id=person.pk, kind="joint", outcome="shown")
    assert looks.filter(organisation_id=partner.organisation_id).exists()
    consents.withdraw_consent(agreed, by=anna, at=NOW)
    for path in (address("joint", person.pk), address("joint_paper", joint.pk)):
        assert theirs.get(path).status_code == 404
    assert theirs.post(address("joint_write", part.pk), {"words": "myöhässä"}).status_code == 404
    with as_actor(partner.actor):
        assert not JointAssessment.objects.exists()
        assert not JointSection.objects.exists()
        assert JointSection.objects.update(words="x", written_at=NOW) == 0
    page = browser.get(address("joint", person.pk)).content.decode()
    assert WORDS in page
    assert 'data-testid="joint-closed"' in page


def test_a_colleague_is_asked_in_once(joint: JointAssessment, anna: Member, colleague: Member) -> None:
    ask(joint, colleague, anna)
    with pytest.raises(acts.AlreadyTakesPart):
        ask(joint, colleague, anna)


# --- the screens -----------------------------------------------------------------------------------------------------


def test_a_refused_form_keeps_what_was_typed(
    joint: JointAssessment, person: Client, anna: Member, client_for: Sign
) -> None:
    acts.word_conclusion(joint, WORDS, by=anna, at=at(11))
    browser, part = client_for(anna), joint.sections.get()
    page = browser.post(address("joint_stance", part.pk), {"stance": "differs", "version": 1})
    assert (page.status_code, "Kirjoita, miten sinä näet asian." in page.content.decode()) == (422, True)
    page = browser.post(address("joint_conclude", joint.pk), {"version": 1})
    assert (page.status_code, "Yhtään vahvuutta" in page.content.decode()) == (422, True)
    conclude(joint, anna)
    page = browser.post(address("joint_write", part.pk), {"words": "Tämä jäi kesken"})
    assert page.status_code == 422
    assert 'data-testid="joint-unsaved"' in page.content.decode()
    assert "Tämä jäi kesken" in page.content.decode()


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_unseen(
    joint: JointAssessment, person: Client, anna: Member, client_for: Sign
) -> None:
    browser = client_for(anna)
    form = browser.get(address("joint", person.pk)).context["start_form"]
    acts.write_start(joint, acts.Start("Kollegan sana", ""), by=anna, at=NOW)
    sent = {"strengths": "Oma sana", "client_view": "", "seen": form["seen"].value()}
    answer = browser.post(address("joint_start", joint.pk), sent)
    assert answer.status_code == 422
    for text in ("Kollegan sana", "Oma sana"):
        assert text in answer.content.decode()
    again = {**sent, "seen": answer.context["start_form"]["seen"].value()}
    assert browser.post(address("joint_start", joint.pk), again).status_code == 303
    joint.refresh_from_db()
    assert joint.strengths == "Oma sana"


def test_the_persons_page_says_how_far_it_is_and_no_word_of_it(
    joint: JointAssessment, person: Client, anna: Member, colleague: Member, client_for: Sign
) -> None:
    ask(joint, colleague, anna)
    write(joint.sections.get(contributor=anna.membership), anna, "Salainen sana")
    page = client_for(anna).get(address("client", person.pk)).content.decode()
    assert "1/2 on kirjoittanut osuutensa" in page
    assert "Salainen sana" not in page
    assert 'data-testid="together-mine"' not in page
    assert 'data-testid="together-mine"' in client_for(colleague).get(address("client", person.pk)).content.decode()


def test_the_page_costs_the_same_however_many_take_part(
    joint: JointAssessment, person: Client, anna: Member, house: House, client_for: Sign,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for _each in range(6):
        ask(joint, house.advisor(), anna)
    browser = client_for(anna)
    with django_assert_max_num_queries(20):
        page = browser.get(address("joint", person.pk)).content.decode()
    assert page.count('data-testid="joint-part"') == 7
    assert "0/10 osaa on kirjoitettu (0 %)" in page


# --- two files of one person -----------------------------------------------------------------------------------------


def test_two_that_go_on_refuse_a_merge_and_concluded_ones_move(
    joint: JointAssessment, person: Client, anna: Member
) -> None:
    twin = person_on_file(anna, moment=at(9), name="Kielo Esimerkki")
    other = acts.open_joint(twin, profession="", by=anna, at=at(10))
    files = Client.objects.visible_to(anna)
    with pytest.raises(merges.NotMerged):
        merges.merge(files.get(pk=person.pk), files.get(pk=twin.pk), by=anna, at=NOW)
    conclude(other, anna)
    merges.merge(files.get(pk=person.pk), files.get(pk=twin.pk), by=anna, at=NOW)
    assert set(person.joint_assessments.values_list("pk", flat=True)) == {joint.pk, other.pk}


def test_the_trace_names_acts_and_fields_and_no_words(joint: JointAssessment, anna: Member) -> None:
    write(joint.sections.get(), anna)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"joint_assessment.opened", "joint_section.written"} <= verbs
    assert not any(WORDS in str(row) for row in AuditEvent.objects.values())
