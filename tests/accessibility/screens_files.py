"""Screens of people on file: their page, duplicates, consents, receipts, the hand-over tablet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page

from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.actions import link as links
from clients.actions import recusal as recusals
from clients.actions import referral as referrals
from clients.actions import responsibility as responsibilities
from clients.actions.client import Person, record_person
from clients.actions.not_same import tell_apart
from clients.models import Client, ContactNote
from clients.models.consent import Purpose
from tests.accessibility.presses import press, send, unfold, write
from tests.accessibility.screen import NEVER_EMPTY, NOTHING_SENT, SENT_WHOLE, Screen, State, address, made, of
from tests.accessibility.world import Scene
from tests.factories.clients import person_on_file, plan_of
from tests.factories.team import OrganisationFactory


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


def broken_off(scene: Scene) -> object:
    """Somebody with whom one was in touch long ago, and again today, and who is on the way to a partner."""
    organisation = scene.partner.membership.organisation
    for days in (40, 0):
        ContactNote.objects.create(
            client=scene.person, point=scene.house.point, membership=scene.advisor.membership, mode="phone",
            at=scene.now - timedelta(days=days),
        )  # fmt: skip
    told = {"point": scene.house.point, "organisation": organisation, "client": scene.person}
    referrals.refer(**told, by=scene.advisor, at=scene.now)
    return scene.person.pk


def alike(scene: Scene) -> list[object]:
    """Two files of one person, the older one first."""
    files = [person_on_file(scene.advisor, moment=scene.now, name=name) for name in ("Oleksandr Koe", "Alexander Koe")]
    return [one.pk for one in files]


def two_people(scene: Scene) -> None:
    """Two pairs that look alike, one of which was found to be of two people."""
    files = Client.objects.visible_to(scene.advisor)
    one, other = (files.get(pk=pk) for pk in alike(scene))
    tell_apart(one, other, by=scene.advisor, at=scene.now)
    for name in ("Mohammed Esimerkki", "Muhammad Esimerkki"):
        person_on_file(scene.advisor, moment=scene.now, name=name)


def planned_twice(scene: Scene) -> list[object]:
    """Two files of one person, each with a plan."""
    for pk in (pks := alike(scene)):
        plan_of(Client.objects.visible_to(scene.advisor).get(pk=pk), scene.advisor)
    return pks


def both(name: str, find: Callable[[Scene], list[object]]) -> Callable[[Scene], str]:
    """The address of two files."""
    return lambda scene: reverse(name, args=scene.once(find))


def barred(scene: Scene) -> None:
    """Two colleagues are barred: for the one person somebody answers, for the other nobody."""
    for name in ("Kielo Esimerkki", "Åke Esimerkki"):
        near = person_on_file(scene.advisor, moment=scene.now, name=name)
        recusals.recuse(near, by=scene.advisor, at=scene.now)
    responsibilities.take(near, by=scene.partner, at=scene.now)


def hidden(scene: Scene) -> object:
    """Somebody whose address nobody may hear."""
    told = {"contact_kind": "phone", "contact_value": "+358 000 000 013", "is_non_disclosure": True}
    return person_on_file(scene.advisor, moment=scene.now, name="Kielo Esimerkki", **told).pk


def leaving(scene: Scene) -> str:
    """The file of somebody who is about to withdraw."""
    return reverse("clients:client", args=[person_on_file(scene.advisor, moment=scene.now).pk])


def for_a_month(scene: Scene) -> object:
    """Somebody who agreed to be recorded for a month."""
    given = consents.Given.for_a_month("words", "fi", at=scene.now)
    return record_person(Person("Kanerva Kuukausi"), by=scene.advisor, at=scene.now, consent=given).pk


def own_receipt(scene: Scene) -> object:
    """The link of somebody with one consent."""
    person = person_on_file(scene.advisor, moment=scene.now, name="Pihlaja Esimerkki")
    return links.issue_receipt(person, by=scene.advisor, at=scene.now).token


def own_receipt_of_more(scene: Scene) -> object:
    """The link of somebody with several consents."""
    talked_about(scene)
    return links.issue_receipt(scene.person, by=scene.advisor, at=scene.now).token


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


SCREENS = [
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
        "person new, perhaps on file",
        ("clients:alike",),
        "advisor",
        {
            "filled": State(made("clients:record", alike), send("client-save", name="Aleksandr Koe")),
            "swap": State(made("clients:record", alike), write("[name=name]", "Aleksandr Koe"), keeps_focus=True),
        },
        lacks={
            "empty": "it is then the screen of a new person",
            "error": "it asks, nothing is wrong",
        },
    ),
    Screen(
        "possible duplicates",
        ("clients:pairs",),
        "advisor",
        {
            "empty": State(address("clients:pairs"), bare=True),
            "filled": State(made("clients:pairs", two_people)),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "two files merged",
        ("clients:merge",),
        "advisor",
        {
            "filled": State(both("clients:merge", alike)),
            "error": State(both("clients:merge", planned_twice)),
        },
        lacks={"empty": NEVER_EMPTY, "swap": SENT_WHOLE},
    ),
    Screen(
        "conflicts of interest",
        ("clients:recusals",),
        "manager",
        {
            "empty": State(address("clients:recusals"), bare=True),
            "filled": State(made("clients:recusals", barred)),
            "error": State(made("clients:recusals", barred), send("recusal-end")),
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
        "consent",
        ("clients:give_contact", "clients:give_share", "clients:give_record", "clients:give_background"),
        "advisor",
        {
            "empty": State(of("clients:give_contact", person)),
            "filled": State(of("clients:give_share", person)),
            "error": State(of("clients:give_share", person), send("consent-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "receipt on paper",
        ("clients:receipt",),
        "advisor",
        {
            "empty": State(of("clients:receipt", for_a_month)),
            "filled": State(of("clients:receipt", talked_about), press("receipt-link")),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "chain of services",
        ("clients:chain",),
        "advisor",
        {"empty": State(of("clients:chain", person)), "filled": State(of("clients:chain", broken_off))},
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "the person's own page",
        ("clients:own",),
        "nobody",
        {
            "empty": State(of("clients:own", own_receipt)),
            "filled": State(of("clients:own", own_receipt_of_more)),
        },
        lacks={"error": "a wrong address has a page of its own, and a button sends no words", "swap": SENT_WHOLE},
    ),
    Screen(
        "a month's consent",
        (),
        "advisor",
        {"filled": State(of("clients:client", for_a_month), press("consent-renew"))},
        lacks={"empty": "a person without one is looked at above", "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "record of data protection",
        ("clients:register",),
        "manager",
        {"filled": State(address("clients:register"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": NOTHING_SENT},
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
]
