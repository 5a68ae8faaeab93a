"""Plays service days through the same actions as the screens: arrivals by the profile, a fair queue, real waits."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random
from uuid import UUID

from clients.actions import referral as referrals
from clients.models import Client, Referral
from employers.models import Employer
from reports.demo import calibration, words
from reports.demo import house as frame
from reports.demo.house import House
from services.models import Service
from team.access import Member
from team.actions import day as days
from team.models import Party, Profession, ServiceDay, Term
from tyoparkki import clock
from tyoparkki.clock import HELSINKI
from visits.actions import arrival, calling, closing, encounters, guidance, identity, situation
from visits.models import Encounter, Visit

Moment = Callable[[datetime], None]

# The calibration's topics, as the desk's ten presses name them.
PRESS = {
    "tyonhaku_ja_hakemukset": ("tyonhaku", "cv"),
    "tyonhakuprofiili_tyomarkkinatori": ("cv", "digi", "tyonhaku"),
    "koulutus_ja_osaaminen": ("koulutus",),
    "tyottomyysturva_ja_etuudet": ("raha",),
    "uraohjaus_ja_alanvaihto": ("alanvaihto",),
    "tyokyky_ja_terveys": ("tyokyky",),
    "palkkatuki_ja_tyokokeilu": ("tyonhaku",),
    "kotoutuminen_ja_kieli": ("kotoutuminen",),
    "talous_ja_velat": ("raha",),
    "digiapu_ja_asiointi": ("digi",),
    "yrittajyys": ("muu",),
    "oppisopimus": ("koulutus",),
    "muu": ("muu", "irtisanottu"),
}
# What is often spoken of besides.
BESIDES = {
    "tyonhaku": ("cv", "koulutus", "digi"),
    "cv": ("tyonhaku", "digi"),
    "koulutus": ("alanvaihto", "tyonhaku", "raha"),
    "alanvaihto": ("koulutus", "tyonhaku"),
    "tyokyky": ("raha", "alanvaihto"),
    "kotoutuminen": ("koulutus", "tyonhaku"),
    "raha": ("tyonhaku", "tyokyky"),
    "digi": ("cv", "tyonhaku"),
    "irtisanottu": ("cv", "raha", "koulutus"),
    "muu": ("tyonhaku",),
}
# Tuned together so that waits come out as calibrated (median 7 min, a quarter over 13, a tenth over 24, 4 % leave):
# minutes of notes, calls and corridor talk between two visitors; minutes between the press and the first look at the
# queue, by their logarithm; who does not wait for ever; and after how long another advisor is offered.
OTHER_WORK = 12
UNNOTICED = (1.86, 0.6)
IMPATIENT, PATIENCE, MORE_PATIENCE = 0.33, 9, 14
ANYBODY_AFTER = timedelta(minutes=30)
LANGUAGES = {"ku": "ckb", "muu": "fr"}
SITUATIONS = {
    "tyossa_irtisanomisuhka_tai_lomautettu": "tyossa_uhka",
    "sairausloma_tai_kuntoutustuki": "muu",
    "tyovoiman_ulkopuolella": "muu",
    "yrittaja": "muu",
    "ei_kerrottu": Term.NOT_ASKED,
}
AGES = {"55-59": "55_64", "60-64": "55_64", "65+": "65", "ei_kerrottu": Term.NOT_ASKED}


@dataclass
class Play:
    """One service day being played."""

    house: House
    random: Random
    day: ServiceDay
    clients: list[Client]
    employers: list[Employer]
    services: list[Service]
    until: datetime
    waiting: list[Visit] = field(default_factory=list)
    free: list[Member] = field(default_factory=list)
    agenda: list[tuple[datetime, int, Moment]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    guests: dict[UUID, Member] = field(default_factory=dict)
    professions: dict[UUID, set[int]] = field(default_factory=dict)

    @property
    def desk(self) -> Member:
        """The front desk."""
        return self.house.members["vastaanotto"]

    def plan(self, moment: datetime, what: Moment) -> None:
        """Something will happen."""
        heapq.heappush(self.agenda, (moment, next(self.order), what))

    def run(self) -> None:
        """Let the day happen in the order of the clock."""
        self.free = list(self.house.advisors)
        while self.agenda and self.agenda[0][0] <= self.until:
            moment, _n, what = heapq.heappop(self.agenda)
            what(moment)
            self.call_who_can(moment)

    def chance(self, share: float) -> bool:
        """True for so large a share."""
        return self.random.random() < share

    # --- what happens ----------------------------------------------------------------------------------------------
    def arrives(self, at: datetime) -> None:
        """Somebody comes in, about a topic, in a language, perhaps a known person."""
        party = Party.EMPLOYER if self.chance(0.05) else Party.CLIENT
        language = calibration.draw(self.random, "language")
        visit = arrival.arrive(
            point=self.house.point,
            topic=self.house.topics[self._topic(party)],
            by=self.desk,
            at=at,
            party=party,
            language=LANGUAGES.get(language, language),
            employer=self.random.choice(self.employers) if party == Party.EMPLOYER else None,
            outside_hours=True,
        )
        known = calibration.share("identity", "share_identified_with_consent")
        if party == Party.CLIENT and self.chance(known):
            identity.join_client(visit, self.random.choice(self.clients), by=self.desk, at=at)
        # Between the press and the call somebody looks up, greets, ends a sentence: six minutes, most often.
        self.plan(at + timedelta(minutes=self.random.lognormvariate(*UNNOTICED)), partial(self._is_noticed, visit))
        if self.chance(IMPATIENT):
            patience = timedelta(minutes=PATIENCE + self.random.expovariate(1 / MORE_PATIENCE))
            self.plan(at + patience, partial(self._gives_up, visit))

    def _topic(self, party: str) -> str:
        if party == Party.EMPLOYER:
            return self.random.choice(["rekrytointi", "rekrytointi", "tuet"])
        return self.random.choice(PRESS[calibration.draw(self.random, "topic_mix_primary")])

    def _is_noticed(self, visit: Visit, at: datetime) -> None:
        if self.chance(0.02):
            calling.pause(visit, by=self.desk, at=at)
            self.plan(at + timedelta(minutes=self.random.randint(6, 20)), partial(self._comes_back, visit))
        else:
            self.waiting.append(visit)

    def _comes_back(self, visit: Visit, at: datetime) -> None:
        self.waiting.append(calling.bring_back(visit, by=self.desk, at=at))

    def _gives_up(self, visit: Visit, at: datetime) -> None:
        if visit in self.waiting:
            self.waiting.remove(visit)
            calling.leave(visit, by=self.desk, at=at)

    def call_who_can(self, at: datetime) -> None:
        """Everybody free takes the first in the queue whom they can serve."""
        for waiting in sorted(self.waiting, key=lambda row: (row.queued_at, row.number)):
            able = [member for member in self.free if self._suits(member, waiting)]
            if not able and at - waiting.queued_at > ANYBODY_AFTER:
                able = list(self.free)
            if able:
                member = self.random.choice(able)
                self.free.remove(member)
                self.waiting.remove(waiting)
                visit = calling.call_in(waiting, by=member, at=at)
                self.plan(at + timedelta(seconds=self.random.randint(25, 90)), partial(self._starts, visit, member))

    def _suits(self, member: Member, visit: Visit) -> bool:
        wanted = {visit.asks_for_profession_id} if visit.asks_for_profession_id else self._professions(visit)
        return not wanted or bool(wanted & self._professions_of(member))

    def _professions(self, visit: Visit) -> set[int]:
        if visit.topic_id not in self.professions:
            self.professions[visit.topic_id] = set(visit.topic.professions.values_list("pk", flat=True))
        return self.professions[visit.topic_id]

    def _professions_of(self, member: Member) -> set[int]:
        if member.membership_id not in self.professions:
            self.professions[member.membership_id] = set(member.user.professions.values_list("pk", flat=True))
        return self.professions[member.membership_id]

    def _starts(self, visit: Visit, member: Member, at: datetime) -> None:
        encounter = encounters.start(visit, by=member, at=at)
        minutes = max(3.0, self.random.lognormvariate(0, 0.5) * visit.topic.guidance_minutes)
        # A hand-over to another profession counts too, so a few fewer are asked to come along.
        asked = calibration.share("guidance", "visits_with_two_or_more_professions") * 0.95
        if self.chance(asked) and minutes > 8 and encounter.sequence == 1:
            self.plan(at + timedelta(minutes=minutes * 0.35), partial(self._invites, visit, member))
        ends = at + timedelta(minutes=minutes)
        self.plan(ends - timedelta(seconds=40), partial(self.writes, visit, member, encounter))
        self.plan(ends, partial(self._ends, visit, member, encounter))

    def _invites(self, visit: Visit, member: Member, at: datetime) -> None:
        others = [one for one in self.free if one.membership.organisation_id != member.organisation_id] or self.free
        if others:
            guest = self.random.choice(others)
            self.free.remove(guest)
            self.guests[visit.pk] = guest
            come_along(visit, member, guest, at=at, came_at=at + timedelta(seconds=40))

    def writes(self, visit: Visit, member: Member, encounter: Encounter, at: datetime) -> None:
        """The record: what was spoken of, what was agreed, perhaps a referral."""
        random = self.random
        besides = BESIDES.get(visit.topic.code, ())
        for code in random.sample(besides, k=min(len(besides), random.choices([0, 1, 2], [50, 38, 12])[0])):
            situation.speak_of(visit, self.house.topics[code], on=True, by=member, at=at)
        texts = {"notes": random.choice(words.NOTES.get(visit.topic.code, words.NOTES["muu"]))}
        if self.chance(0.6):
            texts |= {"works": random.choice(words.WORKS), "wish": random.choice(words.WISHES)}
        guidance.save(encounter, texts, {}, by=member, at=at)
        for what, benefit in random.sample(words.STEPS, k=random.choice([1, 1, 2, 2, 3])):
            due = clock.local_date(at) + timedelta(days=random.choice([7, 14, 21]))
            guidance.agree_step(encounter, what=what, benefit=benefit, due_on=due, by=member, at=at)
        funnel = calibration.figures()["referral_funnel"]
        sent = funnel["offered_per_100_visits"] * funnel["consented_per_100_offered"] * funnel["sent_per_100_consented"]
        if self.chance(sent / 1_000_000):
            self._refers(visit, member, encounter, at)

    def _refers(self, visit: Visit, member: Member, encounter: Encounter, at: datetime) -> None:
        classes = set(visit.topic.service_classes)
        fitting = [service for service in self.services if classes & set(service.service_classes)] or self.services
        service = self.random.choice(fitting)
        referral = guidance.refer(encounter, service=service, by=member, at=at, visitor_contacts=self.chance(0.3))
        answered = at + timedelta(days=self.random.expovariate(1 / 4))
        if self.chance(calibration.share("referral_funnel", "answered_per_100_sent")) and answered < self.house.anchor:
            self.house.answers.append((answered, referral))

    def _ends(self, visit: Visit, member: Member, encounter: Encounter, at: datetime) -> None:
        if encounter.sequence == 1 and visit.party == Party.CLIENT and self.chance(0.05):
            next_one = self.random.choice(["tyokyky", "koulutus", "talousneuvonta"])
            if next_one not in {row.code for row in member.user.professions.all()}:
                profession = Profession.objects.get(code=next_one)
                self.waiting.append(encounters.hand_over(visit, by=member, at=at, profession=profession))
                self._frees(visit, member, at)
                return
        self.finishes(visit, member, at)

    def finishes(self, visit: Visit, member: Member, at: datetime) -> None:
        """The visit ends with its result, and those who were in it are free after a while."""
        referred = Referral.objects.filter(encounter_link__encounter__visit=visit).exists()
        code = (
            "ohjattu" if referred else self.random.choices(["riitti", "jatko", "tyohon", "kesken"], [62, 24, 10, 4])[0]
        )
        if visit.party == Party.CLIENT and self.chance(0.85):
            self._tells(visit, member, at)
        encounters.finish(visit, result=self.house.terms[Term.Kind.RESULT, code], by=member, at=at)
        self._frees(visit, member, at)

    def _frees(self, visit: Visit, member: Member, at: datetime) -> None:
        guest = self.guests.pop(visit.pk, None)
        for one in (member, guest):
            if one is not None:
                wait = timedelta(minutes=self.random.expovariate(1 / OTHER_WORK))
                self.plan(at + wait, lambda _at, one=one: self.free.append(one))  # type: ignore[misc]  # a default binds it

    def _tells(self, visit: Visit, member: Member, at: datetime) -> None:
        told = calibration.draw(self.random, "status_self_reported")
        age = calibration.draw(self.random, "age_band")
        arrival.add_details(
            visit,
            by=member,
            at=at,
            language=visit.language,
            situation=self.house.terms.get((Term.Kind.SITUATION, SITUATIONS.get(told, told))),
            age_band=self.house.terms.get((Term.Kind.AGE_BAND, AGES.get(age, age.replace("-", "_")))),
            employer=visit.employer,
        )


def come_along(visit: Visit, member: Member, guest: Member, *, at: datetime, came_at: datetime) -> None:
    """A colleague is asked into the visit and comes."""
    agreed = True if guest.organisation_id != member.organisation_id else None
    invitation = encounters.invite(visit, guest.membership, mode="together", by=member, at=at, client_agreed=agreed)
    encounters.come_along(invitation, by=guest, at=came_at)


def past_day(play: Play) -> None:
    """A whole Wednesday, from opening to closing."""
    desk = play.desk
    days.open_day(play.day, by=desk, at=play.day.starts)
    figures = calibration.figures()["volume"]
    number = round(play.random.gauss(figures["visits_per_wednesday_mean"], figures["visits_per_wednesday_sd"]))
    number = max(int(figures["visits_per_wednesday_low"]), min(int(figures["visits_per_wednesday_high"]), number))
    for _n in range(number):
        hour, minute = map(int, calibration.draw(play.random, "arrival_profile").split(":"))
        moment = datetime.combine(play.day.on, time(hour, minute), tzinfo=HELSINKI)
        play.plan(moment + timedelta(seconds=play.random.randint(0, 890)), play.arrives)
    play.run()
    closing.close_day(play.day, by=desk, at=play.day.ends + timedelta(minutes=5))
    closing.end_leftovers(play.day, at=play.day.ends + timedelta(hours=9))


def answer_referrals(house: House, random: Random) -> None:
    """Partners answer what they were sent."""
    refusals = list(Term.objects.at(house.point.pk, Term.Kind.REFUSAL))
    for at, referral in sorted(house.answers, key=lambda row: (row[0], str(row[1].pk))):
        recipients = [m for m in house.members.values() if m.organisation_id == referral.organisation_id]
        by = random.choice(recipients) if recipients else frame.contact_of(house, referral.organisation)
        accepted = random.random() < calibration.share("referral_funnel", "accepted_per_100_answered")
        if not accepted:
            referrals.decline(referral, random.choice(refusals), by=by, at=at)
            continue
        referrals.receive(referral, by=by, at=at)
        _goes_on(house, referral, random, by=by, at=at)


def _goes_on(house: House, referral: Referral, random: Random, *, by: Member, at: datetime) -> None:
    """Contact after some days, a start, perhaps the result: as far as the time until now has come."""
    result = random.choice(list(Term.objects.at(referral.point_id, Term.Kind.ENDING)))
    steps: list[tuple[float, float, Callable[..., Referral]]] = [
        (random.uniform(1, 5), 0.9, referrals.contact),
        (random.uniform(2, 9), 0.85, referrals.start),
        (random.uniform(14, 40), 0.8, partial(referrals.end, result=result)),
    ]
    for wait, chance, step in steps:
        at += timedelta(days=wait)
        if random.random() > chance or at >= house.anchor:
            return
        step(referral, by=by, at=at)
