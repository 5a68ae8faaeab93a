"""The queue in plain words: what people at a desk could keep on paper. Nothing of the product is used here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

PRESENT = ("waiting", "called", "in_service", "paused")
CALLS_BEFORE_NO_SHOW = 2


class No(Exception):
    """The desk would be refused."""


def need(condition: object) -> None:
    """Refuse unless it holds."""
    if not condition:
        raise No


@dataclass(frozen=True)
class Standing:
    """Where a visit stands, as far as taking back an act brings it back."""

    state: str = "waiting"
    caller: int | None = None
    calls: int = 0
    asked: int | None = None
    topic: str = ""


@dataclass(frozen=True)
class Promise:
    """A colleague was asked to take the visitor afterwards: when, and whether the answer was yes."""

    order: int
    is_given: bool = False


@dataclass(frozen=True)
class Act:
    """Something that was done to a visit and still holds: how it stood before, and whom the act concerned.

    `number` counts everything that was ever done to the visit, undone or not.
    """

    number: int
    kind: str
    before: Standing
    people: frozenset[int] = frozenset()
    kept: dict[int, Promise] = field(default_factory=dict)
    let_go: frozenset[int] = frozenset()


@dataclass
class Party:
    """One party in the house."""

    minute: int
    number: int
    now: Standing
    people: set[int] = field(default_factory=set)
    invited: set[int] = field(default_factory=set)
    after: dict[int, Promise] = field(default_factory=dict)
    past: list[Act] = field(default_factory=list)
    acts: int = 0
    let_go: tuple[frozenset[int], dict[int, Promise]] = field(default_factory=lambda: (frozenset(), {}))

    @property
    def place(self) -> tuple[int, int]:
        """Where in the queue: by arrival and nothing else, whatever has been done since."""
        return self.minute, self.number

    @property
    def is_here(self) -> bool:
        """Whether anybody still waits for something."""
        return self.now.state in PRESENT

    @property
    def awaited(self) -> set[int]:
        """Everybody who was asked and may still come."""
        return self.invited | set(self.after)

    def becomes(self, kind: str, people: frozenset[int] = frozenset(), **new: object) -> None:
        """Keep the act, then stand as it says; new facts are given by name."""
        let_go, kept = self.let_go
        self.past.append(Act(self.acts, kind, self.now, people, kept, let_go))
        self.let_go = (frozenset(), {})
        self.acts += 1
        self.now = replace(self.now, **new)  # type: ignore[arg-type]  # names of Standing

    def ends_sitting(self, *, goes_on: bool = False) -> frozenset[int]:
        """Everybody rises; who was asked to come along is not awaited any more, who goes on afterwards may be."""
        people = frozenset(self.people)
        self.let_go = (frozenset(self.invited), {} if goes_on else self.after)
        self.people, self.invited = set(), set()
        if not goes_on:
            self.after = {}
        return people


class PlainDay:
    """One day of the desk: the parties in the order of their numbers, and whether the doors are open."""

    def __init__(self) -> None:
        self.state = "open"
        self.parties: list[Party] = []

    # --- who is where ----------------------------------------------------------------------------------------------
    def sits(self, person: int) -> bool:
        """Whether somebody is with a visitor."""
        return any(person in party.people for party in self.parties)

    def awaits(self, person: int) -> bool:
        """Whether a visitor is on the way to somebody."""
        return any(party.now.state == "called" and party.now.caller == person for party in self.parties)

    def is_busy(self, person: int) -> bool:
        """Either of them."""
        return self.sits(person) or self.awaits(person)

    def queue(self) -> list[Party]:
        """Who waits, the first first."""
        return sorted((party for party in self.parties if party.now.state == "waiting"), key=lambda party: party.place)

    def _may_change(self, party: Party) -> None:
        need(self.state != "closed" or party.is_here)

    # --- the door and the day --------------------------------------------------------------------------------------
    def arrive(self, minute: int, topic: str, *, insists: bool) -> None:
        """After the day it is asked, and may be insisted on: then the day goes on."""
        need(insists or self.state != "closed")
        if self.state == "closed":
            self.state = "open"
        party = Party(minute, len(self.parties) + 1, Standing(topic=topic))
        party.becomes("arrived")
        self.parties.append(party)

    def open_again(self) -> None:
        """A closed day goes on."""
        need(self.state == "closed")
        self.state = "open"

    def pause_day(self) -> None:
        """Nobody is called for a while."""
        need(self.state == "open")
        self.state = "paused"

    def resume_day(self) -> None:
        """Calling goes on."""
        need(self.state == "paused")
        self.state = "open"

    def close(self) -> None:
        """The doors close; who is here stays."""
        need(self.state in ("open", "paused"))
        self.state = "closed"

    def night(self) -> None:
        """Whom nobody ended is ended."""
        for party in self.parties:
            if party.is_here:
                party.becomes("ended", party.ends_sitting(), state="ended")

    # --- from the queue to a desk ----------------------------------------------------------------------------------
    def call(self, party: Party, person: int) -> None:
        """Somebody free calls somebody who waits, or the desk does it for them."""
        self._may_change(party)
        need(party.now.state == "waiting" and not self.is_busy(person) and self.state != "paused")
        party.becomes("called", state="called", caller=person, calls=1)

    def call_next(self, person: int, expected: Party | None) -> Party:
        """The one whom the screen proposed if still waiting, else the first who asked for nobody else."""
        queue = self.queue()
        fit = [party for party in queue if party.now.asked in (None, person)]
        chosen = expected if expected in queue else next(iter(fit), None)
        need(chosen)
        assert chosen is not None
        self.call(chosen, person)
        return chosen

    def recall(self, party: Party) -> None:
        """The number once more."""
        self._may_change(party)
        need(party.now.state == "called")
        party.becomes("recalled", calls=party.now.calls + 1)

    def no_show(self, party: Party) -> None:
        """Called often enough, and not there."""
        self._may_change(party)
        need(party.now.state == "called" and party.now.calls >= CALLS_BEFORE_NO_SHOW)
        party.becomes("no_show", party.ends_sitting(), state="left")

    def put_back(self, party: Party) -> None:
        """Not now after all: the old place."""
        self._may_change(party)
        need(party.now.state == "called")
        party.becomes("put_back", state="waiting", caller=None, calls=0)

    def pause(self, party: Party, by: int | None) -> None:
        """Aside for a while. Who sits with the visitor pauses the visit, and the visitor comes back to that one."""
        self._may_change(party)
        need(party.now.state in ("waiting", "called", "in_service"))
        asked = party.now.asked
        people: frozenset[int] = frozenset()
        if party.now.state == "in_service":
            need(by in party.people)
            asked, people = by, party.ends_sitting(goes_on=True)
        party.becomes("paused", people, state="paused", caller=None, calls=0, asked=asked)

    def bring_back(self, party: Party) -> None:
        """From the pause to the old place."""
        self._may_change(party)
        need(party.now.state == "paused")
        party.becomes("returned", state="waiting", caller=None, calls=0)

    def leave(self, party: Party) -> None:
        """Gone, and not with an advisor."""
        self._may_change(party)
        need(party.now.state in ("waiting", "called", "paused"))
        party.becomes("left", party.ends_sitting(), state="left")

    def move(self, party: Party, topic: str) -> None:
        """Another topic, the same place."""
        self._may_change(party)
        need(party.is_here)
        party.becomes("topic_changed", topic=topic)

    def ask_for(self, party: Party, person: int | None) -> None:
        """Somebody is asked for by name, or nobody after all."""
        self._may_change(party)
        party.becomes("detailed", asked=person)

    # --- with an advisor -------------------------------------------------------------------------------------------
    def start(self, party: Party, person: int) -> None:
        """The visitor sits down with the one who called."""
        self._may_change(party)
        need(party.now.state == "called" and party.now.caller == person and not self.sits(person))
        party.becomes("started", state="in_service", asked=None)
        party.people = {person}
        if person in party.after:
            party.past[-1].kept[person] = party.after.pop(person)

    def invite(self, party: Party, person: int, guest: int, mode: str) -> None:
        """Who sits there asks a colleague to come along, or to go on afterwards."""
        self._may_change(party)
        need(person in party.people and guest not in party.people | party.awaited)
        party.becomes("invited", frozenset({guest}))
        if mode == "after":
            party.after[guest] = Promise(party.acts)
        else:
            party.invited.add(guest)

    def come_along(self, party: Party, guest: int) -> None:
        """The colleague comes at once, if not with somebody else."""
        self._may_change(party)
        need(party.people and guest in party.awaited and not self.sits(guest))
        party.becomes("joined", frozenset({guest}))
        self._is_not_awaited(party, guest)
        party.people.add(guest)

    def promise(self, party: Party, guest: int) -> None:
        """The colleague says yes to going on afterwards."""
        self._may_change(party)
        need(guest in party.after and not party.after[guest].is_given)
        party.after[guest] = replace(party.after[guest], is_given=True)

    def decline(self, party: Party, guest: int) -> None:
        """The colleague cannot come; who waited for that colleague waits for anybody."""
        self._may_change(party)
        need(guest in party.awaited)
        self._is_not_awaited(party, guest)
        if party.now.state == "waiting" and party.now.asked == guest:
            party.becomes("detailed", asked=None)

    def _is_not_awaited(self, party: Party, guest: int) -> None:
        party.invited.discard(guest)
        party.after.pop(guest, None)

    def step_out(self, party: Party, person: int) -> None:
        """One of several goes."""
        self._may_change(party)
        need(person in party.people and len(party.people) > 1)
        party.becomes("stepped_out", frozenset({person}))
        party.people.discard(person)

    def hand_over(self, party: Party, person: int, to: int) -> None:
        """On to a colleague, in the old place."""
        self._may_change(party)
        need(person in party.people)
        party.becomes("handed_over", party.ends_sitting(), state="waiting", caller=None, calls=0, asked=to)

    def finish(self, party: Party, person: int) -> None:
        """The visit is over, or goes on with whoever was asked first to take it afterwards."""
        self._may_change(party)
        need(person in party.people)
        if party.after:
            following = min(party.after, key=lambda one: party.after[one].order)
            people = party.ends_sitting(goes_on=True)
            party.becomes("handed_over", people, state="waiting", caller=None, calls=0, asked=following)
        else:
            party.becomes("finished", party.ends_sitting(), state="done")

    # --- taking back -----------------------------------------------------------------------------------------------
    def undo(self, party: Party, act: Act | None) -> None:
        """The last act that holds is taken back, if those whom it concerned are not with somebody else by now."""
        need(act and self.state != "closed" and party.past[-1] is act)
        assert act is not None
        match act.kind:
            case "arrived":
                party.now = replace(act.before, state="undone")
            case "invited":
                for person in act.people:
                    self._is_not_awaited(party, person)
            case "joined":
                need(party.people - act.people)
                party.people -= act.people
            case "stepped_out":
                need(not any(self.is_busy(person) for person in act.people))
                party.people |= act.people
            case "started":
                party.now, party.people = act.before, set()
                party.after |= act.kept
            case _other:
                self._back_to_before(party, act)
        party.past.pop()

    def _back_to_before(self, party: Party, act: Act) -> None:
        was = act.before
        if was.state == "called" and party.now.state != "called":
            assert was.caller is not None
            need(not self.is_busy(was.caller))
        if act.people:
            free = {person for person in act.people if not self.is_busy(person)}
            need(free)
            party.people = free
        party.invited |= act.let_go
        party.after |= act.kept
        party.now = was
