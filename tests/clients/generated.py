"""Generated people of a Finnish town, and near-duplicates of them, for trying the comparison of files.

The commonest surname is of 0.4 % and the commonest first name of about 1 %, as among adults in Finland; four hundred
known surnames cover two people of five, the rest are put together of words of the land. One in eight has come from
elsewhere and has a name that is written in several ways. One in ten tells no year, one in ten no number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

from faker.providers.person.fi_FI import Provider as Finnish

from tests.clients.test_sounds import ALIKE


def _listed(words: str) -> list[str]:
    return words.split()


_SPELLINGS = {word: group.split() for group in ALIKE for word in group.split()}
_EAST_FIRST = _listed(
    "Aleksandr Oleksandr Sergei Yulia Dmitri Natalia Olga Irina Svitlana Viktor Andrii Tatiana Elena Oksana Ivan "
    "Igor Maria Anastasia Yevgeni Vladimir Galina Nina Ljudmila Pavel Nikolai Marina Larisa Vera Artem Maksim"
)
_EAST_LAST = _listed(
    "petr shevch bondar koval tkach meln sidor pop smirn ivan kuzn sokol leb nov moroz volk vasil zaits pavl semen "
    "golub vinogr bogdan vorob fedor mihail bel tar kisel mak andr alekse step nik zahar borod tim sav kor grig"
)
_EAST_ENDS = ("enko", "ov", "ova", "uk", "chuk", "ev", "skii", "skaia", "yk")
_SOUTH_FIRST = _listed(
    "Mohammed Muhammad Yusuf Hussein Ahmed Jamal Said Fatima Amina Parisa Omar Khadija Ali Hassan Maryam Nadia "
    "Leila Zahra Ibrahim Abdirahman Layla Karim Reza Samira Noor Hamid Farid Shirin Bilal Rania Sami Huda Tariq "
    "Mariam"
)
_SOUTH_LAST = _listed(
    "Haddad Al-Salman Al-Sayed Karimi Hosseini Rahimi Ahmadi Noori Khalil Saleh Nasser Darwish Mansour Aziz Qasim "
    "Habib Shamsi Moradi Jafari Rezai Sharifi Akbari Amiri Najafi Sultani Azimi Wardak Hamidi Barakat Khoury "
    "Sabbagh Issa Al-Masri Al-Rashid Al-Tamimi Hakimi Yousefi Ebrahimi Zamani Sadeghi"
)
_SOMALI = _listed(
    "Abdi Abdirahman Ahmed Ali Amina Asha Ayaan Farah Fadumo Halima Hassan Hodan Hussein Ibrahim Ismail Jama "
    "Khadija Mohamed Muhammad Nuur Omar Osman Said Sahra Warsame Yusuf Abdullahi Aden Barre Dahir Elmi Faisal Guled"
)
_LETTERS = "aeiouklmnprstvyäö"


@dataclass(frozen=True, slots=True)
class One:
    """A generated person; `number` stands for a telephone number."""

    name: str
    year: int | None
    number: int | None
    language: str
    municipality: str


_LAND = _listed(
    "koivu kivi niitty harju lehto ranta metsä mäki lampi järvi salo korpi suo pelto aho vuori hiekka kallio kuusi "
    "mänty haapa leppä pihla saari lahti niemi joki virta koski oja hauta kangas notko orko räme luhta rauta hopea "
    "musta valko puna vihre sini kelta uusi vanha iso pikku ala ylä keski taka etu itä länsi pohja suvi talvi syys "
    "kevät halla karhu susi kettu jänis hirvi hauki ahven joutsen kurki varis haukka kotka teeri metso"
)
_ENDS = _listed(
    "la nen maa mäki niemi järvi vaara ranta lahti aho korpi lehto nurmi kangas salo saari koski joki suo vuori "
    "kallio oja harju pää perä pelto talo kylä virta lampi luoma viita kari selkä tie aro hovi rinne silta"
)


def _weights(count: int, offset: int, steepness: float) -> list[float]:
    return list(accumulate(1 / (rank + offset) ** steepness for rank in range(count)))


def _composed() -> list[str]:
    return [f"{land}{end}".capitalize() for land in _LAND for end in _ENDS if not land.startswith(end)]


class Town:
    """Draws people and slips, the same ones for a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.first = self.random.sample(list(Finnish.first_names), len(Finnish.first_names))
        self.last = self.random.sample(list(Finnish.last_names), len(Finnish.last_names))
        self.by_first, self.by_last = _weights(len(self.first), 20, 0.8), _weights(len(self.last), 60, 0.7)
        self.composed = _composed()

    def people(self, count: int) -> list[One]:
        """So many people; no two are one."""
        return [self._one(number) for number in range(count)]

    def _one(self, number: int) -> One:
        draw = self.random
        if draw.random() < 0.125:
            name, language = self._from_abroad()
        else:
            name, language = self._finnish(), draw.choices(["fi", "sv"], [24, 1])[0]
        year = draw.randint(1956, 2008) if draw.random() > 0.1 else None
        municipality = draw.choices(["109", "165", "433", "834", ""], [60, 12, 6, 6, 16])[0]
        return One(name, year, number if draw.random() > 0.1 else None, language, municipality)

    def _finnish(self) -> str:
        first = self.random.choices(self.first, cum_weights=self.by_first)[0]
        if self.random.random() < 0.06:
            first = f"{first}-{self.random.choices(self.first, cum_weights=self.by_first)[0]}"
        last = self._surname()
        return f"{first} {last}-{self._surname()}" if self.random.random() < 0.03 else f"{first} {last}"

    def _from_abroad(self) -> tuple[str, str]:
        """From the east, from the south, or a Somali name with the father's and his father's."""
        draw, where = self.random, self.random.randrange(3)
        if where == 0:
            last = f"{draw.choice(_EAST_LAST)}{draw.choice(_EAST_ENDS)}".capitalize()
            return f"{draw.choice(_EAST_FIRST)} {last}", draw.choice(["ru", "uk"])
        if where == 1:
            return f"{draw.choice(_SOUTH_FIRST)} {draw.choice(_SOUTH_LAST)}", draw.choice(["ar", "fa"])
        return " ".join(draw.sample(_SOMALI, 3)), "so"

    def _surname(self) -> str:
        if self.random.random() < 0.6:
            return self.random.choice(self.composed)
        return self.random.choices(self.last, cum_weights=self.by_last)[0]

    def again(self, one: One, new_number: int) -> One:
        """The same person, recorded by somebody who did not look: one thing about the name, often another about facts.

        Where the year is missing the number is the same, and the other way round: with neither nobody could tell.
        """
        ways = [self._slip, self._swapped]
        if any(word in _SPELLINGS for word in one.name.split()):
            ways = [self._carried_over]
        elif "-" in one.name:
            ways = [self._without_hyphen]
        name = self.random.choice([*ways, str])(one.name)
        draw = self.random.random()
        if draw < 0.3 and one.year is not None:
            return replace(one, name=name, number=new_number)
        if draw < 0.55 and one.number is not None:
            return replace(one, name=name, year=None)
        if one.year is None and one.number is None:
            return replace(one, year=1980, name=name, number=new_number)
        return replace(one, name=name)

    def _slip(self, name: str) -> str:
        """One letter doubled, dropped, struck beside, or two swapped; never the first of a word."""
        spots = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at - 1].isalpha()]
        at = self.random.choice(spots)
        kind = self.random.randrange(4)
        if kind == 0:
            return name[:at] + name[at] + name[at:]
        if kind == 1:
            return name[:at] + name[at + 1 :]
        if kind == 2:
            return name[:at] + self.random.choice(_LETTERS) + name[at + 1 :]
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :] if name[at + 1].isalpha() else name[:at] + name[at:]

    def _swapped(self, name: str) -> str:
        return " ".join(reversed(name.split()))

    def _without_hyphen(self, name: str) -> str:
        first, rest = name.split("-", 1)
        return self.random.choice([f"{first} {rest}", f"{first}{rest[0].lower()}{rest[1:]}"])

    def _carried_over(self, name: str) -> str:
        return " ".join(self.random.choice(_SPELLINGS.get(word, [word])) for word in name.split())
