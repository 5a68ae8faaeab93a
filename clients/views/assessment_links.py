"""Telling one's own view by a link: made and ended by who guides, answered by the person where they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clients import assessing
from clients.actions import assessment as assessments
from clients.actions import link as links
from clients.forms.assessment import AssessmentForm, HandForm
from clients.links import LinkRequest, by_link, kept_secret
from clients.models import Client, ConsentText, InstrumentVersion, Link
from clients.models.instrument import words_in
from clients.views.assessments import ask_of, asked, fill_page, kept_by
from clients.views.people import not_there, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, pictures, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after

BEGUN, SKIP, FINISH = "alku", "skip", "finish"


@never_cache
@require_POST
@requires(Perm.GUIDE)
def give(request: MemberRequest, pk: UUID, instrument: str) -> HttpResponse:
    """A link to the questions: by e-mail where the person may be written to, else shown this once."""
    at = clock.now()
    person, version = asked(request, pk, instrument, at)
    if person is None or version is None or version.instrument.is_external:
        return not_there(request)
    form, mails = HandForm(request.POST, asked=version, auto_id="linkki_%s"), request.POST.get("way") == "mail"
    if form.is_valid() and mails and not assessing.may_mail(person, request.member):
        form.add_error(None, _("A letter does not reach the person: show the link instead."))
    if not form.is_valid():
        fresh = AssessmentForm(asked=version, language=version.languages[0], today=clock.local_date(at))
        return fill_page(request, person, fresh, link_form=form)
    told: dict[str, Any] = {"language": form.cleaned_data["read_in"], "ask": ask_of(request, person)}
    issued = None
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            issued = links.issue_questions(person, version, by=request.member, at=at, is_mailed=mails, **told)
    if issued is not None and not mails:
        return kept_secret(_slip(request, person, version, issued))
    said = _("The letter is on its way.") if mails else _("The link was shown already. Make a new one if it was lost.")
    toast.say(request, said)
    return after(request, "clients:assessments", pk)


def _slip(request: MemberRequest, person: Client, version: InstrumentVersion, issued: links.Issued) -> HttpResponse:
    address = request.build_absolute_uri(reverse("clients:link_questions", args=[issued.token]))
    context = {
        "client": person,
        "instrument": version.instrument,
        "link": issued.row,
        "lang": issued.row.language[:2],
        "point": request.member.membership.point,
        "address": address,
        "picture": pictures.qr(address),
    }
    return render(request, "clients/assessment_slip.html", context)


@require_POST
@requires(Perm.GUIDE)
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The link opens nothing from now on; what was answered by it stays."""
    at, mine = clock.now(), Link.objects.visible_to(request.member).filter(kind=Link.Kind.ASSESSMENT)
    row = get_object_or_404(mine, pk=pk)
    if row.client_id is None or opened(request, row.client_id, at=at, kind="assessment", only=kept_by(request)) is None:
        return not_there(request)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                links.end(row, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, _("The link has ended. What was answered stays."))
    return after(request, "clients:assessments", row.client_id)


# --- behind the link -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@by_link("assessment")
def questions(request: LinkRequest, token: str) -> HttpResponse:
    """The questions of the link, one a screen: each answer is kept at once, and whoever comes back goes on from there.

    Opening it changes nothing: a mail scanner may do that.
    """
    link = Link.objects.select_related("version__instrument", "created_by__organisation").get(pk=request.link.pk)
    version = link.version
    if version is None:
        return not_there(request)
    wanted = request.POST.get("language") or request.GET.get("kieli") or link.language
    language = wanted if wanted in version.languages else version.languages[0]
    with translation.override(language[:2]):
        refusal = _told(request, link, version, language) if request.method == "POST" else ""
        if request.method == "POST" and not refusal:
            return HttpResponseRedirect(f"{request.path}?kieli={language}&{BEGUN}=1", status=303)
        return _question(request, link, version, language, refusal)


def _told(request: LinkRequest, link: Link, version: InstrumentVersion, language: str) -> str:
    """Keep one answer, once; a sentence when it cannot be kept."""
    if FINISH in request.POST:
        return _finished(request, link)
    at, area, said = clock.now(), request.POST.get("area", ""), request.POST.get("answer", "")
    if not (said.isdecimal() or said == SKIP) or (said.isdecimal() and int(said) not in version.instrument.scale):
        return _("Choose one of the answers, or leave this out.")
    value = int(said) if said != SKIP else None
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                told: dict[str, Any] = {"area": area, "value": value, "language": language}
                assessments.answer_by_link(link, **told, by=request.holder, at=at)
    except Refused as refusal:
        return str(refusal)
    return ""


def _finished(request: LinkRequest, link: Link) -> str:
    """The person is ready; a sentence when something is still to be answered."""
    try:
        assessments.finish_by_link(link, by=request.holder, at=clock.now())
    except Refused as refusal:
        return str(refusal)
    return ""


def _question(
    request: LinkRequest, link: Link, version: InstrumentVersion, language: str, refusal: str
) -> HttpResponse:
    """The first question without an answer, or the one asked for among those before it; after the last, thanks."""
    at, keys = clock.now(), version.keys
    given = assessments.answers_by_link(link)
    links.note_opened(link, by=request.holder, at=at)
    if link.client_id:
        audit.seen("client", link.client_id, by=request.holder.actor, at=at, kind="questions")
    place = next((n for n, key in enumerate(keys) if key not in given), len(keys))
    wanted = keys.index(request.POST["area"]) if request.POST.get("area") in keys else _number(request) - 1
    if 0 <= wanted < place and link.finished_at is None:
        place = wanted
    context = _shown(version, place, given, language) | {
        "link": link,
        "organisation": link.created_by.organisation if link.created_by else None,
        "begins": not given and BEGUN not in request.GET and not refusal,
        "refusal": refusal,
    }
    status = 409 if link.finished_at else 422
    return render(request, "clients/assessment_link.html", context, status=status if refusal else 200)


def _shown(version: InstrumentVersion, place: int, given: dict[str, int | None], language: str) -> dict[str, Any]:
    """One question in its words, with the answer that was given to it; none after the last."""
    area, instrument = version.items[place] if place < len(version.keys) else None, version.instrument
    said = {"instructions": version.instructions, "stem": version.stems, "asks": area.texts if area else {}}
    said |= {"low": instrument.least_words, "high": instrument.most_words}
    answers = area.answers if area else {}
    return {
        **{name: words_in(texts, language) for name, texts in said.items()},
        "instrument": instrument,
        "area": area,
        "place": place + 1,
        "count": len(version.keys),
        "values": [(value, words_in(answers.get(str(value)), language)) for value in instrument.scale],
        "chosen": given.get(area.key, "") if area else "",
        "languages": [(code, ConsentText.LANGUAGES[code]) for code in version.languages],
        "language": language,
        "lang": language[:2],
    }


def _number(request: LinkRequest) -> int:
    """The number of a question before, to which the person goes back."""
    text = request.GET.get("kysymys", "")
    return int(text) if text.isdecimal() and len(text) < 4 else 0
