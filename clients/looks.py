"""Who has looked at a person: from the trace, with organisation and role, as the person may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from team.models import Membership, Organisation
from tyoparkki.models import AccessEvent

if TYPE_CHECKING:
    from clients.models import Client

MOST = 20

WAYS = {
    "page": _("opened the page"),
    "edit": _("opened for correction"),
    "consent": _("opened to ask for a consent"),
    "plan": _("opened the plan"),
    "assessment": _("opened the self-assessments"),
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
    "receipt": _("opened the receipt to print it"),
    "export": _("gathered everything for the person"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, from which organisation, in which role, in which way."""

    at: datetime
    organisation: Organisation | None
    role: str
    way: str
    by_person: bool  # in the own receipt, by its link


def looks_at(client: Client, *, most: int = MOST) -> list[Look]:
    """The latest looks that were allowed, the newest first."""
    events = list(
        AccessEvent.objects.filter(person_kind="client", person_id=client.pk, outcome="shown").order_by("-at", "-pk")[
            :most
        ]
    )
    ids = {event.membership_id for event in events if event.membership_id}
    members = Membership.objects.select_related("organisation").in_bulk(ids)
    by_link = Organisation.objects.in_bulk({event.organisation_id for event in events if event.actor_kind == "link"})
    return [
        Look(
            event.at,
            members[event.membership_id].organisation
            if event.membership_id in members
            else by_link.get(event.organisation_id),
            members[event.membership_id].get_role_display() if event.membership_id in members else "",
            str(WAYS.get(event.kind, event.kind)),
            event.kind == "own",
        )
        for event in events
    ]
