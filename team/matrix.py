"""The access matrix: every address of the product, what it declares, and whom that lets in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from team.models import Role
from team.models.devices import DeviceKind
from team.permissions import ROLES
from tyoparkki.access import Access

# An advisor of a partner has an advisor's addresses; which rows they show is another matter, that of the walls.
PARTNER_ADVISOR = "partner_advisor"
ROLE_OF: dict[str, Role] = {**{role.value: role for role in Role}, PARTNER_ADVISOR: Role.ADVISOR}
# Whoever holds a one-time link, by what it opens.
LINKS = ("link_referral", "link_receipt", "link_assessment")
ANYBODY = ("anonymous", *(f"device_{kind}" for kind in DeviceKind.values), *LINKS, *ROLE_OF)


@dataclass(frozen=True, slots=True)
class Row:
    """One address."""

    route: str
    name: str
    methods: tuple[str, ...]
    access: Access | None

    @property
    def allowed(self) -> dict[str, bool]:
        """Whom the declaration lets in; an undeclared address lets in nobody."""
        return {who: self.access is not None and _lets_in(self.access, who) for who in ANYBODY}

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        access = self.access
        return {
            "route": self.route,
            "name": self.name,
            "methods": list(self.methods),
            "access": access.kind if access else "undeclared",
            "permissions": list(access.permissions) if access else [],
            "why": access.why if access else "",
            "allowed": self.allowed,
        }


def rows() -> list[Row]:
    """Every address of the product, in the order of the addresses."""
    return sorted(_walk(get_resolver().url_patterns), key=lambda row: (row.route, row.name))


def undeclared() -> list[Row]:
    """Addresses that say nothing of whom they let in."""
    return [row for row in rows() if row.access is None]


def _lets_in(access: Access, who: str) -> bool:
    if access.kind == "public":
        return True
    rights = ROLES[ROLE_OF[who]] if who in ROLE_OF else frozenset()
    if access.kind == "device":
        devices = {f"device_{kind}" for kind in access.permissions}
        return who in devices or bool(set(access.permissions) & rights)
    if access.kind == "link":
        return who in {f"link_{kind}" for kind in access.permissions}
    if who not in ROLE_OF:
        return False
    return access.kind == "signed_in" or set(access.permissions) <= rights


def _walk(patterns: list[URLPattern | URLResolver], route: str = "/", space: str = "") -> Iterator[Row]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            view = pattern.callback
            access = getattr(view, "access", None)
            yield Row(here, f"{space}{pattern.name or ''}", methods_of(view), access)


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that a view answers, as its decorators say; of a class, as it is written."""
    layer: Any = view
    while layer is not None:
        code = getattr(layer, "__code__", None)
        if code is not None and "request_method_list" in code.co_freevars:
            cell = layer.__closure__[code.co_freevars.index("request_method_list")]
            return tuple(cell.cell_contents)
        kind = getattr(layer, "view_class", None)
        if kind is not None:
            return tuple(name.upper() for name in kind.http_method_names if hasattr(kind, name))
        layer = getattr(layer, "__wrapped__", None)
    return ("GET", "POST")
