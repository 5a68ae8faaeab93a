"""Who may hear that what people let be told has changed, so that an open page closes or opens with the consent."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from clients.models import Consent
from clients.models.consent import Purpose
from team.access import Member, MemberRequest
from team.permissions import Perm
from tyoparkki import live
from tyoparkki.actor import Actor, bind


def hear(request: MemberRequest) -> None:
    """The page hears of changes of consents to the member's organisation, and to the team of the member's point.

    The topic names the recipient and never the person: a page asks for itself whether anything changed for it.
    """
    member = request.member
    live.hears(request, by=member.actor, topics=[_topic(member.organisation_id), _topic(member.point_id)])


def announce(consents: Iterable[Consent]) -> None:
    """Tell whoever has a page open that these consents changed; of background, whoever is told of it too."""
    changed = list(consents)
    about = [one.client_id for one in changed if one.purpose == Purpose.BACKGROUND]
    if about:
        told = Consent.objects.not_withdrawn().filter(client__in=about, purpose=Purpose.SHARE)
        changed += told.filter(contents__contains=[Consent.Content.BACKGROUND])
    recipients = {one.recipient_organisation_id or one.recipient_point_id for one in changed}
    if recipients:
        live.announce(*sorted(_topic(recipient) for recipient in recipients))


@live.authoriser("consents")
def hears_of_consents(request: HttpRequest, object_id: str) -> Actor | None:
    """Members who may see people hear of their own organisation and their own point."""
    member: Member | None = getattr(request, "member", None)
    if member is None or not member.may(Perm.SEE_CLIENTS):
        return None
    if object_id not in {str(member.organisation_id), str(member.point_id)}:
        return None
    bind(member.actor)
    return member.actor


def _topic(recipient: object) -> str:
    return f"consents:{recipient}"
