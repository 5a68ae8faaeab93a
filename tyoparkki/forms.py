"""The look and manner of every form: labels above, kind errors beside the field and in a summary, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NumberFault
from stdnum.fi import ytunnus

from tyoparkki.errors import Refused
from tyoparkki.models import Municipality
from tyoparkki.names import name_key


def municipality_choices(area: str, *, unknown: object) -> list[tuple[str, Any]]:
    """Municipalities in the reader's language, each group in Finnish order: those of the employment area first."""
    rows = [(row.code, str(row), row.employment_area) for row in Municipality.objects.order_by("code")]
    rows.sort(key=lambda row: name_key(row[1]))
    near = [(code, name) for code, name, where in rows if where == area]
    far = [(code, name) for code, name, where in rows if where != area]
    return [("", str(unknown)), (str(_("This employment area")), near), (str(_("Other municipalities")), far)]


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
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Fill this in.")
        self._say_what_is_required()

    def offer(self, name: str, choices: Any) -> None:
        """What a field of choices offers this time."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def offer_rows(self, name: str, rows: QuerySet[Any]) -> None:
        """The rows among which a field lets one choose this time."""
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def _say_what_is_required(self) -> None:
        """Say it in words, and only where the form asks for other things too."""
        asked = [field for field in self.fields.values() if not field.widget.is_hidden]
        if all(field.required for field in asked):
            return
        for name, field in self.fields.items():
            answered = self.get_initial_for_field(field, name) not in field.empty_values
            if field in asked and field.required and field.label and not answered:
                field.label = RequiredLabel(field.label)  # type: ignore[assignment]  # shown by str(), as lazy texts are


class ChangedMeanwhile(Refused):
    """A colleague saved the same while this form was open."""

    message = _("A colleague changed these details while you were writing. Check them and save again.")


class EditForm(BaseForm):
    """A form on what may be there already: it carries a mark of what it was opened on.

    The action that saves it asks `unchanged` of the row it has locked, so that nobody's work is overwritten unseen.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row is not None:
            state = self.initial_of(row)
            kwargs["initial"] = {**state, "seen": _mark(state)}
        # What a colleague saved meanwhile, as pairs of a label and words; filled when a save is refused.
        self.newer: list[tuple[str, str]] = []
        super().__init__(*args, **kwargs)

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """The form as the row stands now."""
        raise NotImplementedError

    def unchanged(self, row: Any) -> None:
        """Refuse when the row is no longer what the form was opened on; the next sending is let through."""
        now = self.initial_of(row)
        seen = self.cleaned_data["seen"]
        if not seen or seen == _mark(now):
            return
        self.newer = [
            (str(field.label), _in_words(field, now[name]))
            for name, field in self.fields.items()
            if name in now and field.has_changed(now[name], self[name].data)
        ]
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["seen"] = _mark(now)
        self.data = sent
        raise ChangedMeanwhile


def _mark(state: Mapping[str, Any]) -> str:
    text = json.dumps(state, sort_keys=True, default=str)
    return salted_hmac("tyoparkki.forms.seen", text, algorithm="sha256").hexdigest()


def _in_words(field: forms.Field, value: Any) -> str:
    """A field's value as a reader would say it."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    choices = getattr(field, "choices", None)
    if choices is None:
        return str(field.prepare_value(value) if value is not None else "") or "–"
    chosen = {str(one) for one in (value if isinstance(value, list | tuple) else [value])}
    return ", ".join(strip_tags(str(label)).strip() for code, label in choices if str(code) in chosen) or "–"


class RequiredLabel:
    """A label that ends in "(required)"; its own words alone are wanted where an error names the field."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __str__(self) -> str:
        word = _("required")
        return f"{self.plain} ({word})"


class BusinessIdField(forms.CharField):
    """A Finnish business id whose check digit is right, in its usual form; may be left empty."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "label": _("Business ID"),
            "max_length": 12,
            "required": False,
            "help_text": _("For example 0146921-4. May be left empty."),
            "widget": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }
        super().__init__(**{**defaults, **kwargs})

    def clean(self, value: Any) -> str:
        """Seven digits, a hyphen and the digit that fits them."""
        typed = str(super().clean(value)).strip()
        if not typed:
            return ""
        try:
            number = str(ytunnus.validate(typed))
        except InvalidChecksum as fault:
            raise ValidationError(
                _("The last digit does not fit the others. Compare the number with the source and mend it.")
            ) from fault
        except NumberFault as fault:
            raise ValidationError(
                _("A business ID has seven digits, a hyphen and a check digit, for example 0146921-4.")
            ) from fault
        return f"{number[:7]}-{number[7:]}"
