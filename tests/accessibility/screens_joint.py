"""Screens of the joint assessment of need."""

from __future__ import annotations

from clients.actions import consent as consents
from clients.actions import joint as acts
from clients.actions import joint_section as sections
from clients.models import Client, JointAssessment
from clients.models.consent import Purpose
from team.access import Member
from tests.accessibility.presses import send
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, of
from tests.accessibility.world import LONG_NAME, Scene
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory
from tests.fixtures.walls import as_actor

LONG = (
    "Asiakas jaksaa neljä tuntia päivässä ja palautuu iltaan mennessä. Hän osaa kolmea kieltä, tulee toimeen kaikkien "
    "kanssa ja haluaa tehdä käsillään. Matka työhön kestää bussilla tunnin, joten paikka haetaan läheltä."
)


def unopened(scene: Scene) -> object:
    """Somebody whose need nobody has looked at together."""
    return person_on_file(scene.advisor, moment=scene.now, name="Kaisla Esimerkki").pk


def _opened(scene: Scene, name: str) -> tuple[Client, JointAssessment]:
    one = person_on_file(scene.advisor, moment=scene.now, name=name)
    return one, acts.open_joint(one, profession="työnhaun ohjaaja", by=scene.advisor, at=scene.now)


def begun(scene: Scene) -> object:
    """Opened, with nothing written yet."""
    return _opened(scene, "Pihla Esimerkki")[0].pk


def _written(scene: Scene) -> tuple[Client, JointAssessment]:
    """All parts are written, one of them by a colleague of another organisation who sees it differently."""
    one, joint = _opened(scene, LONG_NAME)
    now = {"by": scene.advisor, "at": scene.now}
    friend = Member(
        MembershipFactory(point=scene.advisor.membership.point, organisation=OrganisationFactory(), role="advisor")
    )
    share = {"purpose": Purpose.SHARE, "given": consents.Given(), "contents": ["assessments"]}
    consents.give_consent(one, **share, organisation=friend.membership.organisation, **now)
    silent = {**share, "contents": ["contact"]}
    consents.give_consent(one, **silent, organisation=OrganisationFactory(), **now)
    acts.write_start(joint, acts.Start(LONG, LONG, scene.now.date()), **now)
    with as_actor(scene.advisor.actor):
        acts.ask_in(joint, friend.membership, profession="kuntoutusohjaaja", **now)
    acts.word_conclusion(joint, LONG, **now)
    for who, stance in ((scene.advisor, "agrees"), (friend, "differs")):
        part = joint.sections.get(contributor=who.membership)
        with as_actor(who.actor):
            sections.write_section(part, LONG, by=who, at=scene.now)
            sections.take_stance(part, stance, words=LONG, version=1, by=who, at=scene.now)
    return one, joint


def written(scene: Scene) -> object:
    """All is written, and waits to be concluded."""
    return _written(scene)[0].pk


def _concluded(scene: Scene) -> JointAssessment:
    _one, joint = _written(scene)
    acts.conclude(joint, version=1, by=scene.advisor, at=scene.now)
    return joint


def concluded(scene: Scene) -> object:
    """It is ready."""
    return _concluded(scene).pk


def person_of_concluded(scene: Scene) -> object:
    """Whose it is."""
    return _concluded(scene).client_id


SCREENS = [
    Screen(
        "joint assessment",
        ("clients:joint",),
        "advisor",
        {
            "empty": State(of("clients:joint", unopened)),
            "filled": State(of("clients:joint", written)),
            "error": State(of("clients:joint", begun), send("joint-word")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "joint assessment that is concluded",
        (),
        "advisor",
        {"filled": State(of("clients:joint", person_of_concluded))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "joint assessment on paper",
        ("clients:joint_paper",),
        "advisor",
        {"filled": State(of("clients:joint_paper", concluded))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": NOTHING_SENT},
    ),
]
