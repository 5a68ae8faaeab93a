"""What is typed about services: a search with its choices, a note for colleagues."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.filters import Filters
from services.needs import NEEDS
from team.models import Organisation
from tyoparkki.forms import BaseForm

LONGEST_QUESTION = 120


class FilterForm(forms.Form):
    """The question and the choices, as they stand in the address; what is unknown in it is left out."""

    q = forms.CharField(required=False)
    need = forms.MultipleChoiceField(required=False, choices=[(need.code, need.name) for need in NEEDS])
    provider = forms.MultipleChoiceField(required=False, choices=Organisation.Kind.choices)
    practical = forms.MultipleChoiceField(
        required=False, choices=[(code, code) for code in ("free", "other_language", "fresh")]
    )

    def filters(self, today: date) -> Filters:
        """The choices that are known."""
        return Filters(
            today=today,
            text=str(self.data.get("q", ""))[:LONGEST_QUESTION].strip(),
            need=self._known("need"),
            provider=self._known("provider"),
            practical=self._known("practical"),
        )

    def _known(self, name: str) -> frozenset[str]:
        field: Any = self.fields[name]
        asked = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        return frozenset(asked) & {code for code, _name in field.choices}


class NoteForm(BaseForm):
    """What colleagues need to know to refer here; visitors never see it."""

    text = forms.CharField(
        label=_("For professionals only"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("How to refer, whom to call, how soon they answer. Nothing about any visitor."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean_seen(self) -> str:
        """Browsers send line ends of their own."""
        return str(self.cleaned_data["seen"]).replace("\r\n", "\n")

    def clean_text(self) -> str:
        """The same here, so that an unchanged text is unchanged."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")
