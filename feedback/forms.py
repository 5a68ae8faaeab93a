"""What visitors are told that their feedback led to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import SaidAndDone
from tyoparkki.forms import EditForm
from tyoparkki.texts import LANGUAGES

LONGEST = 160
_PARTS = {"said": _("You said"), "done": _("We did"), "followed": _("What followed")}
_LANGUAGES = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}


def _text(part: str, language: str) -> forms.CharField:
    return forms.CharField(
        label=_PARTS[part],
        max_length=LONGEST,
        required=language == "fi" and part == "said",
        widget=forms.Textarea(attrs={"rows": 2, "lang": language, "maxlength": LONGEST}),
        error_messages={"required": _("Write what visitors said, in one sentence.")},
    )


class SaidAndDoneForm(EditForm):
    """What was said and what was done, in three languages; Finnish is needed."""

    on = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day."),
            "invalid": _("Write the day in the form 25.11.2026."),
        },
    )
    is_public = forms.BooleanField(label=_("Shown on the tablet's last screen"), required=False, initial=True)
    said_fi, done_fi, followed_fi = (_text(part, "fi") for part in _PARTS)
    said_sv, done_sv, followed_sv = (_text(part, "sv") for part in _PARTS)
    said_en, done_en, followed_en = (_text(part, "en") for part in _PARTS)

    def texts(self, part: str) -> dict[str, str]:
        """One part by language, without the empty ones."""
        found = {language: self.cleaned_data[f"{part}_{language}"].strip() for language in LANGUAGES}
        return {language: text for language, text in found.items() if text}

    def values(self) -> dict[str, Any]:
        """What the action asks for."""
        return {
            **{part: self.texts(part) for part in _PARTS},
            "on": self.cleaned_data["on"],
            "is_public": self.cleaned_data["is_public"],
        }

    def by_language(self) -> list[tuple[str, Any, list[Any]]]:
        """The fields of each language together, for the page."""
        return [
            (language, _LANGUAGES[language], [self[f"{part}_{language}"] for part in _PARTS]) for language in LANGUAGES
        ]

    @classmethod
    def initial_of(cls, row: SaidAndDone) -> dict[str, Any]:
        """The form filled from what is told now."""
        found: dict[str, Any] = {"on": row.on, "is_public": row.is_public}
        for part in _PARTS:
            for language in LANGUAGES:
                found[f"{part}_{language}"] = getattr(row, part).get(language, "")
        return found
