"""The joint assessment: opened and led by those who keep the file, written by several professions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients import assessing
from clients import joint as joints
from clients.actions import joint as acts
from clients.actions import joint_section as sections
from clients.forms.joint import AskForm, ConcludeForm, ConclusionForm, SectionForm, StanceForm, StartForm
from clients.models import Client, JointAssessment, JointSection
from clients.views.people import not_there, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.forms import BaseForm
from tyoparkki.htmx import after


@require_GET
@requires(Perm.GUIDE)
def joint(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The assessment that goes on, or else the latest one."""
    person = _opened(request, pk)
    return not_there(request) if person is None else joint_page(request, person)


@require_GET
@requires(Perm.GUIDE)
def paper(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One joint assessment on paper, also an earlier one."""
    row = get_object_or_404(JointAssessment.objects.visible_to(request.member).for_page(), pk=pk)
    person = _opened(request, row.client_id)
    if person is None:
        return not_there(request)
    return render(request, "clients/joint/paper.html", {"client": person, "joint": row})


@require_POST
@requires(Perm.GUIDE)
def open_joint(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A joint assessment begins."""
    member = request.member
    person = _opened(request, pk, leading=True)
    if person is None:
        return not_there(request)
    profession = joints.profession_of(member.membership)
    undo_url = reverse("clients:joint_undo", args=[pk])
    said = _("Opened. Begin with strengths.")
    return _press(
        request, pk, lambda at: acts.open_joint(person, profession=profession, by=member, at=at), said, undo_url
    )


@require_POST
@requires(Perm.GUIDE)
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It was opened by mistake."""
    person = _opened(request, pk, leading=True)
    if person is None:
        return not_there(request)
    row = JointAssessment.objects.visible_to(request.member).of_client(pk).going_on().first()
    if row is None:  # the same press twice
        return after(request, "clients:joint", pk)
    return _press(request, pk, lambda at: acts.undo_opening(row, by=request.member, at=at), _("Taken back."))


@require_POST
@requires(Perm.GUIDE)
def start(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Strengths, the person's own view, and when one meets."""
    row, by = _row(request, pk), request.member
    form = StartForm(request.POST, row=row, auto_id="start_%s")

    def act(at: datetime) -> object:
        return acts.write_start(row, form.start(), by=by, at=at, unchanged=form.unchanged)

    return _send(request, row, ("start_form", form), act, _("Saved."), leading=True)


@require_POST
@requires(Perm.GUIDE)
def ask(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A colleague is asked to write a part."""
    row, by = _row(request, pk), request.member
    form = AskForm(request.POST, colleagues=joints.may_be_asked(by, row.client))

    def act(at: datetime) -> object:
        who = form.cleaned_data["colleague"]
        return acts.ask_in(row, who, profession=joints.profession_of(who), by=by, at=at)

    return _send(request, row, ("ask_form", form), act, _("The colleague can now write a part."), leading=True)


@require_POST
@requires(Perm.GUIDE)
def take_out(request: MemberRequest, pk: UUID, section: UUID) -> HttpResponse:
    """A colleague is not needed after all."""
    row = _row(request, pk)
    if _opened(request, row.client_id, leading=True) is None:
        return not_there(request)
    said = _("The colleague takes part no more.")
    return _press(request, row.client_id, lambda at: acts.take_out(row, section, by=request.member, at=at), said)


@require_POST
@requires(Perm.GUIDE)
def write(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The member's own part."""
    part, by = _part(request, pk), request.member
    form = SectionForm(request.POST, auto_id="section_%s")

    def act(at: datetime) -> object:
        return sections.write_section(part, form.cleaned_data["words"], by=by, at=at)

    return _send(request, part.assessment, ("section_form", form), act, _("Your part is saved."))


@require_POST
@requires(Perm.GUIDE)
def stance(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The member agrees to the conclusion, or keeps a view of their own."""
    part, by = _part(request, pk), request.member
    form = StanceForm(request.POST, auto_id="stance_%s")

    def act(at: datetime) -> object:
        told = form.cleaned_data
        return sections.take_stance(part, told["stance"], words=told["words"], version=told["version"], by=by, at=at)

    return _send(request, part.assessment, ("stance_form", form), act, _("Your view is saved."))


@require_POST
@requires(Perm.GUIDE)
def word(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The conclusion as it would be agreed on."""
    row, by = _row(request, pk), request.member
    form = ConclusionForm(request.POST, row=row, auto_id="conclusion_%s")

    def act(at: datetime) -> object:
        words = form.cleaned_data["conclusion"]
        return acts.word_conclusion(row, words, by=by, at=at, unchanged=form.unchanged)

    said = _("Saved. Everybody who takes part can now say what they think.")
    return _send(request, row, ("conclusion_form", form), act, said, leading=True)


@require_POST
@requires(Perm.GUIDE)
def conclude(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The conclusion stands."""
    by = request.member
    row = get_object_or_404(JointAssessment.objects.visible_to(by).for_page(), pk=pk)
    form = ConcludeForm(request.POST, **_missing(row))

    def act(at: datetime) -> object:
        version = form.cleaned_data["version"]
        return acts.conclude(row, version=version, without=form.without(), by=by, at=at)

    said = _("The joint assessment is concluded. It does not change any more.")
    return _send(request, row, ("conclude_form", form), act, said, leading=True)


def joint_page(request: MemberRequest, person: Client, *, status: int = 200, **sent: BaseForm) -> HttpResponse:
    """The page as it is now, with a form as it was sent; where it has no place any more, what was typed is kept."""
    shown = joints.page(request.member, person)
    forms = _forms(shown)
    lost = [form for name, form in sent.items() if name not in forms]
    held = {name: form for name, form in sent.items() if name in forms}
    context = {"client": person, "shown": shown, "joint": shown.joint, **forms, **held, "unsaved": _typed(lost)}
    context["sent_form"] = next(iter(sent.values()), None)
    return render(request, "clients/joint/joint.html", context, status=status)


def _forms(shown: joints.Page) -> dict[str, BaseForm]:
    """The forms that are this member's to send now."""
    row, mine, forms = shown.joint, shown.mine, dict[str, BaseForm]()
    if row is None or not row.is_going_on:
        return forms
    if shown.may_lead:
        forms["start_form"] = StartForm(row=row, auto_id="start_%s")
        forms["ask_form"] = AskForm(colleagues=shown.colleagues)
        forms["conclusion_form"] = ConclusionForm(row=row, auto_id="conclusion_%s")
    version = {"version": row.conclusion_version}
    if shown.may_lead and row.conclusion:
        forms["conclude_form"] = ConcludeForm(initial=version, **_missing(row))
    if mine:
        forms["section_form"] = SectionForm(initial={"words": mine.words}, auto_id="section_%s")
    if mine and row.conclusion:
        said = {"stance": mine.stance, "words": mine.stance_words} if mine.stands_on(row) else {}
        forms["stance_form"] = StanceForm(initial={**said, **version}, auto_id="stance_%s")
    return forms


def _missing(row: JointAssessment) -> dict[str, bool]:
    """What one would go on without."""
    return {"asks_strengths": not row.strengths, "asks_others": not row.all_have_said}


def _typed(forms: list[BaseForm]) -> list[str]:
    """Words that were typed into forms which have no place any more."""
    names = ("strengths", "client_view", "words", "conclusion")
    return [text for form in forms for name in names if (text := str(form.data.get(name, "")).strip())]


def _opened(request: MemberRequest, pk: UUID, *, leading: bool = False) -> Client | None:
    """The person, if the member may know of their assessments, or (`leading`) keeps the file; the look is written."""
    member = request.member

    def knows(person: Client) -> bool:
        return assessing.shows(person, member) and (person.is_kept_by(member) or not leading)

    return opened(request, pk, at=clock.now(), kind="joint", only=knows)


def _row(request: MemberRequest, pk: UUID) -> JointAssessment:
    rows = JointAssessment.objects.visible_to(request.member).select_related("client")
    return get_object_or_404(rows, pk=pk)


def _part(request: MemberRequest, pk: UUID) -> JointSection:
    rows = JointSection.objects.visible_to(request.member).of_member(request.member).select_related("assessment")
    return get_object_or_404(rows, pk=pk)


def _send(
    request: MemberRequest,
    row: JointAssessment,
    sent: tuple[str, BaseForm],
    act: Callable[[datetime], object],
    said: str,
    *,
    leading: bool = False,
) -> HttpResponse:
    """A form once; then the page, or the form again with what is to be mended."""
    at, (name, form) = clock.now(), sent
    person = _opened(request, row.client_id, leading=leading)
    if person is None:
        return not_there(request)
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    act(at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, said)
            return after(request, "clients:joint", person.pk)
    return joint_page(request, person, status=422, **{name: form})


def _press(
    request: MemberRequest, client_id: UUID, act: Callable[[datetime], object], said: str, undo_url: str = ""
) -> HttpResponse:
    """The act once; who came too late hears why."""
    at = clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                act(at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, said, undo_url=undo_url)
    return after(request, "clients:joint", client_id)
