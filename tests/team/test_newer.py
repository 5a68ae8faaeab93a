"""Two who change the same at once: the later one is shown what the earlier one saved before anything is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.test import Client

from feedback.forms import SaidAndDoneForm
from team.forms.house import OrganisationForm, PlacedWordForm, PointForm, TopicForm, WordForm
from team.forms.roster import HoursForm
from team.forms.users import ProfileForm
from team.models import ServicePoint, Term, Topic, User
from tests.factories.feedback import SaidAndDoneFactory
from tests.factories.team import (
    MembershipFactory,
    OrganisationFactory,
    PointFactory,
    ServiceDayFactory,
    ShiftFactory,
    SkillFactory,
    at,
)
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday, before the doors open."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(9).isoformat())


@pytest.fixture
def point() -> ServicePoint:
    """A service point."""
    return PointFactory()


Case = Callable[[ServicePoint], tuple[Model, str, str, dict[str, Any], str]]


def organisation(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    row = OrganisationFactory()
    return row, f"/organisaatiot/{row.pk}/", "admin", OrganisationForm.initial_of(row), "email"


def house(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    return point, "/palvelupiste/", "manager", PointForm.initial_of(point), "email"


def topic(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    row = Topic.objects.filter(point=point).earliest("position")
    return row, f"/sanasto/aiheet/{row.pk}/", "manager", TopicForm.initial_of(row), "name_en"


def term(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    row = Term.objects.filter(point=point, kind=Term.Kind.RESULT).earliest("position")
    return row, f"/sanasto/sanat/{row.pk}/", "manager", PlacedWordForm.initial_of(row), "name_en"


def skill(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    row = SkillFactory()
    return row, f"/sanasto/yhteiset/osaamiset/{row.pk}/", "admin", WordForm.initial_of(row), "name_en"


def person(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    row = MembershipFactory(point=point).user
    return row, f"/kayttajat/{row.pk}/", "admin", ProfileForm.initial_of(row), "email"


def shift(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    row = ShiftFactory(day=ServiceDayFactory(point=point, planned=True))
    return row, f"/tiimi/vuorot/{row.pk}/", "manager", HoursForm.initial_of(row), "starts"


def told(point: ServicePoint) -> tuple[Model, str, str, dict[str, Any], str]:
    row = SaidAndDoneFactory(point=point)
    return row, f"/palaute/{row.pk}/", "manager", SaidAndDoneForm.initial_of(row), "said_en"


WORDS = {
    "email": ("ensin@tyo.example", "sitten@tyo.example"),
    "name_en": ("First", "Second"),
    "said_en": ("First", "Second"),
    "starts": ("11:00", "12:00"),
}


def as_sent(state: dict[str, Any]) -> dict[str, Any]:
    """A form as a browser sends it."""
    sent = {name: value.strftime("%H:%M") if isinstance(value, time) else value for name, value in state.items()}
    return {name: value for name, value in sent.items() if value not in (None, False, [])}


@pytest.mark.parametrize("case", [organisation, house, topic, term, skill, person, shift, told])
def test_what_a_colleague_saved_meanwhile_is_shown_before_it_is_overwritten(
    point: ServicePoint, client_for: Callable[..., Client], case: Case
) -> None:
    row, path, role, state, name = case(point)
    browser = client_for(MembershipFactory(point=point, role=role))
    seen = browser.get(path).context["form"]["seen"].value()
    first, second = ({**as_sent(state), name: words, "seen": seen} for words in WORDS[name])
    key = str(uuid4())
    for _twice in range(2):  # the same press, sent twice, is no other's change
        assert browser.post(path, {**first, "submission_key": key}).status_code == 303
    late = {**second, "submission_key": str(uuid4())}
    refused = browser.post(path, late)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'data-testid="newer"' in page
    assert refused.context["form"].newer
    assert all(words in page for words in WORDS[name])
    assert changes(row) == 1
    again = {**late, "seen": refused.context["form"]["seen"].value()}
    assert browser.post(path, again).status_code == 303
    assert changes(row) == 2


def changes(row: Model) -> int:
    """How often it has been changed, by the trace."""
    verbs = AuditEvent.objects.filter(object_kind=row._meta.label_lower, object_id=str(row.pk))
    return verbs.filter(verb__regex=r"\.(changed|corrected)$").count()


def test_only_what_differs_from_ones_own_is_shown(point: ServicePoint, client_for: Callable[..., Client]) -> None:
    row = MembershipFactory(point=point).user
    browser = client_for(MembershipFactory(point=point, admin=True))
    path = f"/kayttajat/{row.pk}/"
    seen = browser.get(path).context["form"]["seen"].value()
    User.objects.filter(pk=row.pk).update(email="uusi@tyo.example", languages=["sv"])
    mine = {"name": row.name, "email": "uusi@tyo.example", "languages": ["fi"], "seen": seen}
    newer = dict(browser.post(path, mine).context["form"].newer)
    assert list(newer.values()) == ["Svenska"] or list(newer.values()) == ["ruotsi"]
