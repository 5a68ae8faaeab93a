"""A plan may begin with a model; it is taken along on paper and copied as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions import plan as plans
from clients.models import Client, Plan
from clients.plan_templates import LANGUAGES, templates
from team.access import Member
from tests.factories.clients import person_on_file, plan_of
from tests.factories.team import at

Sign = Callable[[Any], Browser]
pytestmark = pytest.mark.django_db


def test_the_models_that_the_mission_names_are_there_in_every_language() -> None:
    assert set(templates()) == {"solution", "manager_3_6", "job_first", "work_ability", "three_part"}
    for one in templates().values():
        assert one.intensity in Plan.Intensity.values
        assert set(one.names) == set(LANGUAGES)
        assert all(set(step["what"]) == set(LANGUAGES) for step in one.raw)


def test_the_three_part_model_has_three_measures_and_one_review(advisor: Member) -> None:
    person = person_on_file(advisor, language="sv")
    plan = plans.open_plan(person, goal="Jag vill jobba", template=templates()["three_part"], by=advisor, at=at(11))
    steps = list(plan.steps.for_lists())
    assert [step.ends_on for step in steps if step.ends_on] == [date(2027, 5, 17)] * 3
    assert steps[-1].what.startswith("Gå igenom de tre delarna")
    assert (plan.template, plan.template_version) == ("three_part", 1)


def test_a_model_is_chosen_when_the_plan_opens(person: Client, advisor: Member, client_for: Sign) -> None:
    browser, page = client_for(advisor), f"/asiakkaat/{person.pk}/suunnitelma/"
    assert "Palvelumanageri 3/6 kk" in browser.get(page).content.decode()
    form = {"words": "Haluan töihin", "intensity": "dense", "template": "job_first"}
    assert browser.post(f"{page}avaa/", form).status_code == 303
    assert Plan.objects.get().steps.count() == 4


def test_the_plan_is_taken_along_in_the_persons_language_and_copied_without_a_name(
    advisor: Member, client_for: Sign
) -> None:
    person = person_on_file(advisor, name="Aino Esimerkki", language="sv")
    plan_of(person, advisor)
    browser, page = client_for(advisor), f"/asiakkaat/{person.pk}/suunnitelma/"
    paper = browser.get(f"{page}tuloste/").content.decode()
    assert "Min plan" in paper
    assert "Soittaa oppilaitokseen" in paper
    assert "Oma suunnitelmani" in browser.get(f"{page}tuloste/?kieli=fi").content.decode()
    text = browser.get(f"{page}teksti/").content.decode()
    copied = text.split("<textarea")[1].split("</textarea>")[0]
    assert "- Haluan töihin lähelle kotia" in copied
    assert "Aino" not in copied
