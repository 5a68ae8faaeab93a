"""Where the samples are kept, by the names of their addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from team.access import Member
from tests.factories.visits import House


@dataclass(frozen=True)
class Press:
    """A form ready to be sent: to which address, with what in it."""

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    is_json: bool = False


# A sample makes, in a house, what the address needs, so that this member may press; nobody for devices and the public.
Sample = Callable[[House, Any], Press]
Place = Callable[[House, Any], list[Any]]

PRESSES: dict[str, Sample] = {}
# Other presses at an address whose last part is a word: by the address's name and the word.
WORDS: dict[tuple[str, str], Sample] = {}
PAGES: dict[str, Place] = {}

# Written here with the reason why nothing can be pressed twice there, or why the press is not ours to guard.
SET_ASIDE = {
    "language": "a cookie of the browser only; nothing is stored",
    "live_pass": "a cookie of the browser only; nothing is stored",
    "team:act_as": "the browser's own session only: the same membership is chosen twice",
    "clients:search": "a question in a body, so that no address holds a name; nothing is stored but the look",
    "clients:alike": "the same question while a form is filled in; nothing is stored but the look",
    "clients:options": "the same question, for the desk's own field",
    "visits:find_doer": "names from the catalogue for a field; nothing is stored",
    "styleguide_press": "the page of the house's own parts stores nothing",
}


Make = Callable[[House, Any], dict[str, Any] | tuple[list[Any], dict[str, Any]]]


def press(name: str) -> Callable[[Make], Make]:
    """Register what is sent to an address: the form's fields, or the address's arguments and the form's fields."""

    def register(make: Make) -> Make:
        PRESSES[name] = _sample(name, make)
        return make

    return register


def word(name: str, said: str) -> Callable[[Make], Make]:
    """Register another press at an address that ends with a word."""

    def register(make: Make) -> Make:
        WORDS[name, said] = _sample(name, make, said)
        return make

    return register


def _sample(name: str, make: Make, *last: str) -> Sample:
    def sample(house: House, who: Member | None) -> Press:
        made = make(house, who)
        args, data = made if isinstance(made, tuple) else ([], made)
        path = reverse(name, args=[*args, *last])
        return Press(path, {key: value for key, value in data.items() if value is not None})

    return sample


def page(name: str) -> Callable[[Place], Place]:
    """Register the arguments of a page's address."""

    def register(make: Place) -> Place:
        PAGES[name] = make
        return make

    return register
