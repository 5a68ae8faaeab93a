"""Whom a visitor asks for: one choice of a colleague or a profession."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from team.access import Member
from team.models import Membership, Profession
from visits.choices import guides
from visits.models import Visit


class AsksField(forms.CharField):
    """`m:UUID` of a colleague here, `p:number` of a profession, or nothing for anybody."""

    def __init__(self) -> None:
        super().__init__(max_length=60, required=False, label=_("Asks for"))


def asked(member: Member, text: str, on: date) -> tuple[Membership | None, Profession | None]:
    """The advisor of the member's point on a day, or the profession, that a choice names; refuses any other."""
    kind, _colon, key = text.partition(":")
    try:
        if kind == "m":
            return guides(member.point_id, on).select_related("user").get(pk=UUID(key)), None
        if kind == "p":
            return None, Profession.objects.get(pk=int(key), is_active=True)
    except (ValueError, Membership.DoesNotExist, Profession.DoesNotExist):
        raise forms.ValidationError(_("Choose from the list whom the visitor asks for.")) from None
    return None, None


def choice_of(visit: Visit) -> str:
    """The same choice for a visit as it stands."""
    if visit.asks_for_id:
        return f"m:{visit.asks_for_id}"
    return f"p:{visit.asks_for_profession_id}" if visit.asks_for_profession_id else ""
