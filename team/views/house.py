"""The house itself: the service point's details, new points, organisations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from team.access import MemberRequest, requires
from team.actions import organisation as organisations
from team.actions import point as points
from team.forms.house import NewPointForm, OrganisationForm, PointForm
from team.models import Organisation, ServicePoint
from team.permissions import Perm
from team.views.editing import Page, edit


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_POINT)
def point(request: MemberRequest) -> HttpResponse:
    """The service point in use: address, contacts, desks, limits, the board's languages."""
    one = request.member.membership.point
    form = PointForm(request.POST or None, row=one)
    page = Page(title=_("Service point"), testid="point-save", back="team:point", told=_("The service point is saved."))
    page.is_of_a_list = False
    page.links = [(_("New service point"), "team:open_point")] if request.member.may(Perm.MANAGE_HOUSE) else []
    return edit(
        request,
        form,
        lambda at: points.change_point(
            one, form.facts(), by=request.member, at=at, desks=form.cleaned_data["desks"], unchanged=form.unchanged
        ),
        page,
    )


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_HOUSE)
def open_point(request: MemberRequest) -> HttpResponse:
    """One more service point, with first words and questions; the administrator may change to it at once."""
    form = NewPointForm(request.POST or None)
    page = Page(
        title=_("New service point"),
        testid="point-save",
        back="team:settings",
        is_of_a_list=False,
        told=_("The service point is open. Change to it in your own menu, and add its opening hours and users."),
        lead=_("It starts with the same topics and words as every new service point; change them in the vocabulary."),
    )

    def act(at: datetime) -> ServicePoint:
        data = form.cleaned_data
        facts, organisation = form.facts(), data["organisation"]
        return points.open_point(facts, at=at, organisation=organisation, desks=data["desks"], by=request.member)

    return edit(request, form, act, page)


@require_GET
@requires(Perm.MANAGE_HOUSE)
def list_organisations(request: MemberRequest) -> HttpResponse:
    """Everybody who takes part, and those who did."""
    rows = Organisation.objects.order_by("-is_active", "short_name", "pk")
    return render(request, "team/organisations.html", {"organisations": rows})


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_HOUSE)
def add_organisation(request: MemberRequest) -> HttpResponse:
    """One more organisation."""
    form = OrganisationForm(request.POST or None)
    page = Page(
        title=_("New organisation"),
        testid="organisation-save",
        back="team:organisations",
        told=_("The organisation is saved."),
    )
    return edit(request, form, lambda at: organisations.add_organisation(form.facts(), by=request.member, at=at), page)


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_HOUSE)
def change_organisation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An organisation's name, contacts, and whether it takes part."""
    one = get_object_or_404(Organisation, pk=pk)
    form = OrganisationForm(request.POST or None, row=one)
    page = Page(
        title=one.name,
        testid="organisation-save",
        back="team:organisations",
        told=_("The organisation is saved."),
    )
    return edit(
        request,
        form,
        lambda at: organisations.change_organisation(
            one, form.facts(), by=request.member, at=at, unchanged=form.unchanged
        ),
        page,
    )
