"""Two service points on the test Wednesday: one where nobody has come yet, and one in full swing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.test import Client as Browser

from clients.actions.consent import load_consent_texts
from clients.models import Client
from services.models import Service
from team.access import Member
from team.actions import help as help_calls
from team.actions import shift as shifts
from team.models import Membership, Shift
from tests.factories.clients import ReferralFactory, ServiceRowFactory, person_on_file
from tests.factories.team import (
    DeviceFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ProfessionFactory,
    ServiceDayFactory,
    ShiftFactory,
    SkillFactory,
    at,
)
from tests.factories.visits import House
from visits.actions import arrival, calling, encounters, guidance, identity
from visits.models import Encounter, Visit

T = TypeVar("T")

# Long on purpose: what fits with these fits with people's own.
LONG_NAME = "Wilhelmiina-Alexandra Esimerkki-Koskenkorvanen"
LONG_NOTE = (
    "Kaipaa rauhallista paikkaa ja toivoo, että sama ohjaaja jatkaa; kuulolaite, puhu selkeästi ja kasvot häneen päin."
)


def cookies_of(who: Member | None) -> dict[str, str]:
    """What the browser of a signed-in member sends."""
    if who is None:
        return {}
    browser = Browser()
    browser.force_login(who.user)
    return {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}


def device_cookies(house: House, kind: str = "feedback") -> dict[str, str]:
    """What a paired device of the point sends."""
    token = f"laite-{uuid4()}"
    DeviceFactory(point=house.point, kind=kind, token=token, name="Tabletti oven vieressä")
    return {f"device_{kind}": token}


class Scene:
    """A house and the members who look at it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.now = house.now
        self.members: dict[str, Member] = {"front_desk": house.desk}
        self.made: dict[Any, Any] = {}

    def once(self, what: Callable[[Scene], T]) -> T:
        """Made at the first asking, the same ever after: a screen is looked at in several languages."""
        if what not in self.made:
            self.made[what] = what(self)
        return self.made[what]  # type: ignore[no-any-return]

    def member(self, role: str) -> Member:
        """Somebody in this role; an advisor is on shift."""
        if role not in self.members:
            if role == "advisor":
                self.members[role] = self.house.advisor(languages=("fi", "en"))
            else:
                self.members[role] = Member(MembershipFactory(point=self.house.point, role=role))
        return self.members[role]

    @property
    def advisor(self) -> Member:
        """The advisor who looks at the screen."""
        return self.member("advisor")

    @cached_property
    def partner(self) -> Member:
        """A colleague of another organisation, who is asked into visits."""
        organisation = OrganisationFactory(
            names={
                "fi": "Kanta-Hämeen monikulttuurisuus- ja työllisyysyhdistys ry",
                "sv": "Egentliga Tavastlands förening för mångkultur",
                "en": "Association for Multiculturalism and Employment",
            },
            short_name="Monikulttuurisuusyhdistys",
        )
        profession = ProfessionFactory(
            code="velkaneuvonta",
            names={"fi": "Talous- ja velkaneuvonta", "sv": "Ekonomi- och skuldrådgivning", "en": "Debt counselling"},
        )
        membership: Membership = MembershipFactory(
            point=self.house.point, organisation=organisation, user__name=LONG_NAME, user__languages=["fi", "ar"]
        )
        membership.user.professions.set([profession])
        membership.user.skills.set(
            [SkillFactory(names={"fi": "Palkkatuki", "sv": "Lönesubvention", "en": "Pay subsidy"})]
        )
        ShiftFactory(day=self.house.day, membership=membership, profession=profession)
        return Member(membership)

    @cached_property
    def service(self) -> Service:
        """Something to be guided to."""
        row: Service = ServiceRowFactory(
            organisation=self.partner.membership.organisation,
            names={
                "fi": "Henkilökohtainen työhönvalmennus osatyökykyisille",
                "sv": "Personlig arbetsträning",
                "en": "Personal job coaching",
            },
        )
        return row

    @cached_property
    def person(self) -> Client:
        """Somebody on file, with all that can be known."""
        return person_on_file(
            self.advisor,
            moment=at(10),
            name=LONG_NAME,
            contact_kind="phone",
            contact_value="+358 000 000 012",
            language="fi",
            municipality=MunicipalityFactory(),
            year_of_birth=1985,
        )

    def waiting(self, minute: int, **details: Any) -> Visit:
        """Somebody came at this minute of ten o'clock and waits."""
        return self.house.arrive(at(10, minute), **details)

    def with_visitor(self) -> Encounter:
        """The advisor sits with a visitor, and much has been agreed."""
        running = Encounter.objects.filter(
            visit__point=self.house.point, participations__membership=self.advisor.membership
        )
        encounter = running.filter(ended_at__isnull=True).first()
        return encounter or self._meet()

    def _meet(self) -> Encounter:
        by, partner = self.advisor, self.partner.membership
        visit = self.waiting(40, note=LONG_NOTE, called_name="Wilhelmiina", topic=self.house.topic("alanvaihto"))
        called = calling.call_in(visit, by=by, at=at(10, 50))
        encounter = encounters.start(called, by=by, at=at(10, 51))
        identity.join_client(visit, self.person, by=by, at=at(10, 52))
        guidance.agree_step(
            encounter,
            what="Päivitä CV ja tuo se ensi keskiviikkona työpajalle",
            by=by,
            at=at(10, 53),
            due_on=date(2026, 11, 25),
            benefit="Hakemus lähtee ajoissa",
        )
        guidance.refer(encounter, service=self.service, reason="Haluaa kokeilla uutta alaa.", by=by, at=at(10, 54))
        encounters.invite(visit, partner, mode="together", by=by, at=at(10, 55), client_agreed=True)
        guidance.share(encounter, partner.organisation, by=by, at=at(10, 56), client_agreed=True)
        return encounter


class World:
    """What the screens are looked at in: nothing yet, or everything at once."""

    def __init__(self) -> None:
        load_consent_texts(at=at(8))

    @cached_property
    def bare(self) -> Scene:
        """The doors are still closed."""
        return Scene(House(planned=True))

    @cached_property
    def full(self) -> Scene:
        """Eleven o'clock of a busy day."""
        scene = Scene(House())
        fill(scene)
        return scene


def fill(scene: Scene) -> None:
    """Visits in every state, colleagues in every state, a day planned ahead."""
    house = scene.house
    for step in (_guided, _called_and_paused, _queue, _colleagues, _referrals):
        step(scene)
    help_calls.call_help(by=scene.partner, at=at(10, 58))
    ServiceDayFactory(planned=True, point=house.point, on=date(2026, 11, 25))


def _guided(scene: Scene) -> None:
    house, colleague = scene.house, scene.house.advisor()
    scene.members["colleague"] = colleague
    encounter = house.in_service(colleague, scene.waiting(2), at(10, 5))
    encounters.finish(encounter.visit, result=house.result(), by=colleague, at=at(10, 20))
    together = house.in_service(colleague, scene.waiting(12, topic=house.topic("raha")), at(10, 25))
    asked = encounters.invite(
        together.visit, scene.partner.membership, mode="together", by=colleague, at=at(10, 27), client_agreed=True
    )
    encounters.come_along(asked, by=scene.partner, at=at(10, 28))


def _called_and_paused(scene: Scene) -> None:
    caller = scene.house.advisor()
    called = calling.call_in(scene.waiting(14), by=caller, at=at(10, 50))
    calling.call_again(called, by=caller, at=at(10, 54))
    calling.pause(scene.waiting(16), by=scene.house.desk, at=at(10, 30))
    calling.leave(scene.waiting(18), by=scene.house.desk, at=at(10, 40))


def _queue(scene: Scene) -> None:
    house = scene.house
    scene.waiting(30, note=LONG_NOTE, called_name=LONG_NAME[:40], topic=house.topic("tyokyky"))
    scene.waiting(43, language="ar", asks_for=scene.partner.membership)
    scene.waiting(50, party="employer", topic=house.topic("rekry"))
    scene.waiting(56, party="group", party_size=6, topic=house.topic("digi"))
    arrival.add_details(
        scene.waiting(57),
        by=house.desk,
        at=at(10, 58),
        language="fi",
        asks_for_profession=ProfessionFactory(code="velkaneuvonta"),
        note="Tulee yhdessä siskonsa kanssa.",
    )


def _colleagues(scene: Scene) -> None:
    away = scene.house.advisor(languages=("fi", "sv"))
    shifts.start_break(Shift.objects.get(membership=away.membership), by=away, at=at(10, 45), until=at(11, 15))
    DeviceFactory(point=scene.house.point, name="Tabletti oven vieressä")


def _referrals(scene: Scene) -> None:
    ReferralFactory(
        point=scene.house.point,
        service=scene.service,
        organisation=scene.advisor.membership.organisation,
        reason="Haluaa tutustua työpajaan ennen kuin päättää opinnoista.",
    )
