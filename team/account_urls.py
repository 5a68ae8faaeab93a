"""Sign-in, sign-out, own password, a second factor: the library's views that we use, and no others."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from allauth.account import urls as account
from allauth.mfa import urls as mfa
from allauth.socialaccount import urls as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

from tyoparkki import foreign

_DOOR = "Sign-in must be reachable before signing in; one's own password belongs to whoever is signed in."
_SECOND_STEP = "The second step of signing in, and one's own second factor."
_SIGN_ON = "Sign-in through the organisation's own service."

ACCOUNT = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_change_password",
    "account_reauthenticate",
}
MFA = {
    "mfa_authenticate",
    "mfa_trust",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
}
SOCIAL = {"socialaccount_login_cancelled", "socialaccount_login_error"}


def only(
    patterns: Iterable[URLPattern | URLResolver], names: Collection[str], prefix: str = ""
) -> list[URLPattern | URLResolver]:
    """Of a library's addresses those that are named, flat."""
    chosen: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            chosen += only(pattern.url_patterns, names, route)
        elif pattern.name in names:
            chosen.append(path(route, pattern.callback, pattern.default_args, name=pattern.name))
    return chosen


urlpatterns = [
    *foreign.declared(only(account.urlpatterns, ACCOUNT), why=_DOOR),
    path("2fa/", include(foreign.declared(only(mfa.urlpatterns, MFA), why=_SECOND_STEP))),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    sign_on = [
        path("oidc/<str:provider_id>/login/", openid.login, name="openid_connect_login"),
        path("oidc/<str:provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
    ]
    urlpatterns += [
        *foreign.declared(sign_on, why=_SIGN_ON),
        path("3rdparty/", include(foreign.declared(only(social.urlpatterns, SOCIAL), why=_SIGN_ON))),
    ]
