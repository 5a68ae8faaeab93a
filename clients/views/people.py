"""Search, a new person, the person's page, a correction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.defaults import page_not_found

from clients import acting, assessing, background, channels, glance, identity, joining, joint, responsible, slots
from clients.actions import client as people
from clients.actions import handover as handovers
from clients.forms.identity_code import ReasonForm
from clients.forms.person import ChangeForm, RecordForm
from clients.keys import sought
from clients.looks import looks_at
from clients.models import (
    Client,
    Consent,
    ConsentText,
    ContactNote,
    ContactPoint,
    HandoverSession,
    MergeRecord,
    Referral,
)
from clients.models.consent import PROSPECT, Purpose
from clients.plan_phases import way_of
from clients.suspects import Suspect
from clients.views import alikes, handover
from team.access import Member, MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, codes, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, render_part

MOST_HITS = 20
MOST_REFERRALS = 5


def _hits(request: MemberRequest) -> dict[str, Any]:
    """The people found, with the trace of who was shown. What was typed comes in the body: no name in an address."""
    typed = request.POST.get("q", "")
    what = sought(typed)
    rows = Client.objects.visible_to(request.member).found_by(what, request.member, most=MOST_HITS + 1)
    found = list(rows.best_first(what)[: MOST_HITS + 1])
    shown = found[:MOST_HITS]
    audit.seen_many("client", [row.pk for row in shown], by=request.member.actor, at=clock.now(), kind="search")
    return {"q": typed, "enough": what.is_enough, "hits": shown, "more": len(found) > MOST_HITS}


@require_http_methods(["GET", "POST"])
@requires(Perm.SEE_CLIENTS)
def search(request: MemberRequest) -> HttpResponse:
    """Find a person on file by name, year of birth or number."""
    return render_part(request, "clients/search.html", "hits", _hits(request))


@require_POST
@requires(Perm.SEE_CLIENTS)
def options(request: MemberRequest) -> HttpResponse:
    """The same hits as options of a list, for the desk's own search field."""
    return render(request, "clients/search.html#options", _hits(request))


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_CLIENTS)
def record(request: MemberRequest) -> HttpResponse:
    """A new person, with the consent to be recorded in the same press."""
    at = clock.now()
    if request.method == "POST" and "use" in request.POST:
        return _used(request, at=at)
    initial = {"visit": as_key(request.GET.get("kaynti"))}
    form = RecordForm(request.POST or None, area=_area(request), year=at.year, initial=initial)
    if request.method == "POST" and form.is_valid():
        if alike := alikes.to_ask(request, form, at=at):
            return _record_page(request, form, alike=alike, asks=True, status=409)
        try:
            with submission.once_for(request, at=at) as sending:
                offer = _asked_on_tablet(request, form, at) if sending.first and form.asks_on_tablet else None
                joined = None
                if sending.first and not form.asks_on_tablet:
                    person = _recorded(request, form, at)
                    sending.object_id = person.pk
                    joined = joining.join(form.cleaned_data["visit"], person, by=request.member, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if offer is not None:
                return handover.offered(request, offer, form=form)
            return _on_file(request, form, sending.object_id, joined)
    return _record_page(request, form, status=422 if form.errors else 200)


def _record_page(
    request: MemberRequest,
    form: RecordForm,
    *,
    status: int,
    alike: Sequence[Suspect] = (),
    asks: bool = False,
) -> HttpResponse:
    """The form, with what was typed, the words that are agreed to, and who may be the same person."""
    context = {
        "form": form,
        "texts": _texts(Purpose.RECORD),
        "contact_texts": _texts(Purpose.CONTACT),
        "month_texts": _texts(PROSPECT),
        "alike": alike,
        "asks": asks,
    }
    return render(request, "clients/record.html", context, status=status)


def _on_file(
    request: MemberRequest, form: RecordForm, person: UUID | str | int, joined: joining.Joined | None
) -> HttpResponse:
    """Where one goes on once the person is on file: to the visit that became theirs, or to their page."""
    if form.asks_on_tablet:
        toast.say(request, _("The code was shown already. Ask for a new one."))
        return after(request, "clients:record")
    if joined:
        toast.say(request, _("Recorded, and the visit is theirs."), undo_url=joined.undo_url)
        return after(request, joined.address)
    toast.say(request, _("Recorded. The consent is on the page."))
    return after(request, "clients:client", person)


def _used(request: MemberRequest, *, at: datetime) -> HttpResponse:
    """Somebody on file after all: the visit in which they were being typed is theirs."""
    visit = as_key(request.POST.get("visit"))
    key = as_key(request.POST.get("use"))
    person = Client.objects.visible_to(request.member).filter(pk=key).first() if key else None
    if person is None:
        return not_there(request)
    joined = None
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            joined = joining.join(visit, person, by=request.member, at=at)
    if joined is None:
        return after(request, "clients:client", person.pk)
    text = _("The visit belongs to %(name)s.") % {"name": person.short_name}
    toast.say(request, text, undo_url=joined.undo_url)
    return after(request, joined.address)


def as_key(text: str | None) -> UUID | None:
    """The key that an address or a form names; whatever else it says is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _asked_on_tablet(request: MemberRequest, form: RecordForm, at: datetime) -> codes.Offer[HandoverSession]:
    """A turn at the tablet, with each consent asked by itself; what was typed waits on the page meanwhile."""
    asks, language = [Purpose.RECORD, Purpose.CONTACT], form.given(at=at).language
    return handovers.open_session(None, asks=asks, by=request.member, at=at, language=language)


def _recorded(request: MemberRequest, form: RecordForm, at: datetime) -> Client:
    """The person comes on file, with the consents that were said here or given on the tablet."""
    by, person, turn = request.member, form.person(), form.cleaned_data["handover"]
    if turn:
        return handovers.record_agreed(turn, person, by=by, at=at)
    may_contact = form.cleaned_data["may_contact"]
    return people.record_person(person, by=by, at=at, consent=form.given(at=at), may_contact=may_contact)


def _area(request: MemberRequest) -> str:
    """The employment area of the member's point, whose municipalities come first in lists."""
    return request.member.membership.point.municipality.employment_area


def _texts(purpose: str) -> list[ConsentText]:
    return list(ConsentText.objects.current().filter(purpose=purpose))


def not_there(request: HttpRequest) -> HttpResponse:
    """The page of what is missing, returned rather than raised, so that the trace of the refused look is kept."""
    return page_not_found(request, Http404())


def of_team(person: Client) -> bool:
    """What only the team of the member's point may open."""
    return person.is_team


def opened(
    request: MemberRequest,
    pk: UUID,
    *,
    at: datetime,
    kind: str = "page",
    only: Callable[[Client], bool] = lambda _person: True,
) -> Client | None:
    """The person, if the member may see them and this of them; the look is written down either way, as what it was."""
    rows = Client.objects.visible_to(request.member).with_openness().select_related("municipality", "controller")
    client = next((row for row in rows.filter(pk=pk) if only(row)), None)
    if client:
        channels.hear(request)
    outcome = "shown" if client else "denied"
    audit.seen("client", pk, by=request.member.actor, at=at, kind=kind, outcome=outcome)
    return client


@require_GET
@requires(Perm.SEE_CLIENTS)
def client(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A person's page: who, consents, visits, who has looked."""
    person = opened(request, pk, at=clock.now())
    if person is None:
        merged = MergeRecord.objects.visible_to(request.member).away(pk).first()
        return redirect("clients:client", merged.kept_id) if merged else not_there(request)
    return render(request, "clients/client.html", page_of(request, person))


def page_of(
    request: MemberRequest,
    person: Client,
    *,
    reveal: bool = False,
    panel: responsible.Panel | None = None,
    code_form: ReasonForm | None = None,
    code: str = "",
) -> dict[str, Any]:
    """What of a person this member may see, and nothing else.

    `panel` is that of who answers, with what was typed; `code` the identity code for once, and `code_form` why.
    """
    member, at = request.member, clock.now()
    agreed = _agreed(member, person, clock.local_date(at))
    seen = glance.glance(member, person, at=at)
    answering, referrals = panel or responsible.panel(member, person), _referrals(member, person)
    own = agreed["may_record_background"] is not None
    return {
        **agreed,
        **_now(member, person, seen, answering, referrals or []),
        "client": person,
        "contact": _contact(person) if reveal and person.shows("contact") else seen.contact,
        "contact_hidden": person.is_non_disclosure and not reveal and person.shows("contact"),
        "looks": looks_at(person) if person.shows("all") else [],
        "background": background.panel(member, person, seen.background, agreed=own),
        "identity": _identity(member, person, seen, code_form, code),
        "own_view": assessing.panel(member, person, seen),
        "together": joint.panel(member, person, seen),
        "answering": answering,
        "recusal_refused": "",
        "merges": seen.merges,
        "is_offline": seen.is_offline,
        "answered_before": seen.answered_before,
        "modes": ContactNote.Mode.choices,
        "referrals": referrals,
        "slots": slots.filled(request, person),
    }


def _now(
    member: Member,
    person: Client,
    seen: glance.Glance,
    answering: responsible.Panel | None,
    referrals: list[Referral],
) -> dict[str, Any]:
    """How it stands now: the plan ahead, its phase, what is due, and who acts."""
    ahead = glance.ahead(member, person) if person.shows_plan(member) else glance.Ahead()
    steps, held = [ahead.step] if ahead.step else [], answering.held if answering else None
    way = way_of(ahead.plan) if ahead.plan else None
    return {
        "due": seen.due,
        "shows_plan": person.shows_plan(member),
        "shows_chain": member.may(Perm.GUIDE) and (person.shows("guidance") or person.shows_plan(member)),
        "ahead": ahead,
        "way": way,
        "phase_days": way.days(clock.local_date(clock.now())) if way else 0,
        "acts_now": acting.first(steps=steps, referrals=referrals, due=seen.due, held=held),
    }


def _agreed(member: Member, person: Client, today: date) -> dict[str, Any]:
    """What the person has agreed to, as far as the member may know: what holds today by kind, and what has ended."""
    consents = list(Consent.objects.visible_to(member).filter(client=person).for_page())
    in_force = [one for one in consents if one.holds_on(today)]
    record = next((one for one in in_force if one.purpose == Purpose.RECORD and person.shows("all")), None)
    return {
        "today": today,
        "record": record,
        "days_left": record.days_left(today) if record and record.is_short else None,
        "may_contact": next((one for one in in_force if one.purpose == Purpose.CONTACT), None),
        "may_record_background": background.agreed_to(member, in_force),
        "shares": [one for one in in_force if one.purpose == Purpose.SHARE],
        "ended": [one for one in consents if not one.holds_on(today)],
    }


def _identity(
    member: Member, person: Client, seen: glance.Glance, form: ReasonForm | None, code: str
) -> identity.Panel | None:
    """The identity code's place on the page, where the site has one and the file is the member's."""
    if not identity.shows(person, member):
        return None
    return identity.Panel(seen.has_identity_code, form or ReasonForm(), code)


def shares_of(member: Member, person: Client) -> list[Consent]:
    """By which the person lets organisations be told, where the member may know of it."""
    rows = Consent.objects.visible_to(member).in_force(clock.local_date(clock.now()))
    return list(rows.filter(client=person, purpose=Purpose.SHARE).for_page())


def _referrals(member: Member, person: Client) -> list[Referral] | None:
    """The member's own and those to the member's organisation: whoever may know of the guidance, and guides."""
    if not (member.may(Perm.GUIDE) and person.shows("guidance")):
        return None
    return list(Referral.objects.visible_to(member).of_client(person.pk)[: MOST_REFERRALS + 1])


def _contact(person: Client) -> ContactPoint | None:
    return person.contact_points.filter(ended_at__isnull=True).first()


@require_POST
@requires(Perm.SEE_CLIENTS)
def reveal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the contact detail of a person under a non-disclosure order, once; the trace says so."""
    person = opened(request, pk, at=clock.now(), kind="protected", only=of_team)
    if person is None:
        return not_there(request)
    return render(request, "clients/client.html", page_of(request, person, reveal=True))


@require_http_methods(["GET", "POST"])
@requires(Perm.EDIT_CLIENTS)
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Correct what is known of a person; what a colleague saved meanwhile is never overwritten in silence."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="edit", only=of_team)
    if person is None:
        return not_there(request)
    initial = ChangeForm.initial_of(person, _contact(person))
    form = ChangeForm(request.POST or None, initial=initial, area=_area(request), year=at.year)
    newer = ""
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    people.change_person(person, form.person(), by=request.member, at=at, version=version)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.now_at(person.version)
            newer = _line(person)
        else:
            toast.say(request, _("Saved."))
            return after(request, "clients:client", pk)
    context = {"form": form, "client": person, "newer": newer}
    return render(request, "clients/change.html", context, status=422 if form.errors else 200)


def _line(person: Client) -> str:
    """What a colleague saved, in one line."""
    municipality = "" if person.is_non_disclosure else str(person.municipality or "")
    told = (person.name, str(person.year_of_birth or ""), person.language.upper(), municipality)
    return " · ".join(filter(None, told))
