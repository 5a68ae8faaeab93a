"""What is counted of a service day: plain values in, plain counts out, one rule a line.

Every figure is a count of parts, so that days add up to any period; medians come from histograms of whole minutes.
The definitions in words are in reports/metrics.py; an independent count in SQL is in reports/recount.py.

The rules:
1. An undone visit does not exist. An undone event did not happen.
2. A visit counts once, however many encounters, topics and colleagues it had.
3. The wait runs from the arrival to the call that led to the first encounter; pauses before it are no wait.
   (Walking to the desk is no wait; a call that nobody answered, or that was put back, ends none.)
4. A further wait, after a hand-over or a pause in the middle, is another figure.
5. Visits that the system ended at night count as visits, and are outside the figures of waiting and leaving.
6. Who left without any encounter left unserved.
7. Multi-professional is a visit in which two or more professions, or two or more organisations, took part.
8. A meeting is joint when two or more colleagues held it: it counts once for the visitor and once for each colleague.
   Joint from the start is a visit whose first meeting was held by two or more professions.
9. A referral belongs to the day it was sent; a withdrawn one was not sent, nor was a draft. It was received unless it
   was declined, and ended when its result is known.
10. Feedback belongs to the day it was given; nothing ties it to a visit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import repeat

from tyoparkki import clock

# Longer waits are counted together with this one.
LONGEST_MINUTES = 240
EVENING_HOURS = ("16", "17")
NONE_TOLD = "-"
# Counted from people on file, who leave the file long before the visits do.
OF_PEOPLE = frozenset({"identity", "municipality"})

# The events that the figures ask for; of what else happened they tell nothing.
COUNTED = ("called", "paused", "handed_over", "returned", "started")

Counts = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a visit that was not undone."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting with the visitor: how many colleagues held it, and of how many professions."""

    colleagues: int
    professions: int


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit as far as it is counted; `course` is in the order of time, without what was undone, and so are
    the `encounters`.
    """

    state: str
    party: str
    arrived_at: datetime
    topic: str
    language: str
    further_topics: frozenset[str] = frozenset()
    situation: str = NONE_TOLD
    age_band: str = NONE_TOLD
    result: str = ""
    source: str = ""
    money_advice: str = ""
    is_known: bool = False
    municipality: str = ""
    course: Sequence[Happening] = ()
    encounters: Sequence[Sitting] = ()
    professions: frozenset[object] = frozenset()
    organisations: frozenset[object] = frozenset()


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """A referral sent on the day, as it stands now."""

    status: str
    organisation: str
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """One visitor's answers: a face from 1 to 5 for each question."""

    language: str
    mode: str
    faces: Mapping[str, int] = field(default_factory=dict)


def count(
    visits: Iterable[VisitFacts], referrals: Iterable[ReferralFacts] = (), responses: Iterable[ResponseFacts] = ()
) -> Counts:
    """Every figure of one day: `{(figure, part): how many}`, without zeros."""
    counts: Counts = Counter()
    for visit in visits:
        if visit.state != "undone":
            counts.update(_of_visit(visit))
    for referral in referrals:
        counts.update(_of_referral(referral))
    for response in responses:
        counts.update(_of_response(response))
    return counts


def _of_visit(visit: VisitFacts) -> list[tuple[str, str]]:
    told = [
        ("visits", "all"),
        ("party", visit.party),
        ("hour", f"{clock.local(visit.arrived_at).hour:02}"),
        ("topic", visit.topic),
        ("language", visit.language),
        ("situation", visit.situation),
        ("age_band", visit.age_band),
        ("identity", "known" if visit.is_known else "anonymous"),
        *(("topic_any", topic) for topic in visit.further_topics | {visit.topic}),
        *_of_coming(visit),
    ]
    if visit.is_known:
        told.append(("municipality", visit.municipality or NONE_TOLD))
    if visit.state == "done" and visit.result:
        told.append(("result", visit.result))
    if visit.encounters:
        told.append(("encounters", str(min(len(visit.encounters), 9))))
    if len(visit.professions) > 1 or len(visit.organisations) > 1:
        told.append(("multi_professional", "all"))
    return told + _of_joint(visit.encounters) + _of_waiting(visit)


def _of_joint(sittings: Sequence[Sitting]) -> list[tuple[str, str]]:
    joint = [one for one in sittings if one.colleagues > 1]
    if not joint:
        return []
    told = [("joint", "visits"), *repeat(("joint", "encounters"), len(joint))]
    told += repeat(("joint", "parts"), sum(one.colleagues for one in joint))
    if sittings[0].professions > 1:
        told.append(("joint", "start"))
    return told


def _of_coming(visit: VisitFacts) -> list[tuple[str, str]]:
    """How the visitor heard of the point, and what came of an offer of money advice, where that was told."""
    told = [("source", visit.source), ("money_advice", visit.money_advice)]
    return [(figure, part) for figure, part in told if part]


def _of_waiting(visit: VisitFacts) -> list[tuple[str, str]]:
    was_served = any(event.kind == "started" for event in visit.course)
    told = [("served", "all")] if was_served else []
    if visit.state == "ended":
        return [*told, ("ended_at_night", "all")]
    if visit.state == "left" and not was_served:
        return [*told, ("left_unserved", "all")]
    names = ("wait_minutes", *repeat("further_wait_minutes", len(visit.course)))
    return told + [
        (name, _minutes(wait)) for name, wait in zip(names, waits(visit.arrived_at, visit.course), strict=False)
    ]


def _minutes(wait: timedelta) -> str:
    return str(max(0, min(LONGEST_MINUTES, int(wait.total_seconds() // 60))))


def waits(arrived_at: datetime, course: Sequence[Happening]) -> list[timedelta]:
    """The wait before each encounter: the first from the arrival, the others from the hand-over or the return."""
    found: list[timedelta] = []
    queued: datetime | None = arrived_at
    called: datetime | None = None
    paused: datetime | None = None
    pauses = timedelta()
    for event in course:
        match event.kind:
            case "called":
                called = event.at
            case "paused":
                paused = event.at
            case "handed_over":
                queued = event.at
            case "returned":
                if found:
                    queued = event.at
                elif paused is not None:
                    pauses += event.at - paused
            case "started":
                if queued is not None:
                    found.append((called or event.at) - queued - (timedelta() if found else pauses))
                queued = called = None
    return found


def _of_referral(referral: ReferralFacts) -> list[tuple[str, str]]:
    if referral.status in {"withdrawn", "draft"}:
        return []
    told = [("referral", "sent"), ("referral_to", referral.organisation)]
    if referral.is_answered:
        told += [("referral", "answered"), ("referral", "declined" if referral.status == "declined" else "received")]
        told.append(("referral_answered", referral.organisation))
    if referral.status == "ended":
        told.append(("referral", "ended"))
    return told


def _of_response(response: ResponseFacts) -> list[tuple[str, str]]:
    by = f"{response.language}:{response.mode}"
    return [("response", by)] + [("face", f"{question}:{by}:{face}") for question, face in response.faces.items()]


def percentile(histogram: Mapping[int, int], share: float) -> int | None:
    """The smallest whole minute within which at least this share had been called; None for nobody."""
    total = sum(histogram.values())
    if not total:
        return None
    reached = 0
    for minute in sorted(histogram):
        reached += histogram[minute]
        if reached >= share * total:
            return minute
    return max(histogram)
