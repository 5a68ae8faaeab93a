"""How the sign-in library behaves here: nobody signs up, and a chosen password lets the user in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _

from team.access import SESSION_KEY, member_of
from team.actions import user as users
from tyoparkki import clock
from tyoparkki.actor import Actor

if TYPE_CHECKING:
    from django.http import HttpRequest

    from team.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Users are added by an administrator only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The user name or the password is not right. Check both and try again."),
        "too_many_login_attempts": _("There have been many tries. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Who signs in acts by the newest role; when that ends, another one is chosen, never slipped into."""
        super().login(request, user)
        if member := member_of(user, None):
            request.session[SESSION_KEY] = str(member.membership_id)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the day's work."""
        return "/"

    def set_password(self, user: User, password: str) -> None:
        """Keep the password that the user chose, and note that it is the user's own; once, if the form came twice."""
        if kept := users.chosen_meanwhile(user, password):
            user.password = kept
            return
        super().set_password(user, password)
        user.must_change_password = False
        member = getattr(self.request, "member", None)
        users.password_changed(user, by=member.actor if member else Actor("member", user.pk), at=clock.now())
