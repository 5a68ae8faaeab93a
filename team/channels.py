"""Who may hear that something changed at a service point."""

from __future__ import annotations

from django.http import HttpRequest

from team.access import Member, device_of
from team.models.devices import DeviceKind
from team.permissions import Perm
from tyoparkki import live
from tyoparkki.actor import Actor, bind


@live.authoriser("point")
def hears_of_point(request: HttpRequest, object_id: str) -> Actor | None:
    """The point's own members who see its queue, and its paired boards."""
    member: Member | None = getattr(request, "member", None)
    if member is not None and member.may(Perm.SEE_DESK) and str(member.point_id) == object_id:
        bind(member.actor)
        return member.actor
    board = device_of(request, DeviceKind.BOARD)
    if board is not None and str(board.point_id) == object_id:
        actor = Actor("device", point_id=board.point_id, device_id=board.pk)
        bind(actor)
        return actor
    return None
