"""The person's own receipt: on paper from the desk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clients import receipt as receipts
from clients.models import Client, Consent, ConsentText, Plan, PlanStep, Responsibility
from clients.views.people import not_there, of_team, opened
from team.access import Member, MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock


@never_cache
@require_GET
@requires(Perm.EDIT_CLIENTS)
def receipt(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What was agreed with a person, to print and take along, in the language that the person reads."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="receipt", only=of_team)
    if person is None:
        return not_there(request)
    made = _made(request.member, person, request.GET.get("kieli", ""))
    with translation.override(made.lang):
        context = {"receipt": made, "client": person, "languages": ConsentText.LANGUAGES, "at": at}
        return render(request, "clients/receipt.html", context)


def _made(member: Member, person: Client, asked: str) -> receipts.Receipt:
    rows = Consent.objects.visible_to(member).of_client(person.pk).not_withdrawn().with_words()
    consents = receipts.in_force(rows, clock.now())
    held = Responsibility.objects.visible_to(member).of_client(person.pk).running().with_holder().first()
    step = None
    if person.shows_plan(member):
        plan = Plan.objects.visible_to(member).open_of(person.pk).first()
        step = PlanStep.objects.to_do().filter(plan=plan).for_lists().first() if plan else None
    return receipts.receipt_of(receipts.language_for(asked, person, consents), consents, step=step, held=held)
