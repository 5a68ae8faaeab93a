"""The parts of a visit's page: each answered alone after a press, fetched alone when somebody else changed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from clients.forms.referral import RECIPIENT_LANGUAGES
from team.access import MemberRequest, Unseen
from tyoparkki import audit, clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, wants_part
from visits import records, visit_page
from visits.actions.guidance import TEXTS, mark
from visits.forms.guidance import REFER_FIELDS, STEP_FIELDS, TextForm
from visits.models import Draft, Guidance
from visits.visit_page import VisitPage

PARTS = {
    "paa": "visits/mine_head.html",
    "asiakas": "visits/mine_who.html",
    "teksti": "visits/mine_news.html",
    "ohjaus": "visits/mine_text.html",
    "arvio": "visits/mine_rating.html",
    "askeleet": "visits/mine_steps.html",
    "sovitut": "visits/mine_agreed.html",
    "tiimi": "visits/mine_people.html",
    "ohjaukset": "visits/mine_referrals.html",
    "paatos": "visits/mine_finish.html",
}
RATINGS = (1, 2, 3, 4, 5)
SURENESS = tuple(range(11))
# The visitor's own figures by their names in the form: the column, and what may be chosen.
SCALES = {"rating": ("self_rating", RATINGS), "confidence": ("confidence", SURENESS)}


def context(page: VisitPage | None) -> dict[str, Any]:
    """What the parts show; each part takes what it needs."""
    shown: dict[str, Any] = {
        "page": page,
        "ratings": RATINGS,
        "sureness": SURENESS,
        "step_error": "",
        "step_error_in": "",
        "finish_error": "",
        "chosen_result": "",
        "torn": [],
        "text_error": "",
        "oob": False,
        "news": False,
        "third_time": None,
        "people_later": False,
        "refer_languages": RECIPIENT_LANGUAGES,
    }
    if page is not None:
        shown |= {
            "texts": {name: getattr(page.guidance, name) for name in TEXTS},
            "marks": page.marks,
            "read_version": str(page.guidance.version),
            **_typed("step", page.draft(Draft.Kind.STEP), STEP_FIELDS),
            **_typed("refer", page.draft(Draft.Kind.REFERRAL), REFER_FIELDS),
        }
    return shown


def _typed(form: str, draft: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """What a form shows as typed, and the key of the sending that it is meant for."""
    return {
        f"{form}_typed": {name: draft["typed"].get(name, "") for name in fields},
        f"{form}_key": draft["key"],
    }


def looked_at(page: VisitPage, *, kind: str = "page") -> None:
    """Write down that the record was opened, and the person on file where one is shown."""
    audit.seen("guidance", page.encounter.pk, by=page.member.actor, at=page.at, kind=kind)
    if page.client is not None:
        audit.seen("client", page.client.pk, by=page.member.actor, at=page.at, kind=kind)


def readable(request: MemberRequest, pk: UUID, *, kind: str = "page") -> VisitPage:
    """The visit, if the member may read its record; else it does not exist, and the look is in the trace."""
    page = visit_page.opened(request.member, pk, at=clock.now())
    if page is None:
        raise Unseen("guidance", pk, kind=kind)
    return page


def writable(request: MemberRequest, pk: UUID) -> VisitPage:
    """The visit, if the member took part in it; else it does not exist."""
    page = readable(request, pk)
    if not page.can_write:
        raise Http404
    return page


def to_finish(request: MemberRequest, pk: UUID) -> Any:
    """The record of a visit that the member took part in, as its end needs it; else it does not exist."""
    record = records.to_finish(request.member, pk)
    if record is None:
        raise Unseen("guidance", pk, kind="page")
    if not record.took_part:
        raise Http404
    return record


def respond(
    request: MemberRequest,
    pk: UUID,
    part: str,
    *,
    said: dict[str, Any] | None = None,
    status: int = 200,
    others: tuple[str, ...] = (),
    **more: Any,
) -> HttpResponse:
    """One part of the page as it is now, with others out of band and a toast; without script the page itself."""
    page = readable(request, pk)
    if not wants_part(request):
        if status < 400:
            if said:
                toast.say(request, said["text"], undo_url=said.get("undo_url", ""))
            return after(request, "visits:mine") if page.is_running else after(request, "visits:visit", pk)
        return _whole(request, page, status=status, said=said, **more)
    looked_at(page)
    shown = context(page) | {"part": PARTS[part], "others": [PARTS[name] for name in others], "toast": said, **more}
    response = render(request, "visits/mine_answer.html", shown, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _whole(
    request: MemberRequest, page: VisitPage, *, status: int, said: dict[str, Any] | None, **more: Any
) -> HttpResponse:
    looked_at(page)
    shown = context(page) | {"turn": None, "toast": said, "now": page.at, "focus_next": False, **more}
    return render(request, "visits/mine.html", shown, status=status)


def act(
    request: MemberRequest,
    pk: UUID,
    do: Callable[[VisitPage, datetime], Any],
    part: str,
    *,
    said: Callable[[Any], dict[str, Any]] | None = None,
    others: tuple[str, ...] = (),
    asked: Callable[[Refused], dict[str, Any]] | None = None,
) -> HttpResponse:
    """One press on a part of the page: the act once, then the fresh part and a sentence.

    `asked`: what the part shows besides when the act is refused, where a refusal is a question.
    """
    page, at, made = writable(request, pk), clock.now(), None
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                made = do(page, at)
                sending.object_id = getattr(made, "pk", "")
    except Refused as refusal:
        more = asked(refusal) if asked else {}
        return respond(request, pk, part, said={"text": str(refusal), "undo_url": ""}, status=refusal.status, **more)
    words = said(made) | {"target": f"#visit-{part}"} if said and made is not None else None
    return respond(request, pk, part, said=words, others=others)


def texts_again(
    request: MemberRequest,
    page: VisitPage,
    form: TextForm,
    *,
    status: int,
    torn: list[str] | None = None,
) -> HttpResponse:
    """The texts with what was typed still in them: something was too long, or a colleague wrote the same text."""
    now = Guidance.objects.get(pk=page.encounter.pk)
    rows = [
        {"name": name, "label": form.fields[name].label, "theirs": getattr(now, name), "now": mark(getattr(now, name))}
        for name in torn or []
    ]
    error = next((f"{form.fields[n].label}: {found[0]}" for n, found in form.errors.items()), "")
    shown = form.shown()
    more: dict[str, Any] = {
        "texts": form.typed(),
        "marks": [(f"shown_{name}", shown.get(name, mark(getattr(now, name)))) for name in TEXTS],
        "torn": rows,
        "text_error": error,
    }
    if not wants_part(request):
        return _whole(request, page, status=status, said=None, **more)
    response = respond(request, page.visit.pk, "ohjaus", status=status, **more)
    response.headers["HX-Retarget"] = "#visit-ohjaus"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def finish_again(request: MemberRequest, page: VisitPage, error: str, words: TextForm) -> HttpResponse:
    """The bar at the foot with its question still open; the texts stay as typed."""
    more: dict[str, Any] = {"finish_error": error}
    if not wants_part(request):
        shown = words.shown()
        marks = [(f"shown_{name}", shown.get(name, dict(page.marks)[f"shown_{name}"])) for name in TEXTS]
        return _whole(request, page, status=422, said=None, texts=words.typed(), marks=marks, **more)
    response = respond(request, page.visit.pk, "paatos", status=422, **more)
    response.headers["HX-Retarget"] = "#visit-paatos"
    response.headers["HX-Reswap"] = "outerHTML"
    return response
