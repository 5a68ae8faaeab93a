"""What a person tells of their background, and what it is recorded for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients import background_codes
from clients.actions.background import Told
from clients.models import Background
from tyoparkki.forms import BaseForm


class BackgroundForm(BaseForm):
    """A few things at a time: in the person's own words, or from the lists; always with a reason."""

    words = forms.CharField(
        label=_("In the person's own words: what group they feel they belong to"),
        max_length=120,
        required=False,
        help_text=_("Only what the person wants to be known by, for example: newly arrived, over fifty."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    needs = forms.MultipleChoiceField(
        label=Background.Kind.NEED.label, required=False, widget=forms.CheckboxSelectMultiple
    )
    obstacles = forms.MultipleChoiceField(
        label=Background.Kind.OBSTACLE.label, required=False, widget=forms.CheckboxSelectMultiple
    )
    what_for = forms.ChoiceField(
        label=_("What is it needed for"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is needed for. What is needed for nothing is not recorded.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("needs", background_codes.choices(Background.Kind.NEED))
        self.offer("obstacles", background_codes.choices(Background.Kind.OBSTACLE))
        self.offer("what_for", background_codes.choices(background_codes.WHAT_FOR))

    def clean_words(self) -> str:
        """Spaces in a row count as one."""
        return " ".join(str(self.cleaned_data["words"]).split())

    def clean(self) -> dict[str, Any]:
        """Something is told."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.get(name) for name in ("words", "needs", "obstacles")):
            self.add_error("words", _("Write or choose at least one thing."))
        return data

    def told(self) -> Told:
        """What was told, as the action takes it."""
        data = self.cleaned_data
        return Told(data["what_for"], words=data["words"], needs=data["needs"], obstacles=data["obstacles"])
