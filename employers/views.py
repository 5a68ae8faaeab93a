"""The employers' register: who spoke with whom, and what work is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from employers import actions, industries, occupations, slots
from employers.forms import ContactForm, EmployerForm, NewEmployerForm, PersonForm, PositionForm
from employers.models import RECENT, ContactEvent, ContactPerson, Employer, Position
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, live, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part

MOST = 50
MOST_OPTIONS = 8
LEAST_LETTERS = 2
FIRST_EVENTS = 6
WORDS = {"taytetty": Position.Status.FILLED, "peruttu": Position.Status.WITHDRAWN, "avoinna": Position.Status.OPEN}


def _heard(request: MemberRequest, response: HttpResponse) -> HttpResponse:
    """The page hears at once of what colleagues do."""
    topics = [actions.live_topic(request.member.point_id)]
    return live.grant(response, subject=f"user:{request.member.user.pk}", topics=topics)


def _area(request: MemberRequest) -> str:
    """The employment area of the member's point, whose municipalities come first in lists."""
    return request.member.membership.point.municipality.employment_area


def _employer(request: MemberRequest, pk: UUID) -> Employer:
    return get_object_or_404(Employer.objects.visible_to(request.member).select_related("municipality"), pk=pk)


@require_GET
@requires(Perm.SEE_EMPLOYERS)
def register(request: MemberRequest) -> HttpResponse:
    """The register, searched by three letters or a business id."""
    typed = request.GET.get("q", "")
    found = list(Employer.objects.visible_to(request.member).found_by(typed).for_list()[: MOST + 1])
    context = {
        "q": typed,
        "employers": found[:MOST],
        "more": len(found) > MOST,
        "live_topic": actions.live_topic(request.member.point_id),
    }
    return _heard(request, render_part(request, "employers/register.html", "hits", context))


@require_GET
@requires(Perm.SEE_EMPLOYERS)
def places(request: MemberRequest) -> HttpResponse:
    """What work is open at all employers, by kind and field."""
    kind, field = request.GET.get("laji", ""), request.GET.get("ala", "")
    everything = Position.objects.open().visible_to(request.member)
    wanted = everything.in_field(field).of_kind(kind) if kind in Position.Kind.values else everything.in_field(field)
    found = list(wanted.newest_first()[: MOST + 1])
    by_kind, fields = everything.count_by_kind(), everything.fields_in_use(occupations.FIELD)
    context = {
        "places": found[:MOST],
        "more": len(found) > MOST,
        "count": wanted.count() if len(found) > MOST else len(found),
        "kind": kind,
        "kinds": [(code, name, by_kind.get(code, 0)) for code, name in Position.Kind.choices],
        "all_count": sum(by_kind.values()),
        "field": field,
        "fields": [(code, name) for code, name in occupations.choices() if code in fields],
        "live_topic": actions.live_topic(request.member.point_id),
        "query": request.GET.urlencode(),
    }
    return _heard(request, render_part(request, "employers/places.html", "places", context))


@require_GET
@requires(Perm.SEE_EMPLOYERS)
def options(request: MemberRequest) -> HttpResponse:
    """The same hits as options of a list, for the desk's own search field."""
    typed = request.GET.get("q", "").strip()
    found: list[Employer] = []
    if len(typed) >= LEAST_LETTERS:
        found = list(Employer.objects.visible_to(request.member).found_by(typed).for_list()[:MOST_OPTIONS])
    return render(request, "employers/options.html", {"employers": found, "typed": typed})


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def add(request: MemberRequest) -> HttpResponse:
    """A new employer on the register."""
    form = NewEmployerForm(request.POST or None, initial={"name": request.GET.get("nimi", "")}, area=_area(request))
    known = None
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    sending.object_id = actions.register(by=request.member, at=at, **form.cleaned_data).pk
        except actions.AlreadyRegistered as refusal:
            form.add_error(refusal.field, str(refusal))
            known = refusal.employer
        else:
            toast.say(request, _("On the register."))
            return after(request, "employers:employer", pk=sending.object_id)
    context = {"form": form, "known": known}
    return render(request, "employers/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Mend the details; a colleague's change in between is told, not overwritten."""
    employer = _employer(request, pk)
    form = EmployerForm(request.POST or None, initial=EmployerForm.initial_of(employer), area=_area(request))
    newer = known = None
    if request.method == "POST" and form.is_valid():
        try:
            _once(request, lambda at: actions.change(employer, **_versioned(request, at), **form.cleaned_data))
        except actions.AlreadyRegistered as refusal:
            form.add_error(refusal.field, str(refusal))
            known = refusal.employer
        except Refused as refusal:
            form.add_error(None, str(refusal))
            newer = employer
        else:
            toast.say(request, _("Saved."))
            return after(request, "employers:employer", pk=pk)
    version = employer.version if newer or not request.POST else request.POST.get("version", "")
    context = {
        "form": form,
        "employer": employer,
        "newer": newer,
        "known": known,
        "version": version,
        "industry": industries.name(employer.industry),
    }
    return render(request, "employers/change.html", context, status=422 if form.errors else 200)


def _versioned(request: MemberRequest, at: datetime) -> dict[str, Any]:
    """Who saves, when, and what they started from."""
    seen = request.POST.get("version", "")
    return {"version": int(seen) if seen.isdigit() else 0, "by": request.member, "at": at}


def _once(request: MemberRequest, act: Callable[[datetime], Any]) -> str:
    """Do the act once for this form; the key of what it made."""
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = act(at).pk
    return str(sending.object_id)


def _page(request: MemberRequest, employer: Employer, **more: Any) -> dict[str, Any]:
    at = clock.now()
    log = ContactEvent.objects.filter(employer=employer).standing()
    events = list(log.for_log()[: MOST + 1])
    recent = next((event for event in events if event.at >= at - RECENT), None)
    closed = employer.positions.exclude(status=Position.Status.OPEN).order_by("-closed_at", "pk")
    return {
        "employer": employer,
        "industry": industries.name(employer.industry),
        "people": list(employer.contact_people.in_use()),
        "events": events[:FIRST_EVENTS],
        "older": events[FIRST_EVENTS:MOST],
        "event_count": log.count() if len(events) > MOST else len(events),
        "event_limit": MOST if len(events) > MOST else 0,
        "recent": recent,
        "is_own_recent": recent is not None and recent.by_id == request.member.membership_id,
        "aware_of": recent.pk if recent else "",
        "positions": list(employer.positions.open().order_by("-created_at", "pk")),
        "closed": list(closed[:MOST]),
        "contact_form": ContactForm(),
        "live_topic": actions.live_topic(employer.point_id),
        "slots": slots.filled(request, employer),
        **more,
    }


@require_GET
@requires(Perm.SEE_EMPLOYERS)
def employer_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One employer: who called last and about what, and what is open."""
    context = _page(request, _employer(request, pk))
    part = "log" if request.GET.get("osa") == "yhteydet" else "positions"
    return _heard(request, render_part(request, "employers/employer.html", part, context))


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Log a contact, seen by all organisations; a colleague's of a moment ago is shown first."""
    employer, form = _employer(request, pk), ContactForm(request.POST)
    if form.is_valid():
        seen = request.POST.get("aware_of")
        try:
            made = _once(
                request,
                lambda at: actions.log_contact(employer, by=request.member, at=at, aware_of=seen, **form.cleaned_data),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("Contact logged."), undo_url=reverse("employers:contact_undo", args=[made]))
            return after(request, "employers:employer", pk=pk)
    return render(request, "employers/employer.html", _page(request, employer, contact_form=form), status=422)


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def contact_undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The contact was logged by mistake."""
    visible = Employer.objects.visible_to(request.member)
    event = get_object_or_404(ContactEvent, pk=pk, employer__in=visible, by=request.member.membership)
    _once(request, lambda at: actions.undo_contact(event, by=request.member, at=at))
    toast.say(request, _("The contact was taken back."))
    return after(request, "employers:employer", pk=event.employer_id)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def person_add(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Somebody more to ask for."""
    employer, form = _employer(request, pk), PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _once(request, lambda at: actions.add_person(employer, by=request.member, at=at, **form.cleaned_data))
        return after(request, "employers:employer", pk=pk)
    context = {"form": form, "employer": employer, "person": None}
    return render(request, "employers/person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def person_change(request: MemberRequest, pk: int) -> HttpResponse:
    """A name, a number or an address is corrected."""
    people = ContactPerson.objects.visible_to(request.member).select_related("employer")
    person = get_object_or_404(people, pk=pk)
    form = PersonForm(request.POST or None, initial=PersonForm.initial_of(person))
    if request.method == "POST" and form.is_valid():
        _once(request, lambda at: actions.change_person(person, by=request.member, at=at, **form.cleaned_data))
        toast.say(request, _("Saved."))
        return after(request, "employers:employer", pk=person.employer_id)
    context = {"form": form, "employer": person.employer, "person": person}
    return render(request, "employers/person.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def person_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Not the one to ask for any more."""
    person = get_object_or_404(ContactPerson.objects.visible_to(request.member), pk=pk)
    _once(request, lambda at: actions.end_person(person, by=request.member, at=at))
    said = _("%(name)s is no longer the contact person.") % {"name": person.name}
    toast.say(request, said, undo_url=reverse("employers:person_restore", args=[pk]))
    return after(request, "employers:employer", pk=person.employer_id)


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def person_restore(request: MemberRequest, pk: int) -> HttpResponse:
    """The end was a slip."""
    person = get_object_or_404(ContactPerson.objects.visible_to(request.member), pk=pk)
    _once(request, lambda at: actions.restore_person(person, by=request.member, at=at))
    toast.say(request, _("%(name)s is the contact person again.") % {"name": person.name})
    return after(request, "employers:employer", pk=person.employer_id)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def position_add(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The employer offers work."""
    employer, form = _employer(request, pk), PositionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _once(
            request,
            lambda at: actions.open_position(
                employer, by=request.member, at=at, today=clock.local_date(at), **form.cleaned_data
            ),
        )
        toast.say(request, _("The place is open."))
        return after(request, "employers:employer", pk=pk)
    context = {"form": form, "employer": employer, "position": None, "version": "", "newer": None}
    return render(request, "employers/position.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_EMPLOYERS)
def position_change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What is told of the work is mended; it counts as asked again today."""
    position = get_object_or_404(Position.objects.visible_to(request.member).newest_first(), pk=pk)
    form = PositionForm(request.POST or None, initial=PositionForm.initial_of(position))
    newer = None
    if request.method == "POST" and form.is_valid():
        try:
            _once(
                request,
                lambda at: actions.change_position(
                    position, today=clock.local_date(at), **_versioned(request, at), **form.cleaned_data
                ),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            newer = position
        else:
            toast.say(request, _("Saved."))
            return after(request, "employers:employer", pk=position.employer_id)
    version = position.version if newer or not request.POST else request.POST.get("version", "")
    context = {"form": form, "employer": position.employer, "position": position, "version": version, "newer": newer}
    return render(request, "employers/position.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Perm.EDIT_EMPLOYERS)
def position_move(request: MemberRequest, pk: UUID, word: str) -> HttpResponse:
    """Filled, withdrawn or open again, in one press."""
    position = get_object_or_404(Position.objects.visible_to(request.member), pk=pk)
    if word not in WORDS:
        raise Http404
    _once(request, lambda at: actions.move_position(position, WORDS[word], by=request.member, at=at))
    said = {
        "taytetty": _("%(title)s is filled."),
        "peruttu": _("%(title)s is withdrawn."),
        "avoinna": _("%(title)s is open again."),
    }[word] % {"title": position.title}
    undo = "" if word == "avoinna" else reverse("employers:position_move", args=[pk, "avoinna"])
    toast.say(request, said, undo_url=undo)
    return after(request, "employers:employer", pk=position.employer_id)
