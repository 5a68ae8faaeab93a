"""What the front desk and advisors type about a person: validated here, saved by actions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from clients.actions.client import Person
from clients.actions.consent import Given
from clients.duplicates import Facts
from clients.forms.consent import READ_IN
from clients.keys import contact_key
from clients.models import Client, Consent, ContactPoint
from tyoparkki.forms import BaseForm, municipality_choices
from tyoparkki.models import Language, Municipality
from tyoparkki.names import name_key
from tyoparkki.texts import pick

_OLDEST = 110
_YOUNGEST = 10
_COMPARED = ("name", "contact_kind", "contact_value", "year_of_birth", "language", "municipality")


def language_choices() -> list[tuple[str, str]]:
    """Languages of a visitor: those of the desk first, the rest by name."""
    rows = list(Language.objects.only("code", "names", "desk_order").order_by("desk_order", "code"))
    near = [(row.code, pick(row.names)) for row in rows if row.desk_order is not None]
    far = sorted(
        ((row.code, pick(row.names)) for row in rows if row.desk_order is None), key=lambda row: name_key(row[1])
    )
    return [("", str(_("Not asked"))), *near, *far]


class PersonForm(BaseForm):
    """Who a person is, as far as the person says. Only the name is needed."""

    name = forms.CharField(
        label=_("Name or alias"),
        max_length=80,
        help_text=_("As the person wishes to be called. A first name or an alias is enough."),
        error_messages={"required": _("Write a name or an alias.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    is_alias = forms.BooleanField(label=_("This is an alias"), required=False)
    contact_kind = forms.ChoiceField(
        label=_("How to reach"), choices=ContactPoint.Kind.choices, required=False, initial=ContactPoint.Kind.PHONE
    )
    contact_value = forms.CharField(
        label=_("Number or address"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    municipality = forms.ChoiceField(label=_("Home municipality"), required=False)
    year_of_birth = forms.CharField(
        label=_("Year of birth"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_non_disclosure = forms.BooleanField(
        label=_("Non-disclosure for personal safety (turvakielto)"),
        required=False,
        help_text=_("Hides the municipality and the contact detail everywhere."),
    )

    def __init__(self, *args: Any, area: str = "", year: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.offer("language", language_choices())
        self.offer("municipality", municipality_choices(area, unknown=_("Not asked")))

    def clean_name(self) -> str:
        """Spaces in a row count as one."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_year_of_birth(self) -> int | None:
        """Four digits of a living person."""
        text = str(self.cleaned_data["year_of_birth"]).strip()
        if not text:
            return None
        if not re.fullmatch(r"\d{4}", text) or not self.year - _OLDEST <= int(text) <= self.year - _YOUNGEST:
            raise ValidationError(_("Write the year of birth in four digits, for example 1985."))
        return int(text)

    def clean(self) -> dict[str, Any]:
        """A number has digits, an e-mail address has its sign; the kind alone says nothing."""
        data = super().clean() or self.cleaned_data
        kind, value = data.get("contact_kind"), str(data.get("contact_value", "")).strip()
        if not value:
            return data
        if kind in {ContactPoint.Kind.PHONE, ContactPoint.Kind.SMS}:
            if len(re.sub(r"\D", "", value)) < 5 or re.search(r"[^\d\s()+\-]", value):
                self.add_error("contact_value", _("Write the telephone number in digits, for example 040 123 4567."))
        elif kind == ContactPoint.Kind.EMAIL:
            try:
                EmailValidator()(value)
            except ValidationError:
                self.add_error("contact_value", _("Write the e-mail address in full, for example aino@posti.example."))
        return data

    def person(self) -> Person:
        """What was told, as the action takes it."""
        data = self.cleaned_data
        code = data["municipality"]
        return Person(
            name=data["name"],
            is_alias=data["is_alias"],
            contact_kind=data["contact_kind"] if data["contact_value"] else "",
            contact_value=data["contact_value"],
            language=data["language"],
            municipality=Municipality.objects.get(pk=code) if code else None,
            year_of_birth=data["year_of_birth"],
            is_non_disclosure=data["is_non_disclosure"],
        )


class RecordForm(PersonForm):
    """A new person: nothing is kept without the consent to be recorded, said here or on the tablet."""

    how = forms.ChoiceField(
        label=_("How is the consent given"),
        choices=Consent.How.choices,
        initial=Consent.How.WORDS,
        help_text=_("On the tablet: you get six digits, and the person reads and answers alone."),
    )
    may_record = forms.BooleanField(
        label=_("The person agrees to be recorded"),
        error_messages={
            "required": _("Without the consent the person is not recorded. The visit can go on all the same.")
        },
    )
    may_contact = forms.BooleanField(label=_("The person also agrees to be contacted"), required=False)
    read_in = forms.ChoiceField(label=_("In which language was the text read"), choices=READ_IN, initial="fi")
    for_a_month = forms.BooleanField(
        label=_("For a month only"),
        required=False,
        help_text=_("After the month all of it is erased, unless the person agrees to a month more."),
    )
    handover = forms.UUIDField(required=False, widget=forms.HiddenInput)
    is_another = forms.BooleanField(required=False, widget=forms.HiddenInput)
    # The visit in which the person is being recorded, if it is in one: it becomes theirs.
    visit = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("how") == Consent.How.TABLET:
            self.fields["may_record"].required = False

    def clean(self) -> dict[str, Any]:
        """The tablet asks for the lasting consent only."""
        data = super().clean()
        if data.get("for_a_month") and data.get("how") == Consent.How.TABLET:
            self.add_error("for_a_month", _("Ask for a month's consent on paper or in words."))
        return data

    @property
    def asks_on_tablet(self) -> bool:
        """Whether the person is still to answer on the hand-over tablet."""
        return bool(self.cleaned_data["how"] == Consent.How.TABLET and not self.cleaned_data["handover"])

    def carried(self) -> list[Any]:
        """What was typed about the person, as fields that nobody sees: it waits on the page for the answer."""
        return [field for field in self if field.name != "handover"]

    @property
    def in_visit(self) -> str:
        """The visit in which the person is being recorded, as it was typed."""
        return str(self["visit"].value() or "")

    def facts(self) -> Facts:
        """What has been typed so far, for comparing with those on file; half a word or a wrong year is left out."""
        typed = {name: str(self.data.get(name, "")).strip() for name in _COMPARED}
        year = typed["year_of_birth"]
        return Facts(
            name=typed["name"][:80],
            is_alias=bool(self.data.get("is_alias")),
            reached=contact_key(typed["contact_kind"], typed["contact_value"][:120]),
            year_of_birth=int(year) if re.fullmatch(r"(19|20)\d\d", year) else None,
            language=typed["language"],
            municipality=typed["municipality"],
        )

    def given(self, *, at: datetime) -> Given:
        """How the yes was given."""
        how, language = self.cleaned_data["how"], self.cleaned_data["read_in"]
        return Given.for_a_month(how, language, at=at) if self.cleaned_data["for_a_month"] else Given(how, language)


class ChangeForm(PersonForm):
    """What changed about a person; the version tells whether a colleague was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def now_at(self, version: int) -> None:
        """Let the next sending through: the reader has been shown what the colleague saved."""
        self.data = {**self.data.dict(), "version": str(version)}  # type: ignore[attr-defined]  # a QueryDict

    @staticmethod
    def initial_of(client: Client, contact: ContactPoint | None) -> dict[str, Any]:
        """The form as the person stands now."""
        return {
            "name": client.name,
            "is_alias": client.is_alias,
            "contact_kind": contact.kind if contact else ContactPoint.Kind.PHONE,
            "contact_value": contact.value if contact else "",
            "language": client.language,
            "municipality": client.municipality_id or "",
            "year_of_birth": client.year_of_birth or "",
            "is_non_disclosure": client.is_non_disclosure,
            "version": client.version,
        }
