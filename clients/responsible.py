"""Who answers for a person, as the person's page shows it: the state, and what this member may press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from clients.forms.responsibility import CompanionForm, OfferForm, ReasonForm, ReleaseForm
from clients.models import Client, Companion, Responsibility, ResponsibilityOffer
from team.models import Membership
from team.permissions import ROLES, Perm
from tyoparkki import clock

if TYPE_CHECKING:
    from team.access import Member
    from team.models.organisation import MembershipQuerySet

_Since = TypeVar("_Since", Responsibility, Companion)
_RECEIVERS = [role for role, permissions in ROLES.items() if Perm.EDIT_CLIENTS in permissions]


@dataclass(frozen=True, slots=True)
class _Around:
    """A colleague: of the team that may receive, or beside the person already."""

    membership: Membership
    is_team: bool
    held: Responsibility | None
    beside: Companion | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel of a person: who answers, what is offered, and the forms that are this member's to send.

    `unsaved` is what was typed into a form that came too late.
    """

    held: Responsibility | None
    offer: ResponsibilityOffer | None
    is_mine: bool
    is_receiver: bool
    offer_form: OfferForm | None
    release_form: ReleaseForm | None
    decline_form: ReasonForm | None
    companions: list[Companion]
    companion_form: CompanionForm
    unsaved: str = ""


def colleagues(member: Member) -> list[Membership]:
    """Who may receive: the others who work at the point today and may record people."""
    return [one for one in team(member) if one.pk != member.membership_id]


def team(member: Member) -> list[Membership]:
    """Who works at the point today and may record people, the member among them."""
    return list(_receivers(member).select_related("user", "organisation"))


def _receivers(member: Member) -> MembershipQuerySet:
    today = clock.local_date(clock.now())
    return Membership.objects.at_point(member.point_id).valid_on(today).in_roles(_RECEIVERS)


def panel(
    member: Member,
    person: Client,
    *,
    offer_form: OfferForm | None = None,
    release_form: ReleaseForm | None = None,
    decline_form: ReasonForm | None = None,
    companion_form: CompanionForm | None = None,
    unsaved: str = "",
) -> Panel | None:
    """How it stands now; nothing for whom the person did not let record them. A form that was sent stays as typed."""
    if not person.is_team:
        return None
    around = _around(member, person)
    held = next((one.held for one in around if one.held), None)
    offers = ResponsibilityOffer.objects.visible_to(member).of_client(person.pk).waiting()
    offer = offers.with_people().first() if held else None
    is_mine = held is not None and held.membership_id == member.membership_id
    is_receiver = offer is not None and offer.to_membership_id == member.membership_id
    lets_go = is_mine and offer is None
    everybody = [one.membership for one in around if one.is_team]
    others = [one for one in everybody if one.pk != member.membership_id]
    return Panel(
        held=held,
        offer=offer,
        is_mine=is_mine,
        is_receiver=is_receiver,
        offer_form=(offer_form or OfferForm(colleagues=others)) if lets_go else None,
        release_form=(release_form or ReleaseForm(auto_id="release_%s")) if lets_go else None,
        decline_form=(decline_form or ReasonForm(auto_id="decline_%s")) if is_receiver else None,
        companions=sorted((one.beside for one in around if one.beside), key=lambda one: (one.since_at, one.pk)),
        companion_form=companion_form or CompanionForm(colleagues=everybody),
        unsaved=unsaved,
    )


def _around(member: Member, person: Client) -> list[_Around]:
    """The team, whoever answers and those who walk beside, in one statement."""
    held = Responsibility.objects.visible_to(member).of_client(person.pk).running()
    beside = Companion.objects.visible_to(member).filter(client=person).running()
    mine, since = OuterRef("pk"), JSONObject(pk="pk", since_at="since_at")
    rows = Membership.objects.annotate(
        is_team=Exists(_receivers(member).filter(pk=mine)),
        held=Subquery(held.filter(membership=mine).values(told=since)[:1]),
        beside=Subquery(beside.filter(membership=mine).values(told=since)[:1]),
    ).filter(
        Q(pk__in=_receivers(member).values("pk"))
        | Q(pk__in=held.values("membership"))
        | Q(pk__in=beside.values("membership"))
    )
    found = []
    for one in rows.select_related("user", "organisation"):
        told = vars(one)  # with what was annotated
        responsibility = _since(Responsibility, one, told["held"])
        found.append(_Around(one, told["is_team"], responsibility, _since(Companion, one, told["beside"])))
    return found


def _since(model: type[_Since], membership: Membership, told: dict[str, Any] | None) -> _Since | None:
    if told is None:
        return None
    return model(pk=told["pk"], membership=membership, since_at=datetime.fromisoformat(told["since_at"]))
