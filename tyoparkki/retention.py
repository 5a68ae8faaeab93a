"""How long a row is kept, why, and what in it is about a person: declared by each model, carried out by the purge."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Retention:
    """One model's promise. `days` is counted from the field `since`, or from `or_since` while `since` is empty.

    No `days` means as long as its owner row lives. The row goes in the night after its last day at the latest, and
    earlier with its owner (on_delete=CASCADE). `sealed` rows may be ended by the owner of the tables alone.
    """

    purpose: str
    personal: tuple[str, ...] = ()
    days: int | None = None
    since: str = ""
    or_since: str = ""
    sealed: bool = False
    source: str = gettext_noop("project rule, confirmed by each controller")


DAY_END = 0
MONTH = 30
YEAR = 365
