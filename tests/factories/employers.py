"""Employers."""

from __future__ import annotations

import factory

from employers.models import Employer
from tests.factories.team import PointFactory, at
from tyoparkki.names import name_key, name_parts


class EmployerFactory(factory.django.DjangoModelFactory[Employer]):
    """An invented firm."""

    class Meta:
        model = Employer

    point = factory.SubFactory(PointFactory)
    name = factory.Sequence(lambda n: f"Koeyritys {n} Oy")
    name_key = factory.LazyAttribute(lambda row: name_key(row.name))
    name_parts = factory.LazyAttribute(lambda row: name_parts(row.name))
    created_at = factory.LazyFunction(lambda: at(9))
