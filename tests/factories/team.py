"""Organisations, people, points, days and shifts."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import factory

from team.models import (
    Desk,
    Device,
    Membership,
    OpeningRule,
    Organisation,
    Profession,
    Role,
    ServiceDay,
    ServicePoint,
    Shift,
    Skill,
    Term,
    Topic,
    User,
)
from tyoparkki.clock import HELSINKI
from tyoparkki.ids import secret_hash
from tyoparkki.models import Language, Municipality

WEDNESDAY = date(2026, 11, 18)
PASSWORD = "kadunvarren penkki 18"


def at(hour: int, minute: int = 0, *, on: date = WEDNESDAY) -> datetime:
    """A moment of the test Wednesday by the wall clock of Hämeenlinna."""
    return datetime.combine(on, time(hour, minute), tzinfo=HELSINKI)


class MunicipalityFactory(factory.django.DjangoModelFactory[Municipality]):
    """Hämeenlinna, unless told otherwise."""

    class Meta:
        model = Municipality
        django_get_or_create = ("code",)

    code = "109"
    names = factory.LazyAttribute(lambda row: {"fi": "Hämeenlinna", "sv": "Tavastehus", "en": "Hämeenlinna"})
    employment_area = "42"
    employment_area_name = "TyöHäme"


class LanguageFactory(factory.django.DjangoModelFactory[Language]):
    """Finnish, unless told otherwise."""

    class Meta:
        model = Language
        django_get_or_create = ("code",)

    code = "fi"
    names = factory.LazyAttribute(lambda row: {"fi": row.code, "sv": row.code, "en": row.code})


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    """An invented association."""

    class Meta:
        model = Organisation

    names = factory.Sequence(lambda n: {"fi": f"Kokeiluyhdistys {n}", "sv": f"Provföreningen {n}", "en": f"Trial {n}"})
    short_name = factory.Sequence(lambda n: f"Yhdistys {n}")
    kind = Organisation.Kind.ASSOCIATION


class ProfessionFactory(factory.django.DjangoModelFactory[Profession]):
    """A trade."""

    class Meta:
        model = Profession
        django_get_or_create = ("code",)

    code = "uraohjaus"
    names = factory.LazyAttribute(lambda row: {"fi": row.code, "sv": row.code, "en": row.code})


class SkillFactory(factory.django.DjangoModelFactory[Skill]):
    """Something to be asked about."""

    class Meta:
        model = Skill
        django_get_or_create = ("code",)

    code = "palkkatuki"
    names = factory.LazyAttribute(lambda row: {"fi": row.code, "sv": row.code, "en": row.code})


class PointFactory(factory.django.DjangoModelFactory[ServicePoint]):
    """A service point open on Wednesdays 10–18, with desks, topics and words."""

    class Meta:
        model = ServicePoint
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"piste-{n}")
    names = {"fi": "TyöParkki Hämeenlinna", "sv": "TyöParkki Tavastehus", "en": "TyöParkki Hämeenlinna"}
    organisation = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.MUNICIPALITY)
    municipality = factory.SubFactory(MunicipalityFactory)
    street_address = "Esimerkkikatu 1"
    postal_code = "13100"
    city = "Hämeenlinna"
    phone = "+358 3 000 0001"

    @factory.post_generation
    def furniture(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Rules, desks, topics, situations, age bands and results."""
        OpeningRule.objects.create(
            point=self, weekday=3, opens_at=time(10), closes_at=time(18), valid_from=date(2024, 1, 1)
        )
        Desk.objects.bulk_create([Desk(point=self, number=number) for number in range(1, 9)])
        names = ["tyonhaku", "cv", "koulutus", "alanvaihto", "tyokyky", "kotoutuminen", "raha", "digi", "irtisanottu"]
        for position, code in enumerate([*names, "muu"], 1):
            TopicFactory(point=self, code=code, position=position, key=str(position % 10))
        TopicFactory(point=self, code="rekry", position=11, parties=["employer"])
        for kind, codes in {
            Term.Kind.SITUATION: ["tyoton", "tyossa", "alanvaihtaja", Term.NOT_ASKED],
            Term.Kind.AGE_BAND: ["30_34", "35_44", "45_54", Term.NOT_ASKED],
            Term.Kind.RESULT: ["riitti", "ohjattu", "jatko", "tyohon", "kesken"],
            Term.Kind.ENDING: ["tavoite", "tyohon", "keskeytyi"],
            Term.Kind.REFUSAL: ["taynna", "sopivampi", "muu"],
            Term.Kind.ASIDE: ["ei_halua", "muu"],
            Term.Kind.SOURCE: ["itse", "kaveri", "some"],
        }.items():
            for position, code in enumerate(codes):
                Term.objects.create(
                    point=self,
                    kind=kind,
                    code=code,
                    position=position,
                    names={"fi": code, "sv": code, "en": code},
                )


class TopicFactory(factory.django.DjangoModelFactory[Topic]):
    """Why a visitor comes; without professions anybody may take it."""

    class Meta:
        model = Topic

    point = factory.SubFactory(PointFactory)
    code = factory.Sequence(lambda n: f"aihe-{n}")
    names = factory.LazyAttribute(lambda row: {"fi": row.code.title(), "sv": row.code, "en": row.code})
    icon = "search"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An invented colleague who speaks Finnish."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"kollega{n}")
    name = factory.Sequence(lambda n: f"Kollega Koe{n}")
    languages = factory.LazyFunction(lambda: ["fi"])
    password = factory.django.Password(PASSWORD)


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """An advisor of the point's own organisation."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    point = factory.SubFactory(PointFactory)
    organisation = factory.SelfAttribute("point.organisation")
    role = Role.ADVISOR
    valid_from = date(2024, 1, 1)

    class Params:
        front_desk = factory.Trait(role=Role.FRONT_DESK)
        manager = factory.Trait(role=Role.MANAGER)
        admin = factory.Trait(role=Role.ADMIN)
        expert = factory.Trait(role=Role.EXPERT_BY_EXPERIENCE)
        partner = factory.Trait(organisation=factory.SubFactory(OrganisationFactory))


class ServiceDayFactory(factory.django.DjangoModelFactory[ServiceDay]):
    """The test Wednesday, doors open."""

    class Meta:
        model = ServiceDay

    point = factory.SubFactory(PointFactory)
    on = WEDNESDAY
    opens_at = time(10)
    closes_at = time(18)
    state = ServiceDay.State.OPEN
    opened_at = factory.LazyAttribute(lambda row: at(10, on=row.on))

    class Params:
        planned = factory.Trait(state=ServiceDay.State.PLANNED, opened_at=None)
        closed = factory.Trait(state=ServiceDay.State.CLOSED, closed_at=factory.LazyAttribute(lambda row: at(18)))


class ShiftFactory(factory.django.DjangoModelFactory[Shift]):
    """On shift the whole day."""

    class Meta:
        model = Shift

    day = factory.SubFactory(ServiceDayFactory)
    membership = factory.SubFactory(MembershipFactory, point=factory.SelfAttribute("..day.point"))
    starts_at = factory.LazyAttribute(lambda row: row.day.starts)
    ends_at = factory.LazyAttribute(lambda row: row.day.ends)
    created_at = factory.LazyAttribute(lambda row: row.day.starts)


class DeviceFactory(factory.django.DjangoModelFactory[Device]):
    """A paired feedback tablet; its token is the `token` that the test chose."""

    class Meta:
        model = Device

    class Params:
        token = factory.Sequence(lambda n: f"laitteen-salaisuus-{n:04d}-koetta-varten")

    point = factory.SubFactory(PointFactory)
    kind = "feedback"
    name = factory.Sequence(lambda n: f"Tabletti {n}")
    token_hash = factory.LazyAttribute(lambda row: secret_hash(row.token))
    paired_at = factory.LazyFunction(lambda: at(9))
