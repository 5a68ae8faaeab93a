"""What becomes of a leaving colleague's people, offers, steps and referrals: all of it moves to one colleague.

An administrator moves them without seeing one of them: functions of the wall count and move, and tell keys for the
trace. The people are in somebody's hands all the time, for it is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clients.models import PlanStep, Referral, Responsibility, ResponsibilityOffer
from team.access import Member
from team.models import Membership
from team.permissions import ROLES, Perm
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

_MODELS = {
    "responsibility": Responsibility,
    "offer": ResponsibilityOffer,
    "step": PlanStep,
    "referral": Referral,
}


class CannotTakeOver(Refused):
    """Who takes over works at the same point, guides and may record people, and stays."""

    message = _("Choose another colleague of this service point who guides people.")


def held_by(memberships: Iterable[Membership]) -> list[str]:
    """What these memberships hold, each kind with its number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, n FROM clients_held_by(%s::uuid[])", [[one.pk for one in memberships]])
        found: dict[str, int] = dict(cursor.fetchall())
    words = {
        "responsibility": ngettext("%(n)s person to answer for", "%(n)s people to answer for", _n(found, 0)),
        "offer": ngettext("%(n)s open offer", "%(n)s open offers", _n(found, 1)),
        "step": ngettext("%(n)s open step of a plan", "%(n)s open steps of plans", _n(found, 2)),
        "referral": ngettext("%(n)s open referral", "%(n)s open referrals", _n(found, 3)),
    }
    return [text % {"n": found[what]} for what, text in words.items() if found.get(what)]


def _n(found: dict[str, int], place: int) -> int:
    return found.get(list(_MODELS)[place], 0)


def hand_on(memberships: Iterable[Membership], to: Membership, by: Member, at: datetime) -> int:
    """All that these memberships hold at the point moves to one colleague; how many things moved."""
    leaving = list(memberships)
    today = clock.local_date(at)
    here = Membership.objects.at_point(by.point_id).valid_on(today).filter(pk=to.pk)
    receiver = here.exclude(pk__in=[one.pk for one in leaving]).first()
    if receiver is None or not {Perm.GUIDE, Perm.EDIT_CLIENTS} <= ROLES[receiver.role]:
        raise CannotTakeOver
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            keys = [one.pk for one in leaving]
            cursor.execute("SELECT what, key FROM clients_hand_on(%s::uuid[], %s, %s)", [keys, receiver.pk, at])
            moved = cursor.fetchall()
    except IntegrityError:  # barred from one of the files, of which the administrator learns no more
        raise CannotTakeOver from None
    for what, key in moved:
        audit.record(f"{what}.handed_on", _MODELS[what](pk=key), by=by.actor, at=at, fields=["membership"])
    return len(moved)
