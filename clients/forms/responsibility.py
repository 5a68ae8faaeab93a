"""To whom the responsibility for a person is offered, and why something is declined or ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Responsibility
from team.models import Membership
from tyoparkki.forms import BaseForm
from tyoparkki.names import name_key


class OfferForm(BaseForm):
    """To whom of the team the responsibility is offered, with a word for the receiver."""

    colleague = forms.ChoiceField(
        label=_("To whom"),
        error_messages={"required": _("Choose the colleague."), "invalid_choice": _("Choose the colleague.")},
    )
    reason = forms.CharField(
        label=_("A word to the colleague"),
        max_length=200,
        required=False,
        help_text=_("At most 200 characters. The team sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="offer_%s", **kwargs)
        self.colleagues = _by_key(colleagues)
        self.offer("colleague", _told(self.colleagues))

    def clean_colleague(self) -> Membership:
        """The membership itself."""
        return self.colleagues[self.cleaned_data["colleague"]]


class CompanionForm(BaseForm):
    """Who walks beside the person."""

    companion = forms.ChoiceField(
        label=_("Companion"),
        error_messages={"required": _("Choose the colleague."), "invalid_choice": _("Choose the colleague.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="companion_%s", **kwargs)
        self.colleagues = _by_key(colleagues)
        self.offer("companion", _told(self.colleagues))

    def clean_companion(self) -> Membership:
        """The membership itself."""
        return self.colleagues[self.cleaned_data["companion"]]


class LeaveForm(BaseForm):
    """Who acts while one is away, from which day to which."""

    to = forms.ChoiceField(
        label=_("Who acts for you"),
        error_messages={"required": _("Choose the colleague."), "invalid_choice": _("Choose the colleague.")},
    )
    from_on = forms.DateField(
        label=_("First day away"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until_on = forms.DateField(
        label=_("Last day away"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="leave_%s", **kwargs)
        self.today = today
        self.colleagues = _by_key(colleagues)
        self.offer("to", _told(self.colleagues))

    def clean_to(self) -> Membership:
        """The membership itself."""
        return self.colleagues[self.cleaned_data["to"]]

    def clean(self) -> dict[str, Any]:
        """A leave ends after it begins, and not before today."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("from_on"), data.get("until_on")
        if last and (last < self.today or (first and last < first)):
            self.add_error("until_on", _("The last day is the first day or later, and not past."))
        return data


def _by_key(colleagues: Iterable[Membership]) -> dict[str, Membership]:
    return {str(one.pk): one for one in sorted(colleagues, key=lambda one: name_key(one.user.name))}


def _told(colleagues: dict[str, Membership]) -> list[tuple[str, str]]:
    rows = [(key, f"{one.user.name}, {one.organisation.name}") for key, one in colleagues.items()]
    return [("", str(_("Choose"))), *rows]


class ReasonForm(BaseForm):
    """Why something is declined or ended: needed, in a few words."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("At most 200 characters. The team sees it."),
        error_messages={"required": _("Write the reason in a few words.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReleaseForm(BaseForm):
    """How guidance ends here; in words too, where no other reason fits."""

    ending = forms.ChoiceField(
        label=_("How does it end here"),
        choices=[("", _("Choose")), *Responsibility.Ending.choices],
        error_messages={"required": _("Choose how it ends here.")},
    )
    reason = forms.CharField(
        label=_("In a few words"),
        max_length=200,
        required=False,
        help_text=_("Where the person goes on, or what else. At most 200 characters. The team sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Something else is something in words."""
        data = super().clean() or self.cleaned_data
        if data.get("ending") == Responsibility.Ending.OTHER and not data.get("reason"):
            self.add_error("reason", _("Write the reason in a few words."))
        return data
