"""The words of the house: topics and terms of the service point, professions and skills of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from team.access import MemberRequest, requires
from team.actions import vocabulary as words
from team.forms.house import PlacedWordForm, TopicForm, WordForm
from team.models import Profession, Skill, Term, Topic
from team.permissions import Perm
from team.views.editing import Page, edit

# The kinds of words that visits and referrals are described by, in the order of the page.
TERMS = (
    Term.Kind.SITUATION,
    Term.Kind.AGE_BAND,
    Term.Kind.SOURCE,
    Term.Kind.RESULT,
    Term.Kind.ASIDE,
    Term.Kind.ENDING,
    Term.Kind.REFUSAL,
)
SHARED: dict[str, type[words.SharedWord]] = {"ammatit": Profession, "osaamiset": Skill}


def _page(title: str) -> Page:
    return Page(title=title, testid="word-save", back="team:vocabulary", told=_("The vocabulary is saved."))


@require_GET
@requires(Perm.MANAGE_POINT)
def vocabulary(request: MemberRequest) -> HttpResponse:
    """Every word of the service point, and for administrators those that all points share."""
    point = request.member.point_id
    order = ("-is_active", "position", "pk")
    terms = list(Term.objects.filter(point_id=point).order_by(*order))
    context: dict[str, Any] = {
        "shared": [],
        "topics": Topic.objects.filter(point_id=point).prefetch_related("professions").order_by(*order),
        "terms": [(kind, [row for row in terms if row.kind == kind]) for kind in TERMS],
    }
    if request.member.may(Perm.MANAGE_HOUSE):
        context["shared"] = [
            ("ammatit", _("Professions"), Profession.objects.order_by(*order)),
            ("osaamiset", _("Skills"), Skill.objects.order_by("-is_active", "code")),
        ]
    return render(request, "team/vocabulary.html", context)


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_POINT)
def add_topic(request: MemberRequest) -> HttpResponse:
    """One more reason to come."""
    form, by = TopicForm(request.POST or None), request.member
    page = _page(_("New topic"))
    return edit(
        request,
        form,
        lambda at: words.add_topic(by.membership.point, form.word(), form.facts(), by=by, at=at),
        page,
    )


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_POINT)
def change_topic(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A topic's word, key, place, trades."""
    by = request.member
    topic = get_object_or_404(Topic, pk=pk, point_id=by.point_id)
    form = TopicForm(request.POST or None, row=topic)
    return edit(
        request,
        form,
        lambda at: words.change_topic(topic, form.word(), form.facts(), by=by, at=at, unchanged=form.unchanged),
        _page(topic.name),
    )


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_POINT)
def add_term(request: MemberRequest, kind: str) -> HttpResponse:
    """One more situation, age band or result."""
    if kind not in TERMS:
        raise Http404
    form, by = PlacedWordForm(request.POST or None), request.member
    page = _page(_("New word: %(kind)s") % {"kind": Term.Kind(kind).label.lower()})
    return edit(request, form, lambda at: words.add_term(by.membership.point, kind, form.word(), by=by, at=at), page)


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_POINT)
def change_term(request: MemberRequest, pk: int) -> HttpResponse:
    """Another word or place."""
    by = request.member
    term = get_object_or_404(Term, pk=pk, point_id=by.point_id, kind__in=TERMS)
    form = PlacedWordForm(request.POST or None, row=term)
    return edit(
        request,
        form,
        lambda at: words.change_term(term, form.word(), by=by, at=at, unchanged=form.unchanged),
        _page(str(term)),
    )


def _shared_form(kind: str) -> type[WordForm]:
    return PlacedWordForm if kind == "ammatit" else WordForm


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_HOUSE)
def add_shared(request: MemberRequest, kind: str) -> HttpResponse:
    """One more profession or skill."""
    if kind not in SHARED:
        raise Http404
    form, by = _shared_form(kind)(request.POST or None), request.member
    page = _page(_("New profession") if kind == "ammatit" else _("New skill"))
    return edit(request, form, lambda at: words.add_shared(SHARED[kind], form.word(), by=by, at=at), page)


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_HOUSE)
def change_shared(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """Another word for a profession or a skill."""
    if kind not in SHARED:
        raise Http404
    row: Any = get_object_or_404(SHARED[kind], pk=pk)  # one of the two kinds
    form = _shared_form(kind)(request.POST or None, row=row)
    by = request.member
    return edit(
        request,
        form,
        lambda at: words.change_shared(row, form.word(), by=by, at=at, unchanged=form.unchanged),
        _page(str(row)),
    )
