"""The choice of a period on the dashboard, and of why a promise was not kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import BreachCause
from reports.period import BEFORE, DEFAULT, LONGEST, NOTHING, OWN, PREDEFINED, YEAR_AGO, Period, predefined
from tyoparkki.forms import BaseForm

PERIODS = [
    ("paiva", _("Today")),
    ("4vk", _("Last 4 weeks")),
    ("12vk", _("Last 12 weeks")),
    ("26vk", _("Last 26 weeks")),
    ("kk", _("This month")),
    ("ekk", _("Last month")),
    ("vuosi", _("This year")),
    ("evuosi", _("Last year")),
    (OWN, _("Choose the days")),
]
COMPARISONS = [
    (BEFORE, _("Compare: the period before")),
    (YEAR_AGO, _("Compare: a year before")),
    (NOTHING, _("No comparison")),
]


class _Day(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"type": "date"})


class PeriodForm(BaseForm):
    """A predefined period or own days, and a comparison."""

    jakso = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    alkaen = forms.DateField(label=_("From"), required=False, widget=_Day())
    saakka = forms.DateField(label=_("To"), required=False, widget=_Day())
    vertaa = forms.ChoiceField(label=_("Comparison"), choices=COMPARISONS, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        usual = predefined(DEFAULT, today)
        first = {"jakso": DEFAULT, "vertaa": BEFORE, "alkaen": usual.first, "saakka": usual.last}
        super().__init__(*args, initial=first, **kwargs)
        self.today = today
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def clean(self) -> dict[str, Any]:
        """Own days need both ends, in order, and not ten years of them."""
        told = super().clean() or {}
        first, last = told.get("alkaen"), told.get("saakka")
        if told.get("jakso") == OWN and not self.errors:
            if bool(first) != bool(last):
                self.add_error("alkaen" if not first else "saakka", _("Choose both the first and the last day."))
            elif first and last and last < first:
                self.add_error("saakka", _("The last day is before the first. Choose a later one."))
            elif first and last and last - first > LONGEST:
                self.add_error("saakka", _("Choose at most ten years."))
        return told

    @property
    def period(self) -> Period:
        """The chosen period; the usual one while the choice is not clear."""
        told = self.cleaned_data if self.is_bound and self.is_valid() else {}
        if told.get("jakso") == OWN and told.get("alkaen"):
            return Period(told["alkaen"], told["saakka"])
        code = told.get("jakso") or DEFAULT
        return predefined(code if code in PREDEFINED else DEFAULT, self.today)

    @property
    def asks_days(self) -> bool:
        """Whether own days are being chosen: their fields are shown."""
        return self.data.get("jakso") == OWN

    @property
    def compared_with(self) -> str:
        """How the period is compared."""
        told = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return told.get("vertaa") or BEFORE


class CauseForm(BaseForm):
    """Why a promise was not kept: one of the causes."""

    cause = forms.ChoiceField(
        label=_("Why"),
        choices=BreachCause.Cause.choices,
        error_messages={"required": _("Choose why."), "invalid_choice": _("Choose why.")},
    )
