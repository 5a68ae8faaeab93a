"""No table that can reach a person on file is forgotten by an export or an erasure."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from clients.models import Client
from clients.rights.held import declared, gaps, nobodys
from employers.models import Position
from tests.house.test_shape import APPS
from tyoparkki import walls
from tyoparkki.purge import promise_of

EVERY = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]
# Behind a wall, and not of anybody on file.
OF_OTHERS = {
    "feedback_response": "answers on the tablet belong to nobody",
    "tyoparkki_accessevent": "the log of looks: told to the person by itself, kept after an erasure by its key alone",
}


def test_every_table_that_can_reach_a_person_is_declared() -> None:
    assert gaps(EVERY) == []


def test_every_table_behind_a_wall_is_declared() -> None:
    known = {model._meta.db_table for model in declared()}
    assert set(walls.walled()) - known - set(OF_OTHERS) == set()
    assert set(OF_OTHERS) & known == set()


def test_every_declaration_names_columns_that_there_are() -> None:
    for model, held in declared().items():
        names = {column.name for column in model._meta.concrete_fields}
        for told in (held.told, held.kept_back, held.emptied, held.own_words):
            assert set(told) <= names, model._meta.label
        assert not set(held.told) & set(held.kept_back), model._meta.label


def test_every_personal_column_is_told_and_ends() -> None:
    """What a model itself calls personal: in the readable page, or kept back with a reason; gone, or emptied."""
    for model, held in declared().items():
        personal = set(promise_of(model).personal)
        if held.ending != "goes":
            assert personal <= set(held.emptied), model._meta.label
        assert personal - {"client"} <= set(held.told) | set(held.kept_back), model._meta.label


def test_what_is_nobodys_is_there() -> None:
    labels = {model._meta.label for model in EVERY} | set(APPS)
    assert set(nobodys()) <= labels
    assert all(nobodys().values())


@isolate_apps("clients", "employers")
@pytest.mark.parametrize("app", ["clients", "employers"])
def test_a_new_table_that_can_reach_a_person_is_found(app: str) -> None:
    class Placement(models.Model):
        client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
        position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = app

    class PlacementNote(models.Model):
        placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = app

    assert gaps([*EVERY, Placement, PlacementNote]) == [f"{app}.Placement", f"{app}.PlacementNote"]


@isolate_apps("clients")
def test_a_table_that_a_persons_row_points_at_is_found() -> None:
    class Household(models.Model):
        class Meta:
            app_label = "clients"

    class Member(models.Model):
        client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
        household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "clients"

    assert gaps([*EVERY, Household, Member]) == ["clients.Household", "clients.Member"]
