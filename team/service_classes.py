"""The national service classes that a topic may point to, as told by the app that keeps the catalogue of services."""

from __future__ import annotations

from collections.abc import Callable, Collection

Classes = Callable[[Collection[str]], list[tuple[str, str]]]

_sources: list[Classes] = []


def source(classes: Classes) -> Classes:
    """Register the catalogue: it is given the classes that are chosen already, and answers with codes and names."""
    _sources[:] = [classes]
    return classes


def choices(chosen: Collection[str] = ()) -> list[tuple[str, str]]:
    """The classes to choose from, those that are chosen already among them."""
    return [choice for classes in _sources for choice in classes(chosen)]
