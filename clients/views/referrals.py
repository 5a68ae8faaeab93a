"""Referrals: the inbox of one's organisation, what one sent, one referral's page and its moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import background as backgrounds
from clients import channels, multi_sectoral, package, repeats
from clients.actions import link as links
from clients.actions import referral as referrals
from clients.forms.referral import MeetingForm, ReferPersonForm, WordForm
from clients.models import Client, Link, Referral
from clients.views.people import not_there, of_team, opened
from services import search as catalogue
from team.access import Member, MemberRequest, requires
from team.models import Organisation, Term
from team.permissions import Perm
from tyoparkki import audit, clock, submission, toast
from tyoparkki.htmx import after, render_part

MOST = 50
MOST_HITS = 8
Status = Referral.Status


@require_GET
@requires(Perm.GUIDE)
def inbox(request: MemberRequest) -> HttpResponse:
    """What waits for us, what goes on with us, what I sent, what is closed; what is late stands first."""
    member, today = request.member, clock.local_date(clock.now())
    received = Referral.objects.received_by(member).for_lists()
    lists = {
        "waiting": list(received.waiting()[:MOST]),
        "going_on": list(received.going_on()[:MOST]),
        "settled": list(received.closed()[:MOST]),
        "sent": list(Referral.objects.sent_by(member).for_lists()[:MOST]),
    }
    _name_visible(member, [row for rows in lists.values() for row in rows])
    for name in ("waiting", "going_on"):  # the most overdue first
        lists[name].sort(key=lambda row: (row.next_on is None, row.next_on, str(row.pk)))
    lists["sent"].sort(key=lambda row: not row.asks_sender(today))
    channels.hear(request)
    return render_part(request, "clients/referrals.html", "lists", {**lists, "today": today})


def _name_visible(member: Member, rows: list[Referral], *, kind: str = "inbox") -> None:
    """Each row's person, where the member may see them; otherwise the code alone says who it is.

    What a referral says of somebody on file is a look at them, with or without the name. The words of why are the
    person's: they go with the name.
    """
    named = {row.client_id for row in rows if row.client_id}
    people = Client.objects.visible_to(member).with_openness().in_bulk(named) if named else {}
    audit.seen_many("client", named, by=member.actor, at=clock.now(), kind=kind)
    for row in rows:
        row.person = people.get(row.client_id)  # type: ignore[attr-defined]  # for the page only
        if row.client_id and row.client_id not in people:
            row.reason, row.criteria, row.return_note = "", [], ""


@require_GET
@requires(Perm.GUIDE)
def referral(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One referral: who acts next, what goes with it, what has happened."""
    return _page(request, pk)


def _page(request: MemberRequest, pk: UUID, *, status: int = 200, **forms: Any) -> HttpResponse:
    member, at = request.member, clock.now()
    row = get_object_or_404(Referral.objects.visible_to(member).for_lists(), pk=pk)
    _name_visible(member, [row], kind="referral")
    channels.hear(request)
    is_sender = row.sender_id == member.membership_id
    mine = row.organisation_id == member.organisation_id and row.status != Status.DRAFT
    asked = {
        "refusal": WordForm(referral=row, kind=Term.Kind.REFUSAL),
        "ending": WordForm(referral=row, kind=Term.Kind.ENDING),
        "meeting": MeetingForm(initial=_meeting_of(row)),
    }
    shown = package.of_member(row, member)
    context = {
        "referral": row,
        "is_sender": is_sender,
        "is_recipient": mine,
        "parts": package.parts_for(shown.person, row.organisation, on=clock.local_date(at)) if is_sender else [],
        "package": shown,
        "parties": multi_sectoral.parties() if row.is_multi_sectoral else [],
        "before": repeats.before(row, member, on=clock.local_date(at)) if row.status == Status.DRAFT else [],
        "events": list(row.events.select_related("by__user", "by__organisation").order_by("at", "pk")),
        "link": row.links.open_at(at).order_by("-created_at").first() if is_sender else None,
        "today": clock.local_date(at),
        "allows": {status.value: row.allows(status) for status in Status},
        **asked,
        **forms,
    }
    return render(request, "clients/referral.html", context, status=status)


def _meeting_of(row: Referral) -> dict[str, Any]:
    if row.meeting_at is None:
        return {}
    moment = clock.local(row.meeting_at)
    return {"on": moment.date(), "time": moment.time(), "place": row.meeting_place}


# --- moves -----------------------------------------------------------------------------------------------------------

Act = Callable[..., Referral]
MOVES: dict[str, tuple[Act, Any]] = {
    "receive": (referrals.receive, gettext_lazy("Received. Contact the visitor by the day shown.")),
    "contact": (referrals.contact, gettext_lazy("Noted: the client was contacted.")),
    "start": (referrals.start, gettext_lazy("Noted: the service has started.")),
    "client_withdraws": (referrals.client_withdraws, gettext_lazy("Noted: the client does not want it any more.")),
    "withdraw": (referrals.withdraw, gettext_lazy("Withdrawn.")),
    "send": (referrals.send, gettext_lazy("Sent. You see the answer here and on the list.")),
}


@require_POST
@requires(Perm.GUIDE)
def move(request: MemberRequest, pk: UUID, move: str) -> HttpResponse:
    """One arrow of the referral's life, in one press."""
    act, text = MOVES[move]
    return _moved(request, pk, text, lambda row, at: act(row, by=request.member, at=at), undoable=move != "send")


@require_POST
@requires(Perm.GUIDE)
def decline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """We cannot take the visitor, for a reason; the sender acts next."""
    return _worded(
        request, pk, Term.Kind.REFUSAL, referrals.decline, _("Answered: cannot be taken. The sender sees it at once.")
    )


@require_POST
@requires(Perm.GUIDE)
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The service has ended: with which result."""
    return _worded(request, pk, Term.Kind.ENDING, referrals.end, _("The result is told to the sender."))


def _worded(request: MemberRequest, pk: UUID, kind: str, act: Act, text: str) -> HttpResponse:
    row = get_object_or_404(Referral.objects.visible_to(request.member), pk=pk)
    form = WordForm(request.POST, referral=row, kind=kind)
    if not form.is_valid():
        return _page(request, pk, status=422, **{"refusal" if kind == Term.Kind.REFUSAL else "ending": form})
    word = form.cleaned_data["word"]
    return _moved(request, pk, text, lambda row, at: act(row, word, by=request.member, at=at))


@require_POST
@requires(Perm.GUIDE)
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The last move did not happen."""
    text = _("Undone. The referral waits as before.")
    return _moved(request, pk, text, lambda row, at: referrals.undo_last(row, by=request.member, at=at), undoable=False)


@require_POST
@requires(Perm.GUIDE)
def meeting(request: MemberRequest, pk: UUID) -> HttpResponse:
    """When and where the three meet; called off with a press of its own."""
    form = MeetingForm(request.POST)
    if "off" in request.POST:
        moment, place, text = None, "", _("The meeting was called off.")
    elif form.is_valid():
        moment, place, text = form.moment, form.cleaned_data["place"], _("The meeting is noted.")
    else:
        return _page(request, pk, status=422, meeting=form)
    act = referrals.agree_meeting
    return _moved(request, pk, text, lambda row, at: act(row, moment, place, by=request.member, at=at), undoable=False)


def _moved(
    request: MemberRequest,
    pk: UUID,
    text: str,
    act: Callable[[Referral, datetime], Referral],
    *,
    undoable: bool = True,
) -> HttpResponse:
    row, at = get_object_or_404(Referral.objects.visible_to(request.member), pk=pk), clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            act(row, at)
    toast.say(request, text, undo_url=reverse("clients:referral_undo", args=[pk]) if undoable else "")
    return after(request, "clients:referral", pk) if "stay" in request.POST else after(request, "clients:referrals")


# --- from the person's page ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(Perm.GUIDE, Perm.EDIT_CLIENTS)
def refer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Guide a person on file to a service or an organisation: a draft, which is looked at before it is sent."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="referral", only=of_team)
    if person is None:
        return not_there(request)
    form = ReferPersonForm(request.POST or None, today=clock.local_date(at), own=request.member.organisation_id)
    if request.method == "POST" and form.is_valid():
        by = request.member
        told = {**form.told(), "client": person, "draft": True}
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                sending.object_id = referrals.refer(point=by.membership.point, by=by, at=at, **told).pk
        return after(request, "clients:referral", sending.object_id)
    typed, hits = _sought(request, form, person)
    context = {"form": form, "client": person, "typed": typed, "hits": hits}
    context["parties"] = multi_sectoral.parties()
    return render(request, "clients/refer.html", context, status=422 if form.errors else 200)


def _sought(request: MemberRequest, form: ReferPersonForm, person: Client) -> tuple[str, list[dict[str, Any]]]:
    """What was typed with its hits, or the service that the person's page suggests, chosen already.

    Which one it is, the address does not say: it follows from what the person has told.
    """
    typed = request.GET.get("q", request.POST.get("q", "")).strip()
    asked = "ehdotus" in request.GET and not typed
    suggested = backgrounds.suggested(request.member, person) if asked else None
    service = suggested.service if suggested else None
    if service is None:
        typed = typed or (suggested.what.word if suggested else "")
        return typed, _hits(typed, request.member)
    form.initial["found"] = str(service.pk)
    return service.name, [{"id": str(service.pk), "name": service.name, "who": service.organisation.short_name}]


def _hits(typed: str, member: Member) -> list[dict[str, Any]]:
    """Services, and after them organisations, for what was typed."""
    if not typed:
        return []
    found = catalogue.find(typed, limit=MOST_HITS)
    hits = [{"id": str(row.pk), "name": row.name, "who": row.organisation.short_name} for row in found]
    others = Organisation.objects.filter(is_active=True, names__fi__icontains=typed).exclude(pk=member.organisation_id)
    rows = others.order_by("short_name", "pk")[:3]
    return hits + [{"id": str(row.pk), "name": row.name, "who": _("Organisation")} for row in rows]


# --- the link, for a recipient without an account --------------------------------------------------------------------


@require_POST
@requires(Perm.GUIDE)
def issue_link(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A new link, shown once: on paper, or to be told in some other way."""
    row, at = get_object_or_404(Referral.objects.sent_by(request.member).for_lists(), pk=pk), clock.now()
    language = request.POST.get("language", row.language)
    with submission.once_for(request, at=at) as sending:
        if not sending.first:
            toast.say(request, _("The link was shown already. Make a new one if it was lost."))
            return after(request, "clients:referral", pk)
        issued = links.issue_for_referral(row, by=request.member, at=at, language=language)
    address = request.build_absolute_uri(reverse("clients:link_referral", args=[issued.token]))
    context = {"referral": row, "issued": issued.row, "address": address} | _told_on_slip(row, issued.row, at)
    return render(request, "clients/referral_slip.html", context)


def _told_on_slip(row: Referral, link: Link, at: datetime) -> dict[str, Any]:
    """Which parts the link opens, in the recipient's language: the names of the parts, for paper takes nothing back."""
    client = Client(pk=row.client_id) if row.client_id else None
    with translation.override(link.language):
        parts = [one for one in package.parts_for(client, row.organisation, on=clock.local_date(at)) if one.goes]
        parties = multi_sectoral.parties() if row.is_multi_sectoral else []
    if not parts:  # the words are the person's: without a consent the paper says no more than the link
        row.criteria, row.return_note = [], ""
    return {"parts": parts, "parties": parties}


@require_POST
@requires(Perm.GUIDE)
def end_links(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Every link to this referral opens nothing from now on."""
    row = get_object_or_404(Referral.objects.sent_by(request.member), pk=pk)
    with submission.once_for(request, at=clock.now()) as sending:
        if sending.first:
            links.end_all(row, by=request.member, at=clock.now())
    toast.say(request, _("The links have ended."))
    return after(request, "clients:referral", pk)
