"""Who leads the point assigns another to answer, when nobody has been in touch for long; no name is seen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from clients.models import Reminder, Responsibility
from team.models import Membership
from team.permissions import ROLES, Perm
from tyoparkki import audit, clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member


class CannotAnswer(Refused):
    """Another colleague of the point who may record people, and is not barred from the file: which, nobody is told."""

    message = _("Choose another colleague of this service point.")
    status = 422


class NothingToAssign(Refused):
    """Somebody was in touch meanwhile, another answers already, or the person no longer agrees to be recorded."""

    message = _("This has been settled meanwhile. The list shows how it is now.")


@transaction.atomic
def assign(lost: Reminder, to: Membership, *, by: Member, at: datetime) -> Responsibility:
    """Another colleague answers for the person of a lost contact from now on: one ends as the other begins."""
    receiver = Membership.objects.at_point(by.point_id).valid_on(clock.local_date(at)).filter(pk=to.pk).first()
    if receiver is None or Perm.EDIT_CLIENTS not in ROLES[receiver.role]:
        raise CannotAnswer
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT clients_assign(%s, %s, %s)", [lost.pk, receiver.pk, at])
            (key,) = cursor.fetchone()
    except IntegrityError:
        raise CannotAnswer from None
    if key is None:
        raise NothingToAssign
    taken = Responsibility(pk=int(key), membership=receiver)
    audit.record("responsibility.assigned", taken, by=by.actor, at=at, fields=["membership"])
    return taken
