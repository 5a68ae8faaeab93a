"""Users of a service point: who may sign in, in which roles, until when."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from team import departure
from team.access import MemberRequest, requires
from team.actions import user as users
from team.forms.users import HandOnForm, MembershipForm, NewUserForm, ProfileForm
from team.models import Membership, User
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.errors import Refused
from tyoparkki.htmx import after


@require_GET
@requires(Perm.MANAGE_USERS)
def people(request: MemberRequest) -> HttpResponse:
    """Everybody who acts, has acted or will act at the point."""
    rows = Membership.objects.at_point(request.member.point_id).select_related("user", "organisation")
    rows = rows.order_by("-user__is_active", "user__name", "user_id", "-valid_from", "pk")
    by_user: dict[UUID, list[Membership]] = {}
    for row in rows:
        by_user.setdefault(row.user_id, []).append(row)
    entries = [(memberships[0].user, memberships) for memberships in by_user.values()]
    context = {"entries": entries, "today": clock.local_date(clock.now())}
    return render(request, "team/users.html", context)


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_USERS)
def add(request: MemberRequest) -> HttpResponse:
    """A new colleague; the first password is shown once."""
    at = clock.now()
    form = NewUserForm(request.POST or None, today=clock.local_date(at))
    if request.method == "POST" and form.is_valid():
        data, made = form.cleaned_data, None
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    made = users.add_user(
                        form.profile(),
                        by=request.member,
                        at=at,
                        **{name: data[name] for name in ("username", "organisation", "role", "title", "valid_until")},
                    )
                    sending.object_id = made.user.pk
        except Refused as refusal:
            form.add_error("username", str(refusal))
        else:
            return _password(request, made, sending.object_id)
    return render(request, "team/user_new.html", {"form": form}, status=422 if form.errors else 200)


def _password(request: MemberRequest, made: users.NewPassword | None, user_id: object) -> HttpResponse:
    """The password, once; a second sending of the same form no longer knows it."""
    user = made.user if made else get_object_or_404(User.objects.of_point(request.member.point_id), pk=user_id)
    return render(request, "team/password.html", {"person": user, "password": made.password if made else ""})


def _user(request: MemberRequest, pk: UUID) -> User:
    return get_object_or_404(User.objects.of_point(request.member.point_id), pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Perm.MANAGE_USERS)
def user(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A colleague's name, trades and roles; roles are added, ended, and the password reset from here."""
    person, at = _user(request, pk), clock.now()
    form = ProfileForm(request.POST or None, row=person)
    if request.method == "POST" and form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    users.change_user(person, form.profile(), by=request.member, at=at, unchanged=form.unchanged)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("Saved."))
            return after(request, "team:user", pk)
    return _user_page(request, person, form, MembershipForm(today=clock.local_date(at)))


def _user_page(request: MemberRequest, person: User, form: ProfileForm, role: MembershipForm) -> HttpResponse:
    memberships = Membership.objects.of_user(person).at_point(request.member.point_id)
    at = clock.now()
    rows = list(memberships.select_related("organisation").order_by("-valid_from", "pk"))
    context = {
        "person": person,
        "form": form,
        "role_form": role,
        "memberships": [(row, departure.held([row]), _hand_on(request, [row])) for row in rows],
        "held": departure.held(person.memberships.all()),
        "hand_on": _hand_on(request, person.memberships.all()),
        "today": clock.local_date(at),
        "looks_after": users.looks_after(request.member, person, at=at),
    }
    return render(request, "team/user.html", context, status=422 if form.errors or role.errors else 200)


def _hand_on(request: MemberRequest, leaving: Iterable[Membership], sent: QueryDict | None = None) -> HandOnForm:
    """To whom moves what these memberships hold; each of a page's forms has names of its own."""
    rows = list(leaving)
    today, auto_id = clock.local_date(clock.now()), f"to_{rows[0].pk if rows else ''}_{len(rows)}_%s"
    return HandOnForm(sent, leaving=rows, point_id=request.member.point_id, today=today, auto_id=auto_id)


@require_POST
@requires(Perm.MANAGE_USERS)
def add_membership(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One more role."""
    person, at = _user(request, pk), clock.now()
    form = MembershipForm(request.POST, today=clock.local_date(at))
    if form.is_valid():
        try:
            with submission.once_for(request, at=at) as sending:
                if sending.first:
                    users.add_membership(person, by=request.member, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.say(request, _("The role is added."))
            return after(request, "team:user", pk)
    return _user_page(request, person, ProfileForm(row=person), form)


@require_POST
@requires(Perm.MANAGE_USERS)
def end_membership(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One role less, at once."""
    membership = get_object_or_404(Membership.objects.at_point(request.member.point_id), pk=pk)
    at, done, to = clock.now(), {}, _hand_on(request, [membership], request.POST).receiver
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            done = users.end_membership(membership, by=request.member, at=at, to=to)
    toast.say(request, _with_shifts(_("The role has ended."), done))
    return after(request, "team:user", membership.user_id)


def _with_shifts(text: str, done: dict[str, int]) -> str:
    """The sentence, whether the shift of the moment ended, and how many coming shifts fell away with it."""
    said = [text]
    if done.get("running"):
        said.append(_("The shift that was going on has ended."))
    if count := done.get("shifts", 0):
        shifts = ngettext("%(count)s coming shift was cancelled.", "%(count)s coming shifts were cancelled.", count)
        said.append(shifts % {"count": count})
    if count := sum(n for name, n in done.items() if name.endswith(" moved")):
        moved = ngettext("%(count)s thing moved to the colleague.", "%(count)s things moved to the colleague.", count)
        said.append(moved % {"count": count})
    return " ".join(said)


@require_POST
@requires(Perm.MANAGE_USERS)
def reset_password(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A new first password, shown once; the user's sessions end."""
    person, at, made = _user(request, pk), clock.now(), None
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            made = users.reset_password(person, by=request.member, at=at)
            sending.object_id = person.pk
    return _password(request, made, person.pk)


@require_POST
@requires(Perm.MANAGE_USERS)
def deactivate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The colleague leaves: signed out everywhere, the shift over, coming shifts cancelled."""
    person, at, done = _user(request, pk), clock.now(), {}
    to = _hand_on(request, person.memberships.all(), request.POST).receiver
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            done = users.deactivate(person, by=request.member, at=at, to=to)
    text = _with_shifts(_("The user is deactivated and signed out everywhere."), done)
    toast.say(request, text, undo_url=reverse("team:reactivate", args=[pk]))
    return after(request, "team:user", pk)


@require_POST
@requires(Perm.MANAGE_USERS)
def reactivate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The colleague is back."""
    person, at = _user(request, pk), clock.now()
    try:
        with submission.once_for(request, at=at) as sending:
            if sending.first:
                users.reactivate(person, by=request.member, at=at)
    except Refused as refusal:
        toast.say(request, str(refusal))
    else:
        toast.say(request, _("The user may sign in again. Cancelled shifts stay cancelled."))
    return after(request, "team:user", pk)
