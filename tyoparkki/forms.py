"""The look and manner of every form: labels above, kind errors beside the field and in a summary, nothing lost."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class BaseForm(forms.Form):
    """Validates and never saves."""

    error_css_class = "has-error"
    required_css_class = "is-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = True
        self.use_required_attribute = False
