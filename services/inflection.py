"""The partitives of a Finnish noun, singular and plural: what people ask for is asked for in the partitive.

The dictionary gives each form one basic form, and many a partitive it gives to another word: velkoja is there a
creditor (velkoja), not debts (velka), asumista a mark (asuma), not living (asuminen). So the partitives of the words
in use are made here, by rule, where the catalogue is indexed. Where the rule cannot know (the a of three syllables,
the gradation of a stem in e) every way is made: a form that no Finn says is never typed, and does no harm.
"""

from __future__ import annotations

BACK, FRONT, NEUTRAL = "aou", "äöy", "ei"
VOWELS = BACK + FRONT + NEUTRAL
# The strong grade behind a weak one: päihde, päihteitä; asiakas, asiakkaita.
_STRONG = (
    ("ng", ("nk",)),
    ("nn", ("nt", "nn")),
    ("ll", ("lt", "ll")),
    ("rr", ("rt", "rr")),
    ("mm", ("mp", "mm")),
    ("k", ("kk", "k")),
    ("p", ("pp", "p")),
    ("t", ("tt", "t")),
    ("d", ("t", "d")),
    ("v", ("p", "v")),
)
_DIPHTHONGS = ("ai", "ei", "oi", "ui", "yi", "äi", "öi", "au", "ou", "eu", "iu", "ie", "uo", "yö")
# Nouns in -i of which the stem ends in e, by how they end: kieli, kieltä, kieliä. The others are as kurssi, kursseja.
_SHORT_E = ("l", "n", "r", "t", "s")


def partitives(word: str) -> set[str]:
    """All that may be the partitive of a noun in its basic form, in small letters."""
    if len(word) < 3 or not any(letter in VOWELS for letter in word):
        return set()
    return {form.replace("A", _harmony(word)) for form in _by_ending(word)}


def _harmony(word: str) -> str:
    """The a of an ending: by the last vowel that is not neutral, which a compound has in its last part."""
    last = next((letter for letter in reversed(word) if letter in BACK + FRONT), "ä")
    return "a" if last in BACK else "ä"


def _by_ending(word: str) -> set[str]:
    stem, last = word[:-1], word[-1]
    if last not in VOWELS:
        return _consonant(word)
    if word[-2:] in _DIPHTHONGS or word[-2] == word[-1]:
        return _long(word)
    match last:
        case "a" | "ä":
            o = "o" if last == "a" else "ö"
            return {f"{word}A", f"{stem}iA", f"{stem}{o}jA", f"{stem}{o}itA"}
        case "o" | "ö" | "u" | "y":
            return {f"{word}A", f"{word}tA", f"{word}jA", f"{word}itA"}
        case "i":
            return _in_i(word)
        case _:
            return {f"{word}ttA", f"{word}jA"} | {f"{strong}eitA" for strong in _strengthened(stem)}


def _long(word: str) -> set[str]:
    """vapaa, vapaata, vapaita; työ, työtä, töitä: ie, uo and yö lose their first vowel."""
    stem = word[:-2] + word[-1] if word[-2:] in ("ie", "uo", "yö") else word[:-1]
    return {f"{word}tA", f"{stem}itA", f"{word}A", f"{word}jA"}


def _in_i(word: str) -> set[str]:
    """kurssi, kurssia, kursseja; lääkäri, lääkäreitä; tuki, tukea, tukia; kieli, kieltä, kieliä; käsi, kättä."""
    stem = word[:-1]
    forms = {f"{word}A", f"{stem}ejA", f"{stem}eitA", f"{stem}eA"}
    if stem.endswith("mp"):
        forms.add(f"{stem}AA")
    if stem.endswith(_SHORT_E):
        forms.add(f"{stem}tA")
    if stem.endswith("s"):
        forms.add(f"{stem[:-1]}ttA")
    return forms


def _consonant(word: str) -> set[str]:
    forms = {f"{word}tA", f"{word}iA", f"{word}ejA"}
    if word.endswith("nen"):
        return {f"{word[:-3]}stA", f"{word[:-3]}siA"}
    if word.endswith(("uus", "yys")):
        forms |= {f"{word[:-1]}ttA", f"{word[:-1]}ksiA"}
    elif word.endswith(("us", "ys", "os", "ös", "is", "es")):
        forms |= {f"{word[:-1]}ksiA", f"{word[:-1]}ttA"}
    if word.endswith(("as", "äs", "is")):
        forms |= {f"{strong}{word[-2]}itA" for strong in _strengthened(word[:-2])}
    if word.endswith(("in", "un", "yn", "ön", "on", "än", "an")):
        forms |= {f"{strong}{word[-2]}miA" for strong in _strengthened(word[:-2])}
    forms |= {f"{strong}{word[-2:]}iA" for strong in _strengthened(word[:-2])}
    return forms


def _strengthened(stem: str) -> set[str]:
    """The stem as it is, and in each strong grade that may stand behind it."""
    found = {stem}
    for weak, strong in _STRONG:
        if stem.endswith(weak):
            found |= {stem[: -len(weak)] + one for one in strong}
            break
    return found
