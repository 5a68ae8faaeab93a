"""How long a row is kept, why, and what in it is about a person: declared by each model, checked by a test."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """One model's promise. `days` is counted from the field `since`; None means as long as its owner row lives."""

    purpose: str
    personal: tuple[str, ...] = ()
    days: int | None = None
    since: str = ""
    source: str = "project rule, confirmed by each controller"


DAY_END = 0
MONTH = 30
YEAR = 365
