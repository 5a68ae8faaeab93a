"""What whoever holds a one-time link sees and presses: a referral to be answered without an account."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients import multi_sectoral, package
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.forms.referral import LinkAnswerForm
from clients.links import LinkRequest, by_link
from clients.models import Referral
from tyoparkki import audit, clock, submission
from tyoparkki.errors import Refused
from tyoparkki.texts import LANGUAGES


@require_http_methods(["GET", "POST"])
@by_link("referral")
def referral(request: LinkRequest, token: str) -> HttpResponse:
    """The one referral of the link, and the answer to it. Opening it changes nothing: a mail scanner may do that."""
    at = clock.now()
    asked = request.GET.get("kieli", "")
    language = asked if asked in LANGUAGES else request.link.language
    with translation.override(language):
        row = Referral.objects.for_lists().get()
        form = LinkAnswerForm(request.POST or None, referral=row)
        said, refusal = "", ""
        if request.method == "POST" and form.is_valid():
            try:
                _answered(request, row, form, at)
                said = _("Thank you. The sender sees this at once.")
            except Refused as refused:
                refusal = str(refused)
            row = Referral.objects.for_lists().get()
        status = 409 if refusal else 422 if form.errors else 200
        if said or refusal:
            form = LinkAnswerForm(referral=row)
        context = _shown(request, row, at) | {"form": form, "said": said, "refusal": refusal}
        return render(request, "clients/referral_link.html", context | {"language_here": language}, status=status)


def _answered(request: LinkRequest, row: Referral, form: LinkAnswerForm, at: datetime) -> None:
    """Carry the answer out, once."""
    acts = {
        "receive": referrals.receive,
        "contact": referrals.contact,
        "start": referrals.start,
        "client_withdraws": referrals.client_withdraws,
        "undo": referrals.undo_last,
    }
    move, word = form.cleaned_data["answer"]
    with submission.once_for(request, at=at) as sending:
        if not sending.first:
            return
        if move == "decline":
            referrals.decline(row, word, by=request.holder, at=at)
        elif move == "end":
            referrals.end(row, word, by=request.holder, at=at)
        else:
            acts[move](row, by=request.holder, at=at)


def _shown(request: LinkRequest, row: Referral, at: datetime) -> dict[str, object]:
    """The referral with what the person lets be told, and the look that belongs to it."""
    if row.client_id:
        audit.seen("client", row.client_id, by=request.holder.actor, at=at, kind="link")
    links.note_opened(request.link, by=request.holder, at=at)
    shown = package.by_link(row)
    if shown.person is None and row.client_id:  # the words of why are the person's: they go with the name
        row.reason, row.criteria, row.return_note = "", [], ""
    last = row.events.filter(undone_at__isnull=True).order_by("-at", "-pk").first()
    return {
        "referral": row,
        "link": request.link,
        "package": shown,
        "parties": multi_sectoral.parties() if row.is_multi_sectoral else [],
        "can_undo": last is not None and last.link_id is not None,
        "today": clock.local_date(at),
    }
