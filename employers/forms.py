"""What is typed about employers: validated here, saved by actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employers import industries, occupations
from employers.models import ContactEvent, ContactPerson, Employer, Position
from tyoparkki.forms import BaseForm, BusinessIdField, municipality_choices
from tyoparkki.models import Municipality

EMPLOYER_FIELDS = ("name", "business_id", "size", "industry", "municipality", "web_page")
PERSON_FIELDS = ("name", "title", "phone", "email")
POSITION_FIELDS = (
    "title", "kind", "occupation_code", "places", "hours_per_week", "starts_on", "open_until", "details",
)  # fmt: skip


def _day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


class EmployerForm(BaseForm):
    """An employer's details; only the name is needed."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Write the employer's name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    business_id = BusinessIdField()
    size = forms.ChoiceField(label=_("Size"), choices=Employer.Size.choices, initial=Employer.Size.UNKNOWN)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    web_page = forms.URLField(
        label=_("Web page"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write the address of the page, for example yritys.example.")},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, area: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["industry"].choices = [("", _("Not known")), *industries.choices()]
        fields["municipality"].choices = municipality_choices(area, unknown=_("Not known"))

    def clean_name(self) -> str:
        """Spaces in a row count as one."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_municipality(self) -> Municipality | None:
        """The row that the code names."""
        code = self.cleaned_data["municipality"]
        return Municipality.objects.get(pk=code) if code else None

    @staticmethod
    def initial_of(employer: Employer) -> dict[str, Any]:
        """The form as the employer stands now."""
        values = {name: getattr(employer, name) for name in EMPLOYER_FIELDS}
        return values | {"municipality": employer.municipality_id or ""}


class NewEmployerForm(EmployerForm):
    """The same with somebody to ask for."""

    contact_name = forms.CharField(
        label=_("Contact person's name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_title = forms.CharField(label=_("Title"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("Telephone number"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    contact_email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("Write the e-mail address in full, for example aino@posti.example.")},
    )

    def clean(self) -> dict[str, Any]:
        """A number or an address without a name helps nobody."""
        data = super().clean() or {}
        if (data.get("contact_phone") or data.get("contact_email")) and not data.get("contact_name"):
            self.add_error("contact_name", _("Write whom the number or the address belongs to."))
        return data


class PersonForm(BaseForm):
    """Somebody to ask for at an employer."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Write the person's name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    title = forms.CharField(label=_("Title"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Telephone number"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("Write the e-mail address in full, for example aino@posti.example.")},
    )

    @staticmethod
    def initial_of(person: ContactPerson) -> dict[str, Any]:
        """The form as the person stands now."""
        return {name: getattr(person, name) for name in PERSON_FIELDS}


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
    next_on = forms.DateField(label=_("By"), required=False, widget=_day())


class PositionForm(BaseForm):
    """An open place of any kind."""

    title = forms.CharField(
        label=_("Task"),
        max_length=120,
        error_messages={"required": _("Write what the work is.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Position.Kind.choices)
    occupation_code = forms.ChoiceField(label=_("Field of work"), required=False)
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=99, initial=1)
    hours_per_week = forms.DecimalField(
        label=_("Hours a week"),
        min_value=0,
        max_value=99,
        max_digits=4,
        decimal_places=1,
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    starts_on = forms.DateField(label=_("Starts"), required=False, widget=_day())
    open_until = forms.DateField(label=_("Open until"), required=False, widget=_day())
    details = forms.CharField(
        label=_("What is needed"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["occupation_code"].choices = [("", _("Not known")), *occupations.choices()]

    @staticmethod
    def initial_of(position: Position) -> dict[str, Any]:
        """The form as the position stands now."""
        return {name: getattr(position, name) for name in POSITION_FIELDS}
