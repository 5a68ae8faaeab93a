"""A living specimen of every component and state: in demonstrations and tests only, without any data."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from tyoparkki import clock
from tyoparkki.access import public
from tyoparkki.failure import server_error
from tyoparkki.forms import BaseForm
from tyoparkki.htmx import render_part
from tyoparkki.toast import Toast

_PAGE = "styleguide/page.html"
_WHY = "A specimen without data; it exists only in demonstrations and tests."


class SpecimenForm(BaseForm):
    """A step with a day, to show a form and its errors."""

    what = forms.CharField(label="Mitä", max_length=80, error_messages={"required": "Kirjoita, mitä sovittiin."})
    on = forms.DateField(
        label="Mihin mennessä",
        input_formats=["%d.%m.%Y"],
        error_messages={"invalid": "Kirjoita päivä muodossa 25.11.2026"},
        help_text="Esimerkiksi 25.11.2026",
    )
    note = forms.CharField(label="Huomio", required=False, widget=forms.Textarea(attrs={"rows": 2}))


def _only_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEMO or settings.DEBUG or settings.TESTING):
            raise Http404
        return view(request, *args, **kwargs)

    return shown


@require_GET
@public(_WHY)
@_only_here
def page(request: HttpRequest) -> HttpResponse:
    """All components, or the one panel that renews itself."""
    at = clock.now()
    waits = [(5, "short"), (17, "long"), (23, "over")]
    context = {
        "form": SpecimenForm(),
        "now": at,
        "waits": [(n, level, at - timedelta(minutes=n, seconds=20)) for n, level in waits],
        "topic": request.GET.get("topic", ""),
        "oob": False,
    }
    return render_part(request, _PAGE, "live", context)


@require_GET
@public(_WHY)
@_only_here
def faces(request: HttpRequest) -> HttpResponse:
    """The tablet's five faces."""
    labels = ("En yhtään", "Vähän", "Osittain", "Melko hyvin", "Todella hyvin")
    return render(request, "styleguide/faces.html", {"faces": list(enumerate(labels, 1))})


@require_GET
@public(_WHY)
@_only_here
def fault(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours, without a fault."""
    return server_error(request)


@require_POST
@public(_WHY)
@_only_here
def press(request: HttpRequest, what: str) -> HttpResponse:
    """One press that ends as its name says: well, slowly, refused, conflicting, or in a fault of ours."""
    if what == "hidas":
        time.sleep(1)
    if what == "vika":
        return HttpResponse(status=500)
    if what == "istunto":
        return HttpResponse(status=401)
    if what == "tallenna":
        return _save(request)
    form = SpecimenForm(request.POST)
    if what == "lomake" and not form.is_valid():
        return render_part(request, _PAGE, "form", {"form": form, "oob": False}, status=422)
    toast = Toast("A34 kirjattu, alan vaihto", undo_url="/tyylit/koe/ok/", target="#pressed")
    context = {"form": SpecimenForm(), "toast": toast, "oob": True, "now": clock.now()}
    return render_part(request, _PAGE, "form" if what == "lomake" else "pressed", context)


def _save(request: HttpRequest) -> HttpResponse:
    """The autosave: a text with "ristiriita" in it meets somebody else's."""
    conflict = "ristiriita" in request.POST.get("text", "")
    context = {"conflict": conflict, "now": clock.now(), "mine": request.POST.get("text", "")}
    return render_part(request, _PAGE, "saved", context, status=409 if conflict else 200)
