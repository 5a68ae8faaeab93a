"""Screens of employers, services and figures, and what visitors see: the board, the public page, their own turn."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page

from clients.actions import plan as plans
from clients.actions import reminder as reminders
from clients.models import BackgroundCount
from employers import actions as employers
from employers.models import ContactPerson, Employer
from reports.actions import count_day
from reports.models import DailyFigure, KeptMonth
from services.models import Service
from tests.accessibility.presses import offline, on_paper, send, unfold, write
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, made, of
from tests.accessibility.world import LONG_NAME, LONG_NOTE, Scene
from tests.factories.clients import person_on_file
from tests.factories.employers import EmployerFactory
from tests.factories.services import ServiceFactory
from tests.factories.team import OrganisationFactory, ServiceDayFactory
from visits.actions import calling, turn
from visits.models import Visit

FIGURES = {
    "visits:all": 30, "served:all": 28, "hour:11": 22, "hour:16": 8, "multi_professional:all": 9, "topic_any:cv": 20,
    "topic_any:raha": 6, "result:riitti": 18, "result:ohjattu": 10, "wait_minutes:4": 20, "wait_minutes:17": 8,
    "left_unserved:all": 1, "referral:sent": 12, "referral:received": 7, "referral:declined": 2, "referral:answered": 9,
    "response:fi:tablet": 12, "situation:tyoton": 16, "situation:tyossa": 8, "situation:-": 6, "age_band:35_44": 20,
    "age_band:45_54": 10, "joint:visits": 6, "joint:encounters": 7, "joint:parts": 15, "joint:start": 5,
}  # fmt: skip


def new_firm(scene: Scene) -> object:
    """An employer of whom only the name is known."""
    return EmployerFactory(point=scene.house.point, name="Koivikon Kahvila Oy").pk


def known_firm(scene: Scene) -> Employer:
    """An employer with contacts, people and places of every kind."""
    by = {"by": scene.advisor, "at": scene.now}
    firm: Employer = EmployerFactory(
        point=scene.house.point, name="Kanta-Hämeen Kiinteistönhoito- ja Siivouspalveluosakeyhtiö"
    )
    employers.log_contact(firm, kind="phone", about=LONG_NOTE, **by)
    employers.add_person(firm, name=LONG_NAME, **by)
    for title in ("Laitossiivooja", "Kiinteistönhoitaja, yötyö ja viikonloput", "Varastotyöntekijä"):
        place = employers.open_position(firm, kind="job", title=title, today=scene.house.day.on, **by)
    employers.move_position(place, "filled", **by)
    return firm


def firm(scene: Scene) -> object:
    """Its address."""
    return scene.once(known_firm).pk


def place(scene: Scene) -> object:
    """One of its open places."""
    return scene.once(known_firm).positions.filter(status="open").first().pk


def person(scene: Scene) -> object:
    """Whom to ask for."""
    return ContactPerson.objects.get(employer=scene.once(known_firm)).pk


def known_service(scene: Scene) -> Service:
    """A service of many words among others."""
    who = OrganisationFactory(short_name="Monikulttuurisuusyhdistys")
    for _number in range(3):
        ServiceFactory(organisation=who, indexed=True)
    service: Service = ServiceFactory(
        organisation=who,
        names={"fi": "Henkilökohtainen työhönvalmennus osatyökykyisille", "sv": "Arbetsträning", "en": "Job coaching"},
        professional_note=LONG_NOTE,
        indexed=True,
    )
    return service


def service(scene: Scene) -> object:
    """Its address."""
    return scene.once(known_service).pk


def counted(scene: Scene) -> None:
    """Eight weeks of figures."""
    point, today = scene.house.point, scene.house.day.on
    for week in range(1, 9):
        day = ServiceDayFactory(point=point, on=today - timedelta(weeks=week))
        count_day(point.pk, day.on, at=scene.now, using="default")
        rows = [(*name.split(":", 1), n) for name, n in FIGURES.items()]
        DailyFigure.objects.bulk_create(
            DailyFigure(point=point, on=day.on, figure=figure, part=part, n=n) for figure, part, n in rows
        )


def in_way(scene: Scene) -> None:
    """What stood in the way of people over a year."""
    month = (scene.house.day.on - timedelta(days=120)).replace(day=1)
    for code, *cells in (("money", 31, 12, 9), ("strength", 18, 7, 6), ("distance", 9, 2, 0), ("hours", 2, 1, 0)):
        row = {"point": scene.house.point, "month": month, "kind": "obstacle", "code": code, "is_referred": False}
        for status, n in zip(("open", "helped", "removed"), cells, strict=True):
            BackgroundCount.objects.create(**row, status=status, n=n)


def broken(scene: Scene) -> None:
    """Two people with whom nobody was in touch in time: promises that were not kept."""
    long_ago = scene.now - timedelta(days=40)
    for name in ("Aino Lupaus", "Bo Lupaus"):
        plans.open_plan(
            person_on_file(scene.advisor, name=name, moment=long_ago), goal="Töihin", by=scene.advisor, at=long_ago
        )
    reminders.keep_clocks(at=scene.now, using="default")


def guided(scene: Scene) -> None:
    """Contacts and answers of erased people: the months' figures have something to tell."""
    month = (scene.house.day.on.replace(day=1) - timedelta(days=150)).replace(day=1)
    told = {
        "contact:phone": 21,
        "contact:desk": 9,
        "contact:outreach": 7,
        "digital:assisted": 8,
        "digital:alone": 12,
        "continuity:same": 31,
        "continuity:other": 12,
    }
    KeptMonth.objects.bulk_create(
        KeptMonth(point=scene.house.point, month=month, figure=name.split(":")[0], part=name.split(":")[1], n=n)
        for name, n in told.items()
    )


def slug(scene: Scene) -> object:
    """The point's own name in addresses."""
    return scene.house.point.slug


def waiting(scene: Scene) -> Visit:
    """Somebody in the queue."""
    found: Visit = Visit.objects.filter(point=scene.house.point, state=Visit.State.WAITING).order_by("number")[0]
    return found


def slip(scene: Scene) -> object:
    """The number to print, with its code."""
    visit = waiting(scene)
    turn.give_turn(visit, by=scene.house.desk, at=scene.now)
    return visit.pk


def own_turn(scene: Scene) -> object:
    """The secret of one's own turn."""
    return turn.give_turn(waiting(scene), by=scene.house.desk, at=scene.now)


def somebody_is_called(scene: Scene) -> None:
    """A number comes onto the board."""
    free = scene.house.advisor()
    calling.call_in(scene.waiting(59), by=free, at=scene.now)


def cut_off(page: Page) -> None:
    """The page itself says that its line is lost."""
    offline(page)
    page.locator("[data-lost]:visible").wait_for(timeout=20_000)


def coming_turn(scene: Scene) -> str:
    """The turn of somebody who has just come."""
    scene.made["coming"] = scene.waiting(59)
    return reverse("visits:turn", args=[turn.give_turn(scene.made["coming"], by=scene.house.desk, at=scene.now)])


def it_is_called(scene: Scene) -> None:
    """And is called."""
    calling.call_in(scene.made["coming"], by=scene.house.advisor(), at=scene.now)


def called_turn(scene: Scene) -> object:
    """The same when it is one's turn."""
    called = Visit.objects.filter(point=scene.house.point, state=Visit.State.CALLED).first()
    return turn.give_turn(called, by=scene.house.desk, at=scene.now)


SCREENS = [
    # --- employers ----------------------------------------------------------------------------------------------------
    Screen(
        "employers",
        ("employers:register",),
        "advisor",
        {
            "empty": State(address("employers:register"), bare=True),
            "filled": State(made("employers:register", firm)),
            "error": State(made("employers:register", firm, query="?q=xxyyzz")),
            "swap": State(made("employers:register", firm), write("#q", "kiint"), keeps_focus=True),
        },
    ),
    Screen(
        "employer",
        ("employers:employer",),
        "advisor",
        {
            "empty": State(of("employers:employer", new_firm)),
            "filled": State(of("employers:employer", firm)),
            "error": State(of("employers:employer", firm), send("contact-save", about="")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "employer new",
        ("employers:add",),
        "advisor",
        {
            "empty": State(address("employers:add"), bare=True),
            "filled": State(address("employers:add"), send("employer-save", name="Koe Oy", business_id="1234567-0")),
            "error": State(address("employers:add"), send("employer-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "employer change",
        ("employers:change",),
        "advisor",
        {
            "filled": State(of("employers:change", firm)),
            "error": State(of("employers:change", firm), send("employer-save", name="")),
        },
        lacks={"empty": "there is an employer", "swap": SENT_WHOLE},
    ),
    Screen(
        "place to work",
        ("employers:position_add", "employers:position_change"),
        "advisor",
        {
            "empty": State(of("employers:position_add", firm)),
            "filled": State(of("employers:position_change", place)),
            "error": State(of("employers:position_add", firm), send("position-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "contact person",
        ("employers:person_add", "employers:person_change"),
        "advisor",
        {
            "empty": State(of("employers:person_add", firm)),
            "filled": State(of("employers:person_change", person)),
            "error": State(of("employers:person_add", firm), send("person-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "open places",
        ("employers:places",),
        "advisor",
        {
            "empty": State(address("employers:places"), bare=True),
            "filled": State(made("employers:places", firm)),
            "error": State(made("employers:places", firm, query="?laji=trial")),
        },
        lacks={"swap": "the register's own search shows it"},
    ),
    # --- services -----------------------------------------------------------------------------------------------------
    Screen(
        "services",
        ("services:catalogue",),
        "advisor",
        {
            "filled": State(made("services:catalogue", service)),
            "error": State(made("services:catalogue", service, query="?q=xxyyzz")),
            "swap": State(made("services:catalogue", service), write("#q", "valm"), keeps_focus=True),
        },
        lacks={"empty": "a search without hits says it"},
    ),
    Screen(
        "service",
        ("services:service",),
        "advisor",
        {"filled": State(of("services:service", service))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "service note",
        ("services:note",),
        "manager",
        {
            "filled": State(of("services:note", service)),
        },
        lacks={"empty": "one field", "error": "every text is a good one", "swap": SENT_WHOLE},
    ),
    Screen(
        "service on paper",
        ("services:print",),
        "advisor",
        {"filled": State(of("services:print", service))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": NOTHING_SENT},
    ),
    Screen(
        "services for everybody",
        ("services:public_catalogue",),
        "nobody",
        {
            "filled": State(made("services:public_catalogue", service)),
            "error": State(made("services:public_catalogue", service, query="?q=xxyyzz")),
        },
        lacks={"empty": "a search without hits says it", "swap": SENT_WHOLE},
    ),
    Screen(
        "service for everybody",
        ("services:public_service",),
        "nobody",
        {"filled": State(of("services:public_service", service))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    # --- figures ------------------------------------------------------------------------------------------------------
    Screen(
        "figures",
        ("reports:dashboard",),
        "manager",
        {
            "empty": State(address("reports:dashboard"), bare=True),
            "filled": State(made("reports:dashboard", counted), unfold("section details summary")),
            "error": State(made("reports:dashboard", counted, query="?jakso=oma&alkaen=2026-11-18&saakka=2026-01-01")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "figures on paper",
        (),
        "manager",
        {"filled": State(made("reports:dashboard", counted), on_paper)},
        lacks={"empty": "as on the screen", "error": NOTHING_SENT, "swap": NOTHING_SENT},
    ),
    Screen(
        "referrals between organisations",
        ("reports:referrals",),
        "manager",
        {"empty": State(address("reports:referrals")), "filled": State(address("reports:referrals"))},
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "promises",
        ("reports:promises",),
        "manager",
        {"filled": State(made("reports:promises", broken))},
        lacks={"empty": NEVER_EMPTY, "error": "each press is one of the causes on offer", "swap": SENT_WHOLE},
    ),
    Screen(
        "how guidance is given",
        ("reports:guidance",),
        "manager",
        {"empty": State(address("reports:guidance"), bare=True), "filled": State(made("reports:guidance", guided))},
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "what stands in the way",
        ("reports:obstacles",),
        "manager",
        {"empty": State(address("reports:obstacles"), bare=True), "filled": State(made("reports:obstacles", in_way))},
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "definitions of figures",
        ("reports:definitions",),
        "manager",
        {"filled": State(address("reports:definitions"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    # --- what visitors see --------------------------------------------------------------------------------------------
    Screen(
        "board",
        ("visits:board",),
        "front_desk",
        {
            "empty": State(address("visits:board"), bare=True),
            "filled": State(address("visits:board")),
            "error": State(address("visits:board"), cut_off),
            "swap": State(address("visits:board"), meanwhile=somebody_is_called),
        },
    ),
    Screen(
        "today, for everybody",
        ("visits:public",),
        "nobody",
        {
            "empty": State(of("visits:public", slug), bare=True),
            "filled": State(of("visits:public", slug)),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "own turn on the phone",
        ("visits:turn",),
        "nobody",
        {
            "empty": State(of("visits:turn", called_turn)),
            "filled": State(of("visits:turn", own_turn)),
            "error": State(of("visits:turn", own_turn), cut_off),
            "swap": State(coming_turn, meanwhile=it_is_called),
        },
    ),
    Screen(
        "number on paper",
        ("visits:slip",),
        "front_desk",
        {"filled": State(of("visits:slip", slip))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": NOTHING_SENT},
    ),
]
