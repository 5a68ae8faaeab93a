"""Suggested services on the advisor's screen: put aside with a reason, and brought back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services.models import Service
from team.access import MemberRequest, requires
from team.models import Term
from team.permissions import Perm
from visits.actions import suggestions
from visits.actions.situation import WrongWord
from visits.forms.guidance import AsideForm
from visits.views import visit_parts as parts


@require_POST
@requires(Perm.GUIDE)
def put_aside(request: MemberRequest, pk: UUID, service: UUID) -> HttpResponse:
    """This one does not suit: one press on the reason, and it does not come back during the visit."""
    row = get_object_or_404(Service.objects.published().select_related("organisation"), pk=service)
    form = AsideForm(request.POST, member=request.member)

    def reason() -> Term:
        if not form.is_valid():
            raise WrongWord
        term: Term = form.cleaned_data["reason"]
        return term

    text = _("%(name)s is not suggested again during this visit.") % {"name": row.name}
    return parts.act(
        request,
        pk,
        lambda page, at: suggestions.put_aside(page.encounter, row, reason=reason(), by=request.member, at=at),
        "ohjaukset",
        said=lambda _guidance: {"text": text, "undo_url": reverse("visits:bring_back", args=[pk, service])},
    )


@require_POST
@requires(Perm.GUIDE)
def bring_back(request: MemberRequest, pk: UUID, service: UUID) -> HttpResponse:
    """It may be suggested after all."""
    row = get_object_or_404(Service.objects.for_staff(), pk=service)
    return parts.act(
        request,
        pk,
        lambda page, at: suggestions.bring_back(page.encounter, row, by=request.member, at=at),
        "ohjaukset",
        said=lambda _guidance: {"text": _("The suggestion is back."), "undo_url": ""},
    )
