"""The tablet: its one page, the same as a plain form, and the interface by which answers come in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback import actions, answers, frame, limits, screens
from feedback.models import Questionnaire
from team.access import DeviceRequest, requires_device
from team.models import DeviceKind
from tyoparkki import clock

TEMPLATE = "feedback/tablet.html"


@never_cache
@require_http_methods(["GET", "POST"])
@requires_device(DeviceKind.FEEDBACK)
def tablet(request: DeviceRequest) -> HttpResponse:
    """The tablet's page; for a browser without scripts the whole questionnaire in one form."""
    questionnaire = screens.questionnaire_of(request.device.point_id)
    if questionnaire is None:
        return render(request, "feedback/nothing_asked.html")
    languages = frame.offered(questionnaire)
    if request.method == "POST":
        return _posted(request, questionnaire, languages)
    chosen = request.GET.get("kieli", "")
    return _page(request, questionnaire, languages, chosen=chosen if chosen in languages else "")


def _page(
    request: DeviceRequest, questionnaire: Questionnaire, languages: list[str], *, chosen: str, refused: bool = False
) -> HttpResponse:
    language = chosen or frame.FALLBACK
    asked = screens.screens_of(questionnaire, language, request.POST)
    context: dict[str, Any] = {
        "words": frame.frame_of(language),
        "answered_in": language,
        "is_whole": bool(chosen),
        "is_refused": refused,
        "languages": [(code, frame.frame_of(code)) for code in languages],
        "promise": frame.frame_of(language)["promise"].replace("{n}", str(len(asked))),
        "screens": asked,
        "data": screens.page_of(questionnaire, languages),
        "written": request.POST.get("words", ""),
        "longest": answers.LONGEST_WORDS,
    }
    return render(request, TEMPLATE, context, status=422 if refused else 200)


def _posted(request: DeviceRequest, questionnaire: Questionnaire, languages: list[str]) -> HttpResponse:
    form = request.POST
    language = form.get("language", "")
    faces = {
        one.code: int(form[one.code])
        for one in screens.screens_of(questionnaire, language)
        if one.is_faces and form.get(one.code, "") in {"1", "2", "3", "4", "5"}
    }
    try:
        content = answers.check(
            key=form.get("submission_key", ""),
            questionnaire=str(questionnaire.pk),
            language=language,
            faces=faces,
            words=form.get("words", ""),
        )
        actions.answer(content, by=request.device, at=clock.now())
    except answers.BadAnswer:
        known = language if language in languages else frame.FALLBACK
        return _page(request, questionnaire, languages, chosen=known, refused=True)
    response = redirect(f"{reverse('feedback:thanks')}?kieli={language}")
    response.status_code = 303
    return response


@never_cache
@require_GET
@requires_device(DeviceKind.FEEDBACK)
def thanks(request: DeviceRequest) -> HttpResponse:
    """The thanks after the plain form."""
    language = request.GET.get("kieli", "")
    words = frame.frame_of(language)
    told = screens.followed(request.device.point_id, [language]).get(language)
    return render(request, "feedback/thanks.html", {"words": words, "told": told})


@csrf_exempt  # the device's cookie is SameSite=Strict and the content JSON: no other site can send it
@never_cache
@require_POST
@requires_device(DeviceKind.FEEDBACK)
def take(request: DeviceRequest) -> HttpResponse:
    """An answer from a tablet: 201 when it is new, 200 when it is known, 422 when it can never be taken."""
    if limits.is_flooding(request.device):
        return JsonResponse({"error": "slow_down"}, status=429, headers={"Retry-After": "60"})
    if request.content_type != "application/json":
        return JsonResponse({"error": "content_type"}, status=415)
    try:
        is_new = actions.answer(answers.read(request.body), by=request.device, at=clock.now())
    except answers.BadAnswer as refusal:
        return JsonResponse({"error": refusal.code}, status=422)
    return JsonResponse({"state": "new" if is_new else "known"}, status=201 if is_new else 200)
