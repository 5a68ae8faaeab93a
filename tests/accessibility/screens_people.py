"""Screens of the team, users, devices and one's own settings."""

from __future__ import annotations

from datetime import date, time

from django.urls import reverse

from team.actions import opening
from team.actions import shift as shifts
from team.models import Membership, Shift
from tests.accessibility.presses import send, then, unfold, write
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, made, of
from tests.accessibility.world import Scene
from tests.factories.team import MembershipFactory, ProfessionFactory, at


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
