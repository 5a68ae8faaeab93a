"""The record of a visit: topics, texts that save themselves, situation, steps, whose visit it is, and the slip."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.models import Client
from team.access import MemberRequest, requires
from team.models import Topic
from team.permissions import Perm
from tyoparkki import clock, submission
from tyoparkki.htmx import wants_part
from visits.actions import drafts, guidance, identity, situation
from visits.actions.guidance import mark
from visits.actions.guidance import save as save_texts
from visits.forms.guidance import DraftForm, NextStepForm, SituationForm, StepForm, TextForm
from visits.models import AgreedStep, Draft, Guidance, Participation
from visits.views import visit_parts as parts
from visits.visit_page import VisitPage


@require_GET
@requires(Perm.GUIDE)
def part(request: MemberRequest, pk: UUID, word: str) -> HttpResponse:
    """One live part of the page, for a window that heard of a change."""
    if word not in parts.PARTS:
        raise Http404
    if word == "tiimi":
        return parts.respond(request, pk, word, others=_bar(request, pk))
    return parts.respond(request, pk, word, **(_news(request, pk) if word == "teksti" else {}))


def _bar(request: MemberRequest, pk: UUID) -> tuple[str, ...]:
    """The bar at the foot too, when somebody else goes on after me than this window shows."""
    following = parts.readable(request, pk).following
    return () if request.GET.get("jatkaa", "") == (following["id"] if following else "") else ("paatos",)


def _news(request: MemberRequest, pk: UUID) -> dict[str, Any]:
    """Whether a colleague has changed the texts since this window read them; once said, it stays said."""
    page = parts.readable(request, pk)
    read = request.GET.get("v", "")
    newer = read.isdigit() and page.guidance.version > int(read)
    theirs = page.guidance.saved_by_id != request.member.membership_id
    return {"news": newer and (theirs or "uusi" in request.GET), "read_version": read}


@require_POST
@requires(Perm.GUIDE)
def save(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Save the texts. Saving is idempotent by its marks: what was changed by others meanwhile is never overwritten."""
    page, form = parts.writable(request, pk), TextForm(request.POST)
    pressed = "choice" in request.POST or not wants_part(request)
    if not form.is_valid():
        return parts.texts_again(request, page, form, status=422) if pressed else _not_saved(request, form)
    texts, shown = form.settled(page.guidance)
    if long := form.too_long(texts):
        form.add_error(long, _("Both texts together are too long. Shorten your own first."))
        return parts.texts_again(request, page, form, status=422, torn=request.POST.getlist("torn"))
    try:
        now = save_texts(page.encounter, texts, shown, by=request.member, at=clock.now())
    except guidance.BothWrote as both:
        if pressed:
            return parts.texts_again(request, page, form, status=409, torn=both.fields)
        return _both(request, page, form, both)
    if pressed:
        return parts.respond(request, pk, "ohjaus", said=None)
    return _saved(request, form, now)


def _saved(request: MemberRequest, form: TextForm, now: Guidance) -> HttpResponse:
    """The marks that the form goes on from: of a text that somebody else changed, the form keeps the old one."""
    typed, shown = form.cleaned_data, form.shown()
    marks = [
        (f"shown_{name}", mark(typed[name]) if getattr(now, name) == typed[name] else shown.get(name, ""))
        for name in form.posted
    ]
    return render(request, "visits/mine_saved.html", {"marks": marks, "saved_at": now.saved_at, "error": ""})


def _not_saved(request: MemberRequest, form: TextForm) -> HttpResponse:
    name, found = next(iter(form.errors.items()))
    error = f"{form.fields[name].label}: {found[0]}"
    return render(request, "visits/mine_saved.html", {"marks": [], "saved_at": None, "error": error}, status=422)


def _both(request: MemberRequest, page: VisitPage, form: TextForm, both: guidance.BothWrote) -> HttpResponse:
    rows = [
        {
            "name": name,
            "label": form.fields[name].label,
            "theirs": getattr(both.guidance, name),
            "now": mark(getattr(both.guidance, name)),
        }
        for name in both.fields
    ]
    return render(request, "visits/mine_merge.html", {"page": page, "torn": rows}, status=409)


@require_POST
@requires(Perm.GUIDE)
def topic(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A topic was spoken of, or was not after all. The answer is that chip, and the suggestions that follow from it."""
    topic_row = _topic(request)
    on = request.POST.get("on") == "1"
    page, at = parts.writable(request, pk), clock.now()
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            situation.speak_of(page.visit, topic_row, on=on, by=request.member, at=at)
    if not wants_part(request):
        return parts.respond(request, pk, "paa")
    fresh = parts.writable(request, pk)
    row = next(one for one in fresh.topics if one["id"] == str(topic_row.pk))
    context = parts.context(fresh) | {"topic": row, "number": request.POST.get("number", "")}
    return render(request, "visits/mine_topic.html#answer", context)


def _topic(request: MemberRequest) -> Topic:
    try:
        return get_object_or_404(Topic.objects.at(request.member.point_id), pk=UUID(request.POST.get("topic", "")))
    except ValueError:
        raise Http404 from None


@require_POST
@requires(Perm.GUIDE)
def describe(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The visitor's situation, age, language, interpreter: one press each."""

    def do(page: VisitPage, at: Any) -> object:
        form = SituationForm(request.POST, page=page)
        if not form.is_valid():
            raise situation.WrongWord
        return situation.describe(page.visit, by=request.member, at=at, **form.told())

    return parts.act(request, pk, do, "asiakas", others=("paa",))


@require_POST
@requires(Perm.GUIDE)
def rate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The visitor's own rating, 1 to 5, or how sure the visitor is, 0 to 10; the same again takes it away."""
    name = "confidence" if "confidence" in request.POST else "rating"
    field, allowed = parts.SCALES[name]
    value = request.POST.get(name, "")
    if value not in {"", *(str(one) for one in allowed)}:
        raise Http404
    rating = int(value) if value else None
    return parts.act(
        request,
        pk,
        lambda page, at: save_texts(page.encounter, {field: rating}, {}, by=request.member, at=at),
        "arvio",
    )


@require_POST
@requires(Perm.GUIDE)
def agree(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A step is agreed: one line is enough."""
    page = parts.writable(request, pk)
    form = StepForm(request.POST, page=page)
    if not form.is_valid():
        return parts.respond(
            request,
            pk,
            "askeleet",
            status=422,
            step_typed=form.typed(),
            step_key=submission.key_of(request) or "",
            step_error=form.first_error(),
            step_error_in=form.wrong_field(),
        )
    return parts.act(
        request,
        pk,
        lambda page, at: guidance.agree_step(
            page.encounter, by=request.member, at=at, key=submission.key_of(request), **form.agreed()
        ),
        "askeleet",
        said=_step_said(_("Agreed.")),
    )


@require_POST
@requires(Perm.GUIDE)
def agree_next(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The small next step of the record gets a day, and becomes an agreed step on the visitor's slip."""
    form = NextStepForm(request.POST, page=parts.writable(request, pk))
    if not form.is_valid():
        said = {"text": form.first_error(), "undo_url": ""}
        return parts.respond(request, pk, "sovitut", status=422, said=said)
    return parts.act(
        request,
        pk,
        lambda page, at: guidance.agree_step(page.encounter, by=request.member, at=at, **form.agreed()),
        "sovitut",
        said=_step_said(_("Agreed.")),
    )


DRAFTS = {"askel": Draft.Kind.STEP, "ohjaus": Draft.Kind.REFERRAL}


@require_POST
@requires(Perm.GUIDE)
def keep_draft(request: MemberRequest, pk: UUID, word: str) -> HttpResponse:
    """What is half typed, kept by itself until it is sent; only its writer sees it."""
    kind, key = DRAFTS.get(word), submission.key_of(request)
    page, form = parts.writable(request, pk), DraftForm(request.POST)
    if kind is None or key is None or not form.is_valid():
        raise Http404
    drafts.keep(page.encounter, kind=kind, key=key, typed=form.kept(kind), by=request.member, at=clock.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _step_said(text: str, *, back: bool = False) -> Any:
    """A sentence with the way back: the opposite press."""
    to = "visits:step_restore" if back else "visits:step_remove"
    return lambda step: {"text": text, "undo_url": reverse(to, args=[step.pk])}


def _step(request: MemberRequest, pk: UUID) -> AgreedStep:
    mine = Participation.objects.held().filter(membership=request.member.membership).values("encounter")
    return get_object_or_404(AgreedStep.objects.select_related("encounter"), pk=pk, encounter__in=mine)


@require_POST
@requires(Perm.GUIDE)
def remove_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It was not agreed after all."""
    step = _step(request, pk)
    return parts.act(
        request,
        step.encounter.visit_id,
        lambda _page, at: guidance.remove_step(step, by=request.member, at=at),
        "sovitut",
        said=_step_said(_("The step was removed."), back=True),
    )


@require_POST
@requires(Perm.GUIDE)
def restore_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo of the removal."""
    step = _step(request, pk)
    return parts.act(
        request,
        step.encounter.visit_id,
        lambda _page, at: guidance.restore_step(step, by=request.member, at=at),
        "sovitut",
        said=_step_said(_("The step is agreed again.")),
    )


# How an earlier step went, by the words of the address.
TOLD = {
    "tehty": AgreedStep.Status.DONE,
    "ei-tehty": AgreedStep.Status.NOT_DONE,
    "siirtyi": AgreedStep.Status.PUT_OFF,
    "avoin": AgreedStep.Status.OPEN,
}


@require_POST
@requires(Perm.GUIDE, Perm.SEE_CLIENTS)
def tell_of_step(request: MemberRequest, pk: UUID, step: UUID, word: str) -> HttpResponse:
    """How a step of an earlier visit went: one press, and one to take it back."""
    if word not in TOLD or str(step) not in parts.writable(request, pk).earlier_steps:
        raise Http404
    earlier = AgreedStep.objects.get(pk=step)
    before = next(one for one, status in TOLD.items() if status == earlier.status)
    undo_url = reverse("visits:step_told", args=[pk, step, "avoin" if before == word else before])
    text = _("%(step)s: %(status)s.") % {"step": earlier.what, "status": TOLD[word].label.lower()}
    return parts.act(
        request,
        pk,
        lambda page, at: guidance.tell_of_step(earlier, TOLD[word], during=page.encounter, by=request.member, at=at),
        "asiakas",
        said=lambda _step: {"text": text, "undo_url": undo_url},
    )


@require_POST
@requires(Perm.GUIDE, Perm.SEE_CLIENTS)
def join(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The visit is this person's, as the person wishes."""
    try:
        client = get_object_or_404(Client.objects.visible_to(request.member), pk=UUID(request.POST.get("client", "")))
    except ValueError:
        raise Http404 from None
    undo_url = reverse("visits:part_client", args=[pk])
    text = _("The visit belongs to %(name)s.") % {"name": client.short_name}
    return parts.act(
        request,
        pk,
        lambda page, at: identity.join_client(page.visit, client, by=request.member, at=at),
        "asiakas",
        said=lambda _link: {"text": text, "undo_url": undo_url},
        others=("paa",),
    )


@require_POST
@requires(Perm.GUIDE, Perm.SEE_CLIENTS)
def part_client(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The visit is anonymous again."""
    return parts.act(
        request,
        pk,
        lambda page, at: identity.part_client(page.visit, by=request.member, at=at),
        "asiakas",
        said=lambda _visit: {"text": _("The visit is anonymous again."), "undo_url": ""},
        others=("paa",),
    )
