"""The person's own receipt: on paper from the desk, and behind a one-time link that the person holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import receipt as receipts
from clients.actions import consent as consents
from clients.actions import link as links
from clients.links import LinkRequest, by_link, kept_secret
from clients.models import Client, Consent, ConsentText, Plan, PlanStep, Referral, Responsibility, SelfAssessment
from clients.models.assessment import NOT_ONLINE
from clients.rights import telling
from clients.views.people import not_there, of_team, opened
from team.access import Member, MemberRequest, requires
from team.permissions import Perm
from tyoparkki import audit, clock, pictures, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@never_cache
@require_GET
@requires(Perm.EDIT_CLIENTS)
def receipt(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What was agreed with a person, to print and take along, in the language that the person reads."""
    person = opened(request, pk, at=clock.now(), kind="receipt", only=of_team)
    if person is None:
        return not_there(request)
    return _page(request, person)


@never_cache
@require_POST
@requires(Perm.EDIT_CLIENTS)
def give_link(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The same with a link to the person's own page, whose address is shown this once."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="receipt", only=of_team)
    if person is None:
        return not_there(request)
    language = _made(request.member, person, request.GET.get("kieli", "")).lang
    with submission.once_for(request, at=at) as sending:
        issued = links.issue_receipt(person, by=request.member, at=at, language=language) if sending.first else None
    if issued is None:
        toast.say(request, _("The link was shown already. Make a new one if it was not taken."))
        return after(request, "clients:receipt", pk)
    return kept_secret(_page(request, person, issued))


@require_POST
@requires(Perm.EDIT_CLIENTS)
def text_link(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The link to the person's own page goes to the person as a text message."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="receipt", only=of_team)
    if person is None:
        return not_there(request)
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            links.text_receipt(person, by=request.member, at=at)
    toast.say(request, _("The link goes to the person as a text message."))
    return after(request, "clients:client", pk)


def _page(request: MemberRequest, person: Client, issued: links.Issued | None = None) -> HttpResponse:
    made = _made(request.member, person, request.GET.get("kieli", ""))
    address = request.build_absolute_uri(reverse("clients:own", args=[issued.token])) if issued else ""
    with translation.override(made.lang):
        context = {
            "receipt": made,
            "client": person,
            "languages": ConsentText.LANGUAGES,
            "at": clock.now(),
            "address": address,
            "picture": pictures.qr(address) if address else "",
            "link": issued.row if issued else None,
            "may_text": links.may_text(person, request.member, clock.local_date(clock.now())),
        }
        return render(request, "clients/receipt.html", context)


def _made(member: Member, person: Client, asked: str) -> receipts.Receipt:
    rows = Consent.objects.visible_to(member).of_client(person.pk).not_withdrawn().with_words()
    given = receipts.in_force(rows, clock.now())
    held = Responsibility.objects.visible_to(member).of_client(person.pk).running().with_holder().first()
    step = None
    if person.shows_plan(member):
        plan = Plan.objects.visible_to(member).open_of(person.pk).first()
        step = PlanStep.objects.to_do().filter(plan=plan).for_lists().first() if plan else None
    language, guided = receipts.language_for(asked, person, given), Referral.objects.visible_to(member)
    told = guided.of_client(person.pk).sent() if person.shows("guidance") else []
    return receipts.receipt_of(
        language, given, step=step, held=held, referrals=told, is_offline=_is_offline(member, person)
    )


def _is_offline(member: Member, person: Client) -> bool:
    """Whether the person has told not to use services online: the receipt says then how one is in touch."""
    told = SelfAssessment.objects.visible_to(member).valid().of_client(person.pk).answers_on_use()
    return told.first() == NOT_ONLINE


# --- behind the link -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@by_link("receipt")
def own(request: LinkRequest, token: str) -> HttpResponse:
    """The person's own page: what was agreed, who has looked; each consent is withdrawn in one press."""
    at = clock.now()
    person = Client.objects.select_related("point").get(links__pk=request.link.pk)
    withdrawn = _withdraw(request, person, at) if request.method == "POST" else False
    made = _own(request, person, at)
    links.note_opened(request.link, by=request.holder, at=at)
    audit.seen("client", person.pk, by=request.holder.actor, at=at, kind="own")
    with translation.override(made.lang):
        context = {"receipt": made, "client": person, "link": request.link, "withdrawn": withdrawn, "token": token}
        context |= {"languages": ConsentText.LANGUAGES, "language_here": made.lang}
        return render(request, "clients/receipt_own.html", context)


def _withdraw(request: LinkRequest, person: Client, at: datetime) -> bool:
    """One press; a second on the same button finds it done."""
    key = _key(request.POST.get("consent", ""))
    if key is None:
        raise Http404
    consent = get_object_or_404(Consent.objects.of_client(person.pk), pk=key)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                consents.withdraw_consent(consent, by=request.holder, at=at)
    except Refused:
        pass  # withdrawn by somebody a moment ago: the same in the end
    return True


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _own(request: LinkRequest, person: Client, at: datetime) -> receipts.Receipt:
    given = receipts.in_force(Consent.objects.of_client(person.pk).not_withdrawn().with_words(), at)
    plan = Plan.objects.open_of(person.pk).first()
    step = PlanStep.objects.to_do().filter(plan=plan).for_lists().first() if plan else None
    held = Responsibility.objects.of_client(person.pk).running().with_holder().first()
    asked = request.GET.get("kieli", "") or request.link.language
    language = receipts.language_for(asked, person, given)
    with translation.override(language.split("-", maxsplit=1)[0]):
        looks = telling.looks_at(person.pk)
    told = Referral.objects.of_client(person.pk).sent()
    return receipts.receipt_of(language, given, step=step, held=held, referrals=told, looks=looks)
