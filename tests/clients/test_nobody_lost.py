"""Whatever happens, in whatever order: nobody with an open plan is in nobody's hands."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from clients.actions import consent as consents
from clients.actions import plan as plans
from clients.actions import plan_end
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.models import Client, Consent, Plan, Reminder, Responsibility, ResponsibilityOffer
from clients.models.consent import Purpose
from team.access import Member
from team.actions import user as users
from team.models import Membership, Role, User
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, at
from tyoparkki.errors import Refused

LOST = """
    SELECT p.client_id FROM clients_plan p WHERE p.closed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM clients_responsibility r JOIN team_membership m ON m.id = r.membership_id
        JOIN team_user u ON u.id = m.user_id
        WHERE r.client_id = p.client_id AND r.ended_at IS NULL AND u.is_active
        AND (m.valid_until IS NULL OR m.valid_until >= %s))"""


class Town:
    """A service point with a few advisors of two organisations, an administrator, and people who come and go."""

    def __init__(self, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dice = random.Random(seed)
        self.now = at(8)
        self.clock = monkeypatch
        self.admin = Member(MembershipFactory(role=Role.ADMIN))
        self.organisations = [self.admin.membership.organisation, OrganisationFactory()]
        self.advisors: list[Member] = []
        for _number in range(4):
            self.joins()
        self.happened: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    # --- who and whom

    def advisor(self) -> Member:
        """One of those who work here."""
        return self.dice.choice(self.advisors)

    def person(self) -> Client:
        """Somebody on file; a new one when there is nobody."""
        keys = list(Client.objects.order_by("pk").values_list("pk", flat=True))
        return Client.objects.get(pk=self.dice.choice(keys)) if keys else self.comes()

    def any_of(self, rows: Any) -> Any:
        """One of the rows, if there is any."""
        found = list(rows.order_by("pk")[:50])
        return self.dice.choice(found) if found else None

    def holder(self, person: Client) -> Member:
        """Who answers for somebody, and may press; anybody when nobody does."""
        row = Responsibility.objects.of_client(person.pk).running().first()
        mine = [one for one in self.advisors if row and one.membership_id == row.membership_id]
        return mine[0] if mine else self.advisor()

    # --- what happens

    def comes(self) -> Client:
        """Somebody new."""
        return person_on_file(self.advisor(), name="Aino Esimerkki", moment=self.now)

    def joins(self) -> None:
        """A new colleague."""
        house = self.dice.choice(self.organisations)
        self.advisors.append(Member(MembershipFactory(point=self.admin.membership.point, organisation=house)))

    def leaves(self) -> None:
        """A colleague leaves: sometimes to nobody, sometimes to somebody."""
        leaver = self.advisor()
        others = [one.membership for one in self.advisors if one is not leaver]
        to = self.dice.choice(others) if others and self.dice.random() < 0.8 else None
        end = self.dice.choice(["deactivate", "end_membership"])
        if end == "deactivate":
            users.deactivate(leaver.user, by=self.admin, at=self.now, to=to)
        else:
            users.end_membership(leaver.membership, by=self.admin, at=self.now, to=to)
        self.advisors.remove(leaver)
        if len(self.advisors) < 3:
            self.joins()

    def takes(self) -> None:
        """Somebody begins to answer."""
        responsibilities.take(self.person(), by=self.advisor(), at=self.now)

    def offers(self) -> None:
        """A hand-over begins."""
        person = self.person()
        responsibilities.offer(person, self.advisor().membership, by=self.holder(person), at=self.now)

    def answers(self) -> None:
        """An offer is met, accepted, declined or withdrawn, by whoever."""
        offer = self.any_of(ResponsibilityOffer.objects.waiting())
        if offer is None:
            return
        hands = [
            one for one in self.advisors if one.membership_id in (offer.to_membership_id, offer.from_membership_id)
        ]
        by = self.dice.choice(hands or self.advisors)
        act: Callable[..., object] = self.dice.choice(
            [responsibilities.note_meeting, responsibilities.accept, responsibilities.withdraw_offer]
        )
        if self.dice.random() < 0.2:
            responsibilities.decline(offer, by=by, at=self.now, reason="Ei nyt")
        else:
            act(offer, by=by, at=self.now)

    def lets_go(self) -> None:
        """Who answers lets somebody go."""
        person = self.person()
        responsibilities.release(person, by=self.holder(person), at=self.now, reason="Sai työpaikan")

    def plans(self) -> None:
        """A plan begins."""
        person = self.person()
        keepers = [one for one in self.advisors if one.organisation_id == person.controller_id]
        if keepers:  # the page is shown to nobody else
            plans.open_plan(person, goal="Haluan töihin", by=self.dice.choice(keepers), at=self.now)

    def closes(self) -> None:
        """A plan ends."""
        plan = self.any_of(Plan.objects.filter(closed_at__isnull=True))
        if plan is not None:
            plan_end.close_plan(plan, ending="reached", result="work", summary="", by=self.advisor(), at=self.now)

    def comes_back(self) -> None:
        """A closed plan goes on."""
        plan = self.any_of(Plan.objects.filter(closed_at__isnull=False))
        if plan is not None:
            plan_end.reopen_plan(plan, by=self.advisor(), at=self.now)

    def is_in_touch(self) -> None:
        """A contact is noted."""
        reminders.note_contact(self.person(), mode="phone", by=self.advisor(), at=self.now)

    def withdraws(self) -> None:
        """Somebody no longer wants to be recorded, or wants it again."""
        row = self.any_of(Consent.objects.filter(purpose=Purpose.RECORD, withdrawn_at__isnull=True))
        if row is not None:
            by = self.advisor()
            consents.withdraw_consent(row, by=by, at=self.now)
            if self.dice.random() < 0.7:
                consents.give_again(row, by=by, at=self.now)

    def night_falls(self) -> None:
        """A day or a month later; the clock strikes."""
        self.now += timedelta(days=self.dice.choice([1, 1, 1, 7, 31]))
        self.clock.setenv("TYOPARKKI_NOW", self.now.isoformat())
        reminders.keep_clocks(at=self.now, using="default")

    # --- one after another

    def lives(self, events: int) -> None:
        """So many things happen; after each, nobody is lost."""
        self.clock.setenv("TYOPARKKI_NOW", self.now.isoformat())
        weights = {
            self.comes: 6, self.takes: 10, self.offers: 14, self.answers: 16, self.lets_go: 12, self.plans: 14,
            self.closes: 9, self.comes_back: 8, self.is_in_touch: 5, self.leaves: 2, self.joins: 1,
            self.withdraws: 1, self.night_falls: 2,
        }  # fmt: skip
        for _number in range(events):
            self.now += timedelta(seconds=self.dice.randint(1, 60))
            event = self.dice.choices(list(weights), weights=list(weights.values()))[0]
            try:
                event()
                self.happened[event.__name__] += 1
            except Refused as refusal:
                self.refused[type(refusal).__name__] += 1
            assert self.lost() == [], event.__name__

    def lost(self) -> list[Any]:
        """People with an open plan for whom nobody who works here answers."""
        with connection.cursor() as cursor:
            cursor.execute(LOST, [self.now.date()])
            return list(cursor.fetchall())


def lived(seed: int, events: int, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town after so many events."""
    town = Town(seed, monkeypatch)
    town.lives(events)
    return town


@pytest.mark.django_db
def test_nobody_is_lost_in_a_hundred_events(monkeypatch: pytest.MonkeyPatch) -> None:
    town = lived(1, 100, monkeypatch)
    assert town.happened["plans"]
    assert town.refused


@pytest.mark.parametrize(
    "events", [pytest.param(2_000, marks=pytest.mark.slow), pytest.param(10_000, marks=pytest.mark.long)]
)
@pytest.mark.django_db
def test_nobody_is_lost_in_thousands_of_events(monkeypatch: pytest.MonkeyPatch, events: int) -> None:
    town = lived(20261118, events, monkeypatch)
    wanted = {
        "comes",
        "takes",
        "offers",
        "answers",
        "lets_go",
        "plans",
        "closes",
        "comes_back",
        "leaves",
        "night_falls",
    }
    assert wanted <= set(town.happened)
    assert {"PlanGoesOn", "StillHolds"} <= set(town.refused)
    assert Plan.objects.filter(closed_at__isnull=True).count() > 10
    assert Reminder.objects.exists()
    assert User.objects.filter(is_active=False).exists()
    assert Membership.objects.filter(valid_until__isnull=False).exists()
