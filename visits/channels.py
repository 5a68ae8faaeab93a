"""Who may hear that something changed in a visit."""

from __future__ import annotations

from django.http import HttpRequest

from team.access import Member
from team.permissions import Perm
from tyoparkki import live
from tyoparkki.actor import Actor, bind
from visits.models import Visit


@live.authoriser("visit")
def hears_of_visit(request: HttpRequest, object_id: str) -> Actor | None:
    """Members who may see the visit in the queue; what changed in it is fetched behind its own wall."""
    member: Member | None = getattr(request, "member", None)
    if member is None or not member.may(Perm.SEE_DESK):
        return None
    bind(member.actor)
    return member.actor if Visit.objects.visible_to(member).filter(pk=object_id).exists() else None
