"""Why a mark of conflict of interest ends."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tyoparkki.forms import BaseForm


class EndForm(BaseForm):
    """The manager's reason."""

    reason = forms.CharField(
        label=_("Why does the mark end?"),
        max_length=200,
        error_messages={"required": _("Write the reason in a few words.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
