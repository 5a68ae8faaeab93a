"""Screens before and around signing in, the tablet's, the feedback's, and the house's own specimen."""

from __future__ import annotations

import json
from datetime import date

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from playwright.sync_api import Page

from feedback import actions as feedback
from feedback import frame
from team.models import Membership
from tests.accessibility.presses import Act, press, send, settle, then
from tests.accessibility.screen import (
    NEVER_EMPTY,
    NOTHING_SENT,
    SENT_WHOLE,
    Screen,
    State,
    address,
    literal,
    made,
    of,
)
from tests.accessibility.world import Scene
from tests.factories.feedback import SaidAndDoneFactory
from tests.factories.team import PASSWORD, at

WRONG = "wrong word"
TWO_STEPS = "kaksivaiheinen"
DEFAULT = json.loads((frame.DATA / "default_questionnaire.json").read_text(encoding="utf-8"))
OTHER_LANGUAGES = [code for code in DEFAULT["languages"] + DEFAULT["drafts"] if code != "en"]


def questionnaire(scene: Scene) -> None:
    """The tablet has its questions, and something that answers led to."""
    feedback.create_default_questionnaire(scene.house.point, at=at(9), with_drafts=True)
    SaidAndDoneFactory(point=scene.house.point)


def told(scene: Scene) -> object:
    """Something that visitors said and that was done."""
    return SaidAndDoneFactory(point=scene.house.point).pk


def without_membership(scene: Scene) -> None:
    """Somebody whose last role ended yesterday."""
    Membership.objects.filter(pk=scene.member("expert").membership_id).update(valid_until=date(2026, 11, 17))


def in_language(code: str) -> Act:
    """A language is chosen: the first question."""

    def act(page: Page) -> None:
        page.get_by_test_id(f"language-{code}").click()
        page.locator("[data-kind=faces]:visible").wait_for()
        settle(page)

    return act


to_question = in_language("en")


def answered(page: Page) -> None:
    """All questions are answered: words of one's own."""
    while page.locator("[data-kind=faces]:visible").count():
        before = page.locator("[data-question]:visible").get_attribute("data-question")
        page.locator("[data-question]:visible .face").nth(3).click()
        page.locator(f"[data-question='{before}']:visible").wait_for(state="hidden")
    page.get_by_test_id("words").fill("Kiitos avusta.")


def sent(page: Page) -> None:
    """The answer is given."""
    page.get_by_test_id("send").click()
    page.locator("[data-part=thanks]:visible").wait_for()


to_words = then(to_question, answered)
to_thanks = then(to_words, sent)


def tablet_in(code: str) -> Screen:
    """The same tablet, and from right to left where the language is written so."""
    place = made("feedback:tablet", questionnaire)
    return Screen(
        f"tablet in {code}",
        (),
        "tablet",
        {
            "filled": State(place, in_language(code)),
            "empty": State(place, then(in_language(code), answered)),
            "swap": State(place, then(in_language(code), answered, sent), keeps_focus=True),
        },
        lacks={"error": "the tablet keeps what it cannot send"},
        is_huge=True,
    )


def send_password(page: Page) -> None:
    """Confirm that it is still the same person, where it is asked."""
    field = page.locator("main input[name=password]")
    if field.count():
        field.fill(PASSWORD)
        page.locator("main form button.btn-primary").first.click()
        settle(page)


def second_factor(scene: Scene) -> None:
    """The advisor has an app that shows codes, and codes for a lost phone."""
    user = scene.advisor.user
    user.username = TWO_STEPS
    user.save(update_fields=["username"])
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def sign_in_with_two_steps(page: Page) -> None:
    """The password is right; the code is asked for."""
    send("sign-in", login=TWO_STEPS, password=PASSWORD)(page)
    page.wait_for_url("**/2fa/authenticate/**")


def wrong_passwords(page: Page) -> None:
    """The old password is not right and the new ones differ."""
    for place, field in enumerate(page.locator("main input[type=password]").all()):
        field.fill(f"{WRONG} {place}")
    page.locator("main form button.btn-primary").first.click()
    settle(page)


def wrong_code(page: Page) -> None:
    """Six digits that the app did not show."""
    page.locator("main input[name=code]").fill("000000")
    page.locator("main form button[type=submit], main form button.btn-primary").first.click()
    settle(page)


SCREENS = [
    Screen(
        "sign-in",
        ("account_login",),
        "nobody",
        {
            "empty": State(address("account_login")),
            "error": State(address("account_login"), send("sign-in", login="kollega", password=WRONG)),
        },
        lacks={"filled": "two fields", "swap": SENT_WHOLE},
    ),
    Screen(
        "sign-out",
        ("account_logout",),
        "advisor",
        {"filled": State(address("account_logout"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "own password",
        ("account_change_password",),
        "advisor",
        {
            "empty": State(address("account_change_password")),
            "error": State(address("account_change_password"), wrong_passwords),
        },
        lacks={"filled": "three fields", "swap": SENT_WHOLE},
    ),
    Screen(
        "confirm that it is you",
        ("account_reauthenticate",),
        "advisor",
        {"filled": State(address("account_reauthenticate"))},
        lacks={"empty": NEVER_EMPTY, "error": "as on signing in", "swap": SENT_WHOLE},
    ),
    Screen(
        "second factor",
        ("mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"),
        "advisor",
        {
            "empty": State(address("mfa_index"), send_password),
            "filled": State(address("mfa_activate_totp"), send_password),
            "error": State(
                address("mfa_activate_totp"),
                then(send_password, wrong_code),
            ),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    Screen(
        "security key",
        (),
        "advisor",
        {
            "empty": State(address("mfa_list_webauthn"), send_password),
            "filled": State(address("mfa_add_webauthn"), send_password),
        },
        lacks={"error": "the browser asks for the key", "swap": SENT_WHOLE},
    ),
    Screen(
        "second factor in use",
        ("mfa_deactivate_totp",),
        "advisor",
        {
            "empty": State(made("mfa_deactivate_totp", second_factor), send_password),
            "filled": State(made("mfa_index", second_factor), send_password),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "recovery codes",
        ("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        "advisor",
        {
            "empty": State(made("mfa_generate_recovery_codes", second_factor), send_password),
            "filled": State(made("mfa_view_recovery_codes", second_factor), send_password),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "second step of signing in",
        ("mfa_authenticate",),
        "nobody",
        {
            "empty": State(made("account_login", second_factor), sign_in_with_two_steps),
            "error": State(made("account_login", second_factor), then(sign_in_with_two_steps, wrong_code)),
        },
        lacks={"filled": "one field", "swap": SENT_WHOLE},
    ),
    Screen(
        "closed account",
        ("account_inactive",),
        "nobody",
        {"filled": State(address("account_inactive"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "no role",
        (),
        "expert",
        {"filled": State(made("team:settings", without_membership))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "accessibility and privacy",
        ("team:accessibility", "team:privacy"),
        "nobody",
        {
            "filled": State(address("team:accessibility")),
            "empty": State(address("team:privacy")),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    # --- visitors' words ----------------------------------------------------------------------------------------------
    Screen(
        "tablet",
        ("feedback:tablet",),
        "tablet",
        {
            "empty": State(address("feedback:tablet"), bare=True),
            "filled": State(made("feedback:tablet", questionnaire)),
            "error": State(made("feedback:tablet", questionnaire, query="?kieli=ar"), send("send"), scripts=False),
            "swap": State(made("feedback:tablet", questionnaire), to_question, keeps_focus=True),
        },
        is_huge=True,
    ),
    Screen(
        "tablet, words and thanks",
        ("feedback:thanks",),
        "tablet",
        {
            "empty": State(made("feedback:thanks", questionnaire, query="?kieli=sv")),
            "filled": State(made("feedback:tablet", questionnaire), to_words),
            "swap": State(made("feedback:tablet", questionnaire), to_thanks, keeps_focus=True),
        },
        lacks={"error": "the tablet keeps what it cannot send"},
        is_huge=True,
    ),
    *(tablet_in(code) for code in OTHER_LANGUAGES),
    Screen(
        "tablet that is not paired",
        (),
        "nobody",
        {"filled": State(address("feedback:tablet"))},
        lacks={"empty": NEVER_EMPTY, "error": NOTHING_SENT, "swap": SENT_WHOLE},
        is_huge=True,
    ),
    Screen(
        "feedback",
        ("feedback:feedback",),
        "manager",
        {
            "empty": State(address("feedback:feedback"), bare=True),
            "filled": State(made("feedback:feedback", told)),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
    Screen(
        "you said, we did",
        ("feedback:tell", "feedback:correct"),
        "manager",
        {
            "empty": State(address("feedback:tell")),
            "filled": State(of("feedback:correct", told)),
            "error": State(address("feedback:tell"), send("told-save")),
        },
        lacks={"swap": SENT_WHOLE},
    ),
    # --- the house's own ----------------------------------------------------------------------------------------------
    Screen(
        "specimen",
        ("styleguide", "styleguide_faces"),
        "advisor",
        {
            "filled": State(address("styleguide")),
            "empty": State(address("styleguide_faces")),
            "error": State(address("styleguide"), press("form-save")),
            "swap": State(address("styleguide"), press("press-ok"), keeps_focus=True),
        },
    ),
    Screen(
        "fault of ours",
        ("styleguide_fault",),
        "nobody",
        {
            "filled": State(address("styleguide_fault")),
            "empty": State(literal("/static/varanumerot.html")),
        },
        lacks={"error": NOTHING_SENT, "swap": SENT_WHOLE},
    ),
]
