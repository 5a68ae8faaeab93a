"""Devices: paired by six digits, listed, taken away; and the page on which the device itself types its code."""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from team.access import MemberRequest, requires
from team.actions import device as devices
from team.forms.point import START_PAGES, OfferForm, PairForm
from team.models import Device, DeviceKind
from team.permissions import Perm
from tyoparkki import clock, codes, submission, toast
from tyoparkki.access import public
from tyoparkki.errors import Refused
from tyoparkki.htmx import after
from tyoparkki.ids import secret_hash

COOKIE_DAYS = 400
TRIES, WITHIN_SECONDS = 10, 600


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_DEVICES)
def devices_of_point(request: MemberRequest) -> HttpResponse:
    """The list of devices; a press gives six digits, shown once."""
    at, point = clock.now(), request.member.membership.point
    form, offer = OfferForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                offer = devices.offer_code(point, by=request.member, at=at, **form.cleaned_data)
        if offer is None:
            toast.say(request, _("The code was shown already. Ask for a new one."))
            return after(request, "team:devices")
    rows = list(Device.objects.at_point(point.pk).select_related("paired_by__user")[:50])
    context = {"form": form, "offer": offer, "devices": rows}
    return render(request, "team/devices.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Perm.MANAGE_DEVICES)
def revoke(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The device is ours no longer, at once."""
    device = get_object_or_404(Device.objects.at_point(request.member.point_id), pk=pk)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            devices.revoke(device, by=request.member, at=at)
    toast.say(request, _("The device is removed. It can be paired again with a new code."))
    return after(request, "team:devices")


@never_cache
@require_http_methods(["GET", "POST"])
@public("A device that is not ours yet types its code here; tries are limited.")
def pair(request: HttpRequest) -> HttpResponse:
    """The device types its six digits, and keeps its token in a cookie that no script can read."""
    form = PairForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        paired, sentence = _tried(request, form.cleaned_data["code"])
        if paired is not None:
            return _ours(request, paired)
        form.add_error("code", sentence)
    return render(request, "team/pair.html", {"form": form, "device": None}, status=422 if form.errors else 200)


def _tried(request: HttpRequest, code: str) -> tuple[devices.Paired | None, str]:
    """The device, or the sentence that says why not."""
    if _too_many(request):
        return None, str(codes.TooManyTries.message)
    try:
        paired = devices.pair(code, at=clock.now())
    except Refused as refusal:
        return None, str(refusal)
    return paired, _("The code does not work. Check the six digits, or ask for a new code.")


def _too_many(request: HttpRequest) -> bool:
    """Ten tries in ten minutes from one address; without the cache the database's own limit stands alone.

    The address is the one that sign-in counts by: behind the proxies of the house, the visitor's own.
    """
    key = f"pair:{secret_hash(get_adapter().get_client_ip(request))}"
    try:
        cache.add(key, 0, WITHIN_SECONDS)
        return int(cache.incr(key)) > TRIES
    except (RedisError, ValueError):
        return False


def _ours(request: HttpRequest, paired: devices.Paired) -> HttpResponse:
    kind = DeviceKind(paired.device.kind)
    context = {"form": None, "device": paired.device, "start": START_PAGES.get(kind, "/")}
    response = render(request, "team/pair.html", context)
    response.set_cookie(
        f"device_{kind}",
        paired.token,
        max_age=COOKIE_DAYS * 24 * 60 * 60,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
