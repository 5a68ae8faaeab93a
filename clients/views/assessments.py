"""Self-assessments: change over time, filled in together or on the tablet that is handed over, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import assessing
from clients.actions import assessment as assessments
from clients.actions import handover as handovers
from clients.forms.assessment import AssessmentForm, HandForm
from clients.forms.outcome import EndForm, OutcomeForm
from clients.models import AssessmentAsk, Client, ConsentText, FollowUp, InstrumentVersion, SelfAssessment
from clients.models.instrument import words_in
from clients.views import handover
from clients.views.people import not_there, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@require_GET
@requires(Perm.GUIDE)
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change over time: what the person has said of their situation, what waits, and what came of it."""
    person = opened_for_change(request, pk)
    if person is None:
        return not_there(request)
    return change_page(request, person)


def opened_for_change(request: MemberRequest, pk: UUID) -> Client | None:
    """The person, if this member may know of their self-assessments or of what came of it."""
    member = request.member

    def knows(one: Client) -> bool:
        return assessing.shows(one, member) or assessing.shows_outcomes(one, member)

    return opened(request, pk, at=clock.now(), kind="assessment", only=knows)


def kept_by(request: MemberRequest) -> Callable[[Client], bool]:
    """What only those may do whose organisation keeps the person's file."""
    member = request.member
    return lambda person: person.is_kept_by(member)


def change_page(request: MemberRequest, person: Client, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page as it is now, with a form as it was sent."""
    today = clock.local_date(clock.now())
    shown = assessing.change(request.member, person)
    sent = forms.pop("end_form", None)
    ends = {row.pk: EndForm(today=today, outcome=row) for row in shown.outcomes if row.ended_on is None}
    if sent is not None:
        ends[sent.outcome.pk] = sent
    context = {
        "client": person,
        "shown": shown,
        "outcomes": [(row, ends.get(row.pk)) for row in shown.outcomes],
        "outcome_form": OutcomeForm(today=today),
        "follow_up": asked_after(request, shown.follow_ups),
        "today": today,
        **forms,
    }
    return render(request, "clients/assessments.html", context, status=status)


def asked_after(request: MemberRequest, waiting: list[FollowUp]) -> FollowUp | None:
    """The follow-up from which the page was opened, while it waits."""
    key = request.POST.get("follow_up") or request.GET.get("seuranta") or ""
    return next((row for row in waiting if str(row.pk) == key), None)


@require_http_methods(["GET", "POST"])
@requires(Perm.GUIDE)
def fill(request: MemberRequest, pk: UUID, instrument: str) -> HttpResponse:
    """Filled in together at the desk: the words in the person's language, a row of choices an area.

    Another language may be chosen at any time; what was answered stays.
    """
    at = clock.now()
    person, version = asked(request, pk, instrument, at)
    if person is None or version is None:
        return not_there(request)
    form = _form(request, version, at)
    if form.is_bound and form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    sending.object_id = _recorded(request, person, form, at).pk
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("clients:assessment_undo", args=[sending.object_id])
            toast.say(request, _("The answers are recorded."), undo_url=undo)
            return after(request, "clients:assessments", pk)
    return fill_page(request, person, form)


def asked(request: MemberRequest, pk: UUID, key: str, at: datetime) -> tuple[Client | None, InstrumentVersion | None]:
    """The person, if this member's organisation keeps the file, and the version that is asked now.

    A form that was opened before a new version came is taken in the words that were on it.
    """
    person = opened(request, pk, at=at, kind="assessment", only=kept_by(request))
    offered = InstrumentVersion.objects.on_offer().filter(instrument__key=key).first()
    number = request.POST.get("version", "")
    if offered is not None and number.isdecimal() and int(number) != offered.number:
        known = InstrumentVersion.objects.filter(instrument=offered.instrument, number=int(number))
        return person, known.select_related("instrument").first()
    return person, offered


def _form(request: MemberRequest, version: InstrumentVersion, at: datetime) -> AssessmentForm:
    """As it was sent; or, when only the language was changed, with what was answered so far."""
    other = request.POST.get("read_in", "")
    wanted = other or request.POST.get("language", "fi")
    language = wanted if wanted in version.languages else version.languages[0]
    today = clock.local_date(at)
    if other or request.method == "GET":
        return AssessmentForm(asked=version, language=language, today=today, typed=request.POST.dict())
    return AssessmentForm(request.POST, asked=version, language=language, today=today)


def _recorded(request: MemberRequest, person: Client, form: AssessmentForm, at: datetime) -> SelfAssessment:
    data = form.cleaned_data
    return assessments.record_assessment(
        person,
        form.asked,
        form.scores(),
        by=request.member,
        at=at,
        language=data["language"],
        filled_at=form.filled_at(at),
        is_agreed=data.get("is_agreed", False),
        ask=ask_of(request, person),
    )


def ask_of(request: MemberRequest, person: Client) -> AssessmentAsk | None:
    """The question that this filling-in answers, when the page was opened from it."""
    try:
        key = UUID(request.POST.get("ask") or request.GET.get("kysymys") or "")
    except ValueError:
        return None
    return AssessmentAsk.objects.visible_to(request.member).of_client(person.pk).waiting().filter(pk=key).first()


def fill_page(
    request: MemberRequest,
    person: Client,
    form: AssessmentForm,
    *,
    hand_form: HandForm | None = None,
    link_form: HandForm | None = None,
) -> HttpResponse:
    """The page of one instrument, with a form as it was sent."""
    version, language = form.asked, str(form["language"].value())
    ask = ask_of(request, person)
    context = {
        "client": person,
        "form": form,
        "version": version,
        "instrument": version.instrument,
        "lang": language[:2],
        "language": language,
        "languages": _languages(version),
        "instructions": words_in(version.instructions, language),
        "stem": words_in(version.stems, language),
        "low": words_in(version.instrument.least_words, language),
        "high": words_in(version.instrument.most_words, language),
        "ask": ask,
        "hand_form": None if version.instrument.is_external else hand_form or HandForm(asked=version),
        "link_form": None if version.instrument.is_external else link_form or _link_form(version, person),
        "may_mail": not version.instrument.is_external and assessing.may_mail(person, request.member),
    }
    status = 422 if form.errors or hand_form or link_form else 200
    return render(request, "clients/assessment_fill.html", context, status=status)


def _link_form(version: InstrumentVersion, person: Client) -> HandForm:
    """In the person's own language, where the questions are asked in it."""
    initial = {"read_in": person.language} if person.language in version.languages else {}
    return HandForm(asked=version, auto_id="linkki_%s", initial=initial)


def _languages(version: InstrumentVersion) -> list[tuple[str, str]]:
    """Languages that are complete, by their own names."""
    return [(code, ConsentText.LANGUAGES[code]) for code in version.languages]


@require_POST
@requires(Perm.GUIDE)
def hand(request: MemberRequest, pk: UUID, instrument: str) -> HttpResponse:
    """The person answers alone on the hand-over tablet: six digits for this one matter."""
    at = clock.now()
    person, version = asked(request, pk, instrument, at)
    if person is None or version is None or version.instrument.is_external:
        return not_there(request)
    form = HandForm(request.POST, asked=version)
    if not form.is_valid():
        fresh = AssessmentForm(asked=version, language=version.languages[0], today=clock.local_date(at))
        return fill_page(request, person, fresh, hand_form=form)
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            language, ask = form.cleaned_data["read_in"], ask_of(request, person)
            offer = handovers.hand_instrument(person, version, by=request.member, at=at, language=language, ask=ask)
            return handover.offered(request, offer, person=person)
    toast.say(request, _("The code was shown already. Ask for a new one."))
    return after(request, "clients:assessments", pk)


@require_POST
@requires(Perm.GUIDE)
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Taken back on the same day, by the same hand."""
    row = get_object_or_404(SelfAssessment.objects.visible_to(request.member), pk=pk)
    return _press(request, row.client_id, _("The self-assessment is taken back."), lambda at: _undone(request, row, at))


def _undone(request: MemberRequest, row: SelfAssessment, at: datetime) -> None:
    assessments.undo_assessment(row, by=request.member, at=at)


@require_POST
@requires(Perm.GUIDE)
def leave_out(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A question that waited is not asked."""
    row = get_object_or_404(AssessmentAsk.objects.visible_to(request.member), pk=pk)

    def act(at: datetime) -> None:
        assessments.leave_out(row, by=request.member, at=at)

    return _press(request, row.client_id, _("The question is left out."), act)


def _press(request: MemberRequest, client_id: UUID, said: str, act: Any) -> HttpResponse:
    at = clock.now()
    if opened(request, client_id, at=at, kind="assessment", only=kept_by(request)) is None:
        return not_there(request)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                act(at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, said)
    return after(request, "clients:assessments", client_id)
