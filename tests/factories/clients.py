"""People on file as the actions record them, and the texts they agreed to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import factory

from clients.actions.client import Person, contact_columns, record_person
from clients.actions.consent import Given
from clients.actions.plan import Step, add_step, open_plan
from clients.models import Client, Consent, ConsentText, ContactPoint, Plan, Referral
from clients.models.consent import Purpose
from clients.sounds import sound_parts
from services.models import Service
from team.access import Member
from tests.factories.team import MembershipFactory, OrganisationFactory, PointFactory, at
from tyoparkki import clock
from tyoparkki.names import name_key, name_parts


class ClientFactory(factory.django.DjangoModelFactory[Client]):
    """A person without any consent: visible to nobody until one is given."""

    class Meta:
        model = Client

    point = factory.SubFactory(PointFactory)
    controller = factory.SelfAttribute("point.organisation")
    name = factory.Sequence(lambda n: f"Aino Esimerkki{n}")
    name_key = factory.LazyAttribute(lambda row: name_key(row.name))
    name_parts = factory.LazyAttribute(lambda row: name_parts(row.name))
    sound_parts = factory.LazyAttribute(lambda row: sound_parts(row.name))
    created_at = factory.LazyFunction(lambda: at(10))


class ContactPointFactory(factory.django.DjangoModelFactory[ContactPoint]):
    """An invented telephone number that cannot be dialled."""

    class Meta:
        model = ContactPoint

    client = factory.SubFactory(ClientFactory)
    kind = ContactPoint.Kind.PHONE
    value = "+358 000 000 012"
    value_key = factory.LazyAttribute(lambda row: contact_columns(row.kind, row.value)["value_key"])
    value_parts = factory.LazyAttribute(lambda row: contact_columns(row.kind, row.value)["value_parts"])
    created_at = factory.LazyFunction(lambda: at(10))


class ConsentTextFactory(factory.django.DjangoModelFactory[ConsentText]):
    """The words in Finnish."""

    class Meta:
        model = ConsentText
        django_get_or_create = ("purpose", "version", "language")

    purpose = Purpose.RECORD
    version = 1
    language = "fi"
    title = "Tietoni saa kirjata"
    body = "Tiimi saa kirjata tietoni."


class ConsentFactory(factory.django.DjangoModelFactory[Consent]):
    """A yes to be recorded by the team of the client's point."""

    class Meta:
        model = Consent

    client = factory.SubFactory(ClientFactory)
    purpose = Purpose.RECORD
    recipient_point = factory.SelfAttribute("client.point")
    text = factory.SubFactory(ConsentTextFactory, purpose=factory.SelfAttribute("..purpose"))
    how = Consent.How.WORDS
    given_at = factory.LazyFunction(lambda: at(10))
    recorded_by = factory.SubFactory(MembershipFactory, point=factory.SelfAttribute("..client.point"))

    class Params:
        share = factory.Trait(
            purpose=Purpose.SHARE,
            recipient_point=None,
            recipient_organisation=factory.SubFactory(OrganisationFactory),
            contents=["contact"],
        )


class ServiceRowFactory(factory.django.DjangoModelFactory[Service]):
    """A service to refer to."""

    class Meta:
        model = Service

    organisation = factory.SubFactory(OrganisationFactory)
    names = factory.Sequence(lambda n: {"fi": f"Työpaja {n}", "sv": f"Verkstad {n}", "en": f"Workshop {n}"})


class ReferralFactory(factory.django.DjangoModelFactory[Referral]):
    """A referral that waits for an answer."""

    class Meta:
        model = Referral

    point = factory.SubFactory(PointFactory)
    carrier_code = factory.Sequence(lambda n: f"ACDE-{3330 + n:04d}")
    organisation = factory.SubFactory(OrganisationFactory)
    sender = factory.SubFactory(MembershipFactory, point=factory.SelfAttribute("..point"))
    sender_organisation = factory.SelfAttribute("sender.organisation")
    status = Referral.Status.SENT
    next_actor = Referral.NextActor.RECIPIENT
    sent_at = factory.LazyFunction(lambda: at(11))


def person_on_file(by: Member, *, moment: datetime | None = None, **told: Any) -> Client:
    """Somebody who agreed to be recorded by the team of the member's point."""
    told.setdefault("name", "Aino Esimerkki")
    return record_person(Person(**told), by=by, at=moment or at(11), consent=Given())


def plan_of(
    client: Client,
    by: Member,
    *,
    moment: datetime | None = None,
    goal: str = "Haluan töihin lähelle kotia",
    what: str = "Soittaa oppilaitokseen",
    **told: Any,
) -> Plan:
    """The person's plan with a goal and a step, not yet approved."""
    now = moment or at(11)
    told.setdefault("by_on", clock.local_date(now) + timedelta(days=14))
    plan = open_plan(client, goal=goal, by=by, at=now)
    add_step(plan, step=Step(what=what, **told), by=by, at=now)
    return Plan.objects.get(pk=plan.pk)
