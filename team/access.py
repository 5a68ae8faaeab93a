"""The member who acts in a request, and the decorator by which a view says whom it lets in.

`requires` is also the binder: its first statement inside the request's transaction hands the actor to the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.defaults import page_not_found

from team.models import Device, DeviceKind, Membership, User
from team.permissions import ROLES, Perm
from tyoparkki import audit, clock
from tyoparkki.access import Access, in_place_of
from tyoparkki.actor import Actor, bind
from tyoparkki.ids import secret_hash

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

SESSION_KEY = "membership"


@dataclass(frozen=True)
class Member:
    """A signed-in user acting by one membership: what views and querysets ask of."""

    membership: Membership
    # The user's other memberships that hold today: what one may change to.
    others: tuple[Membership, ...] = field(default=(), compare=False)

    @property
    def user(self) -> User:
        """The person."""
        return self.membership.user

    @property
    def membership_id(self) -> UUID:
        """The membership in use."""
        return self.membership.pk

    @property
    def organisation_id(self) -> UUID:
        """The organisation acted for."""
        return self.membership.organisation_id

    @property
    def point_id(self) -> UUID:
        """The service point acted at."""
        return self.membership.point_id

    @cached_property
    def permissions(self) -> frozenset[str]:
        """What the role allows."""
        return ROLES[self.membership.role]

    def may(self, permission: str) -> bool:
        """Whether the role allows it."""
        return permission in self.permissions

    @cached_property
    def actor(self) -> Actor:
        """The same, as the database and the trace know it."""
        return Actor(
            "member",
            user_id=self.membership.user_id,
            membership_id=self.membership_id,
            organisation_id=self.organisation_id,
            point_id=self.point_id,
            may=self.permissions,
        )


def stand_in(*, membership: UUID, organisation: UUID, user: UUID | None = None) -> Member:
    """A member known by keys alone, for statements that are prepared before anybody asks."""
    known = {"user_id": user} if user else {}
    return Member(Membership(pk=membership, organisation_id=organisation, **known))


class MemberRequest(HttpRequest):
    """A request whose member is known: what a view behind `requires` receives."""

    member: Member


class DeviceRequest(HttpRequest):
    """A request of a paired device: what a view behind `requires_device` receives."""

    device: Device


class DeviceOrMemberRequest(HttpRequest):
    """The same where members are let in too (`or_member`): one of the two is known."""

    device: Device | None
    member: Member | None


def member_of(user: User, chosen: str | None) -> Member | None:
    """The user's membership in use, read anew at each request: the chosen one, before any choice the newest.

    None when the chosen one no longer holds: nobody goes on as somebody else without having said so.
    """
    rows = memberships_of(user)
    current = next((row for row in rows if chosen in {None, str(row.pk)}), None)
    return Member(current, tuple(row for row in rows if row is not current)) if current else None


def memberships_of(user: User) -> list[Membership]:
    """Those by which the user may act today, the newest first."""
    known: list[Membership] | None = getattr(user, "all_memberships", None)
    today = clock.local_date(clock.now())
    if known is None:
        known = list(
            Membership.objects.filter(user=user)
            .select_related("user", "organisation", "point")
            .order_by("-valid_from", "pk")
        )
    return [row for row in known if row.is_valid_on(today)]


class Unseen(Http404):
    """A look at a record that the member may not see: it leaves a trace, and answers as what is not there does."""

    def __init__(self, record: str, record_id: UUID, *, kind: str) -> None:
        super().__init__()
        self.record, self.record_id, self.kind = record, record_id, kind


def requires(*permissions: Perm) -> Callable[[View], View]:
    """The view is for members whose role holds every named permission; to others it does not exist (404).

    An `Unseen` look is answered here, not raised further, so that its trace is kept.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def bound(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            member: Member | None = getattr(request, "member", None)
            if member is None or not all(member.may(permission) for permission in permissions):
                raise Http404
            bind(member.actor)
            try:
                return view(request, *args, **kwargs)
            except Unseen as look:
                audit.seen(
                    look.record, look.record_id, by=member.actor, at=clock.now(), kind=look.kind, outcome="denied"
                )
                return page_not_found(request, Http404())

        asked = Access("member", tuple(str(permission) for permission in permissions))
        return in_place_of(view, bound, asked, signed_in=True)

    return decorate


def requires_device(kind: str, *, or_member: Perm | None = None) -> Callable[[View], View]:
    """The view is for paired devices of one kind; the token is a bearer header or the device's own cookie.

    `or_member` also lets in members with that permission: `request.device` is then None.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def bound(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            member: Member | None = getattr(request, "member", None)
            device = device_of(request, kind)
            request.device = device
            if device is None and or_member is not None and member is not None and member.may(or_member):
                bind(member.actor)
                return view(request, *args, **kwargs)
            if device is None:
                return refuse_device(request, kind)
            bind(Actor("device", point_id=device.point_id, device_id=device.pk))
            return view(request, *args, **kwargs)

        return in_place_of(view, bound, Access("device", (kind, str(or_member)) if or_member else (kind,)))

    return decorate


def device_of(request: HttpRequest, kind: str) -> Device | None:
    """The paired, unrevoked device of this kind that sent the request."""
    header = request.headers.get("Authorization", "")
    token = (
        header.removeprefix("Bearer ") if header.startswith("Bearer ") else request.COOKIES.get(f"device_{kind}", "")
    )
    if not token:
        return None
    return (
        Device.objects.filter(kind=kind, token_hash=secret_hash(token), revoked_at__isnull=True)
        .select_related("point")
        .first()
    )


def refuse_device(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What an unpaired or revoked device hears: 401, so that it keeps its answers and asks for pairing."""
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "team/unpaired.html", {"keeps_answers": kind == DeviceKind.FEEDBACK}, status=401)
    return JsonResponse({"error": "pairing_needed"}, status=401)
