"""To whom the responsibility for a person is offered, and why something is declined or ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
        self.colleagues = {str(one.pk): one for one in sorted(colleagues, key=lambda one: name_key(one.user.name))}
        rows = [(key, f"{one.user.name}, {one.organisation.name}") for key, one in self.colleagues.items()]
        self.offer("colleague", [("", str(_("Choose"))), *rows])

    def clean_colleague(self) -> Membership:
        """The membership itself."""
        return self.colleagues[self.cleaned_data["colleague"]]


class ReasonForm(BaseForm):
    """Why something is declined or ended: needed, in a few words."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("At most 200 characters. The team sees it."),
        error_messages={"required": _("Write the reason in a few words.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
