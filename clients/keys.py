"""Keys by which a person is found: the digits of a telephone number, and any three of them in a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from clients.sounds import Sound, typed_sounds
from tyoparkki.names import PREFIX, name_key

SHORTEST = 3
_NOT_DIGITS = re.compile(r"\D+")
_WORD = re.compile(r"\d[\d\-]*|[^\W\d_][\w\-'’]*")
_ONLY_NUMBER = re.compile(r"[+\d\s()\-]+")


def phone_key(value: str) -> str:
    """The digits of a number as they are dialled at home: `+358 40 123` and `040-123` have one key."""
    text = value.strip()
    digits = _NOT_DIGITS.sub("", text)
    if text.startswith("+358"):
        return "0" + digits[3:].removeprefix("0")
    if digits.startswith("00358"):
        return "0" + digits[5:].removeprefix("0")
    return digits


def phone_abroad(value: str) -> str:
    """A number as it is dialled from everywhere: `040-123` and `00358 40 123` both become `+35840123`."""
    digits = _NOT_DIGITS.sub("", value)
    if value.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else f"+358{digits.removeprefix('0')}"


def contact_key(kind: str, value: str) -> str:
    """The key of a way to reach somebody: digits for telephones, small letters for the rest."""
    return phone_key(value) if kind in {"phone", "sms"} else value.strip().casefold()


def phone_parts(key: str) -> list[str]:
    """Every three digits in a row of a key: what the index holds, so that any part of a number is found."""
    return sorted({key[start : start + SHORTEST] for start in range(len(key) - SHORTEST + 1)})


@dataclass(frozen=True)
class Sought:
    """What was typed into the search: words of a name, a year of birth, parts of a telephone number."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Three letters or digits at the least: fewer would show half the register."""
        letters = sum(len(name_key(name).replace(" ", "")) for name in self.names)
        return letters >= SHORTEST or any(len(number) >= SHORTEST for number in self.numbers)

    @property
    def words(self) -> list[str]:
        """The words of the name as the key of a name holds them."""
        return name_key(" ".join(self.names)).split()

    @property
    def parts(self) -> list[str]:
        """The first three letters of each word that has as many: what the index of names holds."""
        return sorted({word[:PREFIX] for word in self.words if len(word) >= PREFIX})

    @cached_property
    def _sounds(self) -> list[Sound]:
        return typed_sounds(" ".join(self.names))

    @property
    def voices(self) -> list[str]:
        """How each word sounds with its vowels; a name is found when one of its words begins so."""
        return [one.voice for one in self._sounds]

    @property
    def bones(self) -> list[str]:
        """The same word by word without its later vowels; empty where the word is too short for it."""
        return [one.bones for one in self._sounds]

    @property
    def heads(self) -> list[str]:
        """How the longest word begins by sound: what the index of sounds is asked; empty when all are too short."""
        longest = max(self._sounds, key=lambda one: len(one.voice), default=Sound(""))
        return sorted({key[:PREFIX] for key in (longest.voice, longest.bones) if len(key) >= PREFIX})


def sought(typed: str) -> Sought:
    """Read the search: a lone number may have spaces in it, otherwise each group of digits stands for itself."""
    text = typed.strip()[:80]
    if _ONLY_NUMBER.fullmatch(text) and any(letter.isdigit() for letter in text):
        return Sought(numbers=(phone_key(text),))
    names, numbers = [], []
    for word in _WORD.findall(text):
        if word[0].isdigit():
            numbers.append(_NOT_DIGITS.sub("", word))
        else:
            names.append(word)
    return Sought(tuple(names), tuple(numbers))


def year_in(number: str) -> int | None:
    """The year of birth that four digits may mean."""
    return int(number) if len(number) == 4 and number[:2] in {"19", "20"} else None
