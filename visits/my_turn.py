"""An advisor between two visitors: who could be called next and why, who asks for help, what was done today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from team.access import Member
from visits import desk, desk_rows, queue, records
from visits.desk import FrontDesk, Person, Row
from visits.models import Visit


@dataclass
class MyTurn:
    """The queue through one advisor's eyes."""

    desk: FrontDesk
    asked: list[dict[str, Any]]
    ended_at_night: list[Visit]

    @property
    def member(self) -> Member:
        """Whose eyes."""
        return self.desk.member

    @property
    def help_calls(self) -> list[desk_rows.Help]:
        """Who asks a colleague to come, the advisor too."""
        return self.desk.help_calls

    @property
    def own_help(self) -> desk_rows.Help | None:
        """The advisor's own open call."""
        return desk_rows.own_of(self.help_calls, self.member.membership_id)

    @cached_property
    def own(self) -> Person | None:
        """The advisor's own shift of the day, with break and desk."""
        mine = self.member.membership_id
        return next((one for one in self.desk.people if one.shift.membership_id == mine), None)

    @property
    def is_on_break(self) -> bool:
        """Whether the advisor is away from the desk."""
        return self.own is not None and self.own.is_away

    @cached_property
    def called(self) -> Visit | None:
        """The visitor who is on the way to the advisor."""
        return self.desk.called.get(self.member.membership_id)

    @property
    def may_mark_gone(self) -> bool:
        """Whether the visitor has been called often enough to be marked as not there."""
        return self.called is not None and self.called.calls >= self.member.membership.point.calls_before_no_show

    @cached_property
    def earlier(self) -> list[Visit]:
        """What the advisor has done today, read when it is shown."""
        return records.earlier_today(self.member, day=self.desk.day) if self.desk.day else []

    @cached_property
    def _mine(self) -> dict[Any, tuple[bool, object]]:
        """For each who waits: whether the advisor can take them, and the rule in words."""
        if self.own is None:
            return {}
        me = self.own.colleague
        here = frozenset(code for other in self.desk.team for code in other.languages) | me.languages
        return {one.visit_id: queue.can_take(one, me, languages_here=here) for one in self.desk.waiting}

    @cached_property
    def rows(self) -> list[tuple[Row, bool, object]]:
        """The queue with what the advisor has to do with each: row, whether suitable, why."""
        return [(row, *self._mine.get(row.visit.pk, (False, ""))) for row in self.desk.rows]

    @cached_property
    def proposed(self) -> tuple[Row, object] | None:
        """The first in order whom the advisor can take, and why."""
        if self.called is not None or self.is_on_break:
            return None
        return next(((row, why) for row, suits, why in self.rows if suits), None)


def read(member: Member, *, at: datetime) -> MyTurn:
    """Six statements, whatever the length of the queue; five without what was done earlier."""
    return MyTurn(desk.read_queue(member, at=at), records.asked_of(member), records.ended_at_night(member, at=at))
