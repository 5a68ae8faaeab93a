"""Who may hear that something changed about employers."""

from __future__ import annotations

from django.http import HttpRequest

from team.access import Member
from team.permissions import Perm
from tyoparkki import live
from tyoparkki.actor import Actor, bind


@live.authoriser("employers")
def hears_of_employers(request: HttpRequest, object_id: str) -> Actor | None:
    """Members of the point who may see its employers."""
    member: Member | None = getattr(request, "member", None)
    if member is None or not member.may(Perm.SEE_EMPLOYERS) or str(member.point_id) != object_id:
        return None
    bind(member.actor)
    return member.actor
