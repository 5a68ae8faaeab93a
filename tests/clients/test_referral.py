"""A referral is answered once, by the receiving organisation, and the answer can be taken back."""

import re
from datetime import timedelta

import pytest
from django.db.models import F

from clients.actions import referral as referrals
from clients.models import Referral
from team.access import Member
from tests.factories.clients import ServiceRowFactory
from tests.factories.team import MembershipFactory, OrganisationFactory, at
from tyoparkki.codes import NoCodeFree
from tyoparkki.models import AuditEvent, Outbox

NOW = at(12)
Status = Referral.Status


@pytest.fixture
def sender(db: None) -> Member:
    """An advisor who refers."""
    return Member(MembershipFactory())


@pytest.fixture
def recipient(db: None) -> Member:
    """An advisor of the receiving organisation."""
    return Member(MembershipFactory())


@pytest.fixture
def referral(sender: Member, recipient: Member) -> Referral:
    """A referral from one to the other."""
    return referrals.refer(
        point=sender.membership.point,
        organisation=recipient.membership.organisation,
        reason="Ryhmä alkaa",
        by=sender,
        at=NOW,
    )


def test_a_referral_to_a_service_goes_to_its_organisation(sender: Member) -> None:
    service = ServiceRowFactory()
    referral = referrals.refer(point=sender.membership.point, service=service, by=sender, at=NOW)
    assert referral.organisation == service.organisation
    assert (referral.status, referral.next_actor) == (Status.SENT, "recipient")
    assert referral.next_on == NOW.date() + timedelta(days=7)
    assert Outbox.objects.filter(task="reports.day_changed", payload__on="2026-11-18").exists()


def test_the_visitor_may_get_in_touch_alone(sender: Member) -> None:
    referral = referrals.refer(
        point=sender.membership.point, organisation=OrganisationFactory(), by=sender, at=NOW, visitor_contacts=True
    )
    assert (referral.status, referral.next_actor) == (Status.SELF, "client")


def test_the_code_has_no_look_alikes() -> None:
    for _ in range(200):
        assert re.fullmatch(r"[34679ACDEFGHJKMNPQRTUWXY]{4}-[34679ACDEFGHJKMNPQRTUWXY]{4}", referrals.carrier_code())


def test_a_taken_code_is_tried_again_and_given_up_in_the_end(sender: Member, referral: Referral) -> None:
    codes = iter([referral.carrier_code, referral.carrier_code, "ACDE-FGHJ"])
    again = referrals.refer(
        point=sender.membership.point,
        organisation=OrganisationFactory(),
        by=sender,
        at=NOW,
        new_code=lambda: next(codes),
    )
    assert again.carrier_code == "ACDE-FGHJ"
    with pytest.raises(NoCodeFree):
        referrals.refer(
            point=sender.membership.point,
            organisation=OrganisationFactory(),
            by=sender,
            at=NOW,
            new_code=lambda: "ACDE-FGHJ",
        )


def test_an_answer_names_who_acts_next(referral: Referral, recipient: Member) -> None:
    accepted = referrals.answer(referral, Status.ACCEPTED, by=recipient, at=NOW)
    assert (accepted.status, accepted.next_actor, accepted.answered_at) == (Status.ACCEPTED, "recipient", NOW)
    declined = referrals.answer(referral, Status.DECLINED, by=recipient, at=NOW)
    assert (declined.status, declined.next_actor) == (Status.DECLINED, "sender")
    assert [event.status for event in referral.events.order_by("pk")] == ["sent", "accepted", "declined"]


def test_the_same_answer_twice_is_refused_with_a_sentence(referral: Referral, recipient: Member) -> None:
    referrals.answer(referral, Status.ACCEPTED, by=recipient, at=NOW)
    with pytest.raises(referrals.CannotMove):
        referrals.answer(referral, Status.ACCEPTED, by=recipient, at=NOW)


def test_only_the_recipient_answers_and_only_the_sender_withdraws(
    referral: Referral, sender: Member, recipient: Member
) -> None:
    with pytest.raises(referrals.NotRecipient):
        referrals.answer(referral, Status.ACCEPTED, by=sender, at=NOW)
    with pytest.raises(referrals.NotSender):
        referrals.withdraw(referral, by=recipient, at=NOW)
    assert referrals.withdraw(referral, by=sender, at=NOW).status == Status.WITHDRAWN
    with pytest.raises(referrals.CannotMove):
        referrals.answer(referral, Status.ACCEPTED, by=recipient, at=NOW)


def test_the_last_act_is_undone_step_by_step(referral: Referral, recipient: Member) -> None:
    referrals.answer(referral, Status.ACCEPTED, by=recipient, at=NOW)
    referrals.answer(referral, Status.DECLINED, by=recipient, at=NOW + timedelta(minutes=1))
    back = referrals.undo_last(referral, by=recipient, at=NOW + timedelta(minutes=2))
    assert (back.status, back.next_actor, back.answered_at) == (Status.ACCEPTED, "recipient", NOW)
    back = referrals.undo_last(referral, by=recipient, at=NOW + timedelta(minutes=3))
    assert (back.status, back.answered_at) == (Status.SENT, None)
    with pytest.raises(referrals.NothingToUndo):
        referrals.undo_last(referral, by=recipient, at=NOW)


def test_nobody_undoes_for_the_other_side(referral: Referral, sender: Member, recipient: Member) -> None:
    referrals.answer(referral, Status.ACCEPTED, by=recipient, at=NOW)
    with pytest.raises(referrals.NotRecipient):
        referrals.undo_last(referral, by=sender, at=NOW)


def test_the_two_sides_see_it_and_nobody_else(referral: Referral, sender: Member, recipient: Member) -> None:
    rows = Referral.objects
    assert rows.visible_to(sender).get() == referral
    assert rows.visible_to(recipient).get() == referral
    colleague_of_sender = Member(MembershipFactory(point=sender.membership.point))
    assert not rows.visible_to(colleague_of_sender).exists()


def test_each_act_leaves_one_line_in_the_trace(referral: Referral, recipient: Member) -> None:
    referrals.answer(referral, Status.DECLINED, by=recipient, at=NOW)
    lines = AuditEvent.objects.filter(object_kind="clients.referral").order_by(F("pk"))
    assert [(line.verb, line.reason) for line in lines] == [
        ("referral.sent", "sent"),
        ("referral.answered", "declined"),
    ]
