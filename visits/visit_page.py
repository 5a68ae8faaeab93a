"""One visit as those who are with it see it, read in a fixed number of statements.

The record and what hangs on it come in one statement, as small JSON lists beside the row; colleagues, suggestions and
the person on file cost one each, and only when a part of the page asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from clients.models import Referral
from services import matching
from team.access import Member
from team.models import Organisation, ServiceDay, Term
from team.permissions import ROLES, Perm
from tyoparkki import clock
from tyoparkki.names import first_name
from tyoparkki.prepared import Prepared
from tyoparkki.texts import pick
from visits import desk_rows, known, pointers, suggested
from visits.actions import moves
from visits.actions.guidance import TEXTS, mark
from visits.company import Colleague, Companion
from visits.desk import name_of
from visits.models import Encounter, Invitation, Participation, Visit, VisitEvent
from visits.records import newest, running, said, shifts_of


@dataclass
class VisitPage:
    """A visit, the encounter that is shown of it, and its record, for one member at a moment."""

    member: Member
    guidance: Any
    at: datetime

    @property
    def encounter(self) -> Encounter:
        """The sitting that is shown."""
        encounter: Encounter = self.guidance.encounter
        return encounter

    @property
    def visit(self) -> Visit:
        """The visit it belongs to."""
        return self.encounter.visit

    @property
    def is_running(self) -> bool:
        """Whether the member is with the visitor now."""
        return bool(self.guidance.is_in_it)

    @property
    def ended_by_colleague(self) -> str:
        """Which colleague ended this sitting under the member's eyes, how and when; nothing where it was the member.

        A result belongs to the finish: when the visit went on after this sitting, how the visit ended is said instead.
        """
        ending, ended_at = self.guidance.ending, self.encounter.ended_at
        if self.is_running or not self.can_write or not ending or ended_at is None:
            return ""
        went_on = self.visit.result_id is not None and ending["kind"] != VisitEvent.Kind.FINISHED
        if went_on or ending["by"] == str(self.member.membership_id):
            return ""
        said = {"name": first_name(ending["name"]), "ticket": self.visit.ticket}
        return str(moves.WHO_DID_WHAT[ending["kind"]]) % {**said, "time": clock.local(ended_at).strftime("%-H.%M")}

    @property
    def can_write(self) -> bool:
        """Those who took part write, after the visit too; others who may read only read."""
        return bool(self.guidance.took_part)

    @property
    def may_change_visit(self) -> bool:
        """Topics and situation are the visit's: a closed day has settled them, while the record can still be mended."""
        return self.can_write and (self.visit.is_present or self.visit.day.state != ServiceDay.State.CLOSED)

    @property
    def was_ended_at_night(self) -> bool:
        """Nobody finished the visit; the night did, and those who were with the visitor may still tell the result."""
        return self.visit.state == Visit.State.ENDED

    @cached_property
    def name(self) -> str:
        """What the visitor is called, or nothing."""
        return self.client.name if self.client else name_of(self.visit)

    @property
    def language(self) -> str:
        """The visitor's language in the reader's words."""
        return pick(self.guidance.language_names) or self.visit.language

    @property
    def minutes(self) -> int:
        """How long this sitting has lasted, or lasted."""
        return _minutes((self.encounter.ended_at or self.at) - self.encounter.started_at)

    @property
    def waited(self) -> int:
        """How long the visitor waited for the first sitting."""
        called = self.visit.called_at if self.encounter.sequence == 1 else None
        return _minutes((called or self.guidance.first_started) - self.visit.queued_at)

    @cached_property
    def companions(self) -> list[Companion]:
        """Everybody who is or was with the visitor, in the order of coming; each once."""
        found: dict[UUID, Companion] = {}
        for row in self.guidance.people:
            since = datetime.fromisoformat(row["since"])
            one = Companion(
                UUID(row["membership"]),
                row["name"],
                row["organisation"],
                pick(row["profession"]),
                since,
                row["until"] is None,
                _minutes(self.at - since),
            )
            if one.membership not in found or one.is_here:
                found[one.membership] = one
        return sorted(found.values(), key=lambda one: one.since)

    @property
    def here(self) -> list[Companion]:
        """Those who are with the visitor now, or were at the end of this sitting."""
        now = [one for one in self.companions if one.is_here]
        return now or self.companions

    @property
    def is_shared_work(self) -> bool:
        """Several organisations or several professions have met the visitor during this visit."""
        people = self.companions
        return len({one.organisation for one in people}) > 1 or len({one.profession for one in people} - {""}) > 1

    @cached_property
    def topics(self) -> list[dict[str, Any]]:
        """The point's topics with those spoken of marked."""
        on = {str(topic) for topic in self.guidance.discussed}
        wanted = [row for row in self.guidance.topics if self.visit.party in row["parties"] or row["id"] in on]
        return [row | {"name": pick(row["names"]), "is_on": row["id"] in on} for row in wanted]

    def terms(self, kind: str) -> list[dict[str, Any]]:
        """The point's words of one kind."""
        return [row | {"name": pick(row["names"])} for row in self.guidance.terms if row["kind"] == kind]

    @property
    def results(self) -> list[dict[str, Any]]:
        """How a visit may end."""
        return self.terms(Term.Kind.RESULT)

    @property
    def situations(self) -> list[dict[str, Any]]:
        """The visitor's possible situations, without "not asked"."""
        return [row for row in self.terms(Term.Kind.SITUATION) if row["code"] != Term.NOT_ASKED]

    @property
    def age_bands(self) -> list[dict[str, Any]]:
        """Age bands, without "not asked"."""
        return [row for row in self.terms(Term.Kind.AGE_BAND) if row["code"] != Term.NOT_ASKED]

    @property
    def sources(self) -> list[dict[str, Any]]:
        """How visitors hear of the point."""
        return self.terms(Term.Kind.SOURCE)

    @property
    def may_be_first(self) -> bool:
        """Nothing says that the visitor was here before: on a first visit advice on money is offered."""
        return self.client is None or not self.client.earlier or bool(self.visit.money_advice)

    @cached_property
    def pointer(self) -> pointers.Pointer | None:
        """Who else serves visitors of this age; asked only when the age is told."""
        bands = {row["id"]: row["code"] for row in self.terms(Term.Kind.AGE_BAND)}
        code = bands.get(self.visit.age_band_id, "")
        return pointers.elsewhere(code) if code else None

    @property
    def languages(self) -> list[dict[str, Any]]:
        """The languages most often spoken here, and the visitor's own."""
        rows = [row | {"name": pick(row["names"])} for row in self.guidance.languages]
        if all(row["code"] != self.visit.language for row in rows):
            rows.append({"code": self.visit.language, "name": self.language})
        return rows

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """What was agreed during this visit, as far as the member may see it."""
        return [_step(row) for row in self.guidance.steps]

    @cached_property
    def referrals(self) -> list[dict[str, Any]]:
        """Where the visitor was guided during this visit, as far as the member may see it."""
        rows = [row for row in self.guidance.referrals if row["status"] != "withdrawn"]
        return [
            row
            | {
                "name": pick(row["service"]) or pick(row["organisation"]),
                "state": Referral.Status(row["status"]).label,
                "sender": UUID(str(row["sender"])),
            }
            for row in rows
        ]

    def draft(self, kind: str) -> dict[str, Any]:
        """What the member was typing of one kind, with the key of the sending it is meant for; blank if nothing."""
        blank: dict[str, Any] = {"key": "", "typed": {}}
        return next((row for row in self.guidance.drafts if row["kind"] == kind), blank)

    @cached_property
    def shares(self) -> list[dict[str, Any]]:
        """Organisations to which this record is open."""
        return [row | {"name": pick(row["names"])} for row in self.guidance.shared_with]

    @cached_property
    def invitations(self) -> list[dict[str, Any]]:
        """Who is asked into this visit and has not answered."""
        return list(self.guidance.asked)

    @property
    def following(self) -> dict[str, Any] | None:
        """The colleague asked for afterwards who takes the visitor when this encounter ends, if there is one."""
        return next((row for row in self.invitations if row["mode"] == Invitation.Mode.AFTER), None)

    @cached_property
    def asking_me(self) -> list[dict[str, Any]]:
        """Colleagues who ask the member into another visit."""
        return [said(row) for row in self.guidance.asking_me]

    @cached_property
    def help_calls(self) -> list[desk_rows.Help]:
        """Colleagues at the point who ask somebody to come, and the member's own call."""
        return [desk_rows.help_call(row) for row in self.guidance.help_calls]

    @property
    def own_help(self) -> desk_rows.Help | None:
        """The member's own open call."""
        return desk_rows.own_of(self.help_calls, self.member.membership_id)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """The fingerprints of the texts as the form shows them."""
        return [(f"shown_{name}", mark(getattr(self.guidance, name))) for name in TEXTS]

    @cached_property
    def client(self) -> Any:
        """The person on file to whom the visit belongs, with what this member may see; None if there is none."""
        if self.guidance.client_id is None:
            return None
        return known.person(self.member, self.guidance.client_id, without=self.visit.pk)

    @property
    def earlier_steps(self) -> set[str]:
        """The keys of what was agreed on the person's earlier visits, as far as the member may see them."""
        return {step["id"] for row in (self.client.earlier if self.client else ()) for step in row["steps"]}

    @property
    def has_hidden_client(self) -> bool:
        """The visit is somebody's whom this member may not see."""
        return self.guidance.client_id is not None and self.client is None

    @cached_property
    def colleagues(self) -> list[Colleague]:
        """The team on shift, those in the visit first, then the free, then the busy, then those away."""
        asked = {row["membership"]: row for row in self.invitations}
        with_us = {one.membership: one for one in self.companions if one.is_here}
        order = {"free": 1, "busy": 2, "away": 3}
        rows = [self._colleague(shift, asked, with_us) for shift in shifts_of(self.visit, self.at)]
        mine = self.member.membership_id
        others = [
            row for row in rows if row.shift.membership_id != mine and Perm.GUIDE in ROLES[row.shift.membership.role]
        ]
        return sorted(
            others, key=lambda row: (0 if row.companion else order[row.state], row.shift.membership.user.name)
        )

    @property
    def first_to_ask(self) -> str:
        """The user name of the first colleague who can be asked in: where the key M leads."""
        row = next((one for one in self.colleagues if one.can_be_asked), None) if self.is_running else None
        return row.shift.membership.user.username if row else ""

    def _colleague(self, shift: Any, asked: dict[str, Any], with_us: dict[UUID, Companion]) -> Colleague:
        sitting = shift.sitting or shift.coming
        state = "away" if shift.away_since else "busy" if sitting else "free"
        return Colleague(
            shift=shift,
            state=state,
            ticket=f"{sitting['letter']}{sitting['number']:02d}" if sitting else "",
            since=datetime.fromisoformat(sitting["since"]) if sitting else None,
            until=shift.away_until,
            is_own_house=shift.membership.organisation_id == self.member.organisation_id,
            invitation=asked.get(str(shift.membership_id)),
            companion=with_us.get(shift.membership_id),
        )

    @property
    def sharable(self) -> list[Organisation]:
        """Organisations on shift to which the record is not open yet."""
        open_to = {row["organisation"] for row in self.shares}
        found = {one.shift.membership.organisation_id: one.shift.membership.organisation for one in self.colleagues}
        return [row for key, row in found.items() if str(key) not in open_to]

    @cached_property
    def aside(self) -> list[dict[str, str]]:
        """What was suggested during this visit and put aside, each with the code of the reason."""
        return [row for rows in self.guidance.aside for row in rows]

    @cached_property
    def put_aside(self) -> list[dict[str, Any]]:
        """The same with names, and whether it is of this sitting and can be brought back."""
        reasons = {row["code"]: row["name"] for row in self.aside_reasons}
        return suggested.put_aside(self.aside, own=self.guidance.put_aside, reasons=reasons)

    @property
    def aside_reasons(self) -> list[dict[str, Any]]:
        """Why a suggestion may be put aside."""
        return self.terms(Term.Kind.ASIDE)

    @cached_property
    def suggestions(self) -> list[matching.Suggestion]:
        """Services that answer the topics spoken of, each with its reason; what was already offered is left out."""
        used = [row["service_id"] for row in self.referrals if row["service_id"]]
        used += [row["service"] for row in self.aside]
        today = clock.local_date(self.at)
        return suggested.for_topics(self.topics, language=self.visit.language, today=today, without=used)


def _minutes(length: Any) -> int:
    return max(0, int(length.total_seconds() // 60))


def _step(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"due_on": datetime.fromisoformat(row["due_on"]).date() if row["due_on"] else None}


def current(member: Member, *, at: datetime) -> VisitPage | None:
    """The visit in which the member is now."""
    # The member's one open part is asked for first: as a condition of the whole page, it would be tried on every record
    # of all years.
    sitting = next((encounter for (encounter,) in _SITTING.rows(membership=member.membership_id)), None)
    row = running(member, sitting) if sitting else None
    return VisitPage(member, row, at) if row else None


def opened(member: Member, visit_id: UUID, *, at: datetime) -> VisitPage | None:
    """A visit by its address: the member's own newest sitting of it, or one shared with the member's organisation."""
    row = newest(member, visit_id)
    return VisitPage(member, row, at) if row else None


def _sitting(membership: UUID) -> Any:
    mine = Participation.objects.filter(membership_id=membership, ended_at__isnull=True)
    return mine.order_by("pk").values_list("encounter_id")[:1]


_SITTING = Prepared(_sitting, membership=UUID)
