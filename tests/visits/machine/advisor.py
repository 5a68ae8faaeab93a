"""With an advisor."""

from __future__ import annotations

from hypothesis import strategies
from hypothesis.stateful import precondition, rule

from tests.visits.machine.bridge import Bridge
from tests.visits.machine.fits import (
    awaits_somebody,
    goes_on_afterwards,
    is_called,
    is_served,
    is_served_by_two,
    somebody,
    when,
    which,
)
from visits.actions import encounters
from visits.models import Invitation


class WithAnAdvisor(Bridge):
    """A visit begins, colleagues come along, step out or take over, and it is finished."""

    def caller_of(self, place: int, person: int) -> int:
        """Who would press, on a screen that offers it."""
        caller = self.plain.parties[place].now.caller
        return person if self.is_behind or caller is None else caller

    @when(is_called)
    @rule(n=which, person=somebody)
    def start(self, n: int, person: int) -> None:
        place = self.pick(n, is_called)
        who = self.caller_of(place, person)
        self.on_visit("start", place, lambda party: self.plain.start(party, who), encounters.start, by=self.team[who])

    @when(is_served)
    @rule(
        n=which,
        person=somebody,
        guest=somebody,
        mode=strategies.sampled_from(["together", "after"]),
    )
    def invite(self, n: int, person: int, guest: int, mode: str) -> None:
        place = self.pick(n, is_served)
        self.invite_colleague(place, self.sitter_of(place, person), guest, mode)

    def invite_colleague(self, place: int, who: int, guest: int, mode: str) -> None:
        """Who sits with the visitor asks a colleague to come."""
        self.on_visit(
            "invite",
            place,
            lambda party: self.plain.invite(party, who, guest, mode),
            encounters.invite,
            self.team[guest].membership,
            mode=mode,
            by=self.team[who],
            client_agreed=True,
        )

    def invitation(self, n: int, guest: int) -> tuple[int, int, Invitation] | None:
        """An invitation as the guest's screen shows it; from a screen that is behind, answered or not."""
        waiting = [(place, one) for place, party in enumerate(self.plain.parties) for one in sorted(party.awaited)]
        place, who = (n % len(self.rows), guest) if self.is_behind or not waiting else waiting[n % len(waiting)]
        asked = Invitation.objects.filter(visit=self.rows[place], invited=self.team[who].membership)
        last = asked.order_by("-asked_at").first()
        return None if last is None else (place, who, last)

    @when(awaits_somebody)
    @rule(n=which, guest=somebody)
    def come_along(self, n: int, guest: int) -> None:
        if (found := self.invitation(n, guest)) is None:
            return
        place, who, asked = found
        party, by = self.plain.parties[place], self.team[who]
        self.press("come_along", lambda: self.plain.come_along(party, who), encounters.come_along, asked, by=by)

    @when(goes_on_afterwards)
    @rule(n=which, guest=somebody)
    def promise(self, n: int, guest: int) -> None:
        if (found := self.invitation(n, guest)) is None:
            return
        place, who, asked = found
        party, by = self.plain.parties[place], self.team[who]
        self.press("promise", lambda: self.plain.promise(party, who), encounters.promise, asked, by=by)

    @when(awaits_somebody)
    @precondition(lambda self: self.now_and_then(3))
    @rule(n=which, guest=somebody)
    def decline(self, n: int, guest: int) -> None:
        if (found := self.invitation(n, guest)) is None:
            return
        place, who, asked = found
        party, by = self.plain.parties[place], self.team[who]
        self.press("decline", lambda: self.plain.decline(party, who), encounters.decline, asked, by=by)

    @when(is_served_by_two)
    @rule(n=which, person=somebody)
    def step_out(self, n: int, person: int) -> None:
        place = self.pick(n, is_served_by_two)
        who = self.sitter_of(place, person)
        self.on_visit(
            "step_out", place, lambda party: self.plain.step_out(party, who), encounters.step_out, by=self.team[who]
        )

    @when(is_served)
    @rule(n=which, person=somebody, to=somebody)
    def hand_over(self, n: int, person: int, to: int) -> None:
        place = self.pick(n, is_served)
        who = self.sitter_of(place, person)
        self.on_visit(
            "hand_over",
            place,
            lambda party: self.plain.hand_over(party, who, to),
            encounters.hand_over,
            by=self.team[who],
            to=self.team[to].membership,
        )

    @when(is_served)
    @rule(n=which, person=somebody)
    def finish(self, n: int, person: int) -> None:
        place = self.pick(n, is_served)
        who = self.sitter_of(place, person)
        self.on_visit(
            "finish",
            place,
            lambda party: self.plain.finish(party, who),
            encounters.finish,
            by=self.team[who],
            result=self.result,
        )
