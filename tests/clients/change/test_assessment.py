"""What a person says of their own situation: recorded, never changed, seen by whom the consent lets in."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import instrument as instruments
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.actions.consent import Given
from clients.models import AreaScore, AssessmentAsk, Client, InstrumentVersion, Referral, SelfAssessment
from clients.models.consent import Purpose
from clients.trends import change_in_words, trends
from team.access import Member
from team.models import Role
from tests.clients.change.conftest import NOW
from tests.clients.change.test_instrument import Shipped, load, own
from tests.factories.clients import ReferralFactory, ServiceRowFactory
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki.actor import Actor
from tyoparkki.models import AuditEvent


def record(person: Client, version: InstrumentVersion, by: Member, **told: Any) -> SelfAssessment:
    scores = told.pop("scores", {version.keys[0]: version.instrument.most})
    return assessments.record_assessment(person, version, scores, **{"by": by, "at": NOW, **told})


def test_what_is_said_is_kept_with_its_version_language_and_recorder(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    row = record(person, shipped["tilanne"], anna, scores={"suunta": 2, "arki": 4}, language="sv")
    assert {score.area: score.value for score in row.scores.all()} == {"suunta": 2, "arki": 4}
    assert (row.how, row.language, row.recorded_by_id, row.filled_at) == ("desk", "sv", anna.membership_id, NOW)
    assert AuditEvent.objects.get(verb="assessment.recorded").reason == "tilanne"


def test_an_earlier_day_may_be_told_but_none_to_come(shipped: Shipped, anna: Member, person: Client) -> None:
    row = record(person, shipped["kykyviisari"], anna, filled_at=NOW - timedelta(days=9), is_agreed=True)
    assert row.how == "elsewhere"
    with pytest.raises(assessments.InTheFuture):
        record(person, shipped["tilanne"], anna, filled_at=NOW + timedelta(days=1))


def test_sensitive_answers_need_the_persons_yes(shipped: Shipped, anna: Member, person: Client) -> None:
    for key in ("toimintakyky", "3x10d-18", "kykyviisari"):
        with pytest.raises(assessments.NotAgreed):
            record(person, shipped[key], anna)
        assert record(person, shipped[key], anna, is_agreed=True).is_agreed


def test_nothing_and_what_is_not_asked_or_not_on_the_scale_is_refused(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    with pytest.raises(assessments.NothingAnswered):
        record(person, shipped["tilanne"], anna, scores={})
    for scores in ({"suunta": 0}, {"suunta": 6}, {"rakkaus": 3}):
        with pytest.raises(assessments.OutsideScale):
            record(person, shipped["tilanne"], anna, scores=scores)
    assert not SelfAssessment.objects.exists()


@pytest.mark.parametrize(("area", "value"), [("suunta", 0), ("suunta", 6), ("suunta", -1), ("rakkaus", 3)])
def test_the_database_refuses_a_score_outside_the_scale_and_an_area_that_is_not_asked(
    shipped: Shipped, anna: Member, person: Client, area: str, value: int
) -> None:
    row = record(person, shipped["tilanne"], anna, scores={"arki": 3})
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaScore.objects.create(assessment=row, area=area, value=value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.scores.update(value=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaScore.objects.create(assessment=row, area="arki", value=3)  # answered once
    AreaScore.objects.create(assessment=row, area="suunta", value=None)  # did not want to answer


@pytest.mark.parametrize("seed", range(12))
def test_any_instrument_of_valid_shape_comes_back_as_it_went_in(anna: Member, person: Client, seed: int) -> None:
    """Made up by chance: scale, areas, languages, words of answers; every answer returns, every other is refused."""
    chance = random.Random(seed)
    least = chance.choice([0, 1, 3])
    most = least + chance.randint(1, 10)
    languages = ["fi", *chance.sample(["fi-selko", "sv", "en"], chance.randint(0, 3))]

    def texts(word: str) -> dict[str, str]:
        return {code: f"{word} {chance.choice('åäö”–<&>')} {code}" for code in languages}

    words = {str(value): texts(f"arvo {value}") for value in range(least, most + 1)}
    areas: list[dict[str, Any]] = [
        {"key": f"alue-{n}", "texts": texts(f"kysymys {n}")} for n in range(chance.randint(1, 14))
    ]
    if chance.random() < 0.5:
        areas[0]["answers"] = words
    told = {"names": texts("mittari"), "sensitivity": chance.choice(["plain", "sensitive"])}
    version = {"number": chance.randint(1, 9), "areas": areas, "answers": chance.choice([{}, words])}
    load(own(key=f"m-{seed}", least=least, most=most, version=version, **told))
    row = InstrumentVersion.objects.on_offer().get()
    assert (row.areas, row.answers, row.instrument.names) == (areas, version["answers"], told["names"])
    assert set(row.languages) == set(languages)
    scores = {key: chance.randint(least, most) for key in row.keys}
    record(person, row, anna, scores=scores, is_agreed=True)
    (trend,) = trends(SelfAssessment.objects.for_trends())
    assert {area.key: area.latest.value for area in trend.areas} == scores
    for outside in (least - 1, most + 1):
        with pytest.raises(assessments.OutsideScale):
            record(person, row, anna, scores={row.keys[0]: outside}, is_agreed=True)


def test_old_answers_show_with_the_words_of_their_own_version(anna: Member, person: Client) -> None:
    load(own())
    record(person, InstrumentVersion.objects.get(), anna, scores={"uni": 2}, at=NOW - timedelta(days=90))
    load(own(version={"number": 2, "areas": [{"key": "uni", "texts": {"fi": "Heräätkö virkeänä?"}}]}))
    record(person, InstrumentVersion.objects.on_offer().get(), anna, scores={"uni": 4})
    (trend,) = trends(SelfAssessment.objects.for_trends())
    words = [column.answers[0][0].texts["fi"] for column in trend.columns]
    assert words == ["Nukun hyvin.", "Heräätkö virkeänä?"]
    assert (trend.areas[0].first.value, trend.areas[0].latest.value, trend.areas[0].change) == (2, 4, 2)


def test_the_first_answer_is_the_baseline_and_what_is_strongest_comes_first(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    version = shipped["tilanne"]
    record(person, version, anna, scores={"suunta": 2, "arki": 4, "talous": 3}, at=NOW - timedelta(days=60))
    record(person, version, anna, scores={"suunta": 5, "arki": 3}, at=NOW - timedelta(days=1))
    (trend,) = trends(SelfAssessment.objects.for_trends())
    assert [(area.key, area.change) for area in trend.areas] == [("suunta", 3), ("arki", -1), ("talous", 0)]
    assert "2" in trend.areas[0].said
    assert "5" in trend.areas[0].said
    assert [values for _name, _language, values in trend.rows] == [[2, 5], [4, 3], [3, None]]
    assert not any("sum" in name or "total" in name for name in dir(trend))


@pytest.mark.parametrize("values", [[3], [2, 4], [4, 2], [3, 1, 3]])
def test_change_is_told_in_words_for_every_turn(values: list[int]) -> None:
    assert str(values[-1]) in change_in_words(values, NOW.date())


def test_a_drawing_stays_within_its_frame(shipped: Shipped, anna: Member, person: Client) -> None:
    for day, value in enumerate((0, 10, 5)):
        record(person, shipped["3x10d-18"], anna, scores={"health": value}, is_agreed=True,
               at=NOW - timedelta(days=9 - day))  # fmt: skip
    (trend,) = trends(SelfAssessment.objects.for_trends())
    places = [(float(point.x), float(point.y)) for point in trend.areas[0].points]
    assert places == [(10.0, 46.0), (110.0, 10.0), (210.0, 28.0)]


def test_it_is_taken_back_on_the_same_day_by_the_same_hand_only(shipped: Shipped, anna: Member, person: Client) -> None:
    row = record(person, shipped["tilanne"], anna)
    other = Member(MembershipFactory(point=anna.membership.point, organisation=anna.membership.organisation))
    for by, moment in ((other, NOW), (anna, NOW + timedelta(days=1))):
        with pytest.raises(assessments.TooLateToUndo):
            assessments.undo_assessment(row, by=by, at=moment)
    assessments.undo_assessment(row, by=anna, at=NOW)
    assert not SelfAssessment.objects.valid().exists()
    assert row.scores.exists()  # nothing that was said is lost


# --- who sees them -------------------------------------------------------------------------------------------------


def test_they_are_seen_by_who_guides_where_the_file_is_kept_and_by_whom_the_person_tells(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    record(person, shipped["tilanne"], anna)
    friend = OrganisationFactory()
    point, organisation = anna.membership.point, anna.membership.organisation
    seeing = {
        "colleague": MembershipFactory(point=point, organisation=organisation),
        "told": MembershipFactory(point=PointFactory(), organisation=friend),
    }
    blind = {
        "front desk": MembershipFactory(point=point, organisation=organisation, role=Role.FRONT_DESK),
        "partner of the team": MembershipFactory(point=point, partner=True),
        "front desk of the told": MembershipFactory(organisation=friend, role=Role.FRONT_DESK),
        "elsewhere": MembershipFactory(organisation=organisation, point=PointFactory()),
        "told of the plan": MembershipFactory(point=PointFactory()),
    }
    for member, contents in ((seeing["told"], ["assessments"]), (blind["told of the plan"], ["plan", "guidance"])):
        share = {"purpose": Purpose.SHARE, "organisation": member.organisation, "contents": contents}
        given = consents.give_consent(person, by=anna, at=NOW, given=Given(), **share)
    for members, count in ((seeing, 1), (blind, 0)):
        for name, membership in members.items():
            who = Member(membership)
            assert SelfAssessment.objects.visible_to(who).count() == count, name
            with as_actor(who.actor):
                assert SelfAssessment.objects.count() == count, name
                assert AreaScore.objects.count() == count, name
    told = person.consents.get(recipient_organisation=friend)
    consents.withdraw_consent(told, by=anna, at=NOW)
    with as_actor(Member(seeing["told"]).actor):
        assert not SelfAssessment.objects.exists()
    assert given.pk != told.pk


# --- asked when a service ends -------------------------------------------------------------------------------------


def test_when_a_service_ends_the_question_waits_once_until_it_is_answered(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    service = ServiceRowFactory()
    for _twice in range(2):
        with as_actor(anna.actor):
            assessments.ask_after_service(person, service, NOW)
    ask = AssessmentAsk.objects.get()
    assert ask.instrument.key == "palvelun-jalkeen"
    row = record(person, shipped["palvelun-jalkeen"], anna, ask=ask)
    assert row.service_id == service.pk
    ask.refresh_from_db()
    assert (ask.assessment_id, ask.ended_at) == (row.pk, NOW)
    with pytest.raises(assessments.AlreadyAsked):
        assessments.leave_out(ask, by=anna, at=NOW)
    assessments.undo_assessment(row, by=anna, at=NOW)
    assert AssessmentAsk.objects.waiting().get() == ask  # it waits again
    assessments.leave_out(ask, by=anna, at=NOW)
    assert not AssessmentAsk.objects.waiting().exists()


def test_a_partner_who_ends_the_referral_plans_the_question_without_seeing_the_file(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    service = ServiceRowFactory(organisation=OrganisationFactory())
    partner = Member(MembershipFactory(organisation=service.organisation, point=PointFactory()))
    ReferralFactory(client=person, carrier_code="", service=service, organisation=service.organisation,
                    point=anna.membership.point, sender=anna.membership)  # fmt: skip
    with as_actor(partner.actor):
        assert not Client.objects.exists()
        assessments.ask_after_service(person.pk, service, NOW, by=partner.actor)
        assert not AssessmentAsk.objects.exists()
    assert AssessmentAsk.objects.get().client_id == person.pk
    assert AuditEvent.objects.get(verb="assessment.ask_planned").membership_id == partner.membership_id


def test_nobody_else_plans_a_question(shipped: Shipped, anna: Member, person: Client) -> None:
    stranger = Member(MembershipFactory(point=PointFactory()))
    for who in (stranger.actor, Actor("public"), Actor("link")):
        with pytest.raises(Exception, match="row-level security"), as_actor(who):
            assessments.ask_after_service(person.pk, ServiceRowFactory.build(), NOW, by=who)


def test_an_instrument_that_the_house_does_not_use_is_not_asked(shipped: Shipped, anna: Member, person: Client) -> None:
    type(shipped["tilanne"].instrument).objects.update(is_active=False)
    with as_actor(anna.actor):
        assert assessments.ask_after_service(person, None, NOW) == []
    assert instruments.load_shipped(at=NOW) == 0


def test_a_partner_who_answers_by_a_link_plans_the_question_too(shipped: Shipped, anna: Member, person: Client) -> None:
    service = ServiceRowFactory(organisation=OrganisationFactory())
    sent = ReferralFactory(client=person, carrier_code="", service=service, organisation=service.organisation,
                           point=anna.membership.point, sender=anna.membership)  # fmt: skip
    holder = links.LinkHolder(links.issue_for_referral(sent, by=anna, at=NOW).row)
    with as_actor(holder.actor):
        assessments.ask_after_service(person.pk, service, NOW)
    assert AssessmentAsk.objects.get().service_id == service.pk
    assert AuditEvent.objects.get(verb="assessment.ask_planned").actor_kind == "link"


def ended(person: Client, anna: Member) -> tuple[Referral, Member]:
    """A partner elsewhere brought a service to its end."""
    service = ServiceRowFactory(organisation=OrganisationFactory())
    partner = Member(MembershipFactory(organisation=service.organisation, point=PointFactory()))
    told = {"point": anna.membership.point, "service": service, "client": person}
    row = referrals.refer(**told, by=anna, at=at(11))
    with as_actor(partner.actor):
        for act in (referrals.receive, referrals.contact, referrals.start):
            row = act(row, by=partner, at=at(11, 30))
        word = row.point.terms.filter(kind="ending").order_by("position")[0]
        row = referrals.end(row, word, by=partner, at=NOW)
    return row, partner


def test_when_the_end_is_taken_back_nothing_is_asked_though_the_partner_sees_nothing(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    row, partner = ended(person, anna)
    other = AssessmentAsk.objects.create(
        client=person, instrument=shipped["palvelun-jalkeen"].instrument, service=row.service, planned_at=at(9)
    )
    later = NOW + timedelta(minutes=5)
    with as_actor(partner.actor):
        assert not AssessmentAsk.objects.exists()
        referrals.undo_last(row, by=partner, at=later)
    assert list(AssessmentAsk.objects.waiting()) == [other]  # another end had asked it
    assert AssessmentAsk.objects.exclude(pk=other.pk).get().ended_at == later
    assert AuditEvent.objects.get(verb="assessment.ask_undone").membership_id == partner.membership_id


def test_what_was_answered_meanwhile_stays(shipped: Shipped, anna: Member, person: Client) -> None:
    row, partner = ended(person, anna)
    said = record(person, shipped["palvelun-jalkeen"], anna, ask=AssessmentAsk.objects.get())
    with as_actor(partner.actor):
        referrals.undo_last(row, by=partner, at=NOW + timedelta(minutes=5))
    assert (AssessmentAsk.objects.get().assessment_id, AssessmentAsk.objects.get().ended_at) == (said.pk, NOW)


def test_nobody_else_ends_a_question_by_the_function(shipped: Shipped, anna: Member, person: Client) -> None:
    row, partner = ended(person, anna)
    stranger = Member(MembershipFactory(point=PointFactory()))
    for who, moment in ((stranger, NOW), (partner, NOW)):  # and the partner only in the moment of the undo
        with as_actor(who.actor):
            assessments.unask_after_service(row.pk, moment, by=who.actor)
    assert AssessmentAsk.objects.waiting().count() == 1
