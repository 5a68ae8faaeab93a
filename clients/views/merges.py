"""Two files side by side, merged in one press, and put apart again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import merging
from clients.actions import merge as acts
from clients.models import Client, ContactPoint, MergeRecord
from clients.views.people import not_there, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of two files, side by side."""

    label: str
    kept: str
    leaving: str

    @property
    def is_same(self) -> bool:
        """Whether both files say the same."""
        return self.kept == self.leaving


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_CLIENTS)
def merge(request: MemberRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Compare two files and merge them; the first of the address is the one that stays."""
    at = clock.now()
    kept, leaving = both_kept(request, pk, other, at)
    if kept is None or leaving is None:
        if submission.was_sent(request):
            return after(request, "clients:client", pk)
        return not_there(request)
    refusal = ""
    if request.method == "POST":
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    sending.object_id = acts.merge(kept, leaving, by=request.member, at=at).pk
        except Refused as refused:
            refusal = str(refused)
        else:
            undo_url = reverse("clients:merge_undo", args=[sending.object_id])
            toast.say(request, _("The files were merged."), undo_url=undo_url)
            return after(request, "clients:client", kept.pk)
    context = {"kept": kept, "leaving": leaving, "lines": _lines(kept, leaving), "refusal": refusal}
    context["terms"] = merging.terms(kept, leaving)
    return render(request, "clients/merge.html", context, status=409 if refusal else 200)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Put two merged files apart again."""
    at = clock.now()
    rows = MergeRecord.objects.visible_to(request.member).select_related("kept").defer("rows")
    record = get_object_or_404(rows, pk=pk)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                acts.undo_merge(record, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, _("The merge was undone: both files are as they were."))
    return after(request, "clients:client", record.kept_id)


def both_kept(request: MemberRequest, pk: UUID, other: UUID, at: datetime) -> tuple[Client | None, Client | None]:
    """The two files, where the member keeps both; each look is written down."""

    def own(person: Client) -> bool:
        return person.is_kept_by(request.member) and pk != other

    kept = opened(request, pk, at=at, kind="edit", only=own)
    return kept, opened(request, other, at=at, kind="edit", only=own) if kept else None


def _lines(kept: Client, leaving: Client) -> list[Line]:
    """What is known of both, in the order of the person's page."""
    one, other = _told(kept), _told(leaving)
    return [Line(label, one[label], other[label]) for label in one]


def _told(person: Client) -> dict[str, str]:
    hidden = person.is_non_disclosure
    way = None if hidden else ContactPoint.objects.filter(client=person, ended_at__isnull=True).first()
    told: dict[str, Any] = {
        _("Name or alias"): person.name,
        _("Number or address"): way.value if way else "",
        _("Language"): person.language.upper(),
        _("Home municipality"): "" if hidden else person.municipality or "",
        _("Year of birth"): person.year_of_birth or "",
        _("On file since"): clock.local(person.created_at).strftime("%-d.%-m.%Y"),
        _("Latest visit"): person.last_visit_on.strftime("%-d.%-m.%Y") if person.last_visit_on else "",
    }
    return {label: str(value) for label, value in told.items()}
