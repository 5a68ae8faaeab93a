"""Earlier visits of a person or an employer, as far as the reader may see them: the slots of their pages.

And what was agreed on a visit, as it goes with a referral.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clients.models import Client
from clients.package import Told
from employers.models import Employer
from team.access import MemberRequest
from visits.models import AgreedStep, Visit
from visits.models.visit import VisitQuerySet

MOST = 20


def of_person(request: MemberRequest, client: Client) -> SafeString:
    """The visits of a person at the reader's service point, newest first, with the steps the reader took part in.

    Only for the team that may record the person, or an organisation that may be told of the guidance: that it was this
    person who came, when and why, is the person's own to tell.
    """
    if not client.shows("guidance"):
        return SafeString()
    return _rendered(request, Visit.objects.filter(client_links__client=client, client_links__ended_at__isnull=True))


def of_employer(request: MemberRequest, employer: Employer) -> SafeString:
    """The same of an employer."""
    return _rendered(request, Visit.objects.filter(employer=employer), is_employer=True)


def here_now(request: MemberRequest, employer: Employer) -> SafeString:
    """The employer's visits that are in the house: "T04 is here"."""
    visits = Visit.objects.visible_to(request.member).filter(employer=employer).present().order_by("arrived_at", "pk")
    if not (tickets := [visit.ticket for visit in visits]):
        return SafeString("")
    return render_to_string("visits/employer_here.html", {"tickets": tickets}, request=request)


def going_with(referral_id: UUID) -> list[Told]:
    """What was agreed where a person was guided on, as far as the person lets the recipient of the referral know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, who, due_on FROM visits_goes_with(%s)", [referral_id])
        rows = cursor.fetchall()
    whose = {AgreedStep.Who.VISITOR: _("The client")}
    return [Told(what, str(whose.get(who) or AgreedStep.Who(who).label), on) for what, who, on in rows]


def _rendered(request: MemberRequest, of_whom: VisitQuerySet, *, is_employer: bool = False) -> SafeString:
    visits = list(
        of_whom.visible_to(request.member)
        .exclude(state=Visit.State.UNDONE)
        .select_related("topic", "day", "result")
        .annotate(sittings=Count("encounters"))
        .order_by("-arrived_at", "-pk")[:MOST]
    )
    mine = AgreedStep.objects.filter(
        encounter__visit__in=visits,
        removed_at__isnull=True,
        encounter__participations__membership_id=request.member.membership_id,
        encounter__participations__undone_at__isnull=True,
    )
    steps: dict[object, list[AgreedStep]] = {}
    for step in mine.select_related("encounter").distinct().order_by("agreed_at", "pk"):
        steps.setdefault(step.encounter.visit_id, []).append(step)
    rows = [(visit, steps.get(visit.pk, [])) for visit in visits]
    return render_to_string("visits/past.html", {"rows": rows, "is_employer": is_employer}, request=request)
