"""Together and onwards: colleagues into the visit, the visitor to a colleague, a profession or a service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.actions import referral as referrals
from clients.models import Referral
from services import search as catalogue
from team.access import MemberRequest, requires
from team.models import Membership, Organisation, Profession
from team.permissions import Perm
from tyoparkki import submission
from tyoparkki.htmx import render_part
from visits import words
from visits.actions import encounters, guidance
from visits.choices import guides_on_shift
from visits.forms.guidance import HandOverForm, InviteForm, ReferForm
from visits.models import GuidanceShare, Invitation
from visits.views import mine
from visits.views import visit_parts as parts

MOST_HITS = 6


@require_GET
@requires(Perm.GUIDE)
def ask(request: MemberRequest, pk: UUID, whom: UUID) -> HttpResponse:
    """The request to read aloud before a colleague of another organisation is asked in."""
    page = parts.writable(request, pk)
    on_shift = guides_on_shift(page.visit.day, page.at).select_related("user", "organisation")
    colleague = get_object_or_404(on_shift, pk=whom)
    hands_over = request.GET.get("tapa") == "siirto"
    is_after = hands_over or request.GET.get("tapa") == "after"
    mode = Invitation.Mode.AFTER if is_after else Invitation.Mode.TOGETHER
    texts = words.invitation(
        mode, name=colleague.user.name, organisation=colleague.organisation.name, first=page.visit.language
    )
    shown = {
        "page": page,
        "colleague": colleague,
        "texts": texts,
        "mode": mode,
        "modes": Invitation.Mode.choices,
        "hands_over": hands_over,
    }
    return render_part(request, "visits/mine_ask.html", "question", shown)


@require_POST
@requires(Perm.GUIDE)
def invite(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask a colleague into the visit, together or after me; the visitor's yes or no is recorded with it."""
    page = parts.writable(request, pk)
    form = InviteForm(request.POST, page=page)
    if not form.is_valid():
        raise Http404
    data = form.cleaned_data
    colleague: Membership = data["colleague"]
    if data["agreed"] == "0":
        text = _("The visitor did not want that now. %(name)s was not asked.") % {"name": colleague.user.first_name}
        return parts.respond(request, pk, "tiimi", said={"text": text, "undo_url": ""})
    return parts.act(
        request,
        pk,
        lambda page, at: encounters.invite(
            page.visit,
            colleague,
            mode=data["mode"] or Invitation.Mode.TOGETHER,
            client_agreed=True if data["agreed"] == "1" else None,
            by=request.member,
            at=at,
        ),
        "tiimi",
        said=lambda asked: {
            "text": _("%(name)s was asked to come.") % {"name": colleague.user.first_name},
            "undo_url": reverse("visits:invitation_end", args=[asked.pk]),
        },
        others=("paatos",) if data["mode"] == Invitation.Mode.AFTER else (),
    )


@require_POST
@requires(Perm.GUIDE)
def end_invitation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The one who asked takes the invitation back."""
    asked = get_object_or_404(Invitation.objects.select_related("visit"), pk=pk, by=request.member.membership)
    return parts.act(
        request,
        asked.visit_id,
        lambda _page, at: encounters.decline(asked, by=request.member, at=at),
        "tiimi",
        said=lambda _row: {"text": _("The invitation was taken back."), "undo_url": ""},
        others=("paatos",) if asked.mode == Invitation.Mode.AFTER else (),
    )


def _asked_of_me(request: MemberRequest, pk: UUID) -> Invitation:
    rows = Invitation.objects.select_related("visit", "by__user")
    return get_object_or_404(rows, pk=pk, invited=request.member.membership)


@require_POST
@requires(Perm.GUIDE)
def come(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I come along; or, asked for afterwards, I promise to take the visitor next."""
    asked = _asked_of_me(request, pk)
    if asked.mode == Invitation.Mode.AFTER:
        said = _("You take %(ticket)s next, when your colleague is ready.")
        return mine.press(request, lambda at: encounters.promise(asked, by=request.member, at=at), said, can_undo=False)
    said = _("You are in the visit %(ticket)s.")
    return mine.press(request, lambda at: encounters.come_along(asked, by=request.member, at=at), said)


@require_POST
@requires(Perm.GUIDE)
def decline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I cannot come now."""
    asked = _asked_of_me(request, pk)
    said = _("%(ticket)s: your colleague sees that you cannot come now.")
    return mine.press(
        request, lambda at: encounters.decline(asked, by=request.member, at=at).visit, said, can_undo=False
    )


@require_GET
@requires(Perm.GUIDE)
def onwards(request: MemberRequest, pk: UUID) -> HttpResponse:
    """To whom the visitor could go on: colleagues on shift, and professions."""
    page = parts.writable(request, pk)
    professions = Profession.objects.filter(is_active=True).order_by("position", "pk")
    return render(request, "visits/mine_onwards.html", {"page": page, "professions": professions})


@require_POST
@requires(Perm.GUIDE)
def hand_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The visitor goes on to a colleague or a profession and keeps the place."""
    page = parts.writable(request, pk)
    form = HandOverForm(request.POST, page=page)
    if not form.is_valid():
        raise Http404
    to, profession, agreed = (form.cleaned_data[name] for name in ("colleague", "profession", "agreed"))
    if agreed == "0":
        return parts.respond(request, pk, "paa", said={"text": _("The visitor did not want that now."), "undo_url": ""})
    return mine.press(
        request,
        lambda at: encounters.hand_over(
            page.visit,
            by=request.member,
            at=at,
            to=to,
            profession=profession,
            client_agreed=True if agreed == "1" else None,
        ),
        _("%(ticket)s goes on and keeps the place."),
        focus_next=True,
    )


@require_GET
@requires(Perm.GUIDE)
def find_service(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Services, and after them organisations, for what was typed: options that refer when they are chosen."""
    page = parts.writable(request, pk)
    typed = request.GET.get("q", "").strip()
    shown = {"page": page, "hits": _partners(request, typed), "typed": typed}
    return render_part(request, "visits/mine_hits.html", "options", shown)


@require_POST
@requires(Perm.GUIDE)
def find_doer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The same as names of who does an agreed step; what is typed may be a person's name, so no address holds it."""
    parts.writable(request, pk)
    hits = _partners(request, request.POST.get("q", "").strip())
    return render(request, "visits/mine_doer_hits.html", {"hits": hits})


def _partners(request: MemberRequest, typed: str) -> list[dict[str, Any]]:
    found = catalogue.find(typed, limit=MOST_HITS) if typed else []
    hits: list[dict[str, Any]] = [{"id": row.pk, "name": row.name, "who": row.organisation.short_name} for row in found]
    if len(typed) > 1 and len(hits) < MOST_HITS:
        rows = Organisation.objects.filter(is_active=True, names__fi__icontains=typed)
        others = rows.exclude(pk=request.member.organisation_id).order_by("short_name", "pk")[:2]
        hits += [{"id": row.pk, "name": row.name, "who": _("Organisation")} for row in others]
    return hits


@require_POST
@requires(Perm.GUIDE)
def refer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Guide the visitor to a service or an organisation in one press; the reason is optional."""
    form = ReferForm(request.POST)
    if not form.is_valid():
        text = str(next(iter(form.errors.values()))[0])
        return parts.respond(
            request, pk, "ohjaukset", said={"text": text, "undo_url": ""}, status=422, **form.shown_again()
        )
    return parts.act(
        request,
        pk,
        lambda page, at: guidance.refer(
            page.encounter, by=request.member, at=at, key=submission.key_of(request), **form.told()
        ),
        "ohjaukset",
        said=lambda row: _referred(pk, row),
        asked=lambda refusal: {
            "third_time": refusal if isinstance(refusal, guidance.ThirdTime) else None,
            **form.shown_again(),
        },
    )


def _referred(pk: UUID, row: Referral) -> dict[str, Any]:
    text = _("Guided to %(name)s. The code is %(code)s.") % {
        "name": row.service or row.organisation,
        "code": row.carrier_code,
    }
    return {"text": text, "undo_url": reverse("visits:refer_undo", args=[pk, row.pk])}


@require_POST
@requires(Perm.GUIDE)
def withdraw(request: MemberRequest, pk: UUID, referral: UUID) -> HttpResponse:
    """Take a referral of this visit back while nobody has answered."""
    row = get_object_or_404(Referral.objects.sent_by(request.member), pk=referral, encounter_link__encounter__visit=pk)
    return parts.act(
        request,
        pk,
        lambda _page, at: referrals.withdraw(row, by=request.member, at=at),
        "ohjaukset",
        said=lambda _row: {"text": _("The referral was taken back."), "undo_url": ""},
    )


@require_POST
@requires(Perm.GUIDE)
def share(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Open this record to an organisation, as the visitor agreed."""
    try:
        organisation = get_object_or_404(
            Organisation.objects.filter(is_active=True), pk=UUID(request.POST.get("organisation", ""))
        )
    except ValueError:
        raise Http404 from None
    return parts.act(
        request,
        pk,
        lambda page, at: guidance.share(
            page.encounter,
            organisation,
            by=request.member,
            at=at,
            client_agreed=True if request.POST.get("agreed") == "1" else None,
        ),
        "tiimi",
        said=lambda row: {
            "text": _("The record is open to %(name)s.") % {"name": organisation.name},
            "undo_url": reverse("visits:share_end", args=[row.pk]),
        },
    )


@require_POST
@requires(Perm.GUIDE)
def end_share(request: MemberRequest, pk: int) -> HttpResponse:
    """The organisation sees the record no longer, from this moment."""
    opened = get_object_or_404(GuidanceShare.objects.select_related("encounter"), pk=pk, ended_at__isnull=True)
    return parts.act(
        request,
        opened.encounter.visit_id,
        lambda _page, at: guidance.stop_sharing(opened, by=request.member, at=at),
        "tiimi",
        said=lambda _row: {"text": _("The record is no longer shared."), "undo_url": ""},
    )
