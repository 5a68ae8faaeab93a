"""Whether an open page about a person may stay open: asked by the page when a consent has changed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from clients.models import Client
from team.access import MemberRequest, requires
from team.permissions import Perm


@require_GET
@requires(Perm.SEE_CLIENTS)
def still_open(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Nothing, while the page shows what may be told; the word to load it anew when more or less may, or nothing.

    It tells nothing of the person, so it is no look at them.
    """
    person = Client.objects.visible_to(request.member).with_openness().filter(pk=pk).first()
    if person is not None and person.openness == request.GET.get("v"):
        return HttpResponse(status=204)
    return HttpResponse(status=204 if person else 404, headers={"HX-Refresh": "true"})
