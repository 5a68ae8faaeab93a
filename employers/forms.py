"""What is typed about employers: validated here, saved by actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberFault
from stdnum.fi import ytunnus

from employers import industries
from employers.models import ContactEvent, Employer, Position
from tyoparkki.forms import BaseForm
from tyoparkki.models import Municipality


class EmployerForm(BaseForm):
    """An employer's details; only the name is needed."""

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write the employer's name.")}
    )
    business_id = forms.CharField(
        label=_("Business ID"), max_length=12, required=False, help_text=_("For example 0146921-4.")
    )
    size = forms.ChoiceField(label=_("Size"), choices=Employer.Size.choices, initial=Employer.Size.UNKNOWN)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label=_("Municipality"), required=False, empty_label=_("Not known")
    )
    web_page = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["industry"].choices = [("", _("Not known")), *industries.choices()]
        fields["municipality"].queryset = Municipality.objects.order_by("names__fi", "code")

    def clean_business_id(self) -> str:
        """A business id whose check digit is right, in its usual form."""
        typed = self.cleaned_data["business_id"].strip()
        if not typed:
            return ""
        try:
            number = str(ytunnus.validate(typed))
        except NumberFault as fault:
            raise ValidationError(
                _("This is not a Finnish business ID: seven digits, a hyphen and a check digit. Check the number.")
            ) from fault
        return f"{number[:7]}-{number[7:]}"


class NewEmployerForm(EmployerForm):
    """The same with somebody to ask for."""

    contact_name = forms.CharField(label=_("Contact person"), max_length=80, required=False)
    contact_title = forms.CharField(label=_("Title"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)

    def clean(self) -> dict[str, Any]:
        """A number or an address without a name helps nobody."""
        data = super().clean() or {}
        if (data.get("contact_phone") or data.get("contact_email")) and not data.get("contact_name"):
            self.add_error("contact_name", _("Write whom the number or the address belongs to."))
        return data


class ContactForm(BaseForm):
    """One contact: what was agreed, and how it took place."""

    about = forms.CharField(
        label=_("What was agreed?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a line about what was agreed.")},
    )
    kind = forms.ChoiceField(label=_("How"), choices=ContactEvent.Kind.choices, initial=ContactEvent.Kind.PHONE)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class PositionForm(BaseForm):
    """An open place of any kind."""

    title = forms.CharField(label=_("Task"), max_length=120, error_messages={"required": _("Write what the work is.")})
    kind = forms.ChoiceField(label=_("Kind"), choices=Position.Kind.choices)
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=99, initial=1)
    hours_per_week = forms.DecimalField(
        label=_("Hours a week"), min_value=0, max_value=99, max_digits=4, decimal_places=1, required=False
    )
    starts_on = forms.DateField(label=_("Starts"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    details = forms.CharField(
        label=_("What is needed"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
