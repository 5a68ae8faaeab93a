"""Plays service days through the same actions as the screens: arrivals by the profile, a fair queue, real waits."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from clients.models import Client, Referral
from clients.actions import referral as referrals
from employers.models import Employer
from reports.demo import calibration, words
from reports.demo import house as frame
from reports.demo.house import House
from services.models import Service
from team.access import Member
from team.actions import day as days
from team.models import Party, ServiceDay, Term
from tyoparkki import clock
from tyoparkki.clock import HELSINKI
from visits.actions import arrival, calling, closing, encounters, guidance, identity
from visits.models import Encounter, Visit

# The calibration's topics, as the desk's ten presses name them.
PRESS = {
    "tyonhaku_ja_hakemukset": ("tyonhaku", "cv"),
    "tyonhakuprofiili_tyomarkkinatori": ("digi", "tyonhaku"),
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
# Minutes of notes, calls and corridor talk between two visitors: tuned so that waits come out as calibrated.
OTHER_WORK = 6
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
    events: list[tuple[datetime, int, str, object]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    joined: dict[object, Member] = field(default_factory=dict)

    @property
    def desk(self) -> Member:
        """The front desk."""
        return self.house.members["vastaanotto"]

    def at(self, moment: datetime, what: str, subject: object) -> None:
        """Something will happen."""
        heapq.heappush(self.events, (moment, next(self.order), what, subject))

    def run(self) -> None:
        """Let the day happen in the order of the clock."""
        self.free = list(self.house.advisors)
        while self.events:
            moment, _n, what, subject = heapq.heappop(self.events)
            if moment > self.until:
                break
            getattr(self, f"_{what}")(subject, moment)
            self._call_who_can(moment)

    # --- what happens ----------------------------------------------------------------------------------------------
    def _arrives(self, _subject: object, at: datetime) -> None:
        random = self.random
        is_employer = random.random() < 0.05
        topic = self.house.topics[self._topic(is_employer)]
        language = calibration.draw(random, "language")
        visit = arrival.arrive(
            point=self.house.point,
            topic=topic,
            by=self.desk,
            at=at,
            party=Party.EMPLOYER if is_employer else Party.CLIENT,
            language=LANGUAGES.get(language, language),
            employer=random.choice(self.employers) if is_employer and self.employers else None,
            outside_hours=True,
        )
        if not is_employer and random.random() < calibration.share("identity", "share_identified_with_consent"):
            if self.clients:
                identity.join_client(visit, random.choice(self.clients), by=self.desk, at=at)
        # Between the press and the call somebody looks up, greets, ends a sentence: four minutes, most often.
        self.at(at + timedelta(minutes=random.lognormvariate(1.4, 0.6)), "is_noticed", visit)
        patience = random.expovariate(1 / 25)
        if random.random() < 0.3:
            self.at(at + timedelta(minutes=12 + patience), "gives_up", visit)

    def _topic(self, is_employer: bool) -> str:
        if is_employer:
            return self.random.choice(["rekrytointi", "rekrytointi", "tuet"])
        return self.random.choice(PRESS[calibration.draw(self.random, "topic_mix_primary")])

    def _is_noticed(self, visit: object, _at: datetime) -> None:
        self.waiting.append(visit)  # type: ignore[arg-type]

    def _gives_up(self, visit: object, at: datetime) -> None:
        if visit in self.waiting:
            self.waiting.remove(visit)  # type: ignore[arg-type]
            calling.leave(visit, by=self.desk, at=at)  # type: ignore[arg-type]

    def _call_who_can(self, at: datetime) -> None:
        for visit in sorted(self.waiting, key=lambda row: row.queued_at):
            able = [member for member in self.free if self._suits(member, visit)]
            if not able:
                continue
            member = self.random.choice(able)
            self.free.remove(member)
            self.waiting.remove(visit)
            visit = calling.call_in(visit, by=member, at=at)
            self.at(at + timedelta(seconds=self.random.randint(25, 90)), "starts", (visit, member))

    def _suits(self, member: Member, visit: Visit) -> bool:
        wanted = self._professions(visit)
        return not wanted or bool(wanted & self._professions_of(member))

    def _professions(self, visit: Visit) -> set[int]:
        known = self.__dict__.setdefault("_by_topic", {})
        if visit.topic_id not in known:
            known[visit.topic_id] = set(visit.topic.professions.values_list("pk", flat=True))
        found: set[int] = known[visit.topic_id]
        return found

    def _professions_of(self, member: Member) -> set[int]:
        known = self.__dict__.setdefault("_by_member", {})
        if member.membership_id not in known:
            known[member.membership_id] = set(member.user.professions.values_list("pk", flat=True))
        found: set[int] = known[member.membership_id]
        return found

    def _starts(self, subject: object, at: datetime) -> None:
        visit, member = subject  # type: ignore[misc]
        encounter = encounters.start(visit, by=member, at=at)
        minutes = max(3.0, self.random.lognormvariate(0, 0.5) * visit.topic.guidance_minutes)
        ends = at + timedelta(minutes=minutes)
        together = self.random.random() < calibration.share("guidance", "visits_with_two_or_more_professions")
        if together and minutes > 8:
            self.at(at + timedelta(minutes=minutes * 0.35), "invites", (visit, member, encounter))
        self.at(ends - timedelta(seconds=40), "writes", (visit, member, encounter))
        self.at(ends, "finishes", (visit, member, encounter))

    def _invites(self, subject: object, at: datetime) -> None:
        visit, member, _encounter = subject  # type: ignore[misc]
        others = [one for one in self.free if one.membership.organisation_id != member.organisation_id] or self.free
        if not others:
            return
        guest = self.random.choice(others)
        invitation = encounters.invite(
            visit, guest.membership, mode="together", by=member, at=at, client_agreed=True
        )
        self.free.remove(guest)
        encounters.come_along(invitation, by=guest, at=at + timedelta(seconds=40))
        self.joined[visit.pk] = guest

    def _writes(self, subject: object, at: datetime) -> None:
        visit, member, encounter = subject  # type: ignore[misc]
        random = self.random
        texts = {"notes": words.NOTES.get(visit.topic.code, words.NOTES["muu"])}
        if random.random() < 0.6:
            texts |= {"works": random.choice(words.WORKS), "wish": random.choice(words.WISHES)}
        guidance.save(encounter, texts, {}, by=member, at=at)
        for what, benefit in random.sample(words.STEPS, k=random.choice([1, 1, 2, 2, 3])):
            due = clock.local_date(at) + timedelta(days=random.choice([7, 14, 21]))
            guidance.agree_step(encounter, what=what, benefit=benefit, due_on=due, by=member, at=at)
        if self.services and random.random() < 0.48:
            self._refers(encounter, visit, member, at)

    def _refers(self, encounter: Encounter, visit: Visit, member: Member, at: datetime) -> None:
        classes = set(visit.topic.service_classes)
        fitting = [service for service in self.services if classes & set(service.service_classes)] or self.services
        referral = guidance.refer(
            encounter,
            service=self.random.choice(fitting),
            by=member,
            at=at,
            visitor_contacts=self.random.random() < 0.3,
        )
        wait = timedelta(days=self.random.expovariate(1 / 4))
        if self.random.random() < calibration.share("referral_funnel", "answered_per_100_sent") and at + wait < self.house.anchor:
            self.house.__dict__.setdefault("answers", []).append((at + wait, referral))

    def _finishes(self, subject: object, at: datetime) -> None:
        visit, member, _encounter = subject  # type: ignore[misc]
        random = self.random
        referred = Referral.objects.filter(encounter_link__encounter__visit=visit).exists()
        code = "ohjattu" if referred else random.choices(["riitti", "jatko", "tyohon", "kesken"], [62, 24, 10, 4])[0]
        if random.random() < 0.85 and visit.party == Party.CLIENT:
            self._tells(visit, member, at)
        encounters.finish(visit, result=self.house.terms[Term.Kind.RESULT, code], by=member, at=at)
        guest = self.joined.pop(visit.pk, None)
        for one in filter(None, (member, guest)):
            self.at(at + timedelta(minutes=random.expovariate(1 / OTHER_WORK)), "is_free", one)

    def _is_free(self, member: object, _at: datetime) -> None:
        self.free.append(member)  # type: ignore[arg-type]

    def _tells(self, visit: Visit, member: Member, at: datetime) -> None:
        situation = calibration.draw(self.random, "status_self_reported")
        age = calibration.draw(self.random, "age_band")
        arrival.add_details(
            visit,
            by=member,
            at=at,
            language=visit.language,
            situation=self.house.terms.get((Term.Kind.SITUATION, SITUATIONS.get(situation, situation))),
            age_band=self.house.terms.get((Term.Kind.AGE_BAND, AGES.get(age, age.replace("-", "_")))),
            employer=visit.employer,
        )


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
        play.at(moment + timedelta(seconds=play.random.randint(0, 890)), "arrives", None)
    play.run()
    closing.close_day(play.day, by=desk, at=play.day.ends + timedelta(minutes=5))
    closing.end_leftovers(play.day, at=play.day.ends + timedelta(hours=9))


def today(play: Play) -> None:
    """The day in progress: a few hours of arrivals up to the anchor."""
    begins = play.house.anchor - timedelta(hours=4, minutes=20)
    begins = max(begins, play.day.starts + timedelta(minutes=1))
    days.open_day(play.day, by=play.desk, at=begins)
    length = (play.house.anchor - begins).total_seconds()
    for _n in range(max(8, round(length / 3600 * 9))):
        play.at(begins + timedelta(seconds=play.random.uniform(0, length)), "arrives", None)
    for minutes in (23, 17, 12, 8, 5, 2):
        play.at(play.house.anchor - timedelta(minutes=minutes + play.random.random()), "arrives", None)
    play.run()


def answer_referrals(house: House, random: Random) -> None:
    """Partners answer what they were sent."""
    for at, referral in sorted(house.__dict__.get("answers", []), key=lambda row: (row[0], str(row[1].pk))):
        recipients = [m for m in house.members.values() if m.organisation_id == referral.organisation_id]
        by = random.choice(recipients) if recipients else frame.contact_of(house, referral.organisation)
        accepted = random.random() < calibration.share("referral_funnel", "accepted_per_100_answered")
        referrals.answer(referral, Referral.Status.ACCEPTED if accepted else Referral.Status.DECLINED, by=by, at=at)
