"""The catalogue's screens: search, one service, its page on paper, and the same for everybody without sign-in."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from services import actions, matching, slots
from services.forms import FilterForm, NoteForm
from services.models import Service
from services.reading import languages_of, read
from services.search import find
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.access import public
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part, wants_part
from tyoparkki.texts import LANGUAGES

MOST_OPTIONS = 8
MOST_ROWS = 80
PUBLIC_AGE = 300


def _today() -> date:
    return clock.local_date(clock.now())


def _narrowed(request: HttpRequest) -> dict[str, Any]:
    """The list for what stands in the address."""
    today = _today()
    filters = FilterForm(request.GET).filters(today)
    found = filters.apply(find(filters.text, today=today))
    shown = found.rows[:MOST_ROWS]
    for row in shown:
        row.mark = row.freshness(today)  # type: ignore[attr-defined]  # for the template
    return {"q": filters.text, "found": found, "shown": shown}


@require_GET
@requires(Perm.SEE_SERVICES)
def catalogue(request: MemberRequest) -> HttpResponse:
    """Search and narrow the services of all partners."""
    context = _narrowed(request)
    presses = slots.presses(request, context["shown"])
    for row in context["shown"]:
        row.press = presses.get(row.pk, "")
    return render_part(request, "services/catalogue.html", "catalogue", context)


@require_GET
@requires(Perm.SEE_SERVICES)
def options(request: MemberRequest) -> HttpResponse:
    """Services as options of a list: for the letters typed, or suggested by topics when nothing is typed."""
    today, text = _today(), request.GET.get("q", "").strip()
    if text:
        found = [(row, row.organisation.short_name) for row in find(text, today=today, limit=MOST_OPTIONS)]
    else:
        topics = [code for part in request.GET.getlist("topics") for code in part.split(",") if code]
        language = request.GET.get("language", "")
        suggested = matching.suggest(topics, language, MOST_OPTIONS, point_id=request.member.point_id, today=today)
        found = [(one.service, one.reason) for one in suggested]
    return render(request, "services/options.html", {"found": found, "typed": text})


def _seen_by_staff(pk: UUID) -> Service:
    return get_object_or_404(Service.objects.for_staff().for_page(), pk=pk)


def _page(request: MemberRequest, service: Service, form: NoteForm | None = None) -> dict[str, Any]:
    today = _today()
    return {
        "service": service,
        "reading": read(service, translation.get_language() or "fi", today=today),
        "mark": service.freshness(today),
        "printable": languages_of(service),
        "form": form,
        "slots": slots.filled(request, service),
    }


@require_GET
@requires(Perm.SEE_SERVICES)
def service(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One service with what only professionals see."""
    return render(request, "services/service.html", _page(request, _seen_by_staff(pk)))


@require_GET
@requires(Perm.SEE_SERVICES)
def printed(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The service on paper, in the visitor's language, with a code to its public page."""
    service = _seen_by_staff(pk)
    language = request.GET.get("kieli", "")
    if language not in LANGUAGES:
        language = languages_of(service)[0] if languages_of(service) else "fi"
    address = request.build_absolute_uri(f"{reverse('services:public_service', args=[pk])}?kieli={language}")
    picture = segno.make(address, error="m").svg_inline(scale=3, border=2, dark="#212121", omitsize=True)
    with translation.override(language):
        context = {
            "service": service,
            "reading": read(service, language, today=_today()),
            "languages": languages_of(service),
            "picture": SafeString(picture),  # our own drawing of our own address
            "address": address,
        }
        return render(request, "services/print.html", context)


@require_POST
@requires(Perm.EDIT_SERVICES)
def verify(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What is told of the service was checked today."""
    at = clock.now()
    service = get_object_or_404(Service.objects.published(), pk=pk)
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            actions.verify(service, by=request.member, at=at)
    undo = reverse("services:undo_verify", args=[pk])
    toast.say(request, _("Marked as checked today."), undo_url=undo)
    return after(request, "services:service", pk)


@require_POST
@requires(Perm.EDIT_SERVICES)
def undo_verify(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The confirmation was a slip: the earlier day holds again."""
    at = clock.now()
    service = get_object_or_404(Service.objects.published(), pk=pk)
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            actions.undo_verify(service, by=request.member, at=at)
    toast.say(request, _("The earlier date of checking is back."))
    return after(request, "services:service", pk)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_SERVICES)
def note(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The note for professionals; two writers never overwrite each other in silence."""
    at, service = clock.now(), _seen_by_staff(pk)
    text = service.professional_note
    form = NoteForm(request.POST or None, initial={"text": text, "seen": text})
    newer = ""
    if request.method == "POST" and form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    seen = form.cleaned_data["seen"]
                    actions.note(service, form.cleaned_data["text"], seen=seen, by=request.member, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            newer = text
            form.data = {**request.POST.dict(), "seen": text}  # the next sending may go through
        else:
            toast.say(request, _("Saved."))
            return after(request, "services:service", pk)
    context = {"service": service, "form": form, "newer": newer}
    return render(request, "services/note.html", context, status=422 if form.errors else 200)


def _for_everybody(request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "") -> HttpResponse:
    """The same page for all readers: nothing of a session in it, so that it may be kept by caches."""
    name = f"{template}#{part}" if part and wants_part(request) else template
    language = translation.get_language() or "fi"
    everybody: dict[str, Any] = {
        "member": None,
        "may": {},
        "toast": None,
        "language_links": LANGUAGES,
        "page_language": language,
    }
    response = render(request, name, {**context, **everybody})
    patch_cache_control(response, public=True, max_age=PUBLIC_AGE)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _language(request: HttpRequest) -> str:
    """The language in the address, else the browser's."""
    chosen = request.GET.get("kieli", "")
    return chosen if chosen in LANGUAGES else (translation.get_language() or "fi")


@require_GET
@public("Services are for everybody to find; the page holds nothing of any person.")
def public_catalogue(request: HttpRequest) -> HttpResponse:
    """Search the services without signing in."""
    with translation.override(_language(request)):
        return _for_everybody(request, "services/public_catalogue.html", _narrowed(request), part="catalogue")


@require_GET
@public("Services are for everybody to read; the page holds nothing of any person.")
def public_service(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One service without what only professionals see."""
    language = _language(request)
    service = get_object_or_404(Service.objects.published().for_page(), pk=pk)
    with translation.override(language):
        context = {"service": service, "reading": read(service, language, today=_today())}
        return _for_everybody(request, "services/public_service.html", context)
