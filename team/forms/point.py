"""Opening hours and devices of a service point."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from team.models import DeviceKind, OpeningRule
from tyoparkki.forms import BaseForm


def _time(label: Any, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        input_formats=["%H:%M", "%H.%M", "%H"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Write the time, for example 10.00."),
            "invalid": _("Write the time, for example 10.00."),
        },
    )


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=help_text,
        error_messages={
            "required": _("Choose the day."),
            "invalid": _("Write the day in the form 25.11.2026."),
        },
    )


class RuleForm(BaseForm):
    """Open on a weekday from an hour to an hour."""

    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=OpeningRule.Weekday.choices, coerce=int, initial=3)
    opens_at = _time(_("Opens at"))
    closes_at = _time(_("Closes at"))
    valid_from = _day(_("From"))
    valid_until = _day(_("Until"), required=False, help_text=_("Empty: until further notice."))

    def clean(self) -> dict[str, Any]:
        """Closing comes after opening, the end after the beginning."""
        data = super().clean() or self.cleaned_data
        _later(self, data, "opens_at", "closes_at", _("The doors close after they open."))
        _later(self, data, "valid_from", "valid_until", _("The end comes after the beginning."), same=True)
        return data


class ExceptionForm(BaseForm):
    """One date that differs from the week."""

    on = _day(_("Day"))
    is_closed = forms.BooleanField(label=_("Closed the whole day"), required=False)
    opens_at = _time(_("Opens at"), required=False)
    closes_at = _time(_("Closes at"), required=False)
    reason_fi = forms.CharField(label=_("Reason in Finnish, shown to visitors"), max_length=80, required=False)
    reason_sv = forms.CharField(label=_("Reason in Swedish"), max_length=80, required=False)
    reason_en = forms.CharField(label=_("Reason in English"), max_length=80, required=False)
    cancels_shifts = forms.BooleanField(label=_("Cancel these shifts too"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.of_shifts = self.fields["cancels_shifts"]
        if "cancels_shifts" not in self.data:
            del self.fields["cancels_shifts"]

    def ask_of_shifts(self, who: str) -> None:
        """Somebody is to come on the day that would be closed: whose shifts they are, and whether to cancel them."""
        self.fields["cancels_shifts"] = self.of_shifts
        self.add_error("cancels_shifts", _("Shifts are planned on the day: %(who)s.") % {"who": who})

    def clean_on(self) -> date:
        """What has been cannot be planned otherwise."""
        on: date = self.cleaned_data["on"]
        if on < self.today:
            raise ValidationError(_("Choose today or a later day."))
        return on

    def clean(self) -> dict[str, Any]:
        """Closed, or hours: one of the two."""
        data = super().clean() or self.cleaned_data
        if data.get("is_closed"):
            data["opens_at"] = data["closes_at"] = None
        elif not data.get("opens_at") or not data.get("closes_at"):
            self.add_error("is_closed", _("Write both hours, or choose that the day is closed."))
        _later(self, data, "opens_at", "closes_at", _("The doors close after they open."))
        return data

    def exception(self) -> dict[str, Any]:
        """The date, its hours and the reason by language, as the action takes them."""
        data = self.cleaned_data
        reasons = {code: data[f"reason_{code}"].strip() for code in ("fi", "sv", "en")}
        hours = {name: data[name] for name in ("on", "opens_at", "closes_at")}
        return {**hours, "reasons": reasons, "cancels_shifts": data.get("cancels_shifts", False)}


def _later(form: BaseForm, data: dict[str, Any], first: str, last: str, sentence: Any, *, same: bool = False) -> None:
    begins, ends = data.get(first), data.get(last)
    if begins and ends and (ends < begins or (ends == begins and not same)):
        form.add_error(last, sentence)


class EndRuleForm(BaseForm):
    """On which date the weekly hours hold for the last time."""

    last_on = _day(_("Last day"))


# A device is offered only when there is a page for it to open.
START_PAGES = {DeviceKind.FEEDBACK: "/tabletti/", DeviceKind.HANDOVER: "/luovutus/", DeviceKind.BOARD: "/taulu/"}


class OfferForm(BaseForm):
    """What is paired, and what it is called in the list."""

    kind = forms.ChoiceField(
        label=_("What is paired"), choices=[(kind.value, kind.label) for kind in START_PAGES], initial="feedback"
    )
    name = forms.CharField(
        label=_("Name of the device"),
        max_length=40,
        help_text=_("For example where it stands: tablet at the door."),
        error_messages={"required": _("Write a name by which the device is known.")},
    )


class PairForm(BaseForm):
    """The six digits."""

    code = forms.CharField(
        label=_("Six digits"),
        max_length=9,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True, "class": "code-field"}
        ),
        error_messages={"required": _("Type the six digits that the staff member sees.")},
    )

    def clean_code(self) -> str:
        """Spaces between digits do not matter."""
        digits = "".join(sign for sign in str(self.cleaned_data["code"]) if sign.isdigit())
        if len(digits) != 6:
            raise ValidationError(_("The code has six digits."))
        return digits
