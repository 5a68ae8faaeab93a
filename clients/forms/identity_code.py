"""A personal identity code, checked by its last sign; and why one is looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as CodeFault
from stdnum.fi import hetu

from clients.models import IdentityCode
from tyoparkki.forms import BaseForm


class IdentityCodeForm(BaseForm):
    """The code as the person tells it."""

    code = forms.CharField(
        label=_("Personal identity code"),
        max_length=20,
        help_text=_("Six digits, a sign, three digits and a last sign."),
        error_messages={"required": _("Write the identity code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """In its usual form; the sign between is a part of it. Codes from 900 on are given to nobody for good."""
        try:
            return str(hetu.validate(str(self.cleaned_data["code"]), allow_temporary=True))
        except InvalidChecksum as fault:
            raise ValidationError(
                _("The last sign does not fit the others. Compare the code with the person's card and mend it.")
            ) from fault
        except CodeFault as fault:
            raise ValidationError(
                _("This is not an identity code yet: six digits of the birthday, a sign, three digits and a last sign.")
            ) from fault


class ReasonForm(BaseForm):
    """Why the code is looked at."""

    reason = forms.ChoiceField(
        label=_("Why do you need it"),
        choices=IdentityCode.Reason.choices,
        initial=IdentityCode.Reason.IDENTIFY,
        error_messages={
            "required": _("Choose why you need the code."),
            "invalid_choice": _("Choose why you need the code."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="tunnus_%s", **kwargs)
