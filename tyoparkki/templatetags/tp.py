"""Tags of every template: icons, times the Finnish way, texts by language, the hidden key of a form."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tyoparkki import clock, submission, texts
from tyoparkki.names import initials

register = template.Library()


_BUILT = Path(settings.BASE_DIR) / "static" / "dist"


@cache
def _drawings() -> dict[str, str]:
    """Every icon by its name, from the build of the pages' files."""
    path = _BUILT / "icons.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@cache
def _together() -> frozenset[str]:
    """The icons that stand in the one file which a browser fetches once."""
    path = _BUILT / "icons.svg"
    return (
        frozenset(re.findall(r'<symbol id="([^"]+)"', path.read_text(encoding="utf-8")))
        if path.is_file()
        else frozenset()
    )


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A drawing, decoration only: the word beside it says the same. Those of our own pages are fetched once for all."""
    return _drawn(name, extra)


@cache
def _drawn(name: str, extra: str) -> SafeString:
    if name in _together():
        return format_html(
            '<svg class="i {}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, static("icons.svg"), name
        )
    drawing = SafeString(_drawings().get(name, ""))  # our own build, from a pinned package
    return format_html('<svg class="i {}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', extra, drawing)


@register.simple_tag(takes_context=True)
def submission_key(context: template.Context, key: uuid.UUID | str | None = None) -> SafeString:
    """The hidden key by which a second press of the same form has no second effect; a kept draft keeps its own.

    The keys of one answer are numbered from a random one: each is its own, and together they weigh little on the way.
    """
    return format_html(
        '<input type="hidden" name="{}" value="{}">', submission.FIELD, key or _next_key(context.get("request"))
    )


def _next_key(request: Any) -> uuid.UUID:
    if request is None:
        return uuid.uuid4()
    if not hasattr(request, "submission_keys"):
        request.submission_keys = count(uuid.uuid4().int)
    return uuid.UUID(int=next(request.submission_keys) % 2**128)


@register.simple_tag(takes_context=True)
def current(context: template.Context, *prefixes: str) -> SafeString:
    """`aria-current` on the link of the page, or of the part of the house, one is in."""
    request = context.get("request")
    path = request.path if request else ""
    here = any(path == prefix or (prefix != "/" and path.startswith(prefix)) for prefix in prefixes)
    return SafeString('aria-current="page"') if here else SafeString("")


@register.filter
def in_language(value: Mapping[str, str] | None, language: str | None = None) -> str:
    """A text that exists in several languages, in the reader's or in the given one."""
    return texts.pick(value, language)


@register.filter
def spoken_in(value: Mapping[str, str] | None, language: str | None = None) -> str:
    """The language in which `in_language` answered, for `lang`."""
    return texts.spoken(value, language)


@register.filter
def hm(value: datetime | None) -> str:
    """14.36, and 9.05 without a nought before it."""
    return f"{clock.local(value):%-H.%M}" if value else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """ke 18.11. (in the reader's language)"""
    if value is None:
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{formats.date_format(on, 'D').lower()} {on.day}.{on.month}."


@register.filter
def long_day(value: date | datetime | None) -> str:
    """18.11.2026"""
    if value is None:
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{on.day}.{on.month}.{on.year}"


@register.filter
def weekday_day(value: date) -> str:
    """Keskiviikko 18.11."""
    return f"{formats.date_format(value, 'l').capitalize()} {value.day}.{value.month}."


@register.filter
def minutes(value: object) -> int:
    """Whole minutes of a duration."""
    return max(0, int(value.total_seconds() // 60)) if hasattr(value, "total_seconds") else int(str(value or 0))


@register.filter
def plain_label(field: BoundField) -> str:
    """The label's own words, without the mark of what is required."""
    return str(getattr(field.label, "plain", field.label))


@register.filter
def anchor(field: BoundField) -> str:
    """The id to which an error's link leads: the field, or the whole group of choices."""
    return field.id_for_label or f"div_{field.auto_id}"


@register.filter
def hours(starts: time, ends: time) -> str:
    """10–18, or 10–14.30"""
    return clock.hours(starts, ends)


register.filter(initials)
