"""Names of people and firms as keys: found by the beginning of any of their words, sorted in Finnish order.

The database need not know Finnish: letters are folded here, and å ä ö become α β γ, which stand after z
under every collation and in that order.
"""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Q

PREFIX = 3
LEGAL_FORMS = {"ab", "ay", "ky", "osk", "oy", "oyj", "rf", "ry", "tmi"}


def first_name(name: str) -> str:
    """What colleagues call a person."""
    return name.split(" ", maxsplit=1)[0]


def initials(name: str) -> str:
    """Two letters of a name, for the round mark beside it; a company's legal form is no part of it."""
    words = name.replace("-", " ").split()
    words = [word for word in words if word.casefold() not in LEGAL_FORMS] or words
    return (words[0][0] + words[-1][0] if len(words) > 1 else name[:2]).upper()


_ALPHABET = str.maketrans(
    {
        "å": "α",
        "ä": "β",
        "ö": "γ",
        "æ": "β",
        "ø": "γ",
        "ð": "d",
        "đ": "d",
        "ł": "l",
        "þ": "th",
        "œ": "oe",
        "ı": "i",
        "'": None,
        "’": None,
        "ʼ": None,
        "´": None,
        "`": None,
    }
)
_BETWEEN = re.compile(r"[\W_]+")


def name_key(name: str) -> str:
    """The name as it is searched and sorted: small letters, no accents but å ä ö, words parted by one space.

    "Anna-Maija  O’Brien" and "anna maija obrien" have one key. It is never longer than the name.
    """
    folded = unicodedata.normalize("NFC", name).casefold().translate(_ALPHABET)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(letter))
    return _BETWEEN.sub(" ", plain).strip()[: len(name)].rstrip()


def name_parts(name: str) -> list[str]:
    """The words of the key and the first three letters of each: what the index of a name's words holds."""
    words = name_key(name).split()
    return sorted({part[:40] for word in words for part in (word, word[:PREFIX])})


def name_matches(typed: str) -> Q:
    """Rows with `name_key` and `name_parts` in whose name each typed word begins some word, in any order."""
    found = Q()
    for word in name_key(typed).split():
        found &= Q(name_key__startswith=word) | Q(name_key__contains=f" {word}")
        if len(word) >= PREFIX:
            found &= Q(name_parts__contains=[word[:PREFIX]])
    return found
