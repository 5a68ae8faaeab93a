"""A companion comes and goes on the person's page; a leave and its substitute are told on the list of one's people."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import responsible
from clients.actions import companion as acts
from clients.forms.responsibility import CompanionForm, LeaveForm
from clients.models import Companion, StandIn
from clients.views.people import not_there
from clients.views.responsibility import again, person_of, press
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@require_POST
@requires(Perm.EDIT_CLIENTS)
def add(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A colleague walks beside the person from now on."""
    person = person_of(request, pk)
    if person is None:
        return not_there(request)
    form = CompanionForm(request.POST, colleagues=responsible.team(request.member))
    if not form.is_valid():
        return again(request, person, companion_form=form)
    who = form.cleaned_data["companion"]
    said = _("%(name)s is now a companion.") % {"name": who.user.name}
    return press(request, person, lambda at: acts.add_companion(person, who, by=request.member, at=at), said)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The colleague no longer walks beside the person."""
    row = get_object_or_404(Companion.objects.visible_to(request.member), pk=pk)
    person = person_of(request, row.client_id)
    if person is None:
        return not_there(request)
    said = _("The companionship has ended.")
    return press(request, person, lambda at: acts.end_companion(row, by=request.member, at=at), said)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_CLIENTS)
def leave(request: MemberRequest) -> HttpResponse:
    """While I am away a colleague sees my people and is in touch with them."""
    at, by = clock.now(), request.member
    form = LeaveForm(request.POST or None, colleagues=responsible.colleagues(by), today=clock.local_date(at))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    acts.go_on_leave(data["to"], from_on=data["from_on"], until_on=data["until_on"], by=by, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("%(name)s acts for you in that time.") % {"name": data["to"].user.name})
            return after(request, "clients:mine")
    return render(request, "clients/leave.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Perm.EDIT_CLIENTS)
def back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I am back, or I do not go."""
    row = get_object_or_404(StandIn.objects.filter(absent=request.member.membership), pk=pk)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            acts.come_back(row, by=request.member, at=at)
    toast.say(request, _("Nobody acts for you any more."))
    return after(request, "clients:mine")
