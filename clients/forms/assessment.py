"""An instrument as a form: one row of choices an area, in the language that the person reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.actions.assessment import NotAgreed
from clients.forms.consent import READ_IN
from clients.models import InstrumentVersion
from clients.models.instrument import words_in
from tyoparkki import clock
from tyoparkki.forms import BaseForm

PREFIX = "area-"


class AssessmentForm(BaseForm):
    """What the person answers, area by area; any of them may be left out, all of them may not."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.ChoiceField(widget=forms.HiddenInput)
    filled_on = forms.DateField(
        label=_("When was it filled in"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    is_agreed = forms.BooleanField(
        label=_("The person agrees that these answers are kept, and knows who sees them"),
        required=False,
        error_messages={"required": NotAgreed.message},
    )

    def __init__(
        self,
        *args: Any,
        asked: InstrumentVersion,
        language: str,
        today: date,
        typed: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.asked, self.today = asked, today
        initial = {"filled_on": today, **(typed or {}), "version": asked.number, "language": language}
        super().__init__(*args, auto_id="arvio_%s", initial=initial, **kwargs)
        self.offer("language", [(code, code) for code in asked.languages])
        if not asked.instrument.is_sensitive:
            del self.fields["is_agreed"]
        else:
            self.fields["is_agreed"].required = True
        for place, area in enumerate(asked.items):
            choices = [(str(value), _answer(area.answers, value, language)) for value in asked.instrument.scale]
            self.fields[f"{PREFIX}{place}"] = forms.TypedChoiceField(
                label=words_in(area.texts, language),
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose a value on the scale.")},
            )

    @property
    def rows(self) -> list[Any]:
        """The areas, each as a bound field of choices."""
        return [self[f"{PREFIX}{place}"] for place in range(len(self.asked.areas))]

    def clean_filled_on(self) -> date:
        """Not a day to come."""
        on: date = self.cleaned_data["filled_on"]
        if on > self.today:
            raise ValidationError(_("The day is in the future. Choose the day when it was filled in."))
        return on

    def clean(self) -> dict[str, Any]:
        """At least one answer."""
        data = super().clean() or self.cleaned_data
        answered = any(data.get(f"{PREFIX}{place}") is not None for place in range(len(self.asked.areas)))
        broken = any(name.startswith(PREFIX) for name in self.errors)
        if not answered and not broken:
            raise ValidationError(_("Answer at least one of the areas."))
        return data

    def scores(self) -> dict[str, int]:
        """The answers by area."""
        said = {key: self.cleaned_data.get(f"{PREFIX}{place}") for place, key in enumerate(self.asked.keys)}
        return {key: value for key, value in said.items() if value is not None}

    def filled_at(self, at: datetime) -> datetime:
        """Now, or noon of an earlier day: the hour of that day is not asked."""
        on = self.cleaned_data["filled_on"]
        return at if on == self.today else datetime.combine(on, time(12), tzinfo=clock.HELSINKI)


def _answer(answers: Any, value: int, language: str) -> str:
    words = words_in(answers.get(str(value)), language)
    return f"{value} – {words}" if words else str(value)


class HandForm(BaseForm):
    """In which language the person reads, on the tablet or by a link."""

    read_in = forms.ChoiceField(label=_("In which language does the person read"))

    def __init__(self, *args: Any, asked: InstrumentVersion, auto_id: str = "tabletti_%s", **kwargs: Any) -> None:
        super().__init__(*args, auto_id=auto_id, **kwargs)
        names = dict(READ_IN)
        self.offer("read_in", [(code, names.get(code, code)) for code in asked.languages])
