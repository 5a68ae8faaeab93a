"""One short sentence after a press, carried over the redirect in the session, perhaps with an undo."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Toast:
    """What was done, and where it is undone."""

    text: str
    undo_url: str = ""
    target: str = ""


def say(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Say it on the next page that is shown."""
    messages.info(request, text, extra_tags=undo_url)


def said(request: HttpRequest) -> Toast | None:
    """The latest sentence that waits to be shown; reading takes it away."""
    waiting = list(messages.get_messages(request))
    return Toast(str(waiting[-1].message), waiting[-1].extra_tags or "") if waiting else None
