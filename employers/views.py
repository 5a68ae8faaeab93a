"""The employers' register: who spoke with whom, and what work is open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from employers import actions, industries, slots
from employers.forms import ContactForm, EmployerForm, NewEmployerForm, PositionForm
from employers.models import ContactEvent, Employer, Position
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part

MOST = 50


@require_GET
@requires(Perm.SEE_EMPLOYERS)
def register(request: MemberRequest) -> HttpResponse:
    """The register, searched by three letters or a business id; and the places open now."""
    typed, kind = request.GET.get("q", ""), request.GET.get("laji", "")
    found = list(Employer.objects.visible_to(request.member).found_by(typed).for_list()[: MOST + 1])
    places = Position.objects.open().filter(employer__in=Employer.objects.visible_to(request.member))
    if kind in Position.Kind.values:
        places = places.filter(kind=kind)
    context = {
        "q": typed,
        "employers": found[:MOST],
        "more": len(found) > MOST,
        "places": places.select_related("employer").order_by("-created_at", "pk")[:MOST],
        "kind": kind,
        "kinds": Position.Kind.choices,
    }
    return render_part(request, "employers/register.html", "hits", context)


@require_GET
@requires(Perm.SEE_EMPLOYERS)
def options(request: MemberRequest) -> HttpResponse:
    """The same hits as options of a list, for the desk's own search field."""
    typed = request.GET.get("q", "")
    found = Employer.objects.visible_to(request.member).found_by(typed).order_by("name_key", "pk") if typed else []
    return render(request, "employers/register.html#options", {"employers": found[:8] if typed else []})


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def add(request: MemberRequest) -> HttpResponse:
    """A new employer on the register."""
    form = NewEmployerForm(request.POST or None, initial={"name": request.GET.get("nimi", "")})
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    sending.object_id = actions.register(by=request.member, at=at, **form.cleaned_data).pk
        except Refused as refusal:
            form.add_error("business_id", str(refusal))
        else:
            return after(request, "employers:employer", pk=sending.object_id)
    return _form(request, form, None)


def _form(request: MemberRequest, form: EmployerForm, employer: Employer | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "employers/edit.html", {"form": form, "employer": employer}, status=status)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Mend the details; a colleague's change in between is told, not overwritten."""
    employer = get_object_or_404(Employer.objects.visible_to(request.member), pk=pk)
    names = ("name", "business_id", "size", "industry", "municipality", "web_page")
    initial = {name: getattr(employer, name) for name in names}
    form = EmployerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        seen = int(request.POST.get("version") or 0) if request.POST.get("version", "").isdigit() else 0
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    actions.change(employer, version=seen, by=request.member, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            employer.refresh_from_db()
        else:
            return after(request, "employers:employer", pk=pk)
    return _form(request, form, employer)


def _page(request: MemberRequest, employer: Employer, **more: Any) -> dict[str, Any]:
    events = ContactEvent.objects.filter(employer=employer, undone_at__isnull=True)
    return {
        "employer": employer,
        "industry": industries.name(employer.industry),
        "people": employer.contact_people.filter(ended_at__isnull=True).order_by("created_at", "pk"),
        "events": list(events.select_related("by__user", "organisation").order_by("-at", "pk")[:30]),
        "positions": list(employer.positions.order_by("status", "-created_at", "pk")),
        "recent": actions.recent_contact(employer, at=clock.now()),
        "contact_form": ContactForm(),
        "position_form": PositionForm(),
        "slots": slots.filled(request, employer),
        **more,
    }


@require_GET
@requires(Perm.SEE_EMPLOYERS)
def employer_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One employer: who called last and about what, and what is open."""
    employer = get_object_or_404(Employer.objects.visible_to(request.member).select_related("municipality"), pk=pk)
    return render(request, "employers/employer.html", _page(request, employer))


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Log a contact, seen by all organisations."""
    employer = get_object_or_404(Employer.objects.visible_to(request.member), pk=pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return render(request, "employers/employer.html", _page(request, employer, contact_form=form), status=422)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = actions.log_contact(employer, by=request.member, at=at, **form.cleaned_data).pk
    toast.say(request, _("Contact logged."), undo_url=reverse("employers:contact_undo", args=[sending.object_id]))
    return after(request, "employers:employer", pk=pk)


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def contact_undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The contact was logged by mistake."""
    visible = Employer.objects.visible_to(request.member)
    event = get_object_or_404(ContactEvent, pk=pk, employer__in=visible, by=request.member.membership)
    actions.undo_contact(event, by=request.member, at=clock.now())
    toast.say(request, _("The contact was taken back."))
    return after(request, "employers:employer", pk=event.employer_id)


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def position_add(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The employer offers work."""
    employer = get_object_or_404(Employer.objects.visible_to(request.member), pk=pk)
    form = PositionForm(request.POST)
    if not form.is_valid():
        return render(request, "employers/employer.html", _page(request, employer, position_form=form), status=422)
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = actions.open_position(
                employer, by=request.member, at=at, today=clock.local_date(at), **form.cleaned_data
            ).pk
    toast.say(request, _("The place is open."))
    return after(request, "employers:employer", pk=pk)


WORDS = {"taytetty": Position.Status.FILLED, "peruttu": Position.Status.WITHDRAWN, "avoinna": Position.Status.OPEN}


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def position_move(request: MemberRequest, pk: UUID, word: str) -> HttpResponse:
    """Filled, withdrawn or open again, in one press."""
    visible = Employer.objects.visible_to(request.member)
    position = get_object_or_404(Position, pk=pk, employer__in=visible)
    status = WORDS.get(word)
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                actions.move_position(position, status or "", by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        undo = "" if word == "avoinna" else reverse("employers:position_move", args=[pk, "avoinna"])
        toast.say(request, _("Saved: %(title)s.") % {"title": position.title}, undo_url=undo)
    return after(request, "employers:employer", pk=position.employer_id)
