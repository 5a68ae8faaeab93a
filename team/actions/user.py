"""Who may sign in: users come, act in roles by their memberships, get a new password, and leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from team import departure
from team.actions.shift import cancel_shift, end_early
from team.models import Membership, Organisation, Profession, Role, ServicePoint, Shift, Skill, User
from tyoparkki import audit, clock, live
from tyoparkki.actor import SYSTEM, Actor
from tyoparkki.errors import Refused
from tyoparkki.ids import new_signs

if TYPE_CHECKING:
    from team.access import Member

# Without letters that are taken for one another: the password is read from a screen and typed once.
_SIGNS = "34679acdefghjkmnpqrtuwxy"


class NameTaken(Refused):
    """Letter case does not tell user names apart."""

    message = _("The user name is already in use. Choose another one.")


class NotYourself(Refused):
    """Nobody locks themselves out."""

    message = _("You cannot deactivate yourself. Ask another administrator.")


class LastAdministrator(Refused):
    """Somebody must be able to let others in."""

    message = _("At least one administrator must remain at the service point.")


class SameMembership(Refused):
    """The same role twice."""

    message = _("The person already has this role in this organisation.")


class RoleEnded(Refused):
    """A colleague was quicker, or it ended long ago."""

    message = _("The role has already ended.")


class ActsElsewhere(Refused):
    """An account is looked after where its user acts; no administrator gets hold of another point's account."""

    message = _(
        "This person also acts at another service point. Here you may add and end roles of your own service point; "
        "the rest is for an administrator of both."
    )


class AlreadyLeft(Refused):
    """A colleague was quicker."""

    message = _("The user has already been deactivated.")


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A user with a password that is shown once and must be changed at the first sign-in."""

    user: User
    password: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What colleagues know of a person."""

    name: str
    email: str = ""
    languages: Sequence[str] = ("fi",)
    professions: Sequence[Profession] = ()
    skills: Sequence[Skill] = ()


def _new_password() -> str:
    return "-".join(new_signs(_SIGNS, 5) for _ in range(3))


@transaction.atomic
def add_user(
    profile: Profile,
    *,
    by: Member,
    at: datetime,
    username: str,
    organisation: Organisation,
    role: str,
    title: str = "",
    valid_until: date | None = None,
) -> NewPassword:
    """A colleague may sign in at the administrator's point, with a password for the first time only."""
    made = _made(profile, username=username, at=at)
    membership = Membership.objects.create(
        user=made.user,
        organisation=organisation,
        point_id=by.point_id,
        role=role,
        title=title,
        valid_from=clock.local_date(at),
        valid_until=valid_until,
    )
    audit.record("user.added", made.user, by=by.actor, at=at, fields=["username", "name"])
    audit.record("membership.added", membership, by=by.actor, at=at, fields=["role", "organisation"], reason=role)
    return made


@transaction.atomic
def add_first_admin(
    profile: Profile, *, at: datetime, username: str, point: ServicePoint, password: str | None = None
) -> NewPassword:
    """The operator lets the first administrator in, from the server's command line."""
    made = _made(profile, username=username, at=at, password=password)
    membership = Membership.objects.create(
        user=made.user,
        organisation_id=point.organisation_id,
        point=point,
        role=Role.ADMIN,
        valid_from=clock.local_date(at),
    )
    audit.record("user.added", made.user, by=SYSTEM, at=at, fields=["username", "name"])
    audit.record("membership.added", membership, by=SYSTEM, at=at, fields=["role"], reason=Role.ADMIN)
    return made


def _made(profile: Profile, *, username: str, at: datetime, password: str | None = None) -> NewPassword:
    user = User(
        username=username,
        name=profile.name,
        email=profile.email,
        languages=list(profile.languages),
        must_change_password=password is None,
        created_at=at,
    )
    password = password or _new_password()
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise NameTaken from taken
    user.professions.set(profile.professions)
    user.skills.set(profile.skills)
    return NewPassword(user, password)


def looks_after(by: Member, user: User, *, at: datetime) -> bool:
    """Whether an administrator may act on the account itself: all that its user still does is at their points."""
    administered = {one.point_id for one in (by.membership, *by.others) if one.role == Role.ADMIN}
    current = user.memberships.not_over_on(clock.local_date(at))
    return not current.exclude(point_id__in=administered).exists()


def _account(user: User, *, by: Member, at: datetime) -> User:
    """The user, locked, when the administrator looks after the account."""
    user = _locked(user)
    if not looks_after(by, user, at=at):
        raise ActsElsewhere
    return user


@transaction.atomic
def change_user(
    user: User, profile: Profile, *, by: Member, at: datetime, unchanged: Callable[[User], None] | None = None
) -> User:
    """Correct a colleague's name, languages, trades and skills."""
    user = _account(user, by=by, at=at)
    if unchanged is not None:
        unchanged(user)
    user.name, user.email, user.languages = profile.name, profile.email, list(profile.languages)
    user.save(update_fields=["name", "email", "languages"])
    user.professions.set(profile.professions)
    user.skills.set(profile.skills)
    fields = ["name", "email", "languages", "professions", "skills"]
    audit.record("user.changed", user, by=by.actor, at=at, fields=fields)
    live.announce(by.membership.point.live_topic)
    return user


@transaction.atomic
def reset_password(user: User, *, by: Member, at: datetime) -> NewPassword:
    """A new password for the first sign-in; every session of the user ends at once."""
    user = _account(user, by=by, at=at)
    if not user.is_active:
        raise AlreadyLeft
    password = _new_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record("user.password_reset", user, by=by.actor, at=at, fields=["password"])
    live.revoke(f"user:{user.pk}")
    return NewPassword(user, password)


@transaction.atomic
def chosen_meanwhile(user: User, password: str) -> str:
    """What is kept of this very password, if the same form was sent twice and the other sending came first; else ""."""
    kept = User.objects.select_for_update(of=("self",)).get(pk=user.pk).password
    return kept if kept != user.password and check_password(password, kept) else ""


@transaction.atomic
def password_changed(user: User, *, by: Actor, at: datetime) -> None:
    """The user has chosen a password of their own."""
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    audit.record("user.password_changed", user, by=by, at=at, fields=["password"])


@transaction.atomic
def add_membership(
    user: User,
    *,
    by: Member,
    at: datetime,
    organisation: Organisation,
    role: str,
    title: str = "",
    valid_until: date | None = None,
) -> Membership:
    """The user may also act in another role or for another organisation, at the administrator's point."""
    user = _locked(user)
    today = clock.local_date(at)
    same = user.memberships.filter(organisation=organisation, point_id=by.point_id, role=role)
    if same.valid_on(today).exists():
        raise SameMembership
    membership = Membership.objects.create(
        user=user,
        organisation=organisation,
        point_id=by.point_id,
        role=role,
        title=title,
        valid_from=today,
        valid_until=valid_until,
    )
    audit.record("membership.added", membership, by=by.actor, at=at, fields=["role", "organisation"], reason=role)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: Member, at: datetime, to: Membership | None = None) -> dict[str, int]:
    """The user no longer acts in this role: it ends with the next press. Returns what else ended, by app.

    What is held in this role moves `to` a colleague.
    """
    ServicePoint.objects.select_for_update(of=("self",)).get(pk=membership.point_id)
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    yesterday = clock.local_date(at) - timedelta(days=1)
    if membership.valid_until is not None and membership.valid_until <= yesterday:
        raise RoleEnded
    if membership.pk == by.membership_id:
        raise NotYourself
    _admin_remains(membership.point_id, without=[membership.pk], at=at)
    done = _end([membership], last_on=yesterday, by=by, at=at, to=to)
    live.revoke(f"user:{membership.user_id}")
    return done


@transaction.atomic
def deactivate(user: User, *, by: Member, at: datetime, to: Membership | None = None) -> dict[str, int]:
    """The user leaves: sessions and live channels die and the shift ends at once, coming ones are cancelled.

    What the user holds moves `to` a colleague. Says what ended, by app.
    """
    ServicePoint.objects.select_for_update(of=("self",)).get(pk=by.point_id)
    user = _account(user, by=by, at=at)
    if not user.is_active:
        raise AlreadyLeft
    if user.pk == by.user.pk:
        raise NotYourself
    memberships = list(user.memberships.valid_on(clock.local_date(at)))
    for point_id in {membership.point_id for membership in memberships}:
        _admin_remains(point_id, without=[membership.pk for membership in memberships], at=at)
    done = departure.carry_out(user.memberships.all(), by, at, to=to)
    done |= _end_shifts(user.memberships.all(), by=by, at=at)
    user.is_active, user.left_on = False, clock.local_date(at)
    user.save(update_fields=["is_active", "left_on"])
    audit.record("user.deactivated", user, by=by.actor, at=at, fields=["is_active", "left_on"])
    live.revoke(f"user:{user.pk}")
    return done


@transaction.atomic
def reactivate(user: User, *, by: Member, at: datetime) -> User:
    """Undo of a deactivation: the user signs in again with the same memberships; cancelled shifts stay cancelled."""
    user = _account(user, by=by, at=at)
    user.is_active, user.left_on = True, None
    user.save(update_fields=["is_active", "left_on"])
    audit.record("user.reactivated", user, by=by.actor, at=at, fields=["is_active", "left_on"])
    return user


@transaction.atomic
def change_own_settings(user: User, *, by: Member, at: datetime, language: str, single_keys: bool) -> User:
    """One's own language and keys."""
    user = _locked(user)
    user.language, user.single_keys = language, single_keys
    user.save(update_fields=["language", "single_keys"])
    audit.record("user.settings_changed", user, by=by.actor, at=at, fields=["language", "single_keys"])
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _admin_remains(point_id: UUID, *, without: Iterable[object], at: datetime) -> None:
    """Refuse when no administrator would be left; the point's row is locked by the caller."""
    admins = Membership.objects.valid_on(clock.local_date(at)).filter(point_id=point_id, role=Role.ADMIN)
    if admins.filter(pk__in=list(without)).exists() and not admins.exclude(pk__in=list(without)).exists():
        raise LastAdministrator


def _end(
    memberships: Sequence[Membership], *, last_on: date, by: Member, at: datetime, to: Membership | None
) -> dict[str, int]:
    done = departure.carry_out(memberships, by, at, to=to)
    done |= _end_shifts(memberships, by=by, at=at)
    for membership in memberships:
        membership.valid_until = last_on
        membership.valid_from = min(membership.valid_from, last_on)  # one that began today ends all the same
        membership.save(update_fields=["valid_from", "valid_until"])
        audit.record("membership.ended", membership, by=by.actor, at=at, fields=["valid_until"])
    return done


def _end_shifts(memberships: Iterable[Membership], *, by: Member, at: datetime) -> dict[str, int]:
    """The shift that runs ends and those to come are cancelled, one by one, each with its own trace; how many each."""
    left = Shift.objects.filter(membership__in=memberships, ends_at__gt=at, cancelled_at__isnull=True)
    done = {"running": 0, "shifts": 0}
    for shift in left.select_related("day").order_by("starts_at", "pk"):
        if shift.starts_at < at:
            end_early(shift, by=by, at=at)
            done["running"] += 1
        else:
            cancel_shift(shift, by=by, at=at)
            done["shifts"] += 1
    return done
