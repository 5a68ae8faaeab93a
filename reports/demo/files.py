"""People whose matters go on: who answers for them, plans, contacts, referrals, what has changed and what came of it.

Each story is played by the product's own actions on past days, at eleven and after; at the end the clocks strike once,
so that what is due stands on everybody's lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clients.actions import assessment as assessments
from clients.actions import background, plan_end, plan_phase, referral_clock, reminder, statutory
from clients.actions import client as people
from clients.actions import companion as companions
from clients.actions import consent as consents
from clients.actions import outcome as outcomes
from clients.actions import plan as plans
from clients.actions import referral as referrals
from clients.actions import responsibility as hands
from clients.actions.consent import Given
from clients.actions.plan import Step
from clients.models import (
    Client,
    Consent,
    ContactNote,
    InstrumentVersion,
    Outcome,
    OutcomeType,
    Plan,
    PlanReview,
    PlanStep,
    Referral,
    ResponsibilityOffer,
)
from clients.models.consent import Purpose
from reports.demo import words
from reports.demo.house import House
from reports.demo.together import look_together
from services.models import Service
from team.access import Member
from team.models import Term
from tyoparkki import clock
from tyoparkki.clock import HELSINKI
from tyoparkki.models import Municipality

Who, Mode = PlanStep.Who, ContactNote.Mode
PHONES = "+358 000 000 1{:02d}"
ALL_BUT_ASSESSMENTS = ("contact", "situation", "guidance", "plan")


@dataclass
class Files:
    """The people on file of whom something goes on, and those who work with them."""

    house: House
    made: int = 0

    @property
    def leila(self) -> Member:
        """The advisor as whom a visitor of the demonstration signs in."""
        return self.house.members["neuvoja"]

    @property
    def noora(self) -> Member:
        """The partner's advisor."""
        return self.house.members["kumppani"]

    @property
    def today(self) -> date:
        """The day of the demonstration."""
        return clock.local_date(self.house.anchor)

    def ago(self, days: int, minutes: int = 0) -> datetime:
        """So many days ago, after eleven."""
        moment = datetime.combine(self.today - timedelta(days=days), time(11), tzinfo=HELSINKI)
        return moment + timedelta(minutes=minutes)

    def on(self, days: int) -> date:
        """In so many days; those that were are counted below zero."""
        return self.today + timedelta(days=days)

    def person(
        self,
        name: str,
        born: int,
        days: int,
        *,
        language: str = "fi",
        by: Member | None = None,
        phone: int | None = None,
    ) -> Client:
        """Somebody came on file so many days ago and may be contacted."""
        self.made += 1
        told = self._told(name, born, language, self.made if phone is None else phone)
        return people.record_person(told, by=by or self.leila, at=self.ago(days), consent=Given(), may_contact=True)

    def prospect(self, name: str, born: int, days: int) -> Client:
        """Somebody who agreed to a month only."""
        self.made += 1
        at = self.ago(days)
        given = Given.for_a_month("words", "fi", at=at)
        return people.record_person(self._told(name, born, "fi", self.made), by=self.leila, at=at, consent=given)

    def _told(self, name: str, born: int, language: str, phone: int) -> people.Person:
        return people.Person(
            name=name,
            contact_kind="phone",
            contact_value=PHONES.format(phone),
            language=language,
            municipality=Municipality.objects.get(code="109"),
            year_of_birth=born,
        )

    def shares(self, person: Client, days: int, contents: tuple[str, ...] = ALL_BUT_ASSESSMENTS) -> None:
        """The person lets the partner know."""
        consents.give_consent(
            person, by=self.leila, at=self.ago(days, 20), purpose=Purpose.SHARE, given=Given(),
            organisation=self.noora.membership.organisation, contents=contents,
        )  # fmt: skip

    def plan(
        self,
        person: Client,
        days: int,
        goal: str,
        steps: list[Step],
        *,
        by: Member | None = None,
        approved: bool = True,
    ) -> Plan:
        """A plan was made together, and perhaps approved in the same meeting."""
        by = by or self.leila
        plan = plans.open_plan(person, goal=goal, by=by, at=self.ago(days, 25))
        first = plan.goals.get()
        for number, step in enumerate(steps):
            plans.add_step(plan, step=_towards(step, first.pk), by=by, at=self.ago(days, 30 + number))
        plan.refresh_from_db()
        if approved:
            plans.approve_plan(plan, how=Consent.How.WORDS, by=by, at=self.ago(days, 45), version=plan.version)
        return plan

    def contacts(self, person: Client, *told: tuple[int, str], by: Member | None = None) -> None:
        """One was in touch, so many days ago and in such a way."""
        for days, mode in told:
            reminder.note_contact(person, mode=mode, by=by or self.leila, at=self.ago(days, 60))

    def done(self, plan: Plan, what: str, days: int) -> None:
        """A step was done."""
        plans.finish_step(plan.steps.get(what=what), by=self.leila, at=self.ago(days, 65))

    def refers(
        self,
        person: Client | None,
        days: int,
        why: str,
        *,
        service: str = "Työkykykoordinaattorin neuvonta",
        together: referrals.MultiSectoral | None = None,
    ) -> Referral:
        """The person is guided to a service of the partner, or to multi-sectoral support."""
        organisation = self.noora.membership.organisation
        fitting = Service.objects.published().filter(organisation=organisation, names__fi__startswith=service)
        return referrals.refer(
            point=self.house.point,
            by=self.leila,
            at=self.ago(days, 50),
            service=fitting.first(),
            organisation=organisation,
            client=person,
            reason=why,
            multi_sectoral=together,
        )

    def word(self, kind: str, place: int = 0) -> Term:
        """A word of the point's vocabulary, by its place in the list."""
        return list(Term.objects.at(self.house.point.pk, kind))[place]


def _towards(step: Step, goal: object) -> Step:
    told = {name: getattr(step, name) for name in step.__slots__}
    return Step(**{**told, "goal_id": goal})


def play_files(house: House) -> int:
    """All the stories, then the clocks; how many people there are."""
    files = Files(house)
    for tell in (
        _one_goes_well, _one_waits_for_approval, _one_came_to_work, _one_was_forgotten, _one_is_accompanied,
        _one_is_offered, _one_changes_slowly, _one_had_no_room, _one_began, _one_waits_in_vain, _a_carrier_of_a_code,
        _two_may_be_one, _one_for_a_month,
    ):  # fmt: skip
        tell(files)
    referral_clock.lapse_overdue(at=house.anchor)
    reminder.keep_clocks(at=house.anchor, using="default")
    referral_clock.remind(at=house.anchor, using="default")
    return files.made


def _one_goes_well(files: Files) -> None:
    """An approved plan in its third phase, beside a statutory one; a measure ends soon, the partner was in touch."""
    person = files.person(words.PEOPLE[0], 1979, 62)
    files.shares(person, 62)
    steps = [
        Step("Päivitän ansioluettelon", by_on=files.on(-40), benefit="Hakemus lähtee valmiina"),
        Step("Soitan kahteen kahvilaan", by_on=files.on(5), benefit="Tiedän, missä tarvitaan tekijää"),
        Step("Työkokeilu kahvilassa", by_on=files.on(12), ends_on=files.on(12), benefit="Näen, jaksanko täyden päivän"),
    ]
    plan = files.plan(person, 60, "Töihin kahvilaan, mieluiten aamuvuoroon.", steps)
    known = statutory.Agreed("employment", files.leila.membership.organisation, files.on(-60), review_on=files.on(10))
    statutory.record_statutory(plan, known, by=files.leila, at=files.ago(60, 50))
    files.done(plan, "Päivitän ansioluettelon", 44)
    plan_phase.set_phase(plan, "steps", by=files.leila, at=files.ago(44, 66))
    files.contacts(person, (44, Mode.DESK), (23, Mode.PHONE), (6, Mode.MESSAGE))
    sent = files.refers(person, 20, "Haluan tietää, kuinka monta tuntia päivässä jaksan.")
    referrals.receive(sent, by=files.noora, at=files.ago(17, 5))
    referrals.contact(sent, by=files.noora, at=files.ago(8, 5))


def _one_waits_for_approval(files: Files) -> None:
    """A plan made two days ago: the person takes it home to think."""
    person = files.person(words.PEOPLE[1], 1988, 9)
    steps = [
        Step("Kysyn koulusta, mitkä opinnot luetaan hyväksi", by_on=files.on(9), benefit="Opinnot lyhenevät"),
        Step("Selvitän, paljonko opintoihin voi saada tukea", Who.STAFF, by_on=files.on(7), benefit="Raha ei ole este"),
    ]
    files.plan(person, 2, "Lähihoitajaksi kahdessa vuodessa.", steps, approved=False)


def _one_came_to_work(files: Files) -> None:
    """A plan that ended with work six weeks ago; how it goes is asked today."""
    person = files.person(words.PEOPLE[2], 1971, 150)
    steps = [Step("Haen varastotyöhön", by_on=files.on(-60), benefit="Työ on tuttua")]
    plan = files.plan(person, 140, "Vakituinen työ varastolta.", steps)
    files.contacts(person, (120, Mode.DESK), (95, Mode.PHONE), (70, Mode.DESK))
    files.done(plan, "Haen varastotyöhön", 60)
    outcomes.record_outcome(
        person, OutcomeType.objects.get(code="tyo"), since_on=files.on(-40), known=Outcome.Known.TOLD, by=files.leila,
        at=files.ago(40, 60),
    )  # fmt: skip
    files.contacts(person, (40, Mode.PHONE))
    plan_end.close_plan(
        plan, ending=Plan.Ending.REACHED, result=Plan.Result.WORK,
        summary="Vakituinen työ alkoi. Ovi on auki takaisin.", by=files.leila, at=files.ago(38, 30),
    )  # fmt: skip
    hands.release(person, by=files.leila, at=files.ago(38, 40), ending="enough", reason="Työ alkoi.")


def _one_was_forgotten(files: Files) -> None:
    """Five weeks without a word, and a step whose day has passed."""
    person = files.person(words.PEOPLE[3], 1966, 80)
    steps = [Step("Varaan ajan velkaneuvontaan", by_on=files.on(-16), benefit="Laskut saadaan järjestykseen")]
    files.plan(person, 75, "Talous kuntoon, sitten takaisin rakennuksille.", steps)
    files.contacts(person, (58, Mode.DESK), (37, Mode.PHONE))


def _one_is_accompanied(files: Files) -> None:
    """A colleague walks beside the person to offices; the person has told what is hard just now."""
    person = files.person(words.PEOPLE[4], 1992, 48, language="uk")
    consents.give_consent(person, by=files.leila, at=files.ago(48, 20), purpose=Purpose.BACKGROUND, given=Given())
    told = background.Told("guidance", words="Juuri Suomeen muuttanut", needs=["language", "company"])
    background.record_background(person, told, by=files.leila, at=files.ago(48, 21))
    steps = [Step("Menemme yhdessä kielikahvilaan", Who.STAFF, by_on=files.on(3), benefit="Puhun suomea turvallisesti")]
    files.plan(person, 45, "Suomen kieli niin hyväksi, että voin hakea töitä.", steps)
    companions.add_companion(person, files.house.members["riikka"].membership, by=files.leila, at=files.ago(40, 15))
    files.contacts(person, (30, Mode.ACCOMPANIED), (11, Mode.ACCOMPANIED))


def _one_is_offered(files: Files) -> ResponsibilityOffer:
    """A colleague asks the advisor to take a person over."""
    jukka = files.house.members["jukka"]
    person = files.person(words.PEOPLE[5], 1984, 55, by=jukka)
    steps = [Step("Tutustun logistiikan työhön", by_on=files.on(8), benefit="Tiedän, sopiiko ala")]
    files.plan(person, 50, "Uusi ala, jossa ei tarvitse nostaa.", steps, by=jukka)
    files.contacts(person, (20, Mode.DESK), by=jukka)
    return hands.offer(
        person, files.leila.membership, by=jukka, at=files.ago(1, 15), reason="Persiaksi asiointi olisi helpompaa."
    )


def _one_changes_slowly(files: Files) -> None:
    """The same questions three times: the beginning, the middle and now."""
    person = files.person(words.PEOPLE[6], 1975, 170)
    files.shares(person, 170, ("contact", "plan", "assessments"))
    steps = [Step("Kävelen joka aamu puoli tuntia", by_on=files.on(6), benefit="Päivä alkaa samaan aikaan")]
    plan = files.plan(person, 165, "Päiviin rytmi, sitten osa-aikatyö.", steps)
    reminder.note_review(plan, kind=PlanReview.Kind.PLAN, by=files.leila, at=files.ago(84, 58))
    version = InstrumentVersion.objects.on_offer().get(instrument__key="tilanne")
    least, most = version.instrument.least, version.instrument.most
    for turn, days in enumerate((165, 84, 7)):
        scores = {key: min(most, least + turn + place % 2) for place, key in enumerate(version.keys)}
        assessments.record_assessment(person, version, scores, by=files.leila, at=files.ago(days, 55))
    files.contacts(person, (120, Mode.DESK), (84, Mode.DESK), (49, Mode.OUTREACH), (28, Mode.PHONE), (7, Mode.DESK))
    sent = files.refers(person, 80, "Tarvitsen jonkun, joka katsoo kuntoa kanssani.", service="Sosiaalinen kuntoutus")
    for days, act in ((77, referrals.receive), (72, referrals.contact), (66, referrals.start)):
        act(sent, by=files.noora, at=files.ago(days, 10))
    referrals.end(sent, files.word(Term.Kind.ENDING), by=files.noora, at=files.ago(12, 10))
    look_together(files, person)


def _one_had_no_room(files: Files) -> None:
    """A referral that could not be taken: the sender finds another way."""
    person = files.person(words.PEOPLE[7], 1990, 30)
    files.shares(person, 30, ("contact", "situation"))
    steps = [Step("Etsimme toisen ryhmän", Who.STAFF, by_on=files.on(2), benefit="Ei jäädä odottamaan")]
    files.plan(person, 28, "Ryhmä, jossa on muitakin samassa tilanteessa.", steps)
    files.contacts(person, (16, Mode.PHONE), (4, Mode.PHONE))
    sent = files.refers(person, 10, "Toivon ryhmää iltapäivisin.", service="Kuntouttava työtoiminta")
    referrals.decline(sent, files.word(Term.Kind.REFUSAL), by=files.noora, at=files.ago(1, 30))


def _one_began(files: Files) -> None:
    """Multi-sectoral support that goes on at the partner's, with the way back agreed."""
    person = files.person(words.PEOPLE[8], 1981, 65, language="ar")
    files.shares(person, 65)
    files.plan(person, 63, "Työ, jossa saan olla ulkona.", [Step("Käyn kuntoutuksen alkujaksolla", by_on=files.on(20))])
    files.contacts(person, (40, Mode.DESK), (9, Mode.VIDEO))
    criteria, ours = ["several_services", "support_300_days"], files.leila.membership.organisation
    back = referrals.MultiSectoral(criteria, ours, files.on(60), "Leila ja asiakas käyvät läpi, mitä jatko vaatii.")
    sent = files.refers(person, 50, "Polvi estää pitkän seisomisen.", together=back)
    for days, act in ((47, referrals.receive), (44, referrals.contact), (30, referrals.start)):
        act(sent, by=files.noora, at=files.ago(days, 10))


def _one_waits_in_vain(files: Files) -> None:
    """Nobody has answered for two weeks and more: the partner, the sender and the manager were reminded."""
    person = files.person(words.PEOPLE[9], 1996, 35)
    files.shares(person, 35, ("contact", "plan"))
    files.plan(person, 33, "Ensimmäinen oma työ.", [Step("Odotan soittoa ja vastaan siihen", by_on=files.on(-3))])
    files.contacts(person, (21, Mode.DESK), (10, Mode.MESSAGE))
    files.refers(person, 17, "Haluan puhua jaksamisesta ennen työn aloittamista.")
    fresh = files.person(words.PEOPLE[10], 1969, 6)
    files.shares(fresh, 6, ("contact", "situation", "guidance"))
    files.refers(fresh, 1, "Selkä on leikattu, mietin mitä työtä voin tehdä.")


def _a_carrier_of_a_code(files: Files) -> None:
    """Without a name: the visitor carries the code."""
    files.refers(None, 5, "Toivoo ryhmää, ei halua kertoa nimeään vielä.", service="Sosiaalinen kuntoutus")


def _two_may_be_one(files: Files) -> None:
    """The same person twice on file, as it happens at two desks."""
    files.person(words.SAME_PERSON[0], 1983, 90, by=files.house.members["elif"], phone=99)
    files.person(words.SAME_PERSON[1], 1983, 12, by=files.house.members["jukka"], phone=99)


def _one_for_a_month(files: Files) -> None:
    """A month's consent of which a few days are left."""
    files.prospect(words.PEOPLE[11], 1994, 26)
