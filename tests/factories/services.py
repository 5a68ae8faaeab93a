"""Services of the catalogue, made findable."""

from __future__ import annotations

from typing import Any

import factory

from services import actions
from services.models import Channel, Service
from tests.factories.team import WEDNESDAY, OrganisationFactory, at


class ServiceFactory(factory.django.DjangoModelFactory[Service]):
    """A published service, confirmed this week; `indexed=True` makes it findable."""

    class Meta:
        model = Service
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    names = factory.Sequence(lambda n: {"fi": f"Työpaja {n}", "sv": f"Verkstad {n}", "en": f"Workshop {n}"})
    summaries = factory.LazyAttribute(lambda row: {"fi": "Tekemistä ja tukea arkeen.", "sv": "Stöd i vardagen."})
    descriptions = factory.LazyAttribute(lambda row: {"fi": "Tule tutustumaan. Aloitat omassa tahdissa."})
    languages = factory.LazyFunction(lambda: ["fi"])
    service_classes = factory.LazyFunction(lambda: ["P10.7"])
    target_groups = factory.LazyFunction(lambda: ["KR1"])
    verified_on = WEDNESDAY

    class Params:
        retired = factory.Trait(status=Service.Status.RETIRED, retired_at=at(9))

    @factory.post_generation
    def indexed(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Write what it is found by."""
        if extracted:
            actions.index([self])


class ChannelFactory(factory.django.DjangoModelFactory[Channel]):
    """A place open on weekdays."""

    class Meta:
        model = Channel

    organisation = factory.SubFactory(OrganisationFactory)
    kind = Channel.Kind.PLACE
    names = factory.Sequence(lambda n: {"fi": f"Talo {n}", "sv": f"Huset {n}"})
    street_addresses = factory.LazyFunction(lambda: {"fi": "Esimerkkikatu 2", "sv": "Exempelgatan 2"})
    postal_code = "13100"
    post_offices = factory.LazyFunction(lambda: {"fi": "HÄMEENLINNA", "sv": "TAVASTEHUS"})
    phone = "+358 000 000 011"
    hours = factory.LazyFunction(lambda: [{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "15:00"}])
