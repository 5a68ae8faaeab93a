"""Screens of what goes on with a person: who answers, the coach's desk, the plan."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from clients.actions import plan as plans
from clients.actions import promise as promises
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.actions import statutory
from clients.actions.ending import agree_next
from clients.actions.statutory import Agreed
from tests.accessibility.presses import press, send, then, unfold
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, made, of
from tests.accessibility.screens_files import person
from tests.accessibility.world import Scene
from tests.factories.clients import person_on_file, plan_of


def answered_for(scene: Scene) -> object:
    """The advisor answers for a person, and for another who is offered to a colleague; a third is offered by one."""
    mine, partner = {"by": scene.advisor, "at": scene.now}, {"by": scene.partner, "at": scene.now}
    responsibilities.take(scene.person, **mine)
    away = person_on_file(scene.advisor, moment=scene.now, name="Kielo Esimerkki")
    responsibilities.take(away, **mine)
    offered = responsibilities.offer(away, scene.partner.membership, reason="Tuttu jo työpajalta", **mine)
    responsibilities.note_meeting(offered, **mine)
    coming = person_on_file(scene.advisor, moment=scene.now, name="Åke Esimerkki")
    responsibilities.take(coming, **partner)
    responsibilities.offer(coming, scene.advisor.membership, reason="Puhuu ruotsia", **partner)
    return scene.person.pk


def much_is_due(scene: Scene) -> object:
    """Somebody of whom everything is due: contact, reviews, a measure that ends."""
    long_ago = scene.now - timedelta(days=200)
    plan = plans.open_plan(scene.person, goal="Haluan töihin lähelle kotia", by=scene.advisor, at=long_ago)
    measure = plans.Step("Palkkatuki pajalla", ends_on=scene.now.date() + timedelta(days=10))
    plans.add_step(plan, step=measure, by=scene.advisor, at=long_ago)
    reminders.keep_clocks(at=scene.now, using="default")
    return scene.person.pk


def ending_soon(scene: Scene) -> None:
    """Three services end soon, and of one of them it is said why nothing follows."""
    now = {"by": scene.advisor, "at": scene.now}
    for name, why in (("Kielo Esimerkki", ""), ("Åke Esimerkki", ""), ("Orvokki Esimerkki", "Työ jatkuu ilman tukea")):
        plan = plan_of(person_on_file(scene.advisor, moment=scene.now, name=name), scene.advisor, moment=scene.now)
        measure = plans.Step("Palkkatuki pajalla", ends_on=scene.now.date() + timedelta(days=10))
        step = plans.add_step(plan, step=measure, **now)
        if why:
            agree_next(step, no_next_reason=why, **now)


def statutory_too(scene: Scene) -> object:
    """Somebody with a plan beside a statutory one, whose review is past."""
    one = person_on_file(scene.advisor, moment=scene.now, name="Orvokki Esimerkki")
    plan, now = plan_of(one, scene.advisor, moment=scene.now), {"by": scene.advisor, "at": scene.now}
    told = {"agreed_on": date(2026, 8, 3), "valid_until": date(2027, 8, 3), "review_on": date(2026, 11, 3)}
    statutory.record_statutory(plan, Agreed("multi_sectoral", scene.advisor.membership.organisation, **told), **now)
    return one.pk


def one_more_statutory(scene: Scene) -> str:
    """A draft each time, for it is sent but once."""
    return reverse("clients:plan", args=[statutory_too(scene)])


def promising(scene: Scene) -> str:
    """The point has added a promise."""
    names = {"fi": "Soitamme kolmen päivän kuluessa", "sv": "Vi ringer inom tre dagar", "en": "We call in three days"}
    promises.add_promise(names, days=3, counted_from="referral", by=scene.advisor, at=scene.now)
    return reverse("clients:lost")


def planless(scene: Scene) -> object:
    """Somebody who has no plan yet."""
    return person_on_file(scene.advisor, moment=scene.now, name="Vanamo Esimerkki").pk


def planned(scene: Scene) -> object:
    """Somebody with a plan that was approved once and has changed since."""
    now = {"by": scene.advisor, "at": scene.now}
    one = person_on_file(scene.advisor, moment=scene.now, name="Orvokki Esimerkki")
    plan = plan_of(
        one, scene.advisor, moment=scene.now, benefit="Tiedän, milloin koulutus alkaa", by_on=date(2026, 11, 25)
    )
    plan = plans.approve_plan(plan, how="paper", version=plan.version, **now)
    plans.add_goal(plan, words="Haluan jaksaa arjessa ja löytää työn, johon pääsee ilman omaa autoa", **now)
    office = plans.Step(what="Kutsua yhteiseen tapaamiseen", who="other", who_words="Kaupungin velkaneuvonta")
    plans.finish_step(plans.add_step(plan, step=office, **now), **now)
    plans.add_step(plan, step=plans.Step(what="Kysyä bussiaikataulut", who="staff"), **now)
    return one.pk


def finished_soon(scene: Scene) -> object:
    """Somebody with a plan of one step."""
    one = person_on_file(scene.advisor, moment=scene.now, name="Lumikki Esimerkki")
    return plan_of(one, scene.advisor, moment=scene.now).client_id


SCREENS = [
    Screen(
        "responsible person",
        (),
        "advisor",
        {
            "empty": State(of("clients:client", person)),
            "filled": State(of("clients:client", answered_for), press("responsibility-offer-open")),
            "error": State(
                of("clients:client", answered_for),
                then(press("responsibility-release-open"), send("responsibility-release")),
            ),
            "swap": State(
                of("clients:client", answered_for),
                then(press("responsibility-offer-open"), send("responsibility-offer", reason="Puhuu ruotsia")),
            ),
        },
    ),
    Screen(
        "my people",
        ("clients:mine",),
        "advisor",
        {
            "empty": State(address("clients:mine"), bare=True),
            "filled": State(made("clients:mine", answered_for)),
            "swap": State(made("clients:mine", much_is_due), send("mine-contact")),
        },
        lacks={"error": NOTHING_SENT},
    ),
    Screen(
        "leave",
        ("clients:leave",),
        "advisor",
        {"filled": State(address("clients:leave")), "error": State(address("clients:leave"), send("leave-save"))},
        lacks={"empty": NEVER_EMPTY, "swap": SENT_WHOLE},
    ),
    Screen(
        "lost contacts",
        ("clients:lost",),
        "manager",
        {
            "empty": State(address("clients:lost")),
            "filled": State(made("clients:lost", much_is_due)),
            "error": State(address("clients:lost"), send("terms-save", lost_days="")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "promises of the point",
        (),
        "manager",
        {
            "filled": State(promising, press("promise-open")),
            "error": State(promising, then(press("promise-open"), send("promise-add", name_fi="Soitamme"))),
        },
        lacks={"empty": "looked at with lost contacts", "swap": SENT_WHOLE},
    ),
    Screen(
        "another answers",
        (),
        "manager",
        {
            "filled": State(made("clients:lost", much_is_due), press("lost-assign-open")),
            "error": State(made("clients:lost", much_is_due), then(press("lost-assign-open"), send("lost-assign"))),
        },
        lacks={"empty": "looked at with lost contacts", "swap": SENT_WHOLE},
    ),
    Screen(
        "ending without a next step",
        ("clients:endings",),
        "advisor",
        {
            "empty": State(address("clients:endings"), bare=True),
            "filled": State(made("clients:endings", ending_soon)),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "ending soon at the point",
        (),
        "manager",
        {"filled": State(made("clients:lost", ending_soon))},
        lacks={"empty": "looked at with lost contacts", "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "statutory plans",
        (),
        "advisor",
        {
            "filled": State(of("clients:plan", statutory_too), press("statutory-open")),
            "error": State(of("clients:plan", statutory_too), then(press("statutory-open"), send("statutory-add"))),
            "swap": State(one_more_statutory, send("statutory-end")),
        },
        lacks={"empty": "looked at with the plan"},
    ),
    Screen(
        "statutory plan confirmed",
        (),
        "advisor",
        {
            "filled": State(of("clients:plan", statutory_too), press("statutory-confirm-open")),
            "error": State(
                of("clients:plan", statutory_too), then(press("statutory-confirm-open"), send("statutory-confirm"))
            ),
            "swap": State(one_more_statutory, send("statutory-sent")),
        },
        lacks={"empty": "looked at with the plan"},
    ),
    Screen(
        "plan on paper",
        ("clients:plan_paper",),
        "advisor",
        {"filled": State(of("clients:plan_paper", planned))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "plan as text",
        ("clients:plan_text",),
        "advisor",
        {"filled": State(of("clients:plan_text", planned))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "plan",
        ("clients:plan",),
        "advisor",
        {
            "empty": State(of("clients:plan", planless)),
            "filled": State(of("clients:plan", planned), unfold("[data-testid=plan-versions] summary")),
            "error": State(of("clients:plan", planned), send("plan-step-add", what="")),
            "swap": State(of("clients:plan", finished_soon), send("plan-goal-add", words="Haluan oppia suomea")),
        },
    ),
]
