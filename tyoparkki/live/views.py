"""The one view of the live channel: a new pass for a page whose pass has run out."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tyoparkki import access
from tyoparkki.live.passes import allowed, grant, subject_of


@never_cache
@require_POST
@access.public("The topics of a page are decided one by one; whoever may see none of them gets no pass.")
def live_pass(request: HttpRequest) -> HttpResponse:
    """Renew the live channel of a page: it names its topics (`topic`, repeated), the server decides on each."""
    by, topics = allowed(request, request.POST.getlist("topic"))
    if by is None:
        return HttpResponse(status=401)
    return grant(HttpResponse(status=204), subject=subject_of(by), topics=topics)
