"""Texts that exist in several languages: one JSON column `{language: text}` with a fallback order."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import get_language

LANGUAGES = ("fi", "sv", "en")


def pick(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """The text in the asked language, or else in Finnish, Swedish, English, or whatever there is."""
    if not texts:
        return ""
    wanted = (language or get_language() or "fi").split("-")[0]
    for code in (wanted, *LANGUAGES):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


def spoken(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """The language in which `pick` answered: the value of `lang` on the element."""
    text = pick(texts, language)
    wanted = (language or get_language() or "fi").split("-")[0]
    if texts and texts.get(wanted) == text:
        return wanted
    return next((code for code, value in (texts or {}).items() if value == text), wanted)


class TextsField(models.JSONField):
    """`{"fi": "Työnhaku", "sv": "…", "en": "…"}`."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through unchanged
