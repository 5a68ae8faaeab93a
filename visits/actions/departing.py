"""What becomes of the desk's open threads when a colleague leaves: nobody is left with nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Membership
from tyoparkki.errors import Refused
from visits.actions import moves
from visits.actions.encounters import withdraw
from visits.models import Invitation, Participation, Visit, VisitEvent


class WithAVisitor(Refused):
    """The colleague sits with somebody just now."""

    message = _("This colleague is with a visitor or has called one. Finish or hand over that visit first.")


def hand_back(memberships: Iterable[Membership], by: Member, at: datetime) -> int:
    """Wishes for the colleague become open to anybody and invitations end; refuses while a visitor is at the desk."""
    leaving = list(memberships)
    sitting = Participation.objects.filter(membership__in=leaving, ended_at__isnull=True).exists()
    if sitting or Visit.objects.filter(called_for__in=leaving, state=Visit.State.CALLED).exists():
        raise WithAVisitor
    wishes = list(Visit.objects.filter(asks_for__in=leaving).present().order_by("pk"))
    for wish in wishes:
        visit = moves.held(wish)
        before = moves.snapshot(visit)
        visit.asks_for = None
        visit.save(update_fields=["asks_for"])
        moves.happened(visit, VisitEvent.Kind.DETAILED, by=by, at=at, before=before, fields=["asks_for"])
    asked = list(Invitation.objects.filter(invited__in=leaving).pending().select_related("visit").order_by("pk"))
    for invitation in asked:
        withdraw(invitation, by=by, at=at)
    return len(wishes) + len(asked)
