"""A shift, a break, another desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from team.models import Desk, Membership, Profession, ServicePoint, Shift
from tyoparkki import clock
from tyoparkki.forms import BaseForm, EditForm


def _time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H.%M", "%H"],
        widget=forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M"),
        error_messages={
            "required": _("Write the time, for example 10.00."),
            "invalid": _("Write the time, for example 10.00."),
        },
    )


class HoursForm(EditForm):
    """From when to when, at which desk, in which trade, leading or not."""

    starts = _time_field(_("Starts"))
    ends = _time_field(_("Ends"))
    desk = forms.ModelChoiceField(
        label=_("Desk"), queryset=Desk.objects.none(), empty_label=_("Not chosen"), required=False
    )
    profession = forms.ModelChoiceField(
        label=_("Profession"), queryset=Profession.objects.none(), empty_label=_("Not chosen"), required=False
    )
    is_lead = forms.BooleanField(label=_("Leads the day"), required=False)

    def __init__(self, *args: Any, point: ServicePoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = point.desks.filter(is_active=True).order_by("number")
        trades = Profession.objects.filter(is_active=True).order_by("position", "pk")
        self.offer_rows("desk", desks)
        self.offer_rows("profession", trades)

    def clean(self) -> dict[str, Any]:
        """A shift ends after it starts."""
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("A shift must end after it starts."))
        return data

    def hours(self) -> dict[str, Any]:
        """What the actions take besides the hours."""
        return {name: self.cleaned_data[name] for name in ("desk", "profession", "is_lead")}

    @classmethod
    def initial_of(cls, row: Shift) -> dict[str, Any]:
        """The form as the shift stands now."""
        return {
            "starts": clock.local(row.starts_at).time(),
            "ends": clock.local(row.ends_at).time(),
            "desk": row.desk_id,
            "profession": row.profession_id,
            "is_lead": row.is_lead,
        }


class ShiftForm(HoursForm):
    """Who comes on which day."""

    membership = forms.ModelChoiceField(
        label=_("Who"),
        queryset=Membership.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose who comes.")},
    )
    on = forms.ChoiceField(label=_("Day"))

    field_order = ("membership", "on", "starts", "ends", "desk", "profession", "is_lead")

    def __init__(self, *args: Any, point: ServicePoint, today: date, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, point=point, **kwargs)
        people = Membership.objects.valid_on(today).at_point(point.pk).select_related("user", "organisation")
        self.offer_rows("membership", people.order_by("user__name", "pk"))
        self.fields["membership"].label_from_instance = _name_and_house  # type: ignore[attr-defined]  # a ModelChoiceField has it
        choices = [(on.isoformat(), f"{date_format(on, 'l').capitalize()} {on.day}.{on.month}.") for on in days]
        self.offer("on", choices)

    def clean_on(self) -> date:
        """One of the days offered."""
        return date.fromisoformat(str(self.cleaned_data["on"]))


def _name_and_house(membership: Membership) -> str:
    return f"{membership.user.name}, {membership.organisation.short_name}"


class BreakForm(BaseForm):
    """For how many minutes one is away."""

    minutes = forms.IntegerField(min_value=5, max_value=180, initial=15)

    def until(self) -> timedelta:
        """As a length of time."""
        return timedelta(minutes=self.cleaned_data["minutes"])


class DeskForm(BaseForm):
    """The number of the desk one sits at; empty: none."""

    desk = forms.IntegerField(min_value=1, max_value=999, required=False)

    def __init__(self, *args: Any, point: ServicePoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.point = point

    def clean_desk(self) -> Desk | None:
        """A desk of the point."""
        number = self.cleaned_data["desk"]
        if number is None:
            return None
        desk = self.point.desks.filter(number=number, is_active=True).first()
        if desk is None:
            raise ValidationError(_("There is no desk %(number)s here."), params={"number": number})
        return desk


DEFAULT_HOURS = (time(10), time(18))
