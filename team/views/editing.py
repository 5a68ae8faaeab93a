"""A page with one form on it: shown, found faulty, saved once, and back to the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from team.access import MemberRequest
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.forms import BaseForm
from tyoparkki.htmx import after


@dataclass(slots=True)
class Page:
    """What stands around the form: its heading, where it leads back to, and what is said when it is saved."""

    title: str
    testid: str
    back: str
    told: str
    lead: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    is_of_a_list: bool = True


def edit(request: MemberRequest, form: BaseForm, act: Callable[[datetime], Any], page: Page) -> HttpResponse:
    """Show the form, or do the one act that it asks for; a refusal stands above the form with all that was typed."""
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    act(at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, page.told)
            return after(request, page.back)
    return render(request, "team/edit.html", {"form": form, "page": page}, status=422 if form.errors else 200)
