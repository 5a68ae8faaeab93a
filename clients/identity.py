"""The identity code as the person's page shows it: whether there is one, never which, until somebody says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from team.permissions import Perm

if TYPE_CHECKING:
    from clients.forms.identity_code import ReasonForm
    from clients.models import Client
    from team.access import Member

MASK = "******-****"


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands there: the mask, or for once the code; and the form that asks why."""

    is_recorded: bool
    form: ReasonForm
    code: str = ""

    @property
    def masked(self) -> str:
        """What stands in the place of the code."""
        return MASK


def shows(person: Client, member: Member) -> bool:
    """Whether there is anything of the kind here: where the site has turned it on and the file is the member's."""
    return bool(settings.IDENTITY_CODES) and member.may(Perm.EDIT_CLIENTS) and person.is_kept_by(member)
