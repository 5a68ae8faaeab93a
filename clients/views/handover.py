"""The hand-over tablet's one page, and what the staff member who opened the turn sees meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from clients.actions import handover as handovers
from clients.models import Consent, ConsentText, HandoverSession
from team.access import DeviceRequest, MemberRequest, requires, requires_device
from team.forms.point import PairForm
from team.models import DeviceKind
from team.permissions import Perm
from tyoparkki import clock
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from clients.models import Client

THANKS_SECONDS = 20


@never_cache
@require_http_methods(["GET", "POST"])
@requires_device(DeviceKind.HANDOVER)
def tablet(request: DeviceRequest) -> HttpResponse:
    """Waits for six digits; then shows one matter to one person, once; then asks to be given back."""
    at = clock.now()
    session = HandoverSession.objects.on_device(request.device.pk, at).first()
    if request.method == "POST":
        return _answered(request, session, at) if "answer" in request.POST else _typed(request, session, at)
    if session is not None:
        return _matter(request, session, at)
    if "valmis" in request.GET:
        return _thanks(request)
    return render(request, "clients/tablet_waits.html", {"form": PairForm(), "over": ""})


def _typed(request: DeviceRequest, session: HandoverSession | None, at: datetime) -> HttpResponse:
    form = PairForm(request.POST)
    if session is None and form.is_valid():
        try:
            session = handovers.take(form.cleaned_data["code"], device=request.device, at=at)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            if session is None:
                form.add_error("code", _("The code does not work. Check the six digits, or ask for a new code."))
    if session is not None:
        return _see_other(reverse("clients:handover"))
    return render(request, "clients/tablet_waits.html", {"form": form, "over": ""}, status=422)


def _answered(request: DeviceRequest, session: HandoverSession | None, at: datetime) -> HttpResponse:
    """The same answer pressed twice leads to the same thanks; one that came too late says so."""
    language = request.POST.get("language", "")
    thanks = f"{reverse('clients:handover')}?valmis={language[:2]}"
    try:
        if session is None:
            if HandoverSession.objects.answered_lately(request.device.pk, at).exists():
                return _see_other(thanks)
            raise handovers.SessionOver
        handovers.answer(session, agrees=request.POST["answer"] == "yes", language=language, at=at)
    except Refused as refusal:
        context = {"form": PairForm(), "over": str(refusal)}
        return render(request, "clients/tablet_waits.html", context, status=409)
    return _see_other(thanks)


def _matter(request: DeviceRequest, session: HandoverSession, at: datetime) -> HttpResponse:
    """The words in the language that the person chooses; the page goes away by itself when the time is up."""
    texts = {text.language: text for text in ConsentText.objects.current().filter(purpose=session.purpose)}
    chosen = request.GET.get("kieli", session.language)
    text = texts.get(chosen) or texts.get("fi")
    with translation.override(text.language[:2] if text else "fi"):
        labels = dict(Consent.Content.choices)
        context = {
            "session": session,
            "texts": list(texts.values()),
            "text": text,
            "lang": text.language[:2] if text else "fi",
            "contents": [str(labels.get(code, code)) for code in session.contents],
        }
        response = render(request, "clients/tablet_matter.html", context)
    return _goes_home(response, int((session.expires_at - at).total_seconds()) + 1)


def _thanks(request: DeviceRequest) -> HttpResponse:
    lang = request.GET["valmis"] if request.GET["valmis"] in {"fi", "sv", "en"} else "fi"
    with translation.override(lang):
        response = render(request, "clients/tablet_thanks.html", {"lang": lang})
    return _goes_home(response, THANKS_SECONDS)


def _goes_home(response: HttpResponse, seconds: int) -> HttpResponse:
    """Nothing of one person stays on the screen for the next one, scripts or not."""
    response["Refresh"] = f"{seconds}; url={reverse('clients:handover')}"
    return response


def _see_other(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response


def offered(request: MemberRequest, person: Client, offer: handovers.Offer) -> HttpResponse:
    """The six digits, shown once to the staff member, and how far the person is."""
    at = clock.now()
    context = {"client": person, "offer": offer, "session": offer.session, "state": offer.session.state_at(at)}
    return render(request, "clients/handover.html", context)


@never_cache
@require_GET
@requires(Perm.EDIT_CLIENTS)
def state(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How far the person at the tablet is; nothing new is answered with nothing."""
    session = get_object_or_404(HandoverSession.objects.opened_by_member(request.member), pk=pk)
    now = session.state_at(clock.now())
    if request.GET.get("tila") == now:
        return HttpResponse(status=204)
    return render(request, "clients/handover_state.html", {"session": session, "state": now})
