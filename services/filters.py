"""The list of services narrowed by need, organiser and practical matters, with the count behind each choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from services.models import Service
from services.needs import NEEDS, needs_of
from team.models import Organisation

Test = Callable[[Service], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """One checkbox: how many services there would be, and whether it is on."""

    group: str
    code: str
    name: str
    count: int
    is_on: bool

    @property
    def id(self) -> str:
        """The element's id, the same after each swap."""
        return f"{self.group}-{self.code}"


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice that is on, and the address without it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The list as it is shown."""

    rows: list[Service]
    groups: list[tuple[str, str, list[Choice]]]
    chips: list[Chip]


@dataclass(frozen=True)
class Filters:
    """What was chosen. Inside a group any of the chosen holds, except practical matters, which all must hold."""

    today: date
    text: str = ""
    need: frozenset[str] = field(default_factory=frozenset)
    provider: frozenset[str] = field(default_factory=frozenset)
    practical: frozenset[str] = field(default_factory=frozenset)

    def tests(self) -> dict[str, dict[str, tuple[str, Test]]]:
        """Every choice by group and code: its name and its rule."""
        return {
            "need": {need.code: (str(need.name), _answers(need.code)) for need in NEEDS},
            "provider": {code: (str(name), _is_of_kind(code)) for code, name in Organisation.Kind.choices},
            "practical": {
                "free": (_("Free of charge"), lambda row: row.charge == Service.Charge.FREE),
                "other_language": (_("Served in other languages than Finnish"), lambda row: row.languages != ["fi"]),
                "fresh": (_("Checked lately"), lambda row: row.freshness(self.today) == "fresh"),
            },
        }

    def apply(self, rows: Sequence[Service]) -> Narrowed:
        """The rows that hold, every choice with its count, and the chips of what is on."""
        tests = self.tests()
        titles = {"need": _("For what need"), "provider": _("Organised by"), "practical": _("In practice")}
        groups = []
        for group, title in titles.items():
            base = [row for row in rows if self._holds(row, tests, without=group)]
            choices = [
                Choice(
                    group,
                    code,
                    name,
                    sum(self._would(row, tests, group, code) for row in base),
                    code in self._on(group),
                )
                for code, (name, _rule) in tests[group].items()
            ]
            groups.append((group, title, [choice for choice in choices if choice.count or choice.is_on]))
        chips = [
            Chip(choice.name, self._address_without(group, choice.code))
            for group, _title, choices in groups
            for choice in choices
            if choice.is_on
        ]
        return Narrowed([row for row in rows if self._holds(row, tests)], groups, chips)

    def _on(self, group: str) -> frozenset[str]:
        return frozenset(getattr(self, group))

    def _holds(self, row: Service, tests: dict[str, dict[str, tuple[str, Test]]], *, without: str = "") -> bool:
        for group, rules in tests.items():
            chosen = [rules[code][1] for code in self._on(group)]
            if not chosen or group == without:
                continue
            if not (all if group == "practical" else any)(rule(row) for rule in chosen):
                return False
        return True

    def _would(self, row: Service, tests: dict[str, dict[str, tuple[str, Test]]], group: str, code: str) -> bool:
        """Whether the row would be there with this choice on."""
        rules = tests[group]
        together = self._on(group) | {code} if group == "practical" else {code}
        return all(rules[one][1](row) for one in together)

    def _address_without(self, group: str, code: str) -> str:
        pairs = [("q", self.text)] if self.text else []
        for name in ("need", "provider", "practical"):
            pairs += [(name, one) for one in sorted(self._on(name)) if (name, one) != (group, code)]
        return f"?{urlencode(pairs)}"


def _answers(code: str) -> Test:
    return lambda row: code in needs_of(row.service_classes)


def _is_of_kind(code: str) -> Test:
    return lambda row: row.organisation.kind == code
