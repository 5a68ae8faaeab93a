"""Own settings: language, keys, and as whom one acts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from team.access import SESSION_KEY, MemberRequest, requires
from team.actions import user as users
from team.forms.users import ActAsForm, OwnSettingsForm
from team.models import Membership
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.htmx import after


@require_http_methods(["GET", "POST"])
@requires(Perm.SIGNED_IN)
def settings(request: MemberRequest) -> HttpResponse:
    """One's own language and keys, and the memberships one may act by."""
    user, at = request.member.user, clock.now()
    now = {"language": user.language, "single_keys": user.single_keys}
    form = OwnSettingsForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                users.change_own_settings(user, by=request.member, at=at, **form.cleaned_data)
        toast.say(request, _("Saved."))
        response = after(request, "team:settings")
        _speak(response, form.cleaned_data["language"])
        return response
    mine = Membership.objects.valid_on(clock.local_date(at)).of_user(user).select_related("organisation", "point")
    context = {"form": form, "memberships": list(mine.order_by("organisation__short_name", "role", "pk"))}
    return render(request, "team/settings.html", context, status=422 if form.errors else 200)


def _speak(response: HttpResponse, language: str) -> None:
    """The pages speak the chosen language from the next one on, also before the next sign-in."""
    from django.conf import settings as product

    response.set_cookie(
        product.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 60 * 60,
        httponly=True,
        samesite="Lax",
        secure=product.SESSION_COOKIE_SECURE,
    )


@never_cache
@require_GET
@requires(Perm.SIGNED_IN)
def session(request: MemberRequest) -> HttpResponse:
    """Whether somebody is still signed in: asked by a page before a form leaves it, so that nothing typed is lost."""
    return HttpResponse(status=204)


@require_POST
@requires(Perm.SIGNED_IN)
def act_as(request: MemberRequest) -> HttpResponse:
    """Act by another of one's own memberships, in this session."""
    form = ActAsForm(request.POST, user=request.member.user, today=clock.local_date(clock.now()))
    if not form.is_valid():
        toast.say(request, _("You no longer have that role."))
        return after(request, "team:settings")
    request.session[SESSION_KEY] = str(form.cleaned_data["membership"].pk)
    return after(request, "team:home")
