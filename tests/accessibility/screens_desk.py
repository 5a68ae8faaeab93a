"""Screens of the day: the front desk's, the advisor's own visit, the slip, what follows from a visit."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page

from team.actions import day as days
from tests.accessibility.presses import keys, offline, on_paper, press, send, settle, signed_out, then, unfold, write
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, literal, made, of
from tests.accessibility.world import Scene
from tests.factories.team import at
from visits.actions import calling, closing, encounters, guidance
from visits.models import Visit

MENU = "[data-testid=queue-row] summary"  # of the visitor with a long name and a long note
EMPLOYER = "#arrival-employer-name"
DETAILS = "[data-testid^=details-]:visible"


def somebody(scene: Scene) -> object:
    """A visit that waits."""
    return Visit.objects.filter(point=scene.house.point, state=Visit.State.WAITING).order_by("number").first().pk


def met(scene: Scene) -> object:
    """The visit that the advisor is in."""
    return scene.with_visitor().visit_id


def met_for_the_first_time(scene: Scene) -> None:
    """A visit that has only just begun: nothing is written, nobody is known."""
    visit = calling.call_in(scene.house.arrive(at(10, 40)), by=scene.advisor, at=at(10, 50))
    encounters.start(visit, by=scene.advisor, at=at(10, 51))


def met_beside_a_partner(scene: Scene) -> None:
    """A visit that has just begun, and a colleague of another organisation who could come along."""
    met_for_the_first_time(scene)
    assert scene.partner.organisation_id != scene.advisor.organisation_id


def called(scene: Scene) -> None:
    """Somebody is on the way to the advisor, called twice."""
    visit = calling.call_in(scene.waiting(35), by=scene.advisor, at=at(10, 50))
    calling.call_again(visit, by=scene.advisor, at=at(10, 52))


def at_visit(scene: Scene) -> None:
    """The advisor's screen with a visitor."""
    scene.with_visitor()


def asked_in(scene: Scene) -> None:
    """A colleague asks the advisor into a visit."""
    colleague = scene.house.advisor()
    running = scene.house.in_service(colleague, scene.waiting(36), at(10, 45))
    encounters.invite(running.visit, scene.advisor.membership, mode="together", by=colleague, at=at(10, 46))


def goes_on_with_a_colleague(scene: Scene) -> None:
    """The advisor's visitor goes on to a colleague afterwards."""
    visit = scene.with_visitor().visit
    encounters.invite(visit, scene.house.advisor().membership, mode="after", by=scene.advisor, at=at(10, 58))


def left_overnight(scene: Scene) -> str:
    """A colleague's visit of the day before, which the night ended."""
    colleague = scene.house.advisor()
    before = scene.house.day.on - timedelta(days=1)
    visit = scene.house.arrive(at(11, on=before), outside_hours=True)
    scene.house.in_service(colleague, visit, at(11, 5, on=before))
    closing.end_leftovers(visit.day, at=at(3))
    scene.members["the day after"] = colleague
    return reverse("visits:visit", args=[visit.pk])


def after_the_day(scene: Scene) -> None:
    """The doors are closed."""
    days.mark_closed(days.open_day(scene.house.day, by=scene.house.desk, at=at(10)), by=scene.house.desk, at=at(10, 30))


def asking(scene: Scene) -> str:
    """The page that asks for the visitor's yes before a colleague of another organisation comes."""
    colleague = scene.house.advisor()
    encounter = scene.house.in_service(colleague, scene.waiting(37), at(10, 45))
    scene.members["asking"] = colleague
    return reverse("visits:ask", args=[encounter.visit_id, scene.partner.membership_id])


def written_by_a_colleague(scene: Scene) -> None:
    """Somebody else in the same visit writes into the same field."""
    encounter = scene.with_visitor()
    notes = f"{encounter.guidance.notes} Kollegan rivi."
    guidance.save(encounter, {"notes": notes}, {}, by=scene.advisor, at=scene.now)


def type_a_note(page: Page) -> None:
    """Into the field that somebody else has written into."""
    page.get_by_test_id("visit-note").fill("Oma rivini.")
    page.get_by_test_id("visit-merge").wait_for()
    settle(page)


def ask_along(page: Page) -> None:
    """The first colleague of another organisation is asked: the words to be read aloud come first."""
    page.locator("[data-testid^=visit-invite-]:visible >> nth=0").click()
    page.get_by_test_id("visit-ask").wait_for()
    settle(page)


def somebody_comes(scene: Scene) -> None:
    """A colleague logs a visitor."""
    scene.waiting(58)


SCREENS = [
    Screen(
        "desk",
        ("visits:desk",),
        "front_desk",
        {
            "empty": State(address("visits:desk"), bare=True),
            "filled": State(address("visits:desk")),
            "error": State(address("visits:desk"), then(press("arrival-employer"), send("arrival-employer-log"))),
            "swap": State(address("visits:desk"), then(keys("1"), unfold(MENU)), keeps_focus=True),
        },
    ),
    Screen(
        "desk, others at work",
        (),
        "front_desk",
        {
            "empty": State(address("visits:desk"), press("arrival-client")),
            "filled": State(address("visits:desk"), then(press("arrival-employer"), write(EMPLOYER, "kahvila"))),
            "swap": State(address("visits:desk"), meanwhile=somebody_comes),
        },
        lacks={"error": "the desk's own screen shows it"},
    ),
    Screen(
        "desk without a line",
        (),
        "front_desk",
        {
            "filled": State(address("visits:desk"), offline),
            "error": State(address("visits:desk"), then(offline, keys("2"))),
        },
        lacks={"empty": "the line is the same", "swap": "nothing comes without a line"},
    ),
    Screen(
        "desk, signed out meanwhile",
        (),
        "front_desk",
        {
            "filled": State(address("visits:desk"), then(signed_out, keys("1")), keeps_focus=True),
            "error": State(address("visits:desk"), then(signed_out, keys("1", "v", "Enter")), keeps_focus=True),
        },
        lacks={"empty": NEVER_EMPTY, "swap": "the press itself goes on"},
    ),
    Screen(
        "desk after the day",
        (),
        "front_desk",
        {
            "empty": State(made("visits:desk", after_the_day), bare=True),
            "swap": State(made("visits:desk", after_the_day), send("arrival-topic-cv"), bare=True, keeps_focus=True),
        },
        lacks={"filled": "the course of the day is on the desk's own screen", "error": "the question is the swap"},
    ),
    Screen(
        "all that has happened today",
        ("visits:events",),
        "front_desk",
        {
            "empty": State(address("visits:events"), bare=True),
            "filled": State(address("visits:events")),
        },
        lacks={"error": "a refused undo is a sentence on the desk", "swap": SENT_WHOLE},
    ),
    Screen(
        "desk as the manager sees it",
        (),
        "manager",
        {"empty": State(address("visits:desk"), bare=True), "filled": State(address("visits:desk"))},
        lacks={"error": NOTHING_SENT, "swap": "the desk's own screen shows it"},
    ),
    Screen(
        "details of a visit",
        ("visits:details",),
        "front_desk",
        {
            "filled": State(of("visits:details", somebody)),
            "error": State(of("visits:details", somebody), send("details-save", party_size="0")),
            "swap": State(
                address("visits:desk"),
                then(unfold(MENU), unfold(DETAILS)),
                keeps_focus=True,
            ),
        },
        lacks={"empty": "there is a visit"},
    ),
    Screen(
        "my visit, free",
        ("visits:mine",),
        "advisor",
        {
            "empty": State(address("visits:mine"), bare=True),
            "filled": State(made("visits:mine", asked_in)),
            "swap": State(address("visits:mine"), send("visit-break"), keeps_focus=True),
        },
        lacks={"error": "a refused press is a sentence on the toast"},
    ),
    Screen(
        "my visit, called",
        (),
        "advisor",
        {
            "filled": State(made("visits:mine", called)),
            "swap": State(address("visits:mine"), send("visit-recall"), keeps_focus=True),
        },
        lacks={"empty": NEVER_EMPTY, "error": "a refused press is a sentence on the toast"},
    ),
    Screen(
        "my visit",
        ("visits:visit",),
        "advisor",
        {
            "empty": State(made("visits:mine", met_for_the_first_time), bare=True),
            "filled": State(of("visits:visit", met)),
            "error": State(made("visits:mine", at_visit), send("visit-finish"), keeps_focus=True),
            "swap": State(
                made("visits:mine", at_visit),
                then(send("visit-topic-cv"), send("visit-step-add", what="Soita oppilaitokseen"), keys("?")),
                keeps_focus=True,
            ),
        },
    ),
    Screen(
        "my visit, a colleague goes on afterwards",
        (),
        "advisor",
        {"filled": State(made("visits:mine", goes_on_with_a_colleague))},
        lacks={"empty": NEVER_EMPTY, "error": "nothing must be filled in", "swap": "my visit's own swap"},
    ),
    Screen(
        "my visit, ended at night",
        (),
        "the day after",
        {"filled": State(lambda scene: scene.once(left_overnight))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": "a press shows the same with its choice marked"},
    ),
    Screen(
        "my visit, asking a colleague along",
        (),
        "advisor",
        {
            "swap": State(made("visits:mine", met_beside_a_partner), ask_along, bare=True, keeps_focus=True),
        },
        lacks={
            "empty": NEVER_EMPTY,
            "filled": "the visit's own screen shows it",
            "error": "both answers are good",
        },
    ),
    Screen(
        "my visit, both wrote",
        (),
        "advisor",
        {
            "swap": State(
                made("visits:mine", at_visit), type_a_note, meanwhile=written_by_a_colleague, keeps_focus=True
            ),
        },
        lacks={"empty": NEVER_EMPTY, "filled": "the visit's own screen shows it", "error": "the merge is the swap"},
    ),
    Screen(
        "my visit, searching a service",
        ("visits:find_service",),
        "advisor",
        {
            "filled": State(made("visits:mine", at_visit), write("#refer-search", "valmennus"), keeps_focus=True),
            "error": State(made("visits:mine", at_visit), write("#refer-search", "xxyyzz"), keeps_focus=True),
        },
        lacks={"empty": NEVER_EMPTY, "swap": "the search is the swap"},
    ),
    Screen(
        "asking for the visitor's yes",
        ("visits:ask",),
        "asking",
        {"filled": State(lambda scene: scene.once(asking))},
        lacks={"empty": NEVER_EMPTY, "error": "both answers are good", "swap": SENT_WHOLE},
    ),
    Screen(
        "onwards",
        ("visits:onwards",),
        "advisor",
        {"filled": State(of("visits:onwards", met))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "slip",
        ("visits:memo",),
        "advisor",
        {
            "empty": State(of("visits:memo", met), on_paper),
            "filled": State(of("visits:memo", met)),
        },
        lacks={"error": NOTHING_SENT, "swap": NOTHING_SENT},
    ),
    Screen(
        "keys and palette",
        (),
        "front_desk",
        {
            "filled": State(address("visits:desk"), keys("?"), keeps_focus=True),
            "empty": State(address("visits:desk"), keys("Control+k"), keeps_focus=True),
            "error": State(
                address("visits:desk"),
                then(keys("Control+k"), write("[data-testid=palette]", "xxyyzz")),
                keeps_focus=True,
            ),
            "swap": State(
                address("visits:desk"), then(keys("Control+k"), write("[data-testid=palette]", "ase")), keeps_focus=True
            ),
        },
    ),
    Screen(
        "own menu",
        (),
        "advisor",
        {"filled": State(address("team:settings"), unfold("[data-testid=own-menu]"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "page that is not there",
        (),
        "advisor",
        {"filled": State(literal("/ei-ole/"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
]
