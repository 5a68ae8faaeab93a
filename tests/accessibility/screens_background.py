"""Screens of what a person tells under a consent of its own, and of the identity code."""

from __future__ import annotations

from clients.actions import background as acts
from clients.actions import consent as consents
from clients.actions import identity_code as codes
from clients.background_codes import lists
from clients.models import Background, Client
from clients.models.consent import Purpose
from tests.accessibility.presses import press, send, then, unfold
from tests.accessibility.screen import NOTHING_SENT, SENT_WHOLE, Screen, State, of
from tests.accessibility.world import LONG_NAME, Scene
from tests.factories.clients import person_on_file

CODE = "150374-9029"  # artificial: given to nobody


def _agreed(scene: Scene, name: str) -> Client:
    """Somebody who lets the team record background."""
    one = person_on_file(scene.advisor, moment=scene.now, name=name)
    now = {"by": scene.advisor, "at": scene.now}
    consents.give_consent(one, purpose=Purpose.BACKGROUND, given=consents.Given(), **now)
    return one


def agreed(scene: Scene) -> object:
    """Somebody who has told nothing yet."""
    return _agreed(scene, "Vanamo Esimerkki").pk


def told(scene: Scene) -> object:
    """Somebody who has told all that can be told."""
    one, codes_of = _agreed(scene, LONG_NAME), lists()
    words = "Monta vuotta kotona lasten kanssa, nyt omin voimin takaisin työelämään ja opiskelemaan"
    all_of_it = acts.Told("work", words=words, needs=[*codes_of["need"]], obstacles=[*codes_of["obstacle"]])
    acts.record_background(one, all_of_it, by=scene.advisor, at=scene.now)
    return one.pk


def moved(scene: Scene) -> object:
    """Somebody of whose needs and obstacles some have eased and some are gone, and whose need suggests a service."""
    key = told(scene)
    rows = Background.objects.filter(client=key).exclude(kind=Background.Kind.GROUP).order_by("pk")
    for place, row in enumerate(rows.exclude(code="work_ability")):
        if place % 3:
            acts.set_status(row, ("helped", "removed")[place % 2], by=scene.advisor, at=scene.now)
    return key


def coded(scene: Scene) -> object:
    """Somebody whose identity code is recorded."""
    one = person_on_file(scene.advisor, moment=scene.now, name="Vuokko Esimerkki")
    codes.keep_code(one, CODE, by=scene.advisor, at=scene.now)
    return one.pk


def person(scene: Scene) -> object:
    """Somebody of whom nothing of the kind is known."""
    return person_on_file(scene.advisor, moment=scene.now, name="Orvokki Esimerkki").pk


SCREENS = [
    Screen(
        "background",
        ("clients:background",),
        "advisor",
        {
            "empty": State(of("clients:background", agreed)),
            "filled": State(of("clients:background", told)),
            "error": State(of("clients:background", agreed), send("background-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "background on the person's page",
        (),
        "advisor",
        {
            "empty": State(of("clients:client", agreed)),
            "filled": State(of("clients:client", moved), unfold("[data-testid=background-open]")),
            "swap": State(
                of("clients:client", told), then(unfold("[data-testid=background-open]"), press("background-removed"))
            ),
        },
        lacks={"error": NOTHING_SENT},
    ),
    Screen(
        "identity code",
        ("clients:identity_code",),
        "advisor",
        {
            "empty": State(of("clients:identity_code", person)),
            "filled": State(of("clients:client", coded), send("identity-reveal")),
            "error": State(of("clients:identity_code", coded), send("identity-save", code="150374-902X")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
]
