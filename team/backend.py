"""Who a session belongs to: the user and the memberships in one statement, read anew at each request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from team.models import Membership, User
from tyoparkki.prepared import Prepared

_MEMBERSHIPS = Prepared(
    lambda user: (
        Membership.objects.filter(user_id=user, user__is_active=True)
        .select_related("user", "organisation", "point")
        .order_by("-valid_from", "pk")
    ),
    user=UUID,
)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # the library has no types
    """Sign-in by the library; the user of a session comes with all that the request needs to know."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user, with `all_memberships` on it when there are any."""
        rows = _MEMBERSHIPS.rows(user=user_id)
        if not rows:
            return User.objects.filter(pk=user_id, is_active=True).first()
        user = rows[0].user
        for row in rows:
            row.user = user
        user.all_memberships = rows  # type: ignore[attr-defined]  # read by team.access.member_of
        return user
