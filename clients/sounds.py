"""How a name sounds, whatever the alphabet it came from: Alexander, Aleksandr and Oleksandr have one key.

Two keys of a word. Its *voice* keeps the vowels in coarse classes, so that the first letters typed are the first
letters of the key. Its *bones* are the first vowel and the consonants, for names whose later vowels each clerk writes
as he hears them (Mohammed, Muhammad, Mohamud); a word of fewer than three consonants has none, because Aino and Anna
would be one. Bones are written in capital letters, so that one column holds both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tyoparkki.names import PREFIX

_LEAST_CONSONANTS = 3
_VOWELS = "aeiou"
_LONGEST = 39

# One rule a line, carried out in this order on small letters without accents: what is written, how it is kept, why.
_RULES: tuple[tuple[str, str, str], ...] = (
    (r"dzh|dz(?=[aeiou])|dj|dsch", "j", "Dzhamal, Džamal, Djamal and Jamal"),
    (r"[kc]h(?=m)", "h", "Akhmed, Achmed and Ahmed"),
    (r"shch|schtsch|stsh", "ts", "Shcherbakov begins for Finnish ears like Tšerbakov"),
    (r"tsch|tsh|tch|cz|ch(?=[aeiouy]|$)", "ts", "Chernov, Tšernov, Černov, Czernow"),
    (r"sch|sh", "s", "Shukri and Šukri; Schmidt and Šmit"),
    (r"zh|z", "s", "Zhanna and Žanna; Aziz and Asis, because Finns hear s"),
    (r"kh", "h", "Mikhail and Mihail; Khalid and Halid"),
    (r"gh", "g", "Ghulam and Gulam"),
    (r"q|ck|ch", "k", "Qasim and Kasim; Christian and Kristian"),
    (r"th", "t", "Thomas and Tomas"),
    (r"ph", "f", "Sophia and Sofia"),
    (r"dh", "d", "Dheeq and Deeq"),
    (r"x", "ks", "Alexander and Aleksander; Maxim and Maksim"),
    (r"c(?=[eiy])", "s", "Cecilia and Sesilia"),
    (r"c", "k", "Carl and Karl"),
    (r"w", "v", "Wirtanen and Virtanen"),
    (r"ou|oo", "u", "Youssef and Yusuf; Noor and Nur"),
    (r"ee", "i", "Saeed and Said; Ameen and Amin"),
    (r"^[yji]e(?=[vlgkf])", "e", "Yelena, Jelena and Elena; Yevgeni and Evgeni"),
    (r"^[yji](?=[aoue])", "j", "Yulia, Julia and Iuliia begin with one sound, which is no vowel"),
    (r"(?<!^)[yji]+|^[yji]+(?![aoueyji])", "i", "Sergei, Sergey, Sergej; Julija, Julia; Dmitri, Dmitrii"),
    (r"[ou]", "u", "Mohammed and Muhammad; Omar and Umar; Hossein and Hussein"),
    (r"e", "a", "Ahmed and Ahmad; Aleksei and Alaksei: a short e is heard as a"),
    (r"^u(?=laks|lan)", "a", "Oleksandr and Aleksandr; Oleksii and Aleksei; Olena and Alena"),
    (r"(?<=[td])a(?=r$)", "", "Alexander and Aleksandr; Peter and Petr"),
    (r"(?<=\w)ai$", "i", "Sergei and Sergi; Andrei and Andri"),
    (r"([a-z])\1+", r"\1", "Hussein and Husein; Mohammed and Mohamed: doubled letters come and go"),
)
_COMPILED = tuple((re.compile(written), kept) for written, kept, _why in _RULES)
_PATRONYMIC = re.compile(r"(avits|uvits|avna|uvna|itsna)$")
_SIMPLE = str.maketrans({"æ": "a", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "þ": "th", "œ": "o", "ı": "i"})
_HACEKS = {"š": "sh", "ž": "zh", "č": "ch", "ś": "sh", "ć": "ch", "ç": "ch", "ş": "sh", "ż": "zh"}
_WITHIN = re.compile(r"['’ʼ´`]")
_APART = re.compile(r"[^\w\-‐‑]+|_+")
_HYPHEN = re.compile(r"[-‐‑]+")


@dataclass(frozen=True, slots=True)
class Sound:
    """The two keys of one word; `bones` is empty when the word is too short to have them."""

    voice: str
    bones: str = ""

    @property
    def is_patronymic(self) -> bool:
        """The father's name (Petrovitš, Ivanovna): asked of some, written down of few."""
        return len(self.voice) > 5 and bool(_PATRONYMIC.search(self.voice))


def sound(word: str) -> Sound:
    """The sound keys of one word of a name."""
    text = _plain(word)
    for written, kept in _COMPILED:
        text = written.sub(kept, text)
    voice = text[:_LONGEST]
    consonants = [letter for letter in voice if letter not in _VOWELS]
    if len(consonants) < _LEAST_CONSONANTS:
        return Sound(voice)
    vowel = next((letter for letter in voice if letter in _VOWELS), "")
    end = "a" if voice.endswith("a") else ""  # Kristina and Kristian are two
    begin = "a" if voice[0] in _VOWELS else consonants.pop(0) + vowel
    return Sound(voice, (begin + "".join(consonants) + end).upper())


def sounds(name: str) -> list[Sound]:
    """The sounds of a name, word by word; words joined by a hyphen also as one, for whoever forgets the hyphen."""
    heard = []
    for word in _words(name):
        pieces = [piece for piece in _HYPHEN.split(word) if piece]
        heard += [sound(piece) for piece in pieces]
        if len(pieces) > 1:
            heard.append(sound("".join(pieces)))
    return [one for one in heard if one.voice]


def typed_sounds(name: str) -> list[Sound]:
    """The sounds of what was typed: with a hyphen as one word; a father's name is no condition beside two others."""
    heard = [one for one in (sound(_HYPHEN.sub("", word)) for word in _words(name)) if one.voice]
    own = [one for one in heard if not one.is_patronymic]
    return own if len(heard) > 2 and len(own) > 1 else heard


def sound_parts(name: str) -> list[str]:
    """Both keys of each word, ended by a full stop, and the first three letters of each: what the index holds."""
    keys = sound_words(name)
    return sorted({*keys, *(key.removesuffix(".")[:PREFIX] for key in keys)})


def sound_words(name: str) -> list[str]:
    """Both keys of each whole word, as the index holds them."""
    return sorted({f"{key}." for one in sounds(name) for key in (one.voice, one.bones) if key})


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFC", _WITHIN.sub("", name)).casefold()
    return [word for word in _APART.split(text) if word.strip("-‐‑")]


def _plain(word: str) -> str:
    text = "".join(_HACEKS.get(letter, letter) for letter in unicodedata.normalize("NFC", word).casefold())
    folded = unicodedata.normalize("NFKD", text.translate(_SIMPLE))
    return "".join(letter for letter in folded if letter.isalnum() and letter.isascii())
