"""Words read aloud to visitors, by language: data for the screens, spoken before anything is written down."""

from __future__ import annotations

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

LANGUAGES = (("fi", "Suomi"), ("fi-selko", "Selkosuomi"), ("sv", "Svenska"), ("en", "English"))


def invitation(*, name: str, organisation: str, first: str) -> list[tuple[str, str, list[str]]]:
    """The request in every language that it exists in, the visitor's own first: code, language, lines."""
    start = first if first in INVITATION else "fi"
    order = sorted(LANGUAGES, key=lambda one: one[0] != start)
    return [
        (code, label, [line.format(name=name, organisation=organisation) for line in INVITATION[code]])
        for code, label in order
    ]
