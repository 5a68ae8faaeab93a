"""Nobody's referral is forgotten: the recipient, the sender and who leads are reminded, each exactly once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail

from clients.actions import referral as referrals
from clients.actions import referral_clock as clocks
from clients.actions import reminder as reminders
from clients.models import Referral, Reminder
from team.access import Member
from team.models import Role
from tests.factories.team import MembershipFactory, at
from tyoparkki import outbox
from tyoparkki.clock import HELSINKI

pytestmark = pytest.mark.django_db
SENT = at(12)


@pytest.fixture
def sender() -> Member:
    """An advisor who refers."""
    return Member(MembershipFactory())


@pytest.fixture
def recipient() -> Member:
    """An advisor of the receiving organisation."""
    return Member(MembershipFactory())


def sent(sender: Member, recipient: Member, moment: datetime = SENT, **told: Any) -> Referral:
    to = recipient.membership.organisation
    return referrals.refer(point=sender.membership.point, organisation=to, by=sender, at=moment, **told)


def days_of(moment: datetime) -> list[date]:
    one = clocks.Unanswered(uuid4(), uuid4(), uuid4(), uuid4(), moment)
    return [due.due_on for due in clocks.due_of(one, clocks.Patience())]


def morning(day: int, month: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 9, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # A weekend is stepped over: Wednesday and three days is a Saturday.
        (morning(18, 11), [date(2026, 11, 23), date(2026, 11, 25), date(2026, 12, 2)]),
        # Christmas: the eve, the two days and the Sunday after them.
        (morning(21, 12), [date(2026, 12, 28), date(2026, 12, 28), date(2027, 1, 4)]),
        # The turn of the year and Epiphany.
        (morning(30, 12), [date(2027, 1, 4), date(2027, 1, 7), date(2027, 1, 13)]),
        # Midsummer: the eve is a Friday.
        (morning(16, 6), [date(2026, 6, 22), date(2026, 6, 23), date(2026, 6, 30)]),
        # The nights when the clock is moved, in March and in October.
        (morning(26, 3), [date(2026, 3, 30), date(2026, 4, 2), date(2026, 4, 9)]),
        (morning(22, 10), [date(2026, 10, 26), date(2026, 10, 29), date(2026, 11, 5)]),
        # A minute before midnight belongs to its own day.
        (datetime(2026, 11, 18, 23, 59, tzinfo=HELSINKI), [date(2026, 11, 23), date(2026, 11, 25), date(2026, 12, 2)]),
    ],
)
def test_each_reminder_falls_on_a_working_day(moment: datetime, expected: list[date]) -> None:
    assert days_of(moment) == expected


def raised(moment: datetime) -> list[tuple[str, str]]:
    """What stands on the lists after the clock has struck at a moment."""
    clocks.remind(at=moment, using="default")
    rows = Reminder.objects.filter(kind__in=clocks.KINDS).order_by("raised_at", "due_on", "kind")
    return list(rows.values_list("kind", "audience"))


def test_the_recipient_the_sender_and_who_leads_are_reminded_in_turn(sender: Member, recipient: Member) -> None:
    sent(sender, recipient)
    steps = [("referral_waits", "organisation"), ("referral_late", "member"), ("referral_stuck", "manager")]
    for day, count in ((20, 0), (23, 1), (24, 1), (25, 2), (1, 2), (2, 3), (3, 3)):
        assert raised(morning(day, 12 if day < 10 else 11)) == steps[:count]
    leader = Member(MembershipFactory(point=sender.membership.point, role=Role.MANAGER))
    assert [one.kind for one in Reminder.objects.visible_to(recipient)] == ["referral_waits"]
    assert [one.kind for one in Reminder.objects.visible_to(sender)] == ["referral_late"]
    assert [one.kind for one in Reminder.objects.visible_to(leader)] == ["referral_stuck"]


def test_an_answer_settles_what_was_raised_and_an_undo_raises_nothing_twice(sender: Member, recipient: Member) -> None:
    row = sent(sender, recipient)
    raised(morning(23, 11))
    referrals.receive(row, by=recipient, at=morning(24, 11))
    raised(morning(25, 11))
    assert Reminder.objects.get().how == "answered"
    referrals.undo_last(row, by=recipient, at=morning(25, 11))
    assert raised(morning(26, 11)) == [("referral_waits", "organisation"), ("referral_late", "member")]
    assert Reminder.objects.open().count() == 2  # what the answer had settled waits again


def test_a_clock_that_strikes_three_times_writes_one_letter(sender: Member, recipient: Member) -> None:
    sent(sender, recipient, recipient_email="paja@paja.example")
    outbox.drain()
    for _ in range(3):
        clocks.remind(at=morning(23, 11), using="default")
        outbox.drain()
    assert len(mail.outbox) == 2  # the first letter, and one reminder
    assert "Muistutus" in mail.outbox[1].subject
    assert Reminder.objects.count() == 1


def test_a_referral_that_nobody_answers_comes_back_to_its_sender(sender: Member, recipient: Member) -> None:
    row = sent(sender, recipient)
    assert clocks.lapse_overdue(at=morning(17, 12)) == 0
    assert clocks.lapse_overdue(at=morning(18, 12)) == 1
    assert clocks.lapse_overdue(at=morning(18, 12)) == 0
    row.refresh_from_db()
    assert (row.status, row.next_actor) == ("lapsed", "sender")
    assert row.events.filter(status="lapsed", by=None, link=None).count() == 1


def test_who_leads_hears_of_a_referral_that_does_not_move(sender: Member, recipient: Member) -> None:
    row = sent(sender, recipient)
    leader = Member(MembershipFactory(point=sender.membership.point, role=Role.MANAGER))
    referrals.receive(row, by=recipient, at=morning(19, 11))  # contact is due on Thursday the 26th

    def told(moment: datetime) -> list[str]:
        for _strike in range(3):
            clocks.tell_of_standing(at=moment, using="default")
        return [one.kind for one in Reminder.objects.visible_to(leader).open()]

    assert told(morning(2, 12)) == []
    assert told(morning(3, 12)) == ["referral_stands"]
    assert Reminder.objects.get().due_on == date(2026, 12, 3)
    assert not Reminder.objects.visible_to(sender).exists()
    referrals.contact(row, by=recipient, at=morning(3, 12))
    assert told(morning(4, 12)) == []
    referrals.undo_last(row, by=recipient, at=morning(4, 12))
    assert told(morning(4, 12)) == ["referral_stands"]
    assert Reminder.objects.count() == 1
    referrals.client_withdraws(row, by=recipient, at=morning(4, 12))
    assert told(morning(7, 12)) == []


def test_new_terms_hold_for_referrals_on_the_way_and_nobody_is_reminded_twice(
    sender: Member, recipient: Member
) -> None:
    leader = Member(MembershipFactory(point=sender.membership.point, role=Role.MANAGER))
    row = sent(sender, recipient)
    clocks.remind(at=SENT + timedelta(days=6), using="default")
    assert Reminder.objects.get().kind == Reminder.Kind.REFERRAL_WAITS
    terms = {"referral_remind_days": 1, "referral_late_days": 2, "referral_stuck_days": 3, "referral_lapse_days": 4}
    reminders.set_terms(terms, by=leader, at=SENT + timedelta(days=6))
    clocks.remind(at=SENT + timedelta(days=7), using="default")
    assert sorted(Reminder.objects.values_list("kind", flat=True)) == [
        "referral_late", "referral_stuck", "referral_waits",
    ]  # fmt: skip
    assert clocks.lapse_overdue(at=SENT + timedelta(days=7)) == 1
    row.refresh_from_db()
    assert row.status == Referral.Status.LAPSED
