"""Who has looked at a person: from the trace, with organisation and role, as the person may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from team.models import Membership, Organisation, Role
from tyoparkki.models import AccessEvent
from tyoparkki.texts import pick

if TYPE_CHECKING:
    from clients.models import Client

MOST = 20

WAYS = {
    "page": _("opened the page"),
    "edit": _("opened for correction"),
    "consent": _("opened to ask for a consent"),
    "plan": _("opened the plan"),
    "own_plan": _("read the plan on the tablet"),
    "chain": _("opened the chain of services"),
    "ending": _("shown among the services that end"),
    "assessment": _("opened the self-assessments"),
    "joint": _("opened the joint assessment"),
    "background": _("opened the background"),
    "identity": _("looked at the identity code"),
    "follow_up": _("shown among the follow-ups"),
    "protected": _("opened the protected contact detail"),
    "search": _("shown in a search"),
    "alike": _("shown as perhaps the same person"),
    "inbox": _("shown among the referrals"),
    "mine": _("shown among the people one answers for"),
    "slip": _("printed the slip"),
    "referral": _("opened a referral"),
    "link": _("opened the link of a referral"),
    "own": _("opened the own receipt"),
    "questions": _("answered questions about the own situation"),
    "receipt": _("opened the receipt to print it"),
    "export": _("gathered everything for the person"),
}
# Ways in which only the person looks.
OWN = {"own", "questions", "own_plan"}


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, from which organisation, in which role, in which way."""

    at: datetime
    organisation: str
    role: str
    way: str
    by_person: bool  # in the own receipt, by its link


def looks_at(client: Client, *, most: int = MOST) -> list[Look]:
    """The latest looks that were allowed, the newest first."""
    events = AccessEvent.objects.filter(person_kind="client", person_id=client.pk, outcome="shown")
    by = Membership.objects.filter(pk=OuterRef("membership_id"))
    behind = Organisation.objects.filter(pk=OuterRef("organisation_id"))
    told = events.annotate(
        role=Subquery(by.values("role")[:1]),
        names=Coalesce(
            Subquery(by.values("organisation__names")[:1]),
            Case(When(actor_kind="link", then=Subquery(behind.values("names")[:1]))),
        ),
    ).values_list("at", "role", "names", "kind")
    return [
        Look(
            at,
            pick(names),
            str(Role(role).label) if role else "",
            str(WAYS.get(kind, kind)),
            kind in OWN,
        )
        for at, role, names, kind in told.order_by("-at", "-pk")[:most]
    ]
