"""Background that is sensitive: recorded while the person agrees to it, taken away, and given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from clients import background as backgrounds
from clients.actions import background as acts
from clients.forms.background import BackgroundForm
from clients.models import Background, Client, Consent
from clients.views.people import not_there, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after, wants_part

Status = Background.Status


@require_http_methods(["GET", "POST"])
@requires(Perm.GUIDE)
def background(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What the person has told of their background, and a form for more of it."""
    at = clock.now()
    person = opened(request, pk, at=at, kind="background", only=_agreed(request, at))
    if person is None:
        return not_there(request)
    form = BackgroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    made = acts.record_background(person, form.told(), by=request.member, at=at)
                    sending.object_id = made[0].pk
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("Recorded."), undo_url=reverse("clients:background_undo", args=[sending.object_id]))
            return after(request, "clients:background", pk)
    rows = Background.objects.visible_to(request.member).standing().of_client(person.pk).for_page()
    context = {"client": person, "form": form, "kinds": backgrounds.by_kind(rows)}
    return render(request, "clients/background.html", context, status=422 if form.errors else 200)


def _agreed(request: MemberRequest, at: datetime) -> Callable[[Client], bool]:
    """Only of people whose file the member's organisation keeps, and who let this team record it just now."""
    member = request.member

    def knows(person: Client) -> bool:
        given = Consent.objects.visible_to(member).of_client(person.pk).in_force(clock.local_date(at))
        return person.is_kept_by(member) and backgrounds.agreed_to(member, given) is not None

    return knows


# What is said of a need or an obstacle after a press.
SAID = {
    Status.OPEN: gettext_lazy("It stands open again."),
    Status.HELPED: gettext_lazy("Noted: it has eased."),
    Status.REMOVED: gettext_lazy("Noted: it is gone."),
}
# The address that moves it there, and that undoes a move from there.
TO = {Status.OPEN: "background_open", Status.HELPED: "background_helped", Status.REMOVED: "background_removed"}


@require_POST
@requires(Perm.GUIDE)
def move(request: MemberRequest, pk: UUID, *, status: str) -> HttpResponse:
    """How a need or an obstacle stands, in one press from the person's page; the same way back."""
    at, member = clock.now(), request.member
    row = get_object_or_404(Background.objects.visible_to(member), pk=pk)
    person = opened(request, row.client_id, at=at, kind="background", only=_agreed(request, at))
    if person is None:
        return not_there(request)
    said, undo_url, code = str(SAID[Status(status)]), reverse(f"clients:{TO[Status(row.status)]}", args=[pk]), 200
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                acts.set_status(row, status, by=member, at=at)
    except Refused as refusal:
        said, undo_url, code = str(refusal), "", refusal.status
    if not wants_part(request):
        toast.say(request, said, undo_url=undo_url)
        return after(request, "clients:client", person.pk)
    rows = Background.objects.visible_to(member).standing().of_client(person.pk).in_order()
    panel = backgrounds.panel(member, person, rows, agreed=True, moved=row.pk)
    shown = {"client": person, "background": panel, "toast": toast.Toast(said, undo_url, "#tausta")}
    response = render(request, "clients/background_answer.html", shown, status=code)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@requires(Perm.GUIDE)
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It is no longer so, or the person does not want it kept."""
    undo = reverse("clients:background_restore", args=[pk])
    return _press(request, pk, _("Taken away."), acts.end_background, undo_url=undo)


@require_POST
@requires(Perm.GUIDE)
def restore(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo of taking away."""
    return _press(request, pk, _("It stands there again."), acts.restore_background)


@require_POST
@requires(Perm.GUIDE)
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Undo of recording: all that one press recorded."""
    return _press(request, pk, _("Taken back."), acts.take_back)


def _press(
    request: MemberRequest, pk: UUID, said: str, act: Callable[..., object], *, undo_url: str = ""
) -> HttpResponse:
    """The act once; who came too late hears why."""
    at = clock.now()
    row = get_object_or_404(Background.objects.visible_to(request.member), pk=pk)
    if opened(request, row.client_id, at=at, kind="background", only=_agreed(request, at)) is None:
        return not_there(request)
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                act(row, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, said, undo_url=undo_url)
    return after(request, "clients:background", row.client_id)
