"""A referral lives until a result closes it; each status names who acts next; a wrong move can be taken back."""

import re
from datetime import date, timedelta

import pytest
from django.db.models import F
from django.utils import translation

from clients.actions import instrument as instruments
from clients.actions import referral as referrals
from clients.models import AssessmentAsk, Referral
from clients.referral_words import told_to_client
from team.access import Member
from team.models import Term
from tests.factories.clients import ReferralFactory, ServiceRowFactory, person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, at
from tests.fixtures.walls import as_actor
from tyoparkki.codes import NoCodeFree
from tyoparkki.models import AuditEvent, Outbox
from tyoparkki.workdays import working_days_after

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
    assert referral.next_on == date(2026, 11, 25)
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


def word(referral: Referral, kind: str) -> Term:
    """The first word of a kind of the sender's point."""
    return Term.objects.at(referral.point_id, kind)[0]


def moved(referral: Referral, to: str, by: Member) -> Referral:
    """The referral after so many moves of its recipient."""
    for act, status in (
        (referrals.receive, "received"),
        (referrals.contact, "contacted"),
        (referrals.start, "started"),
    ):
        referral = act(referral, by=by, at=NOW)
        if status == to:
            return referral
    return referrals.end(referral, word(referral, "ending"), by=by, at=NOW)


@pytest.mark.parametrize(
    ("to", "actor", "days"),
    [
        ("received", "recipient", 5),
        ("contacted", "recipient", 10),
        ("started", "recipient", 60),
        ("ended", "nobody", 0),
    ],
)
def test_each_status_names_who_acts_next_and_by_which_working_day(
    referral: Referral, recipient: Member, to: str, actor: str, days: int
) -> None:
    row = moved(referral, to, recipient)
    assert (row.status, row.next_actor) == (to, actor)
    assert row.next_on == (working_days_after(NOW.date(), days) if days else None)
    assert row.answered_at == NOW


def test_every_status_has_its_turn_and_every_open_one_a_day() -> None:
    assert set(referrals.TURN) == set(Status) == set(Referral.MOVES)
    nobody = {Status.ENDED, Status.WITHDRAWN, Status.CLIENT_WITHDREW}
    assert {status for status, (_actor, days) in referrals.TURN.items() if not days} == nobody
    assert {status for status, (actor, _days) in referrals.TURN.items() if actor == "nobody"} == nobody
    assert all(not Referral.MOVES[status] for status in Referral.CLOSED)


def test_a_referral_ends_with_a_result_of_the_senders_vocabulary(referral: Referral, recipient: Member) -> None:
    started = moved(referral, "started", recipient)
    for wrong in (None, word(referral, "refusal"), Term.objects.at(recipient.point_id, "ending")[0]):
        with pytest.raises(referrals.ChooseWord):
            referrals.end(started, wrong, by=recipient, at=NOW)
    ended = referrals.end(started, word(referral, "ending"), by=recipient, at=NOW)
    assert ended.result == word(referral, "ending")


def test_when_the_service_of_a_named_person_has_ended_the_person_is_to_be_asked_about_it(
    referral: Referral, sender: Member, recipient: Member
) -> None:
    instruments.load_shipped(at=NOW)
    moved(referral, "ended", recipient)
    assert not AssessmentAsk.objects.exists()  # nobody is known by name
    person = person_on_file(sender, moment=NOW)
    named = ReferralFactory(
        client=person, point=referral.point, organisation=referral.organisation, sender=sender.membership
    )
    moved(named, "ended", recipient)
    ask = AssessmentAsk.objects.get()
    assert (ask.client_id, ask.service, ask.planned_at) == (person.pk, None, NOW)


def test_a_refusal_has_its_reason_and_the_sender_acts_next(referral: Referral, recipient: Member) -> None:
    with pytest.raises(referrals.ChooseWord):
        referrals.decline(referral, None, by=recipient, at=NOW)
    declined = referrals.decline(referral, word(referral, "refusal"), by=recipient, at=NOW)
    assert (declined.status, declined.next_actor) == (Status.DECLINED, "sender")
    assert [event.status for event in referral.events.order_by("pk")] == ["sent", "declined"]


def test_a_move_that_was_made_already_is_refused_with_a_sentence(referral: Referral, recipient: Member) -> None:
    referrals.receive(referral, by=recipient, at=NOW)
    with pytest.raises(referrals.CannotMove):
        referrals.receive(referral, by=recipient, at=NOW)


def test_only_the_recipient_answers_and_only_the_sender_withdraws(
    referral: Referral, sender: Member, recipient: Member
) -> None:
    with pytest.raises(referrals.NotRecipient):
        referrals.receive(referral, by=sender, at=NOW)
    with pytest.raises(referrals.NotSender):
        referrals.withdraw(referral, by=recipient, at=NOW)
    assert referrals.withdraw(referral, by=sender, at=NOW).status == Status.WITHDRAWN
    with pytest.raises(referrals.CannotMove):
        referrals.receive(referral, by=recipient, at=NOW)


def test_either_side_may_hear_that_the_client_does_not_want_it(
    referral: Referral, sender: Member, recipient: Member
) -> None:
    row = referrals.client_withdraws(moved(referral, "started", recipient), by=sender, at=NOW)
    assert (row.status, row.next_actor, row.next_on) == (Status.CLIENT_WITHDREW, "nobody", None)
    with pytest.raises(Referral.DoesNotExist):
        referrals.client_withdraws(referral, by=Member(MembershipFactory()), at=NOW)


def test_a_draft_is_its_senders_alone_until_it_is_sent(sender: Member, recipient: Member) -> None:
    draft = referrals.refer(
        point=sender.membership.point, organisation=recipient.membership.organisation, by=sender, at=NOW, draft=True
    )
    assert Referral.objects.visible_to(sender).exists()
    assert not Referral.objects.visible_to(recipient).exists()
    with as_actor(recipient.actor):
        assert not Referral.objects.exists()
    sent = referrals.send(draft, by=sender, at=NOW + timedelta(hours=1))
    assert (sent.status, sent.sent_at) == (Status.SENT, NOW + timedelta(hours=1))
    assert Referral.objects.visible_to(recipient).get() == sent


def test_a_wrong_refusal_is_undone_while_nothing_later_happened(referral: Referral, recipient: Member) -> None:
    referrals.decline(referral, word(referral, "refusal"), by=recipient, at=NOW)
    back = referrals.undo_last(referral, by=recipient, at=NOW + timedelta(minutes=2))
    assert (back.status, back.next_actor, back.answered_at, back.refusal) == (Status.SENT, "recipient", None, None)
    assert back.next_on == date(2026, 11, 25)


def test_the_last_act_is_undone_step_by_step(referral: Referral, recipient: Member) -> None:
    moved(referral, "contacted", recipient)
    back = referrals.undo_last(referral, by=recipient, at=NOW + timedelta(minutes=2))
    assert (back.status, back.next_actor, back.answered_at) == (Status.RECEIVED, "recipient", NOW)
    back = referrals.undo_last(referral, by=recipient, at=NOW + timedelta(minutes=3))
    assert (back.status, back.answered_at) == (Status.SENT, None)
    with pytest.raises(referrals.NothingToUndo):
        referrals.undo_last(referral, by=recipient, at=NOW)


def test_nobody_undoes_for_the_other_side(referral: Referral, sender: Member, recipient: Member) -> None:
    referrals.receive(referral, by=recipient, at=NOW)
    with pytest.raises(referrals.NotRecipient):
        referrals.undo_last(referral, by=sender, at=NOW)
    referrals.client_withdraws(referral, by=sender, at=NOW)
    with pytest.raises(referrals.NotSender):
        referrals.undo_last(referral, by=recipient, at=NOW)


def test_a_meeting_of_the_three_is_noted_and_called_off(referral: Referral, sender: Member, recipient: Member) -> None:
    row = referrals.agree_meeting(referral, at(14), "Raatihuone", by=sender, at=NOW)
    assert (row.meeting_at, row.meeting_place) == (at(14), "Raatihuone")
    row = referrals.agree_meeting(referral, None, "", by=recipient, at=NOW)
    assert (row.meeting_at, row.meeting_place) == (None, "")


def test_the_two_sides_see_it_and_nobody_else(referral: Referral, sender: Member, recipient: Member) -> None:
    rows = Referral.objects
    assert rows.visible_to(sender).get() == referral
    assert rows.visible_to(recipient).get() == referral
    colleague_of_sender = Member(MembershipFactory(point=sender.membership.point))
    assert not rows.visible_to(colleague_of_sender).exists()


def test_each_act_leaves_one_line_in_the_trace(referral: Referral, recipient: Member) -> None:
    referrals.decline(referral, word(referral, "refusal"), by=recipient, at=NOW)
    lines = AuditEvent.objects.filter(object_kind="clients.referral").order_by(F("pk"))
    assert [(line.verb, line.reason) for line in lines] == [
        ("referral.sent", "sent"),
        ("referral.answered", "declined"),
    ]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_client_is_told_in_kind_words_where_it_stands(referral: Referral, language: str) -> None:
    said = set()
    with translation.override(language):
        for status in Status:
            referral.status, referral.next_on = status, date(2026, 12, 2)
            said.add(told_to_client(referral))
        assert len(said) == len(Status)
        assert all(referral.to in text and "%(" not in text for text in said)
