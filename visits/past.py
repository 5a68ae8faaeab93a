"""A person's earlier visits, as far as the reader may see them: the slot of the person's page."""

from __future__ import annotations

from django.db.models import Count
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from clients.models import Client
from team.access import MemberRequest
from visits.models import AgreedStep, Visit

MOST = 20


def of_person(request: MemberRequest, client: Client) -> SafeString:
    """The visits of a person at the reader's service point, newest first, with the steps the reader took part in."""
    visits = list(
        Visit.objects.visible_to(request.member)
        .filter(client_links__client=client, client_links__ended_at__isnull=True)
        .exclude(state=Visit.State.UNDONE)
        .select_related("topic", "day", "result")
        .annotate(sittings=Count("encounters"))
        .order_by("-arrived_at", "-pk")[:MOST]
    )
    mine = AgreedStep.objects.filter(
        encounter__visit__in=visits,
        removed_at__isnull=True,
        encounter__participations__membership_id=request.member.membership_id,
    )
    steps: dict[object, list[AgreedStep]] = {}
    for step in mine.select_related("encounter").distinct().order_by("agreed_at", "pk"):
        steps.setdefault(step.encounter.visit_id, []).append(step)
    rows = [(visit, steps.get(visit.pk, [])) for visit in visits]
    return render_to_string("visits/past.html", {"rows": rows}, request=request)
