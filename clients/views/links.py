"""What whoever holds a one-time link sees and presses: a referral to be answered without an account."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from clients.actions import link as links
from clients.actions import referral as referrals
from clients.links import LinkRequest, by_link
from clients.models import Referral
from tyoparkki import audit, clock, submission
from tyoparkki.errors import Refused
from tyoparkki.texts import LANGUAGES

ANSWERS = {"accepted", "declined"}


@require_http_methods(["GET", "POST"])
@by_link("referral")
def referral(request: LinkRequest, token: str) -> HttpResponse:
    """The one referral of the link, and the answer to it. Opening it changes nothing: a mail scanner may do that."""
    at = clock.now()
    asked = request.GET.get("kieli", "")
    language = asked if asked in LANGUAGES else request.link.language
    row = Referral.objects.select_related("service", "organisation", "sender_organisation", "point").get()
    refusal = ""
    with translation.override(language):
        if request.method == "POST" and request.POST.get("answer", "") in ANSWERS:
            try:
                with submission.once_for(request, at=at) as sending:
                    if sending.first:
                        referrals.answer(row, request.POST["answer"], by=request.holder, at=at)
            except Refused as refused:
                refusal = str(refused)
            row.refresh_from_db()
        if row.client_id:
            audit.seen("client", row.client_id, by=request.holder.actor, at=at, kind="link")
        links.note_opened(request.link, by=request.holder, at=at)
        context = {"referral": row, "link": request.link, "language_here": language, "refusal": refusal}
        return render(request, "clients/referral_link.html", context, status=409 if refusal else 200)
