"""Screens of change over time: what people say of their own situation, what came of it, and the follow-ups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page

from clients.actions import assessment as assessments
from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.actions import instrument as instruments
from clients.actions import link as links
from clients.actions import outcome as outcomes
from clients.actions import responsibility as responsibilities
from clients.models import Client, InstrumentVersion, OutcomeType
from clients.models.consent import Purpose
from tests.accessibility.presses import press, send, then, unfold
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, made, of
from tests.accessibility.world import LONG_NAME, Scene
from tests.factories.clients import ServiceRowFactory, person_on_file, plan_of
from tests.factories.team import at
from tests.fixtures.walls import as_actor


def _version(key: str) -> InstrumentVersion:
    instruments.load_shipped(at=at(8))
    instruments.load_outcome_types(at=at(8))
    return InstrumentVersion.objects.on_offer().get(instrument__key=key)


def unasked(scene: Scene) -> object:
    """Somebody who has told nothing yet."""
    _version("tilanne")
    return person_on_file(scene.advisor, moment=scene.now, name="Vanamo Esimerkki").pk


def _working(scene: Scene, name: str) -> Client:
    """Somebody who may be contacted and got work five weeks ago."""
    _version("tilanne")
    one = person_on_file(scene.advisor, moment=scene.now, name=name)
    now, then_at = {"by": scene.advisor, "at": scene.now}, scene.now - timedelta(days=35)
    consents.give_consent(one, purpose=Purpose.CONTACT, given=consents.Given(), **now)
    kind = OutcomeType.objects.get(code="palkkatuki")
    outcomes.record_outcome(one, kind, since_on=then_at.date(), known="verified", by=scene.advisor, at=then_at)
    return one


def changed(scene: Scene) -> object:
    """Somebody who has told a lot, got work, and whose service ended a moment ago."""
    one = _working(scene, LONG_NAME)
    for days, step in ((90, 0), (40, 1), (1, 2)):
        for key in ("tilanne", "3x10d-18"):
            version = _version(key)
            scores = {area: min(version.instrument.most, 1 + step + n % 4) for n, area in enumerate(version.keys)}
            moment = scene.now - timedelta(days=days)
            assessments.record_assessment(one, version, scores, by=scene.advisor, at=moment, is_agreed=True)
    with as_actor(scene.advisor.actor):
        assessments.ask_after_service(one, ServiceRowFactory(), scene.now)
    return one.pk


def to_be_asked(scene: Scene) -> object:
    """Two people to be asked how it goes; the advisor answers for one of them."""
    responsibilities.take(_working(scene, "Kielo Esimerkki"), by=scene.advisor, at=scene.now)
    return _working(scene, LONG_NAME).pk


def filling(key: str) -> Callable[[Scene], str]:
    """The page on which an instrument is filled in together."""

    def place(scene: Scene) -> str:
        return reverse("clients:assessment_fill", args=[scene.once(unasked), key])

    return place


def asked_by_link(scene: Scene) -> str:
    """Somebody is asked by a link."""
    one, now = person_on_file(scene.advisor, moment=scene.now, name="Orvokki Esimerkki"), {"at": scene.now}
    issued = links.issue_questions(one, _version("3x10d-18"), by=scene.advisor, language="fi", **now)
    return reverse("clients:link_questions", args=[issued.token])


def answered_by_link(scene: Scene) -> str:
    """All has been answered."""
    one, by = person_on_file(scene.advisor, moment=scene.now, name="Orvokki Esimerkki"), {"at": scene.now}
    version = _version("tilanne")
    issued = links.issue_questions(one, version, by=scene.advisor, language="fi", **by)
    holder = links.LinkHolder(issued.row)
    with as_actor(holder.actor):
        for area in version.keys:
            assessments.answer_by_link(issued.row, area=area, value=3, language="fi", by=holder, **by)
    return reverse("clients:link_questions", args=[issued.token])


DIGITS: list[str] = []


def turn_at_tablet(scene: Scene) -> str:
    """A self-assessment waits for the tablet's six digits."""
    version = _version("3x10d-18")
    one = person_on_file(scene.advisor, moment=scene.now, name="Orvokki Esimerkki")
    offer = handovers.hand_instrument(one, version, by=scene.advisor, at=scene.now, language="fi")
    DIGITS.append(offer.code)
    return reverse("clients:handover")


def plan_at_tablet(scene: Scene) -> str:
    """A plan waits for the tablet's six digits."""
    one = person_on_file(scene.advisor, moment=scene.now, name="Orvokki Esimerkki")
    plan = plan_of(one, scene.advisor, moment=scene.now, benefit="Tiedän, mihin voin hakea")
    offer = handovers.hand_plan(plan, by=scene.advisor, at=scene.now, language="fi", version=plan.version)
    DIGITS.append(offer.code)
    return reverse("clients:handover")


def type_digits(page: Page) -> None:
    """The newest six digits are typed."""
    send("handover-take", code=DIGITS[-1])(page)


SCREENS = [
    Screen(
        "change over time",
        ("clients:assessments",),
        "advisor",
        {
            "empty": State(of("clients:assessments", unasked)),
            "filled": State(
                of("clients:assessments", changed),
                then(unfold("[data-testid=trend-table] summary"), unfold("[data-testid=trend-words] summary")),
            ),
            "error": State(of("clients:assessments", unasked), send("outcome-record")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "self-assessment",
        ("clients:assessment_fill",),
        "advisor",
        {
            "empty": State(filling("tilanne")),
            "filled": State(filling("3x10d-18")),
            "error": State(filling("toimintakyky"), send("assessment-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "self-assessment by link",
        ("clients:link_questions",),
        "nobody",
        {
            "empty": State(asked_by_link),
            "filled": State(answered_by_link),
            "error": State(asked_by_link, press("questions-begin", "questions-send")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "self-assessment by link, ready",
        (),
        "nobody",
        {"filled": State(answered_by_link, press("questions-finish"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "link to a self-assessment",
        (),
        "advisor",
        {"filled": State(filling("tilanne"), press("assessment-link-show"))},
        lacks={
            "empty": "it is shown when a link was made",
            "error": NOTHING_SENT,
            "swap": SENT_WHOLE,
        },
    ),
    Screen(
        "self-assessment on the tablet",
        (),
        "handover",
        {
            "empty": State(turn_at_tablet, type_digits),
            "filled": State(turn_at_tablet, then(type_digits, press("handover-begin", "handover-value-3"))),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
        is_huge=True,
    ),
    Screen(
        "plan on the tablet",
        (),
        "handover",
        {
            "empty": State(plan_at_tablet, type_digits),
            "filled": State(plan_at_tablet, then(type_digits, press("handover-yes"))),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "follow-ups",
        ("clients:follow_ups",),
        "advisor",
        {
            "empty": State(address("clients:follow_ups"), bare=True),
            "filled": State(made("clients:follow_ups", to_be_asked)),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
]
