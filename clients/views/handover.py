"""The hand-over tablet's one page, and what the staff member who opened the turn sees meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from clients.actions import assessment as assessments
from clients.actions import handover as handovers
from clients.models import Consent, ConsentText, HandoverSession
from clients.models.instrument import words_in
from clients.plan_templates import LANGUAGES
from team.access import DeviceRequest, MemberRequest, requires, requires_device
from team.forms.point import PairForm
from team.models import DeviceKind
from team.permissions import Perm
from tyoparkki import clock, codes
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from clients.forms.person import RecordForm
    from clients.models import Client

THANKS_SECONDS = 20
DONE, STOPPED, PARTLY = "valmis", "keskeytetty", "osittain"
BEGUN, SKIP = "alku", "skip"


@never_cache
@require_http_methods(["GET", "POST"])
@requires_device(DeviceKind.HANDOVER)
def tablet(request: DeviceRequest) -> HttpResponse:
    """Waits for six digits; then asks one person, one consent a screen, each once; then asks to be given back."""
    at = clock.now()
    session = HandoverSession.objects.on_device(request.device.pk, at).first()
    if request.method == "POST":
        return _answered(request, session, at) if "answer" in request.POST else _typed(request, session, at)
    if session is not None:
        return _shown(request, session, at)
    for word in (DONE, STOPPED, PARTLY):
        if word in request.GET:
            return _farewell(request, request.GET[word], ended=word)
    return render(request, "clients/tablet_waits.html", {"form": PairForm(), "over": ""})


def _shown(request: DeviceRequest, session: HandoverSession, at: datetime) -> HttpResponse:
    """The matter of the one person at the tablet."""
    if session.plan_id:
        return _plan(request, session, at)
    return _area(request, session, at) if session.version else _matter(request, session, at)


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
    """The same answer pressed twice leads to the same screen; one that came too late says so."""
    language, said = request.POST.get("language", ""), request.POST["answer"]
    page = reverse("clients:handover")
    try:
        if session is not None:
            session = _told(session, said, purpose=request.POST.get("purpose", ""), language=language, at=at)
        else:
            session = HandoverSession.objects.answered_lately(request.device.pk, at).first()
            if session is None:
                raise handovers.SessionOver
    except Refused as refusal:
        context = {"form": PairForm(), "over": str(refusal)}
        return render(request, "clients/tablet_waits.html", context, status=409)
    if session.ended_at is None:
        return _see_other(f"{page}?kieli={language}{f'&{BEGUN}=1' if session.version_id else ''}")
    stopped = PARTLY if session.assessment_id else STOPPED
    return _see_other(f"{page}?{stopped if session.outcome == 'stopped' else DONE}={language[:2]}")


def _told(session: HandoverSession, said: str, *, purpose: str, language: str, at: datetime) -> HandoverSession:
    if said == "stop":
        return handovers.stop(session, at=at)
    if session.plan_id:
        return handovers.answer_plan(session, agrees=said == "yes", at=at)
    if session.version_id and said == "back":
        return handovers.go_back(session, at=at)
    if session.version_id:  # purpose: the area that was on the screen
        if not (said.isdecimal() or said == SKIP):
            raise assessments.OutsideScale
        value = int(said) if said != SKIP else None
        return handovers.answer_area(session, area=purpose, value=value, language=language, at=at)
    return handovers.answer(session, purpose=purpose or session.asks[0], agrees=said == "yes", language=language, at=at)


def _matter(request: DeviceRequest, session: HandoverSession, at: datetime) -> HttpResponse:
    """The words in the language that the person chooses; the page goes away by itself when the time is up."""
    texts = {text.language: text for text in ConsentText.objects.current().filter(purpose=session.question)}
    chosen = request.GET.get("kieli", session.language)
    text = texts.get(chosen) or texts.get("fi")
    with translation.override(text.language[:2] if text else "fi"):
        labels = dict(Consent.Content.choices)
        context = {
            "session": session,
            "place": session.asks.index(session.question) + 1,
            "texts": list(texts.values()),
            "text": text,
            "lang": text.language[:2] if text else "fi",
            "contents": [str(labels.get(code, code)) for code in session.contents],
        }
        response = render(request, "clients/tablet_matter.html", context)
    return _goes_home(response, int((session.expires_at - at).total_seconds()) + 1)


def _plan(request: DeviceRequest, session: HandoverSession, at: datetime) -> HttpResponse:
    """The plan as the person would approve it; one that changed meanwhile is shown no longer."""
    try:
        plan = handovers.plan_read(session, at=at)
    except Refused as refusal:
        handovers.give_up(session, at=at)
        context = {"form": PairForm(), "over": str(refusal)}
        return render(request, "clients/tablet_waits.html", context, status=409)
    asked = (request.GET.get("kieli", ""), session.language)
    language = next((code for code in asked if code in LANGUAGES), "fi")
    with translation.override(language):
        context = {
            "session": session,
            "plan": plan,
            "goals": list(plan.goals.going_on().in_order()),
            "steps": list(plan.steps.filter(ended_at__isnull=True).for_lists()),
            "languages": [(code, ConsentText.LANGUAGES[code]) for code in LANGUAGES],
            "lang": language,
        }
        response = render(request, "clients/tablet_plan.html", context)
    return _goes_home(response, int((session.expires_at - at).total_seconds()) + 1)


def _area(request: DeviceRequest, session: HandoverSession, at: datetime) -> HttpResponse:
    """One area a screen, in the language that the person chooses; before the first, what this is and who sees it."""
    version, area = session.version, session.area
    if version is None or area is None:
        raise Http404
    asked = request.GET.get("kieli", session.language)
    language = asked if asked in version.languages else version.languages[0]
    said = {"instructions": version.instructions, "stem": version.stems, "asks": area.texts}
    said |= {"low": version.instrument.least_words, "high": version.instrument.most_words}
    with translation.override(language[:2]):
        context = {
            **{name: words_in(texts, language) for name, texts in said.items()},
            "session": session,
            "instrument": version.instrument,
            "begins": not session.answers and BEGUN not in request.GET,
            "place": version.keys.index(area.key) + 1,
            "count": len(version.keys),
            "values": [(value, words_in(area.answers.get(str(value)), language)) for value in version.instrument.scale],
            "languages": [(code, ConsentText.LANGUAGES[code]) for code in version.languages],
            "language": language,
            "lang": language[:2],
        }
        response = render(request, "clients/tablet_area.html", context)
    return _goes_home(response, int((session.expires_at - at).total_seconds()) + 1)


def _farewell(request: DeviceRequest, asked: str, *, ended: str) -> HttpResponse:
    lang = asked if asked in {"fi", "sv", "en"} else "fi"
    with translation.override(lang):
        response = render(request, "clients/tablet_thanks.html", {"lang": lang, "ended": ended})
    return _goes_home(response, THANKS_SECONDS)


def _goes_home(response: HttpResponse, seconds: int) -> HttpResponse:
    """Nothing of one person stays on the screen for the next one, scripts or not."""
    response["Refresh"] = f"{seconds}; url={reverse('clients:handover')}"
    return response


def _see_other(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response


def offered(
    request: MemberRequest,
    offer: codes.Offer[HandoverSession],
    *,
    person: Client | None = None,
    form: RecordForm | None = None,
) -> HttpResponse:
    """The six digits, shown once to the staff member, and how far the person is.

    Of somebody who is not on file yet the form waits on the page, and is sent when the person has agreed.
    """
    state = offer.row.state_at(clock.now())
    context = {"client": person, "form": form, "offer": offer, "session": offer.row, "state": state}
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
