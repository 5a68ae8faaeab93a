"""The inbox of referrals: what was sent to one's organisation, and what one sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.actions import referral as referrals
from clients.models import Client, Referral
from team.access import Member, MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, submission, toast
from tyoparkki.htmx import after

MOST = 50


@require_GET
@requires(Perm.GUIDE)
def inbox(request: MemberRequest) -> HttpResponse:
    """What waits for an answer, what was answered, what I sent."""
    member = request.member
    received = Referral.objects.received_by(member).for_lists()
    lists = {
        "waiting": list(received.waiting()[:MOST]),
        "settled": list(received.settled()[:MOST]),
        "sent": list(Referral.objects.sent_by(member).for_lists()[:MOST]),
    }
    _name_visible(member, [row for rows in lists.values() for row in rows])
    return render(request, "clients/referrals.html", {**lists, "today": clock.local_date(clock.now())})


def _name_visible(member: Member, rows: list[Referral]) -> None:
    """Each row's person, where the member may see them; otherwise the code alone says who it is.

    What a referral says of somebody on file is a look at them, with or without the name.
    """
    named = {row.client_id for row in rows if row.client_id}
    people = Client.objects.visible_to(member).in_bulk(named) if named else {}
    audit.seen_many("client", named, by=member.actor, at=clock.now(), kind="inbox")
    for row in rows:
        row.person = people.get(row.client_id)  # type: ignore[attr-defined]  # for the page only


@require_POST
@requires(Perm.GUIDE)
def accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """We take the visitor."""
    text = _("Received. Contact the visitor by the day shown.")
    return _move(request, pk, text, lambda row, at: referrals.answer(row, "accepted", by=request.member, at=at))


@require_POST
@requires(Perm.GUIDE)
def decline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """We cannot take the visitor; the sender acts next."""
    text = _("Answered: cannot be taken. The sender sees it at once.")
    return _move(request, pk, text, lambda row, at: referrals.answer(row, "declined", by=request.member, at=at))


@require_POST
@requires(Perm.GUIDE)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I take my referral back."""
    return _move(request, pk, _("Withdrawn."), lambda row, at: referrals.withdraw(row, by=request.member, at=at))


@require_POST
@requires(Perm.GUIDE)
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The last answer or withdrawal did not happen."""
    text = _("Undone. The referral waits as before.")
    return _move(request, pk, text, lambda row, at: referrals.undo_last(row, by=request.member, at=at), undoable=False)


def _move(
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
    return after(request, "clients:referrals")
