"""A rule of the whole database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule in plain words; its query selects the rows that break it, the key first.

    Each `%(name)s` stands for the day since when such rows are kept (see `_since`).
    """

    code: str
    meaning: str
    query: str
