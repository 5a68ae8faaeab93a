"""Words read aloud to visitors, by language: data for the screens, spoken before anything is written down."""

from __future__ import annotations

from visits.models import Invitation

# Three lines: who would come, what they would hear, that a no changes nothing.
INVITATION = {
    "fi": (
        "Pyytäisin mukaan kollegan: {name}, {organisation}.",
        "Hän kuulee, mitä tässä puhumme, ja näkee tämän käynnin ohjauksen.",
        "Voit sanoa myös ei. Se ei vaikuta palveluusi.",
    ),
    "fi-selko": (
        "Voinko pyytää tähän toisen työntekijän? Hänen nimensä on {name}. Hänen työpaikkansa on {organisation}.",
        "Hän kuulee, mitä puhumme. Hän näkee, mitä kirjoitan tästä käynnistä.",
        "Voit vastata kyllä tai ei. Saat apua, vaikka vastaat ei.",
    ),
    "sv": (
        "Jag skulle vilja be en kollega vara med: {name}, {organisation}.",
        "Hen hör vad vi pratar om och ser handledningen från det här besöket.",
        "Du kan också säga nej. Det påverkar inte din service.",
    ),
    "en": (
        "I would like to ask a colleague to join us: {name}, {organisation}.",
        "They will hear what we talk about and see the guidance of this visit.",
        "You can also say no. It does not affect your service.",
    ),
}

# The same for a colleague who goes on afterwards: the visitor is handed over, and the record stays with its writer.
HAND_OVER = {
    "fi": (
        "Pyytäisin kollegan jatkamaan kanssasi minun jälkeeni: {name}, {organisation}.",
        "Säilytät paikkasi jonossa. Hän ei näe, mitä minä kirjoitin, ellet halua sitä.",
        "Voit sanoa myös ei. Se ei vaikuta palveluusi.",
    ),
    "fi-selko": (
        "Toinen työntekijä voi auttaa sinua minun jälkeeni. Hän on {name}. Hänen työpaikkansa on {organisation}.",
        "Et joudu jonon loppuun. Hän ei näe, mitä minä kirjoitin.",
        "Voit vastata kyllä tai ei. Saat apua, vaikka vastaat ei.",
    ),
    "sv": (
        "Jag skulle vilja be en kollega fortsätta med dig efter mig: {name}, {organisation}.",
        "Du behåller din plats i kön. Hen ser inte vad jag har skrivit, om du inte vill det.",
        "Du kan också säga nej. Det påverkar inte din service.",
    ),
    "en": (
        "I would like to ask a colleague to go on with you after me: {name}, {organisation}.",
        "You keep your place in the queue. They will not see what I have written, unless you wish so.",
        "You can also say no. It does not affect your service.",
    ),
}

LANGUAGES = (("fi", "Suomi"), ("fi-selko", "Selkosuomi"), ("sv", "Svenska"), ("en", "English"))


def invitation(mode: str, *, name: str, organisation: str, first: str) -> list[tuple[str, str, list[str]]]:
    """The request in every language that it exists in, the visitor's own first: code, language, lines."""
    texts = HAND_OVER if mode == Invitation.Mode.AFTER else INVITATION
    start = first if first in INVITATION else "fi"
    order = sorted(LANGUAGES, key=lambda one: one[0] != start)
    return [
        (code, label, [line.format(name=name, organisation=organisation) for line in texts[code]])
        for code, label in order
    ]
