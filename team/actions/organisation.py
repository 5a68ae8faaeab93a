"""Organisations: who takes part in the house, and who no longer does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from team.actions.facts import Known, put
from team.models import Membership, Organisation
from tyoparkki import audit, clock
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused

if TYPE_CHECKING:
    from team.access import Member

_TOLD = 5  # names that a sentence can carry


class NameTaken(Refused):
    """Two organisations that read the same cannot be told apart."""

    message = _("There is already an organisation with this name.")


class PeopleAct(Refused):
    """Nobody is locked out by the way."""

    def __init__(self, names: list[str]) -> None:
        told = ", ".join(names[:_TOLD]) + (" …" if len(names) > _TOLD else "")
        super().__init__(
            _("People still act for this organisation: %(names)s. End their roles first.") % {"names": told}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts(Known):
    """What is known of an organisation."""

    kind: str
    short_name: str = ""
    business_id: str = ""
    is_active: bool = True


@transaction.atomic
def add_organisation(facts: OrganisationFacts, *, at: datetime, by: Member | None = None) -> Organisation:
    """One more organisation in the house: its people may be added as users, and referrals may be sent to it."""
    organisation = Organisation()
    told = _write(organisation, facts)
    audit.record("organisation.added", organisation, by=by.actor if by else SYSTEM, at=at, fields=told)
    return organisation


@transaction.atomic
def change_organisation(
    organisation: Organisation,
    facts: OrganisationFacts,
    *,
    by: Member,
    at: datetime,
    unchanged: Callable[[Organisation], None] | None = None,
) -> Organisation:
    """Correct what is known; one that nobody acts for any more may leave the house."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if unchanged is not None:
        unchanged(organisation)
    if not facts.is_active:
        _refuse_while_people_act(organisation, at=at)
    told = _write(organisation, facts)
    audit.record("organisation.changed", organisation, by=by.actor, at=at, fields=told)
    return organisation


def _refuse_while_people_act(organisation: Organisation, *, at: datetime) -> None:
    acting = Membership.objects.valid_on(clock.local_date(at)).filter(organisation=organisation)
    names = list(acting.order_by("user__name").values_list("user__name", flat=True).distinct())
    if names:
        raise PeopleAct(names)


def _write(organisation: Organisation, facts: OrganisationFacts) -> list[str]:
    twins = Organisation.objects.filter(names__fi__iexact=facts.names["fi"]).exclude(pk=organisation.pk)
    if twins.exists():
        raise NameTaken
    told = put(organisation, facts)
    organisation.short_name = organisation.short_name or facts.names["fi"][:40]
    organisation.save()
    return told
