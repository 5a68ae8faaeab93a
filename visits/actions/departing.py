"""What becomes of the desk's open threads when a colleague leaves: nobody is left with nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Membership
from tyoparkki.errors import Refused
from visits.models import Invitation, Participation, Visit


class WithAVisitor(Refused):
    """The colleague sits with somebody just now."""

    message = _("This colleague is with a visitor or has called one. Finish or hand over that visit first.")


def hand_back(memberships: Iterable[Membership], by: Member, at: datetime) -> int:
    """Wishes for the colleague become open to anybody and invitations end; refuses while a visitor is at the desk."""
    leaving = list(memberships)
    sitting = Participation.objects.filter(membership__in=leaving, ended_at__isnull=True).exists()
    if sitting or Visit.objects.filter(called_for__in=leaving, state=Visit.State.CALLED).exists():
        raise WithAVisitor
    freed = Visit.objects.filter(asks_for__in=leaving, state__in=Visit.PRESENT).update(asks_for=None)
    ended = (
        Invitation.objects.filter(invited__in=leaving)
        .pending()
        .update(state=Invitation.State.WITHDRAWN, answered_at=at)
    )
    return freed + ended
