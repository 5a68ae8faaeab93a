"""The one place that answers a refusal which no view has answered itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from tyoparkki import submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import wants_part

NOT_TYPED = frozenset({submission.FIELD, "csrfmiddlewaretoken"})


class RefusalMiddleware:
    """An expected refusal is a sentence with its own status, never a fault; what was typed is not lost.

    By now the request's transaction is rolled back, so nothing is half done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refusals come by the exception, not here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The sentence for a part of a page, for a program, for a lone press, for a form."""
        if not isinstance(exception, Refused):
            return None
        text, status = str(exception), exception.status
        if wants_part(request):  # nothing is swapped: the form stays as it is, and the sentence comes beside it
            said = {"toast": toast.Toast(text), "oob": True}
            response = render(request, "components/toast.html", said, status=status)
            response.headers["HX-Reswap"] = "none"
            return response
        if request.content_type == "application/json":
            return JsonResponse({"error": text}, status=status)
        back, posted = _came_from(request), _typed(request)
        if back and not posted and status == Refused.status:  # somebody was quicker: the page shows how things are now
            toast.say(request, text)
            return HttpResponseRedirect(back, status=303)
        shown = {"sentence": text, "posted": posted, "back": back or "/"}
        return render(request, "refused.html", shown, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page on which it was pressed, if it is one of ours."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else ""


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form held; a password is not shown again."""
    names = [name for name in request.POST if name not in NOT_TYPED and "password" not in name]
    return [(name, value) for name in names for value in request.POST.getlist(name)]
