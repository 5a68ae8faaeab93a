"""Users come with a password for once, act by memberships that hold, and leave at once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from team import departure
from team.access import Member
from team.actions import user as users
from team.actions.user import Profile
from team.models import Membership, Role, Shift, User
from tests.factories.team import (
    PASSWORD,
    WEDNESDAY,
    MembershipFactory,
    OrganisationFactory,
    ServiceDayFactory,
    ShiftFactory,
    UserFactory,
    at,
)
from tyoparkki.errors import Refused
from tyoparkki.models import AuditEvent

NOW = at(9)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def admin(db: None) -> Member:
    """The administrator of a point."""
    return Member(MembershipFactory(admin=True))


def added(admin: Member, username: str = "uusi", **details: Any) -> users.NewPassword:
    """A new advisor."""
    details.setdefault("organisation", OrganisationFactory())
    details.setdefault("role", Role.ADVISOR)
    return users.add_user(Profile("Uusi Kollega"), by=admin, at=NOW, username=username, **details)


def test_the_first_password_works_and_must_be_changed(admin: Member, client: Browser) -> None:
    made = added(admin)
    assert made.user.check_password(made.password)
    assert made.user.must_change_password
    answer = client.post("/tili/login/", {"login": "UUSI", "password": made.password})
    assert answer.status_code == 302
    assert client.get("/tiimi/")["Location"] == "/tili/password/change/"
    assert client.get("/tiimi/", headers={"HX-Request": "true"})["HX-Redirect"] == "/tili/password/change/"
    own = "penkki kadun varrella 7"
    form = {"oldpassword": made.password, "password1": own, "password2": own}
    assert client.post("/tili/password/change/", form)["Location"] == "/"
    made.user.refresh_from_db()
    assert not made.user.must_change_password
    assert client.get("/tiimi/").status_code == 200
    assert AuditEvent.objects.filter(verb="user.password_changed").count() == 1


def test_letter_case_does_not_make_another_user(admin: Member) -> None:
    added(admin)
    with pytest.raises(users.NameTaken):
        added(admin, username="Uusi")


def test_two_accounts_of_one_name_cannot_come_about_at_all(admin: Member) -> None:
    UserFactory(username="Lämpö")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(username="lämpÖ")


def test_a_chosen_password_is_the_users_own_act(admin: Member, client_for: Callable[..., Browser]) -> None:
    own = "penkki kadun varrella 7"
    form = {"oldpassword": PASSWORD, "password1": own, "password2": own}
    assert client_for(admin).post("/tili/password/change/", form).status_code == 302
    event = AuditEvent.objects.get(verb="user.password_changed")
    assert (event.actor_kind, event.user_id, event.membership_id) == ("member", admin.user.pk, admin.membership_id)


def test_a_role_that_has_ended_is_not_ended_anew(admin: Member, client_for: Callable[..., Browser]) -> None:
    over = MembershipFactory(
        point=admin.membership.point, valid_from=date(2025, 1, 1), valid_until=WEDNESDAY - timedelta(days=90)
    )
    with pytest.raises(users.RoleEnded):
        users.end_membership(over, by=admin, at=NOW)
    assert client_for(admin).post(f"/roolit/{over.pk}/paata/").status_code == 409
    over.refresh_from_db()
    assert (over.valid_from, over.valid_until) == (date(2025, 1, 1), WEDNESDAY - timedelta(days=90))
    assert not AuditEvent.objects.filter(verb="membership.ended").exists()


def test_a_membership_that_ends_ends_with_the_next_press(admin: Member, client_for: Callable[..., Browser]) -> None:
    membership = MembershipFactory(point=admin.membership.point, user__username="lahtija")
    browser = client_for(membership)
    assert browser.get("/tiimi/").status_code == 200
    users.end_membership(membership, by=admin, at=NOW)
    page = browser.get("/tiimi/")
    assert page.status_code == 403
    assert 'data-testid="sign-out"' in page.content.decode()
    assert browser.get("/tietosuoja/").status_code == 200


def test_who_loses_the_role_chooses_the_next_one_by_hand(admin: Member, client: Browser) -> None:
    here = MembershipFactory(point=admin.membership.point, valid_from=date(2025, 1, 1))
    other = MembershipFactory(user=here.user, role=Role.MANAGER, organisation__short_name="Toinen talo")
    client.post("/tili/login/", {"login": here.user.username, "password": PASSWORD})
    assert client.get("/asetukset/").context["member"].membership == here
    users.end_membership(here, by=admin, at=NOW)
    form = {"language": "sv"}
    assert client.post("/asetukset/", form).status_code == 403
    assert client.post("/asetukset/", form, headers={"HX-Request": "true"})["HX-Redirect"] == "/"
    here.user.refresh_from_db()
    assert here.user.language == "fi"
    page = client.get("/asetukset/").content.decode()
    assert "Roolisi on päättynyt" in page
    assert f'value="{other.pk}"' in page
    assert str(here.pk) not in page
    assert client.post("/asetukset/jasenyys/", {"membership": str(here.pk)}).status_code == 303
    assert client.get("/asetukset/").status_code == 403
    assert client.post("/asetukset/jasenyys/", {"membership": str(other.pk)}).status_code == 303
    assert client.get("/asetukset/").context["member"].membership == other


def test_a_membership_of_today_ends_today_too(admin: Member) -> None:
    made = added(admin)
    membership = made.user.memberships.get()
    users.end_membership(membership, by=admin, at=NOW)
    assert not Membership.objects.valid_on(WEDNESDAY).of_user(made.user).exists()


def test_a_deactivated_user_is_out_everywhere_at_once(admin: Member, client_for: Callable[..., Browser]) -> None:
    membership = MembershipFactory(point=admin.membership.point)
    day = ServiceDayFactory(point=admin.membership.point, planned=True, on=WEDNESDAY + timedelta(days=7))
    shift = ShiftFactory(day=day, membership=membership)
    browser = client_for(membership)
    assert users.deactivate(membership.user, by=admin, at=NOW)["shifts"] == 1
    shift.refresh_from_db()
    assert shift.cancelled_at == NOW
    assert "/tili/login/" in browser.get("/tiimi/")["Location"]
    again = Browser()
    again.post("/tili/login/", {"login": membership.user.username, "password": PASSWORD})
    assert "_auth_user_id" not in again.session
    with pytest.raises(users.AlreadyLeft):
        users.deactivate(membership.user, by=admin, at=NOW)
    users.reactivate(User.objects.get(pk=membership.user_id), by=admin, at=NOW)
    assert Membership.objects.valid_on(WEDNESDAY).of_user(membership.user).exists()


@pytest.mark.parametrize("leave", [users.deactivate, users.end_membership])
def test_who_leaves_in_the_middle_of_a_shift_is_no_longer_at_work(admin: Member, leave: Callable[..., Any]) -> None:
    membership = MembershipFactory(point=admin.membership.point)
    day = ServiceDayFactory(point=admin.membership.point)
    shift = ShiftFactory(day=day, membership=membership)
    shift.breaks.create(started_at=at(11))
    evening = MembershipFactory(point=admin.membership.point)
    other = ShiftFactory(day=day, membership=evening)
    done = leave(membership.user if leave is users.deactivate else membership, by=admin, at=at(12))
    assert (done["running"], done["shifts"]) == (1, 0)
    assert list(Shift.objects.on_day(day).at_work(at(12))) == [other]
    shift.refresh_from_db()
    assert (shift.ends_at, shift.cancelled_at) == (at(12), None)
    assert not shift.breaks.filter(ended_at__isnull=True).exists()


def test_who_leaves_at_the_very_beginning_of_a_shift_does_not_come(admin: Member) -> None:
    shift = ShiftFactory(day=ServiceDayFactory(point=admin.membership.point))
    assert users.deactivate(shift.membership.user, by=admin, at=shift.starts_at)["shifts"] == 1
    shift.refresh_from_db()
    assert shift.cancelled_at == shift.starts_at


def test_a_reset_ends_the_sessions(admin: Member, client_for: Callable[..., Browser]) -> None:
    membership = MembershipFactory(point=admin.membership.point)
    browser = client_for(membership)
    made = users.reset_password(membership.user, by=admin, at=NOW)
    assert "/tili/login/" in browser.get("/tiimi/")["Location"]
    assert User.objects.get(pk=membership.user_id).check_password(made.password)


def test_nobody_locks_themselves_or_everybody_out(admin: Member) -> None:
    with pytest.raises(users.NotYourself):
        users.deactivate(admin.user, by=admin, at=NOW)
    with pytest.raises(users.NotYourself):
        users.end_membership(admin.membership, by=admin, at=NOW)
    second = MembershipFactory(point=admin.membership.point, admin=True)
    users.deactivate(second.user, by=admin, at=NOW)
    with pytest.raises(users.LastAdministrator):  # the second one's press was on its way
        users.deactivate(admin.user, by=Member(second), at=NOW)


def test_the_same_role_is_given_once(admin: Member) -> None:
    made = added(admin)
    house = made.user.memberships.get().organisation
    with pytest.raises(users.SameMembership):
        users.add_membership(made.user, by=admin, at=NOW, organisation=house, role=Role.ADVISOR)
    again = users.add_membership(made.user, by=admin, at=NOW, organisation=house, role=Role.MANAGER)
    assert again.point_id == admin.point_id


def test_other_apps_may_refuse_a_departure(admin: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    class InTheMiddle(Refused):
        """Sits with a visitor."""

    def refuse(*_: Any) -> int:
        raise InTheMiddle

    monkeypatch.setattr(departure, "_hooks", {})
    departure.on_departure("visits", refuse)
    membership = MembershipFactory(point=admin.membership.point)
    with pytest.raises(InTheMiddle):
        users.deactivate(membership.user, by=admin, at=NOW)
    membership.user.refresh_from_db()
    assert membership.user.is_active


# --- the screens ---------------------------------------------------------------------------------------------------


def form_of(**changes: Any) -> dict[str, Any]:
    """A filled form of a new user."""
    return {
        "name": "Uusi Kollega",
        "username": "uusi",
        "organisation": str(OrganisationFactory().pk),
        "role": "advisor",
        "languages": [],
        **changes,
    }


def test_the_password_is_shown_once(admin: Member, client_for: Callable[..., Browser]) -> None:
    browser = client_for(admin)
    assert browser.get("/kayttajat/uusi/").status_code == 200
    form = form_of(submission_key="0d5c7b1e-7b0c-4b7a-9d0e-1f2a3b4c5d6e")
    first = browser.post("/kayttajat/uusi/", form)
    password = first.context["password"]
    assert password
    assert password in first.content.decode()
    second = browser.post("/kayttajat/uusi/", form)
    assert password not in second.content.decode()
    assert User.objects.filter(username="uusi").count() == 1
    assert first["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"username": "uu si"}, {"organisation": ""}, {"email": "x"}])
def test_a_wrong_form_is_answered_with_the_form(
    admin: Member, client_for: Callable[..., Browser], wrong: dict[str, str]
) -> None:
    answer = client_for(admin).post("/kayttajat/uusi/", form_of(**wrong))
    assert answer.status_code == 422
    assert not User.objects.filter(username__startswith="uu").exists()


def test_a_taken_name_is_said_beside_the_field(admin: Member, client_for: Callable[..., Browser]) -> None:
    answer = client_for(admin).post("/kayttajat/uusi/", form_of(username=admin.user.username.upper()))
    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors


def test_an_administrator_looks_after_the_own_point_only(admin: Member, client_for: Callable[..., Browser]) -> None:
    mine, foreign = MembershipFactory(point=admin.membership.point), MembershipFactory()
    browser = client_for(admin)
    page = browser.get("/kayttajat/").content.decode()
    assert mine.user.name in page
    assert foreign.user.name not in page
    assert browser.get(f"/kayttajat/{foreign.user_id}/").status_code == 404
    for suffix in ("roolit/", "salasana/", "poista-kaytosta/", "palauta/"):
        assert browser.post(f"/kayttajat/{foreign.user_id}/{suffix}").status_code == 404
    assert browser.post(f"/roolit/{foreign.pk}/paata/").status_code == 404


@pytest.fixture
def wanderer(admin: Member) -> Membership:
    """Somebody who once acted at the administrator's point and acts at another one now."""
    now = MembershipFactory(user__name="Vaeltaja Koe")
    return MembershipFactory(
        user=now.user, point=admin.membership.point, valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 30)
    )


def test_an_account_that_acts_elsewhere_is_not_touched(
    admin: Member, wanderer: Membership, client_for: Callable[..., Browser]
) -> None:
    person, browser = wanderer.user, client_for(admin)
    before = User.objects.values().get(pk=person.pk)
    acts: list[Callable[..., Any]] = [users.deactivate, users.reactivate, users.reset_password]
    for act in acts:
        with pytest.raises(users.ActsElsewhere):
            act(person, by=admin, at=NOW)
    with pytest.raises(users.ActsElsewhere):
        users.change_user(person, Profile("Toinen Nimi"), by=admin, at=NOW)
    page = browser.get(f"/kayttajat/{person.pk}/").content.decode()
    assert 'data-testid="user-elsewhere"' in page
    for control in ("user-reset", "user-deactivate", "user-save"):
        assert f'data-testid="{control}"' not in page
    assert browser.post(f"/kayttajat/{person.pk}/", {"name": "Toinen Nimi", "languages": ["fi"]}).status_code == 422
    for suffix in ("salasana/", "poista-kaytosta/", "palauta/"):
        answer = browser.post(f"/kayttajat/{person.pk}/{suffix}", follow=True)
        assert "toisessa palvelupisteessä" in answer.content.decode()
    assert User.objects.values().get(pk=person.pk) == before


def test_a_role_to_come_elsewhere_is_enough_and_one_that_is_over_is_not(admin: Member) -> None:
    mine = MembershipFactory(point=admin.membership.point)
    elsewhere = MembershipFactory(user=mine.user, valid_from=WEDNESDAY + timedelta(days=30))
    with pytest.raises(users.ActsElsewhere):
        users.reset_password(mine.user, by=admin, at=NOW)
    Membership.objects.filter(pk=elsewhere.pk).update(
        valid_from=date(2025, 1, 1), valid_until=WEDNESDAY - timedelta(days=1)
    )
    assert users.reset_password(mine.user, by=admin, at=NOW).password


def test_roles_of_the_own_point_are_given_and_ended_whoever_holds_them(admin: Member, wanderer: Membership) -> None:
    house = OrganisationFactory()
    back = users.add_membership(wanderer.user, by=admin, at=NOW, organisation=house, role=Role.ADVISOR)
    users.end_membership(back, by=admin, at=NOW)
    assert not Membership.objects.valid_on(WEDNESDAY).of_user(wanderer.user).at_point(admin.point_id).exists()
    assert Membership.objects.valid_on(WEDNESDAY).of_user(wanderer.user).exists()


def test_an_administrator_of_both_points_looks_after_the_account(admin: Member) -> None:
    mine = MembershipFactory(point=admin.membership.point)
    elsewhere = MembershipFactory(user=mine.user)
    second = MembershipFactory(user=admin.user, point=elsewhere.point, admin=True)
    advises = MembershipFactory(user=admin.user, point=elsewhere.point, role=Role.MANAGER)
    with pytest.raises(users.ActsElsewhere):
        users.reset_password(mine.user, by=Member(admin.membership, (advises,)), at=NOW)
    assert users.reset_password(mine.user, by=Member(admin.membership, (second,)), at=NOW).password


def test_a_users_page_changes_roles_and_details(admin: Member, client_for: Callable[..., Browser]) -> None:
    membership, browser = MembershipFactory(point=admin.membership.point), client_for(admin)
    url = f"/kayttajat/{membership.user_id}/"
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"name": "Toinen Nimi", "languages": ["fi"]}).status_code == 303
    assert browser.post(url, {"name": ""}).status_code == 422
    role = {"organisation": str(membership.organisation_id), "role": "manager"}
    assert browser.post(f"{url}roolit/", role).status_code == 303
    assert browser.post(f"{url}roolit/", role).status_code == 422
    assert browser.post(f"/roolit/{membership.pk}/paata/").status_code == 303
    assert Membership.objects.valid_on(WEDNESDAY).of_user(membership.user).get().role == "manager"
    reset = browser.post(f"{url}salasana/")
    assert reset.context["password"] in reset.content.decode()
    assert browser.post(f"{url}poista-kaytosta/").status_code == 303
    page = browser.get(url).content.decode()
    assert f"{url}palauta/" in page
    assert browser.post(f"{url}palauta/").status_code == 303
    membership.user.refresh_from_db()
    assert membership.user.is_active
    assert membership.user.name == "Toinen Nimi"


def test_own_settings_and_roles(client_for: Callable[..., Browser], db: None) -> None:
    membership = MembershipFactory()
    other = MembershipFactory(user=membership.user, role="manager", valid_from=date(2024, 1, 1))
    stranger = MembershipFactory()
    browser = client_for(membership)
    assert browser.get("/asetukset/").status_code == 200
    assert browser.post("/asetukset/", {"language": "sv"}).status_code == 303
    assert browser.post("/asetukset/", {"language": "xx"}).status_code == 422
    membership.user.refresh_from_db()
    assert (membership.user.language, membership.user.single_keys) == ("sv", False)
    for row in (other, membership):
        assert browser.post("/asetukset/jasenyys/", {"membership": str(row.pk)}).status_code == 303
        assert browser.get("/asetukset/").context["member"].membership == row
    browser.post("/asetukset/jasenyys/", {"membership": str(stranger.pk)})
    assert browser.get("/asetukset/").context["member"].membership == membership


def test_the_list_of_users_costs_a_constant_number_of_statements(
    admin: Member, client_for: Callable[..., Browser], assert_budget: Callable[..., Any]
) -> None:
    browser = client_for(admin)
    for _ in range(12):
        MembershipFactory(point=admin.membership.point, partner=True)
    with assert_budget(6):
        browser.get("/kayttajat/")
