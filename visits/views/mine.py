"""An advisor's own screen: the next visitor, the visitor on the way, the visit; and how one ends and another begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from team.access import MemberRequest, requires
from team.actions import help as help_calls
from team.actions import shift as shifts
from team.calendar import service_day
from team.models import HelpCall, Shift
from team.permissions import Perm
from tyoparkki import clock, live, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, wants_part
from tyoparkki.prepared import Prepared
from visits import feed, my_turn, visit_page
from visits.actions import calling, encounters, finishing, guidance, undo
from visits.forms.guidance import ResultForm, TextForm
from visits.models import Visit, VisitEvent
from visits.views import visit_parts as parts
from visits.visit_page import VisitPage

TEMPLATE = "visits/mine.html"


@require_GET
@requires(Perm.GUIDE)
def show(request: MemberRequest) -> HttpResponse:
    """What goes on for me now."""
    return answer(request, whole=True)


@require_GET
@requires(Perm.GUIDE)
def part(request: MemberRequest) -> HttpResponse:
    """The same, for a window that heard of a change."""
    return answer(request)


def answer(
    request: MemberRequest, *, said: dict[str, Any] | None = None, status: int = 200, whole: bool = False, **more: Any
) -> HttpResponse:
    """The screen as it is now: the visit that goes on, or the queue to choose from.

    `lists_later`: the queue and the day's own visits are left out, and the window fetches them at once
    (`data-live-now`). The team beside a running visit is left out of a part in the same way.
    """
    at, is_part = clock.now(), wants_part(request) and not whole
    page = visit_page.current(request.member, at=at)
    if page is not None:
        parts.looked_at(page)
    context = parts.context(page) | {
        "turn": None if page else my_turn.read(request.member, at=at),
        "toast": said or toast.said(request),
        "oob": not whole,
        "now": at,
        "focus_next": False,
        "lists_later": False,
        "people_later": is_part and page is not None and page.is_running,
        **more,
    }
    name = f"{TEMPLATE}#mine" if is_part else TEMPLATE
    return granted(request, render(request, name, context, status=status), page)


def granted(request: MemberRequest, response: HttpResponse, page: VisitPage | None) -> HttpResponse:
    """With the pass to hear of the point, and of the visit on the page."""
    topics = [request.member.membership.point.live_topic]
    if page is not None:
        topics.append(live.visit_topic(page.visit.pk))
    return live.grant(response, subject=live.subject_of(request.member.actor), topics=topics)


def press(
    request: MemberRequest,
    do: Callable[[datetime], Visit],
    said: str | Callable[[Visit], str],
    *,
    visit_id: UUID | None = None,
    can_undo: bool = True,
    calls: bool = False,
    **more: Any,
) -> HttpResponse:
    """One press on a visit (`visit_id`, if known): the act once, then my screen as it is now, with a sentence that can
    take it back.

    A press that `calls` is answered with the called visitor alone.
    """
    at = clock.now()
    try:
        with submission.once_for(request, at=at, object_id=visit_id or "") as sending:
            if sending.first:
                sending.object_id = do(at).pk
    except guidance.BothWrote:
        raise
    except Refused as refusal:
        return answer(request, said={"text": str(refusal), "undo_url": ""}, status=refusal.status)
    visit = next(iter(_PRESSED.rows(visit=UUID(str(sending.object_id)))), None)
    if visit is None:
        raise Http404
    event = undo.latest(visit) if can_undo else None
    undo_url = reverse("visits:mine_undo", args=[event.pk]) if event else ""
    text = (said if isinstance(said, str) else said(visit)) % {"ticket": visit.ticket}
    if not wants_part(request):
        toast.say(request, text, undo_url=undo_url)
        return after(request, "visits:mine")
    words = {"text": text, "undo_url": undo_url, "target": "#mine"}
    return _answer_called(request, visit, words) if calls and sending.first else answer(request, said=words, **more)


def _pressed(visit: UUID) -> QuerySet[Visit]:
    return Visit.objects.filter(pk=visit).select_related("asks_for__user", "topic", "note", "desk")


_PRESSED = Prepared(_pressed, visit=UUID)


def _answer_called(request: MemberRequest, visit: Visit, said: dict[str, Any]) -> HttpResponse:
    """Who is on the way, and no more. The queue comes by the live channel, as to every window."""
    enough = visit.calls >= request.member.membership.point.calls_before_no_show
    context = {"visit": visit, "may_mark_gone": enough, "toast": said, "oob": True}
    response = render(request, "visits/mine_called.html", context)
    response.headers["HX-Retarget"] = "#mine-now"
    response.headers["HX-Reswap"] = "outerHTML"
    live.let_own_window_hear()
    return granted(request, response, None)


def _seen_here(request: MemberRequest, pk: UUID) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.member), pk=pk)


@require_POST
@requires(Perm.GUIDE, Perm.CALL)
def call_next(request: MemberRequest) -> HttpResponse:
    """Call the visitor whom the screen proposes, or the next one if somebody else was quicker."""
    today = clock.local_date(clock.now())
    day = service_day(request.member.point_id, today)
    if day is None:
        raise Http404
    try:
        expected = UUID(request.POST["expected"]) if request.POST.get("expected") else None
    except ValueError:
        raise Http404 from None
    return press(
        request,
        lambda at: calling.call_next(by=request.member, at=at, day=day, expected=expected),
        _("You called %(ticket)s."),
        calls=True,
    )


@require_POST
@requires(Perm.GUIDE, Perm.CALL)
def call(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Call a visitor of one's own choice."""
    visit = _seen_here(request, pk)
    said = _("You called %(ticket)s.")
    return press(
        request, lambda at: calling.call_in(visit, by=request.member, at=at), said, visit_id=visit.pk, calls=True
    )


@require_POST
@requires(Perm.GUIDE)
def start(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The visitor sat down."""
    visit = _seen_here(request, pk)
    said = _("%(ticket)s: the visit began.")
    return press(request, lambda at: encounters.start(visit, by=request.member, at=at).visit, said, visit_id=visit.pk)


PRESSES: dict[str, Callable[..., Visit]] = {
    "uudelleen": calling.call_again,
    "ei-tullut": calling.did_not_come,
    "jonoon": calling.put_back,
    "palasi": calling.bring_back,
    "tauolle": calling.pause,
    "poistun": encounters.step_out,
}


ENDS = {"tauolle", "poistun"}  # pressed on the page of the visit, which then makes room for the queue


def _words(word: str) -> str:
    return {
        "uudelleen": _("%(ticket)s called again."),
        "ei-tullut": _("%(ticket)s did not come."),
        "jonoon": _("%(ticket)s is back in the queue, in the old place."),
        "palasi": _("%(ticket)s is back in the queue, in the old place."),
        "tauolle": _("%(ticket)s is paused and keeps the place."),
        "poistun": _("You left the visit %(ticket)s; it goes on without you."),
    }[word]


@require_POST
@requires(Perm.GUIDE, Perm.CALL)
def move(request: MemberRequest, pk: UUID, word: str) -> HttpResponse:
    """Call again, did not come, back to the queue, pause, step out."""
    if word not in PRESSES:
        raise Http404
    visit = _seen_here(request, pk)
    return press(
        request,
        lambda at: PRESSES[word](visit, by=request.member, at=at),
        _words(word),
        visit_id=visit.pk,
        focus_next=True,
        lists_later=word in ENDS,
    )


@require_POST
@requires(Perm.GUIDE)
def finish(request: MemberRequest, pk: UUID) -> HttpResponse:
    """My part is over: what was typed last is saved; when nobody goes on after me, the result is the only question."""
    record = parts.to_finish(request, pk)
    form = ResultForm(request.POST, member=request.member, goes_on=record.goes_on)
    words = TextForm(request.POST)
    if not form.is_valid() and not submission.was_sent(request):  # pressed twice, the visit has moved on already
        error = str(next(iter(form.errors.values()))[0])
        return parts.finish_again(request, parts.writable(request, pk), error, words)
    if not words.is_valid():
        return parts.texts_again(request, parts.writable(request, pk), words, status=422)
    texts, shown = words.settled(record)

    def do(at: datetime) -> Visit:
        result = form.cleaned_data["result"]
        return finishing.finish_with_record(
            record.encounter, result=result, texts=texts, shown=shown, by=request.member, at=at
        )

    try:
        return press(request, do, _finished, visit_id=pk, focus_next=True, lists_later=True)
    except guidance.BothWrote as both:
        return parts.texts_again(request, parts.writable(request, pk), words, status=409, torn=both.fields)


def _finished(visit: Visit) -> str:
    if visit.state == Visit.State.WAITING and visit.asks_for:
        return _("%(ticket)s goes on with %(name)s and keeps the place.") % {
            "ticket": "%(ticket)s",
            "name": visit.asks_for.user.first_name,
        }
    return _("Visit %(ticket)s is finished. Thank you.")


@require_POST
@requires(Perm.GUIDE)
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo an act on a visit from the toast or by Z."""
    event = feed.to_take_back(request.member, pk)
    said = _("Undone: %(ticket)s %(what)s.") % {"ticket": "%(ticket)s", "what": event.get_kind_display()}
    return press(request, lambda at: undo.undo(event, by=request.member, at=at), said, can_undo=False)


@require_POST
@requires(Perm.GUIDE)
def go_on(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A finished visit goes on after all, until the day is closed."""
    page = parts.writable(request, pk)
    event = undo.latest(page.visit)
    if event is None or event.kind not in {VisitEvent.Kind.FINISHED, VisitEvent.Kind.STEPPED_OUT}:
        raise Http404
    said = _("%(ticket)s goes on with you.")
    return press(request, lambda at: undo.undo(event, by=request.member, at=at), said, can_undo=False)


@require_POST
@requires(Perm.GUIDE)
def own_break(request: MemberRequest) -> HttpResponse:
    """My own break begins or ends."""
    at = clock.now()
    mine = Shift.objects.filter(membership=request.member.membership, day__on=clock.local_date(at))
    shift = get_object_or_404(mine.filter(cancelled_at__isnull=True))
    away = shift.breaks.filter(ended_at__isnull=True).exists()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            (shifts.end_break if away else shifts.start_break)(shift, by=request.member, at=at)
    text = _("Your break has ended.") if away else _("You are on a break.")
    if not wants_part(request):
        toast.say(request, text)
        return after(request, "visits:mine")
    return answer(request, said={"text": text, "undo_url": ""})


@require_POST
@requires(Perm.GUIDE)
def call_help(request: MemberRequest) -> HttpResponse:
    """A discreet call for colleagues from my own desk: the visitor beside me reads nothing of it."""
    at = clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = help_calls.call_help(by=request.member, at=at).pk
    back = reverse("visits:mine_help_end", args=[sending.object_id])
    return _help_said(request, _("Your colleagues know."), back=back)


@require_POST
@requires(Perm.GUIDE)
def end_help(request: MemberRequest, pk: UUID) -> HttpResponse:
    """I come to a colleague who asks; or mine is no longer needed."""
    asked, at = get_object_or_404(HelpCall, pk=pk, point_id=request.member.point_id), clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            help_calls.end_help(asked, by=request.member, at=at)
    own = asked.called_by_id == request.member.membership_id
    return _help_said(request, _("Taken back.") if own else _("Thank you: the call for help has ended."))


def _help_said(request: MemberRequest, text: str, *, back: str = "") -> HttpResponse:
    """The head of the visit from whose page it was pressed (`?visit=`), else my screen between two visitors."""
    shown = request.GET.get("visit")
    try:
        visit_id = UUID(shown) if shown else None
    except ValueError:
        raise Http404 from None
    said = {"text": text, "undo_url": f"{back}?visit={visit_id}" if back and visit_id else back}
    if visit_id is not None:
        return parts.respond(request, visit_id, "paa", said=said | {"target": "#visit-paa"})
    if not wants_part(request):
        toast.say(request, text, undo_url=back)
        return after(request, "visits:mine")
    return answer(request, said=said | {"target": "#mine"})


@require_GET
@requires(Perm.GUIDE)
def visit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One visit by its address: my own of today or earlier, or one shared with my organisation."""
    page = parts.readable(request, pk)
    parts.looked_at(page)
    context = parts.context(page) | {"turn": None, "toast": toast.said(request), "oob": False, "now": page.at}
    return granted(request, render(request, TEMPLATE, context | {"focus_next": False}), page)
