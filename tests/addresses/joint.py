"""The joint assessment of need."""

from __future__ import annotations

from typing import Any

from clients.actions import joint as acts
from clients.models import JointAssessment, JointSection
from tests.addresses.people import person
from tests.addresses.registry import page, press
from tests.factories.team import MembershipFactory, at
from tests.factories.visits import House

WORDS = "Asiakas jaksaa neljä tuntia päivässä."


def opened(who: Any) -> JointAssessment:
    """A joint assessment goes on."""
    return acts.open_joint(person(who), profession="", by=who, at=at(10))


def own_part(who: Any) -> JointSection:
    """The member's own part of it."""
    return opened(who).sections.get()


def worded(who: Any) -> JointAssessment:
    """The conclusion has words."""
    return acts.word_conclusion(opened(who), WORDS, by=who, at=at(10))


def colleague_of(who: Any) -> Any:
    """Another who guides in the member's own organisation and at its point."""
    return MembershipFactory(point=who.membership.point, organisation=who.membership.organisation, role="advisor")


@page("clients:joint")
def joint(house: House, who: Any) -> list[Any]:
    return [opened(who).client_id]


@page("clients:joint_paper")
def paper(house: House, who: Any) -> list[Any]:
    return [opened(who).pk]


@press("clients:joint_open")
def open_joint(house: House, who: Any) -> Any:
    return [person(who).pk], {}


@press("clients:joint_undo")
def undo(house: House, who: Any) -> Any:
    return [opened(who).client_id], {}


@press("clients:joint_start")
def start(house: House, who: Any) -> Any:
    return [opened(who).pk], {"strengths": "Ahkera", "client_view": "Haluan töihin", "meets_on": "2026-11-20"}


@press("clients:joint_ask")
def ask(house: House, who: Any) -> Any:
    return [opened(who).pk], {"colleague": colleague_of(who).pk}


@press("clients:joint_take_out")
def take_out(house: House, who: Any) -> Any:
    row = opened(who)
    part = JointSection.objects.create(
        assessment=row, contributor=colleague_of(who), invited_at=at(10), invited_by=who.membership
    )
    return [row.pk, part.pk], {}


@press("clients:joint_word")
def word(house: House, who: Any) -> Any:
    return [opened(who).pk], {"conclusion": WORDS}


@press("clients:joint_conclude")
def conclude(house: House, who: Any) -> Any:
    return [worded(who).pk], {"version": 1, "without_strengths": "on", "without_others": "on"}


@press("clients:joint_write")
def write(house: House, who: Any) -> Any:
    return [own_part(who).pk], {"words": WORDS}


@press("clients:joint_stance")
def stance(house: House, who: Any) -> Any:
    return [worded(who).sections.get().pk], {"stance": "differs", "words": "Kaksi tuntia riittää.", "version": 1}
