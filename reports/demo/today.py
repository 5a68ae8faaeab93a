"""The day in progress: a few quiet hours, then a scene as a visitor of the demonstration would meet it.

Five wait, four visits run (two of them with two colleagues), two colleagues are free and one is on a break.
Every step goes through the actions at its own moment before now; close to midnight the moments move closer.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reports.demo.days import Play, come_along
from team.actions import day as days
from team.actions import shift as shifts
from team.models import Party, Shift, Term
from visits.actions import arrival, calling, encounters, guidance, identity, situation
from visits.models import Encounter, Visit

HOURS_BEFORE = timedelta(hours=4, minutes=20)
SCENE = timedelta(minutes=52)
LAST_QUIET_ARRIVAL = timedelta(minutes=105)


@dataclass
class Scene:
    """The last hour, minute by minute."""

    play: Play
    pace: float
    visits: dict[str, Visit] = field(default_factory=dict)
    running: dict[str, Encounter] = field(default_factory=dict)

    def before(self, minutes: float) -> datetime:
        """So many minutes before now."""
        return self.play.house.anchor - timedelta(minutes=minutes * self.pace)

    def arrives(
        self, name: str, minutes: float, topic: str, *, language: str = "fi", client: int | None = None, firm: int = -1
    ) -> None:
        """Somebody comes in: nameless, a known person, or an employer."""
        play = self.play
        self.visits[name] = arrival.arrive(
            point=play.house.point,
            topic=play.house.topics[topic],
            by=play.desk,
            at=self.before(minutes),
            party=Party.CLIENT if firm < 0 else Party.EMPLOYER,
            language=language,
            employer=play.employers[firm] if firm >= 0 else None,
            outside_hours=True,
        )
        if client is not None:
            identity.join_client(self.visits[name], play.clients[client], by=play.desk, at=self.before(minutes - 0.3))

    def meets(self, name: str, who: str, minutes: float) -> None:
        """An advisor calls and starts."""
        member = self.play.house.members[who]
        visit = calling.call_in(self.visits[name], by=member, at=self.before(minutes + 1))
        self.running[name] = encounters.start(visit, by=member, at=self.before(minutes))

    def joins(self, name: str, host: str, guest: str, minutes: float) -> None:
        """A colleague comes along."""
        members = self.play.house.members
        at, came_at = self.before(minutes), self.before(minutes - 0.7)
        come_along(self.visits[name], members[host], members[guest], at=at, came_at=came_at)

    def ends(self, name: str, who: str, minutes: float) -> None:
        """A visit that was finished a moment ago."""
        member = self.play.house.members[who]
        self.play.writes(self.visits[name], member, self.running[name], self.before(minutes + 0.5))
        self.play.finishes(self.visits[name], member, self.before(minutes))


def play_today(play: Play) -> None:
    """The whole day up to now."""
    anchor = play.house.anchor
    begins = max(anchor - HOURS_BEFORE, play.day.starts + timedelta(minutes=1))
    pace = min(1.0, (anchor - play.day.starts) / timedelta(minutes=60))
    days.open_day(play.day, by=play.desk, at=min(begins, anchor))
    quiet = anchor - LAST_QUIET_ARRIVAL - begins
    for _n in range(max(0, round(quiet / timedelta(hours=1) * 8))):
        play.plan(begins + quiet * play.random.random(), play.arrives)
    play.until = anchor - SCENE * pace
    play.run()
    _wind_up(play)
    _act(Scene(play, pace))


def _wind_up(play: Play) -> None:
    """What the quiet hours left open comes to its end before the scene begins."""
    at = play.until
    for visit in list(play.waiting):
        calling.leave(visit, by=play.desk, at=at)
    play.waiting.clear()
    while play.agenda:
        what = heapq.heappop(play.agenda)[2]
        what(at)
        for visit in list(play.waiting):
            calling.leave(visit, by=play.desk, at=at)
        play.waiting.clear()


def _act(scene: Scene) -> None:
    scene.arrives("tyokyky", 49, "tyokyky", client=3)
    scene.arrives("koto", 47, "kotoutuminen", language="ru")
    scene.meets("tyokyky", "kumppani", 41)
    scene.meets("koto", "elif", 40)
    scene.arrives("cv", 37, "cv")
    scene.arrives("haku", 34, "tyonhaku", client=11)
    scene.meets("cv", "jukka", 31)
    scene.arrives("firma", 26, "rekrytointi", firm=0)
    scene.meets("haku", "neuvoja", 24)
    scene.arrives("odottaa1", 23, "tyokyky")
    scene.arrives("digi", 19, "digi")
    scene.meets("firma", "petri", 18)
    scene.arrives("odottaa2", 17, "cv", client=24)
    _neuvoja_writes(scene)
    scene.joins("tyokyky", "kumppani", "outi", 12)
    scene.arrives("odottaa3", 12, "rekrytointi", firm=1)
    scene.joins("haku", "neuvoja", "mikael", 10)
    scene.meets("digi", "riikka", 9)
    scene.arrives("odottaa4", 8, "kotoutuminen", language="en")
    _break(scene)
    scene.arrives("odottaa5", 5, "alanvaihto")
    scene.ends("cv", "jukka", 3)
    scene.ends("koto", "elif", 1)


def _neuvoja_writes(scene: Scene) -> None:
    """The advisor's own visit has its record begun, as it would by now."""
    house = scene.play.house
    leila, visit, encounter = house.members["neuvoja"], scene.visits["haku"], scene.running["haku"]
    situation.speak_of(visit, house.topics["cv"], on=True, by=leila, at=scene.before(16))
    texts = {
        "notes": "Haku kaupan alalle jatkuu. Ansioluettelo on vuodelta 2021, uusin työkokemus puuttuu.",
        "works": "Asiakastyö sujuu, ja vuorotyö sopii perheelle.",
        "wish": "Vakituinen työ Hämeenlinnasta.",
    }
    guidance.save(encounter, texts, {}, by=leila, at=scene.before(15))
    due = scene.play.day.on + timedelta(days=7)
    guidance.agree_step(
        encounter, what="Täydennä ansioluettelo", benefit="Hakemus lähtee valmiina", due_on=due, by=leila,
        at=scene.before(14),
    )  # fmt: skip
    arrival.add_details(
        visit,
        by=leila,
        at=scene.before(14),
        language="fi",
        situation=house.terms[Term.Kind.SITUATION, "tyoton_alle_12kk"],
        age_band=house.terms[Term.Kind.AGE_BAND, "35_44"],
    )


def _break(scene: Scene) -> None:
    """One colleague has gone for coffee, back in a quarter of an hour."""
    tarmo = scene.play.house.members["tarmo"]
    shift = Shift.objects.get(day=scene.play.day, membership=tarmo.membership)
    until = scene.play.house.anchor + timedelta(minutes=14)
    shifts.start_break(shift, by=tarmo, at=scene.before(6), until=until)
