"""How a person said yes, to whom, and to what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.actions.consent import Given
from clients.models import Consent
from team.models import Organisation, ServicePoint
from tyoparkki.forms import BaseForm

READ_IN = [
    ("fi", _("Finnish")),
    ("fi-selko", _("Easy Finnish")),
    ("sv", _("Swedish")),
    ("en", _("English")),
]


class ConsentForm(BaseForm):
    """A yes: how it was given and in which language the words were read."""

    how = forms.ChoiceField(
        label=_("How was the consent given"),
        choices=Consent.How.choices,
        initial=Consent.How.WORDS,
        help_text=_("On the tablet: you get six digits, and the person reads and answers alone."),
    )
    read_in = forms.ChoiceField(label=_("In which language was the text read"), choices=READ_IN, initial="fi")
    expires_on = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until the person withdraws it."),
    )

    @property
    def on_tablet(self) -> bool:
        """Whether the person answers on the hand-over tablet."""
        return bool(self.cleaned_data["how"] == Consent.How.TABLET)

    def given(self) -> Given:
        """How the yes was given."""
        data = self.cleaned_data
        return Given(data["how"], data["read_in"], data["expires_on"])


class ShareForm(ConsentForm):
    """A yes to tell a named organisation, or the team of another service point, chosen things."""

    organisation = forms.ModelChoiceField(
        label=_("To which organisation"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose"),
        required=False,
    )
    team = forms.ModelChoiceField(
        label=_("Or to the team of which service point"),
        queryset=ServicePoint.objects.none(),
        empty_label=_("No team"),
        required=False,
        help_text=_("Seen by whoever works there that day, and by whoever answers for people there."),
    )
    contents = forms.MultipleChoiceField(
        label=_("What may be told"),
        choices=Consent.Content.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the organisation may be told.")},
    )

    field_order = ("organisation", "team", "contents", "how", "read_in", "expires_on")

    def __init__(self, *args: Any, own: Any = None, here: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = ServicePoint.objects.filter(is_active=True).exclude(pk=here).order_by("slug")
        self.offer_rows("team", teams)
        others = Organisation.objects.filter(is_active=True).exclude(pk=own).order_by("short_name", "pk")
        self.offer_rows("organisation", others)

    def clean(self) -> dict[str, Any]:
        """One recipient; the tablet asks for an organisation only."""
        data = super().clean() or self.cleaned_data
        organisation, team = data.get("organisation"), data.get("team")
        if organisation is None and team is None:
            self.add_error("organisation", _("Choose the organisation or the team."))
        if organisation is not None and team is not None:
            self.add_error("team", _("Choose either an organisation or the team of a service point."))
        if team is not None and data.get("how") == Consent.How.TABLET:
            self.add_error("how", _("Ask for this one on paper or in words: the tablet asks for an organisation."))
        return data
