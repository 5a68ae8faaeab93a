"""What came of it, since when, and how it is known."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.models import Outcome, OutcomeType
from tyoparkki.forms import BaseForm
from tyoparkki.texts import pick


class OutcomeForm(BaseForm):
    """One outcome; the day may be an earlier one, never a later one."""

    kind = forms.ChoiceField(
        label=_("What came of it"),
        error_messages={"required": _("Choose what came of it."), "invalid_choice": _("Choose what came of it.")},
    )
    since_on = forms.DateField(label=_("Since when"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    known = forms.ChoiceField(label=_("How is it known"), choices=Outcome.Known.choices, initial=Outcome.Known.TOLD)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, auto_id="tulos_%s", initial={"since_on": today}, **kwargs)
        self.kinds = {row.code: row for row in OutcomeType.objects.in_use()}
        self.offer("kind", [("", str(_("Choose"))), *((code, pick(row.names)) for code, row in self.kinds.items())])

    def clean_kind(self) -> OutcomeType:
        """The kind itself."""
        return self.kinds[self.cleaned_data["kind"]]

    def clean_since_on(self) -> date:
        """Not a day to come."""
        return _past(self.cleaned_data["since_on"], self.today)


class EndForm(BaseForm):
    """When an outcome ended."""

    ended_on = forms.DateField(
        label=_("On which day did it end"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, outcome: Outcome, **kwargs: Any) -> None:
        self.today, self.outcome = today, outcome
        super().__init__(*args, auto_id=f"loppu_{outcome.pk}_%s", initial={"ended_on": today}, **kwargs)

    def clean_ended_on(self) -> date:
        """Between its beginning and today."""
        on = _past(self.cleaned_data["ended_on"], self.today)
        if on < self.outcome.since_on:
            raise ValidationError(_("It cannot have ended before it began."))
        return on


def _past(on: date, today: date) -> date:
    if on > today:
        raise ValidationError(_("The day is in the future. Choose today or an earlier day."))
    return on
