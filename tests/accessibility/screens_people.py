"""Screens of people on file, the team, users, devices and one's own settings."""

from __future__ import annotations

from datetime import date, time

from django.urls import reverse
from playwright.sync_api import Page

from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.actions import plan as plans
from clients.actions import responsibility as responsibilities
from clients.models.consent import Purpose
from team.actions import opening
from team.actions import shift as shifts
from team.models import Membership, Shift
from tests.accessibility.presses import press, send, then, unfold, write
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, made, of
from tests.accessibility.world import Scene
from tests.factories.clients import ReferralFactory, person_on_file, plan_of
from tests.factories.team import MembershipFactory, OrganisationFactory, ProfessionFactory, at


def person(scene: Scene) -> object:
    """The person whose file is open."""
    return scene.person.pk


def talked_about(scene: Scene) -> object:
    """The person with every kind of consent, one of them withdrawn, who has been here before."""
    scene.with_visitor()
    now = {"by": scene.advisor, "at": scene.now}
    consents.give_consent(scene.person, purpose=Purpose.CONTACT, given=consents.Given(), **now)
    organisation = scene.partner.membership.organisation
    for contents in (["contact"], ["contact", "guidance", "plan"]):
        other = OrganisationFactory() if contents == ["contact"] else organisation
        share = consents.give_consent(
            scene.person, purpose=Purpose.SHARE, given=consents.Given(), organisation=other, contents=contents, **now
        )
        if other != organisation:
            consents.withdraw_consent(share, **now)
    return scene.person.pk


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


def hidden(scene: Scene) -> object:
    """Somebody whose address nobody may hear."""
    told = {"contact_kind": "phone", "contact_value": "+358 000 000 013", "is_non_disclosure": True}
    return person_on_file(scene.advisor, moment=scene.now, name="Kielo Esimerkki", **told).pk


def leaving(scene: Scene) -> str:
    """The file of somebody who is about to withdraw."""
    return reverse("clients:client", args=[person_on_file(scene.advisor, moment=scene.now).pk])


def ask_for_digits(page: Page) -> None:
    """The person answers on the tablet: its six digits are shown."""
    page.locator('[name="how"]').select_option("tablet")
    send("consent-save")(page)


DIGITS: list[str] = []


def turn_at_tablet(scene: Scene) -> str:
    """A turn waits for the tablet's six digits."""
    by = {"by": scene.advisor, "at": scene.now}
    other = OrganisationFactory()
    offer = handovers.open_session(
        scene.person, asks=["share"], language="fi", organisation=other, contents=["contact", "guidance"], **by
    )
    DIGITS.append(offer.code)
    return reverse("clients:handover")


def type_digits(page: Page) -> None:
    """The newest six digits are typed."""
    send("handover-take", code=DIGITS[-1])(page)


def shift(scene: Scene) -> object:
    """A colleague's shift today."""
    return Shift.objects.get(membership=scene.partner.membership).pk


def goes_on_a_break(scene: Scene) -> None:
    """A colleague takes a break."""
    who = scene.house.advisor()
    shifts.start_break(who.membership.shifts.get(), by=who, at=scene.now, until=at(11, 30))


def colleague(scene: Scene) -> object:
    """A colleague with a long name."""
    return scene.partner.user.pk


def exception(scene: Scene) -> None:
    """The opening hours have an exception."""
    opening.set_exception(
        scene.house.point,
        date(2026, 12, 2),
        by=scene.member("manager"),
        at=scene.now,
        opens_at=time(12),
        closes_at=time(16),
        reasons={"fi": "Henkilöstön koulutuspäivä aamupäivällä", "sv": "Utbildning", "en": "Training"},
    )


def two_roles(scene: Scene) -> None:
    """One works for two organisations."""
    me: Membership = scene.advisor.membership
    MembershipFactory(point=me.point, user=me.user, partner=True)


def answered(scene: Scene) -> None:
    """Referrals received, sent and answered."""
    scene.with_visitor()
    ReferralFactory(
        point=scene.house.point,
        organisation=scene.advisor.membership.organisation,
        status="accepted",
        answered_at=scene.now,
    )


def topic(scene: Scene) -> object:
    """A topic with its trades."""
    found = scene.house.topic("tyokyky")
    found.professions.add(ProfessionFactory(code="tyokyky"))
    return found.pk


def result(scene: Scene) -> object:
    """One of the results."""
    return scene.house.result().pk


def organisation(scene: Scene) -> object:
    """An organisation of the house."""
    return scene.partner.organisation_id


def profession(scene: Scene) -> object:
    """A trade that all points share."""
    return ProfessionFactory(code="velkaneuvonta").pk


SCREENS = [
    # --- people on file ---------------------------------------------------------------------------------------------
    Screen(
        "people",
        ("clients:search",),
        "advisor",
        {
            "empty": State(address("clients:search"), bare=True),
            "filled": State(made("clients:search", person), write("#q", "Wilhel")),
            "error": State(made("clients:search", person), write("#q", "xxyyzz")),
            "swap": State(made("clients:search", person), write("#q", "wilhel"), keeps_focus=True),
        },
    ),
    Screen(
        "person",
        ("clients:client",),
        "advisor",
        {
            "empty": State(of("clients:client", person), bare=True),
            "filled": State(of("clients:client", talked_about)),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
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
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "person in hiding",
        (),
        "advisor",
        {
            "empty": State(of("clients:client", hidden)),
            "filled": State(of("clients:client", hidden), send("client-reveal")),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "person new",
        ("clients:record",),
        "advisor",
        {
            "empty": State(address("clients:record"), bare=True),
            "filled": State(address("clients:record"), unfold(".words details:not([open]) summary")),
            "error": State(address("clients:record"), send("client-save", year_of_birth="18")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "person change",
        ("clients:change",),
        "advisor",
        {
            "filled": State(of("clients:change", person)),
            "error": State(of("clients:change", person), send("client-save", name="")),
        },
        lacks={"empty": "there is somebody to correct", "swap": SENT_WHOLE},
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
    Screen(
        "consent",
        ("clients:give_contact", "clients:give_share"),
        "advisor",
        {
            "empty": State(of("clients:give_contact", person)),
            "filled": State(of("clients:give_share", person)),
            "error": State(of("clients:give_share", person), send("consent-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "digits for the tablet",
        (),
        "advisor",
        {"filled": State(of("clients:give_contact", person), ask_for_digits)},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "hand-over tablet",
        ("clients:handover",),
        "handover",
        {
            "empty": State(address("clients:handover")),
            "filled": State(turn_at_tablet, type_digits),
            "error": State(address("clients:handover"), send("handover-take", code="12")),
        },
        lacks={"swap": SENT_WHOLE},
        is_huge=True,
    ),
    Screen(
        "file closed",
        (),
        "advisor",
        {"filled": State(leaving, press("withdraw-record"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "referrals",
        ("clients:referrals",),
        "advisor",
        {
            "empty": State(address("clients:referrals"), bare=True),
            "filled": State(made("clients:referrals", answered)),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    # --- the team ---------------------------------------------------------------------------------------------------
    Screen(
        "roster",
        ("team:roster",),
        "manager",
        {
            "empty": State(address("team:roster"), bare=True),
            "filled": State(address("team:roster")),
            "swap": State(address("team:roster"), meanwhile=goes_on_a_break),
        },
        lacks={"error": NOTHING_SENT},
    ),
    Screen(
        "shift new",
        ("team:add_shift",),
        "manager",
        {
            "empty": State(address("team:add_shift"), bare=True),
            "filled": State(address("team:add_shift")),
            "error": State(address("team:add_shift"), send("shift-save", starts="17:00", ends="11:00")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "shift change",
        ("team:change_shift",),
        "manager",
        {
            "filled": State(of("team:change_shift", shift)),
            "error": State(of("team:change_shift", shift), send("shift-save", starts="17:00", ends="11:00")),
        },
        lacks={"empty": "there is a shift to change", "swap": SENT_WHOLE},
    ),
    Screen(
        "colleagues",
        ("team:colleagues",),
        "advisor",
        {
            "empty": State(made("team:colleagues", colleague, query="?q=xxyyzz")),
            "filled": State(address("team:colleagues")),
            "swap": State(address("team:colleagues"), write("[type=search]", "palkka"), keeps_focus=True),
        },
        lacks={"error": NOTHING_SENT},
    ),
    Screen(
        "settings",
        ("team:settings",),
        "advisor",
        {
            "empty": State(address("team:settings"), bare=True),
            "filled": State(made("team:settings", two_roles), send("settings-save")),
        },
        lacks={"error": "every choice is a good one", "swap": SENT_WHOLE},
    ),
    Screen(
        "users",
        ("team:users",),
        "admin",
        {
            "empty": State(address("team:users"), bare=True),
            "filled": State(address("team:users")),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "user new",
        ("team:add_user",),
        "admin",
        {
            "empty": State(address("team:add_user"), bare=True),
            "filled": State(address("team:add_user"), send("user-save", name="Uusi Kollega", username="uusikollega")),
            "error": State(address("team:add_user"), send("user-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "user",
        ("team:user",),
        "admin",
        {
            "filled": State(of("team:user", colleague), unfold("details:has([data-testid=role-add]) summary")),
            "error": State(of("team:user", colleague), send("user-save", name="")),
        },
        lacks={"empty": "there is somebody to change", "swap": SENT_WHOLE},
    ),
    Screen(
        "password shown once",
        (),
        "admin",
        {"filled": State(of("team:user", colleague), send("user-reset"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    # --- devices and hours ------------------------------------------------------------------------------------------
    Screen(
        "devices",
        ("team:devices",),
        "manager",
        {
            "empty": State(address("team:devices"), bare=True),
            "filled": State(address("team:devices"), send("device-offer", name="Tabletti oven vieressä")),
            "error": State(address("team:devices"), send("device-offer", name="")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "pairing",
        ("team:pair",),
        "nobody",
        {
            "empty": State(address("team:pair"), bare=True),
            "filled": State(address("team:pair")),
            "error": State(address("team:pair"), send("device-pair", code="000000")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "opening hours",
        ("team:opening",),
        "manager",
        {
            "empty": State(address("team:opening"), bare=True),
            "filled": State(made("team:opening", exception), unfold("details:has([data-testid=rule-save]) summary")),
            "error": State(
                address("team:opening"),
                then(unfold("details:has([data-testid=exception-save]) summary"), send("exception-save")),
            ),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    # --- the house and its words ------------------------------------------------------------------------------------
    Screen(
        "service point",
        ("team:point",),
        "admin",
        {
            "filled": State(address("team:point")),
            "error": State(address("team:point"), send("point-save", name_fi="", postal_code="131", desks="0")),
        },
        lacks={"empty": "one acts at a point", "swap": SENT_WHOLE},
    ),
    Screen(
        "service point new",
        ("team:open_point",),
        "admin",
        {
            "empty": State(address("team:open_point"), bare=True),
            "filled": State(address("team:open_point")),
            "error": State(address("team:open_point"), send("point-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "organisations",
        ("team:organisations",),
        "admin",
        {"filled": State(address("team:organisations"))},
        lacks={"empty": "one acts for an organisation", "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "organisation",
        ("team:add_organisation", "team:change_organisation"),
        "admin",
        {
            "empty": State(address("team:add_organisation"), bare=True),
            "filled": State(of("team:change_organisation", organisation)),
            "error": State(address("team:add_organisation"), send("organisation-save", business_id="0146921-5")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "vocabulary",
        ("team:vocabulary",),
        "admin",
        {"filled": State(made("team:vocabulary", topic))},
        lacks={"empty": "every point starts with words", "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "topic",
        ("team:add_topic", "team:change_topic"),
        "manager",
        {
            "empty": State(address("team:add_topic"), bare=True),
            "filled": State(of("team:change_topic", topic)),
            "error": State(address("team:add_topic"), send("word-save", key="1", guidance_minutes="0")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "term",
        ("team:add_term", "team:change_term"),
        "manager",
        {
            "empty": State(address("team:add_term", "result"), bare=True),
            "filled": State(of("team:change_term", result)),
            "error": State(address("team:add_term", "result"), send("word-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "shared word",
        ("team:add_shared", "team:change_shared"),
        "admin",
        {
            "empty": State(address("team:add_shared", "osaamiset"), bare=True),
            "filled": State(lambda scene: reverse("team:change_shared", args=["ammatit", scene.once(profession)])),
            "error": State(address("team:add_shared", "ammatit"), send("word-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
]
