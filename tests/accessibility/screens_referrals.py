"""Screens of referrals: the inbox, one referral, the answer by link."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page

from clients.actions import consent as consents
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.actions.consent import Given
from clients.models import Consent
from clients.models.consent import Purpose
from tests.accessibility.presses import press, send, unfold
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, literal, made, of
from tests.accessibility.screens_files import person
from tests.accessibility.world import Scene
from tests.factories.clients import ConsentTextFactory, ReferralFactory
from tests.factories.team import OrganisationFactory


def answered(scene: Scene) -> None:
    """Referrals received, sent and answered."""
    scene.with_visitor()
    ReferralFactory(
        point=scene.house.point,
        organisation=scene.advisor.membership.organisation,
        status="received",
        answered_at=scene.now,
    )


def referred(scene: Scene) -> object:
    """A referral to one's own organisation that was contacted, with a meeting agreed."""
    now = {"by": scene.advisor, "at": scene.now}
    to = scene.advisor.membership.organisation
    row = referrals.refer(point=scene.house.point, organisation=to, client=scene.person, reason="Ryhmä alkaa", **now)
    referrals.agree_meeting(row, scene.now + timedelta(days=7), "Raatihuone, kokoushuone 2", **now)
    return referrals.contact(referrals.receive(row, **now), **now).pk


def guided(scene: Scene) -> str:
    """What the search found for a person."""
    OrganisationFactory(names={"fi": "Kuntoutusorganisaatio", "sv": "Rehabilitering", "en": "Rehabilitation"})
    return reverse("clients:refer", args=[scene.person.pk]) + "?q=or"


def draft(scene: Scene) -> object:
    """A referral that has not been sent."""
    to = OrganisationFactory()
    return referrals.refer(
        point=scene.house.point, organisation=to, client=scene.person, by=scene.advisor, at=scene.now, draft=True
    ).pk


def supported(scene: Scene) -> referrals.MultiSectoral:
    """What multi-sectoral support asks for."""
    ours = scene.advisor.membership.organisation
    until = scene.now.date() + timedelta(days=200)
    return referrals.MultiSectoral(["several_services", "support_300_days"], ours, until, "Palaa pajan jälkeen")


def supported_together(scene: Scene) -> object:
    """A referral to multi-sectoral support that one's own organisation received, with a number for the link."""
    to, now = scene.advisor.membership.organisation, {"by": scene.advisor, "at": scene.now}
    return referrals.refer(
        point=scene.house.point, organisation=to, client=scene.person, recipient_phone="+358400000099",
        multi_sectoral=supported(scene), **now,
    ).pk  # fmt: skip


def told_by_link(scene: Scene) -> str:
    """A link to a person who lets the recipient know everything."""
    now = {"by": scene.advisor, "at": scene.now}
    to = OrganisationFactory()
    ConsentTextFactory(purpose=Purpose.SHARE)
    consents.give_consent(
        scene.person, purpose=Purpose.SHARE, given=Given(), organisation=to, contents=list(Consent.Content.values),
        **now,
    )  # fmt: skip
    row = referrals.refer(
        point=scene.house.point, organisation=to, client=scene.person, multi_sectoral=supported(scene), **now
    )
    return reverse("clients:link_referral", args=[links.issue_for_referral(row, **now).token])


def choose_together(page: Page) -> None:
    """Multi-sectoral support is chosen without a criterion."""
    page.get_by_test_id("refer-hit").first.check()
    page.get_by_test_id("refer-together").click()
    page.get_by_test_id("refer-multi").check()
    send("refer-save")(page)


def linked(scene: Scene) -> str:
    """A link that waits for an answer."""
    now = {"by": scene.advisor, "at": scene.now}
    row = referrals.refer(point=scene.house.point, organisation=OrganisationFactory(), reason="Ryhmä alkaa", **now)
    return reverse("clients:link_referral", args=[links.issue_for_referral(row, **now).token])


def linked_pk(scene: Scene) -> object:
    """A referral of one's own that waits for an answer."""
    now = {"by": scene.advisor, "at": scene.now}
    return referrals.refer(point=scene.house.point, organisation=OrganisationFactory(), **now).pk


def receive_by_link(page: Page) -> None:
    """The recipient without an account takes the client."""
    page.locator('[name="answer"][value="receive"]').check()
    send("referral-link-send")(page)


SCREENS = [
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
    Screen(
        "referral",
        ("clients:referral",),
        "advisor",
        {
            "empty": State(of("clients:referral", draft)),
            "filled": State(of("clients:referral", referred), unfold("section details summary")),
            "error": State(of("clients:referral", referred), send("referral-ended")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "guiding a person",
        ("clients:refer",),
        "advisor",
        {
            "empty": State(of("clients:refer", person)),
            "filled": State(guided),
            "error": State(guided, choose_together),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "multi-sectoral support",
        (),
        "advisor",
        {"filled": State(of("clients:referral", supported_together))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "referral by link with all that is told",
        (),
        "nobody",
        {"filled": State(told_by_link)},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "referral by link",
        ("clients:link_referral",),
        "nobody",
        {
            "empty": State(literal("/linkki/tuntematon/")),
            "filled": State(linked, receive_by_link),
            "error": State(linked, send("referral-link-send")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "link on paper",
        (),
        "advisor",
        {"filled": State(of("clients:referral", linked_pk), press("referral-link-make"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
]
