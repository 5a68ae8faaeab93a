"""One person of the team answers for somebody on file, until another has taken over."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client as Browser

from clients.actions import consent as consents
from clients.actions import responsibility as acts
from clients.actions.consent import Given
from clients.models import Client, Responsibility, ResponsibilityOffer
from clients.models.consent import Purpose
from team.access import Member
from team.models import Membership
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory, at
from tyoparkki.models import AccessEvent, AuditEvent

Sign = Callable[[Any], Browser]
NOW = at(12)
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is the test Wednesday."""
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())


@pytest.fixture
def anna(db: None) -> Member:
    """An advisor of the point."""
    return Member(MembershipFactory(user__name="Anna Koe"))


@pytest.fixture
def bo(anna: Member) -> Member:
    """A colleague of another organisation at the same point."""
    return Member(MembershipFactory(point=anna.membership.point, partner=True, user__name="Bo Prov"))


@pytest.fixture
def person(anna: Member) -> Client:
    """Somebody whom the team may record."""
    return person_on_file(anna)


@pytest.fixture
def offered(anna: Member, bo: Member, person: Client) -> ResponsibilityOffer:
    """Anna answers for the person and offers them to Bo."""
    acts.take(person, by=anna, at=NOW)
    return acts.offer(person, bo.membership, by=anna, at=NOW, reason="Tuttu jo pajalta")


def running(person: Client) -> Membership | None:
    """Who answers for the person now."""
    row = Responsibility.objects.of_client(person.pk).running().first()
    return row.membership if row else None


# --- the rules -----------------------------------------------------------------------------------------------------


def test_who_takes_a_person_for_whom_nobody_answers_answers_from_then_on(anna: Member, person: Client) -> None:
    taken = acts.take(person, by=anna, at=NOW)
    assert (taken.membership, taken.point_id, taken.since_at, taken.ended_at) == (
        anna.membership,
        anna.point_id,
        NOW,
        None,
    )


def test_a_second_taker_hears_who_answers_and_since_when(anna: Member, bo: Member, person: Client) -> None:
    acts.take(person, by=anna, at=NOW)
    with pytest.raises(acts.AlreadyTaken, match=r"Anna Koe .*18\.11\.2026"):
        acts.take(person, by=bo, at=NOW)
    assert running(person) == anna.membership


def test_the_database_keeps_two_from_answering_at_once(anna: Member, bo: Member, person: Client) -> None:
    columns = {"client": person, "point_id": anna.point_id, "since_at": NOW}
    Responsibility.objects.create(membership=anna.membership, since_by=anna.membership, **columns)
    with pytest.raises(IntegrityError, match="responsibility_one_open"), transaction.atomic():
        Responsibility.objects.create(membership=bo.membership, since_by=bo.membership, **columns)


def test_nothing_moves_before_the_receiver_accepts(
    anna: Member, bo: Member, person: Client, offered: ResponsibilityOffer
) -> None:
    assert running(person) == anna.membership
    met = acts.note_meeting(offered, by=bo, at=NOW + timedelta(minutes=1))
    assert met.state == ResponsibilityOffer.State.MET
    assert running(person) == anna.membership
    with pytest.raises(acts.AlreadyMet):
        acts.note_meeting(offered, by=anna, at=NOW + timedelta(minutes=2))


def test_accepting_ends_the_old_as_the_new_begins(
    anna: Member, bo: Member, person: Client, offered: ResponsibilityOffer
) -> None:
    later = NOW + timedelta(minutes=5)
    acts.accept(offered, by=bo, at=later)
    rows = Responsibility.objects.of_client(person.pk).order_by("pk")
    assert [(row.membership, row.since_at, row.ended_at) for row in rows] == [
        (anna.membership, NOW, later),
        (bo.membership, later, None),
    ]
    offered.refresh_from_db()
    assert (offered.state, offered.accepted_at) == (ResponsibilityOffer.State.ACCEPTED, later)


def test_an_acceptance_that_cannot_be_written_down_moves_nothing(
    anna: Member, bo: Member, person: Client, offered: ResponsibilityOffer
) -> None:
    """Nobody is in nobody's hands, not even when the act breaks in the middle."""

    def no_trace(execute: Any, query: str, parameters: Any, many: bool, context: Any) -> Any:
        if "INSERT INTO" in query and "auditevent" in query:
            raise IntegrityError("the trace cannot be written")
        return execute(query, parameters, many, context)

    with connections["default"].execute_wrapper(no_trace), pytest.raises(IntegrityError), transaction.atomic():
        acts.accept(offered, by=bo, at=NOW)
    assert running(person) == anna.membership
    offered.refresh_from_db()
    assert offered.state == ResponsibilityOffer.State.OFFERED


def test_declining_needs_a_reason_and_leaves_the_responsibility(
    anna: Member, bo: Member, person: Client, offered: ResponsibilityOffer
) -> None:
    with pytest.raises(acts.ReasonMissing):
        acts.decline(offered, by=bo, at=NOW, reason="  ")
    declined = acts.decline(offered, by=bo, at=NOW, reason="Jään vapaalle")
    assert (declined.state, declined.decline_reason) == (ResponsibilityOffer.State.DECLINED, "Jään vapaalle")
    assert running(person) == anna.membership


@pytest.mark.parametrize("end", ["accept", "decline", "withdraw_offer"])
def test_an_offer_that_is_over_says_who_did_what(
    anna: Member, bo: Member, offered: ResponsibilityOffer, end: str
) -> None:
    told = {"reason": "Ei nyt"} if end == "decline" else {}
    getattr(acts, end)(offered, by=anna if end == "withdraw_offer" else bo, at=NOW, **told)
    who = "Anna Koe" if end == "withdraw_offer" else "Bo Prov"
    for late in (acts.accept, acts.note_meeting):
        with pytest.raises(acts.OfferOver, match=rf"{who} .*18\.11\.2026"):
            late(offered, by=bo, at=NOW)
    with pytest.raises(acts.OfferOver):
        acts.withdraw_offer(offered, by=anna, at=NOW)


def test_an_offer_is_moved_by_its_two_sides_alone(anna: Member, bo: Member, offered: ResponsibilityOffer) -> None:
    other = Member(MembershipFactory(point=anna.membership.point))
    for act, who in (
        (acts.accept, anna),
        (acts.accept, other),
        (acts.withdraw_offer, bo),
        (acts.note_meeting, other),
    ):
        with pytest.raises(acts.NotYours):
            act(offered, by=who, at=NOW)
    with pytest.raises(acts.NotYours):
        acts.decline(offered, by=other, at=NOW, reason="Ei")


def test_one_offer_at_a_time(anna: Member, person: Client, offered: ResponsibilityOffer) -> None:
    other = MembershipFactory(point=anna.membership.point)
    with pytest.raises(acts.AlreadyOffered, match="Bo Prov"):
        acts.offer(person, other, by=anna, at=NOW)
    with pytest.raises(acts.AlreadyOffered, match="Bo Prov"):
        acts.release(person, by=anna, at=NOW, reason="Sai työpaikan")
    with pytest.raises(IntegrityError, match="responsibility_offer_one_open"), transaction.atomic():
        ResponsibilityOffer.objects.create(
            client=person, from_membership=anna.membership, to_membership=other, offered_at=NOW
        )
    acts.withdraw_offer(offered, by=anna, at=NOW)
    assert acts.offer(person, other, by=anna, at=NOW).to_membership == other


def test_an_offer_goes_to_another_colleague_of_the_point_who_may_record_people(anna: Member, person: Client) -> None:
    acts.take(person, by=anna, at=NOW)
    point = anna.membership.point
    gone = MembershipFactory(point=point, valid_until=NOW.date() - timedelta(days=1))
    for cannot in (anna.membership, MembershipFactory(), MembershipFactory(point=point, manager=True), gone):
        with pytest.raises(acts.CannotReceive):
            acts.offer(person, cannot, by=anna, at=NOW)


def test_only_who_answers_offers_and_lets_go(anna: Member, bo: Member, person: Client) -> None:
    with pytest.raises(acts.NotResponsible, match="Vastuuhenkilöä ei ole"):
        acts.release(person, by=anna, at=NOW, reason="Ei jatkoa")
    acts.take(person, by=anna, at=NOW)
    with pytest.raises(acts.NotResponsible, match="Anna Koe"):
        acts.release(person, by=bo, at=NOW, reason="Ei jatkoa")
    with pytest.raises(acts.NotResponsible, match="Anna Koe"):
        acts.offer(person, anna.membership, by=bo, at=NOW)


def test_letting_go_needs_a_reason_and_opens_the_way_for_the_next(anna: Member, bo: Member, person: Client) -> None:
    acts.take(person, by=anna, at=NOW)
    with pytest.raises(acts.ReasonMissing):
        acts.release(person, by=anna, at=NOW, reason="")
    ended = acts.release(person, by=anna, at=NOW, reason="Sai työpaikan")
    assert (ended.ended_at, ended.end_reason) == (NOW, "Sai työpaikan")
    assert acts.take(person, by=bo, at=NOW).membership == bo.membership


def test_the_trace_names_fields_and_never_words(bo: Member, offered: ResponsibilityOffer) -> None:
    acts.decline(offered, by=bo, at=NOW, reason="Jään vapaalle")
    lines = AuditEvent.objects.filter(verb__startswith="responsibility.").order_by("pk")
    assert [(line.verb, line.fields, line.reason) for line in lines] == [
        ("responsibility.taken", ["membership"], ""),
        ("responsibility.offered", ["reason", "to_membership"], ""),
        ("responsibility.declined", ["decline_reason", "declined_at"], ""),
    ]


# --- who sees it ---------------------------------------------------------------------------------------------------


def test_the_team_sees_it_by_the_consent_and_nobody_else(
    anna: Member, bo: Member, person: Client, offered: ResponsibilityOffer
) -> None:
    partner, manager = Member(MembershipFactory()), Member(MembershipFactory(point=anna.membership.point, manager=True))
    share = {"organisation": partner.membership.organisation, "contents": ["contact", "plan"]}
    consents.give_consent(person, by=anna, at=NOW, purpose=Purpose.SHARE, given=Given(), **share)
    for rows in (Responsibility.objects, ResponsibilityOffer.objects):
        assert [rows.visible_to(who).exists() for who in (anna, bo, partner, manager)] == [True, True, False, False]


def test_after_the_withdrawal_nobody_sees_or_moves_it(
    anna: Member, bo: Member, person: Client, offered: ResponsibilityOffer, client_for: Sign
) -> None:
    recorded = person.consents.get(purpose=Purpose.RECORD)
    consents.withdraw_consent(recorded, by=anna, at=NOW)
    for rows in (Responsibility.objects, ResponsibilityOffer.objects):
        assert not any(rows.visible_to(who).exists() for who in (anna, bo))
    with pytest.raises(consents.NotRecorded):
        acts.accept(offered, by=bo, at=NOW)
    for who in (anna, bo):
        browser = client_for(who)
        assert person.name not in browser.get("/asiakkaat/omat/").content.decode()
        assert browser.post(f"/vaihdot/{offered.pk}/tavattu/").status_code == 404
    consents.give_again(recorded, by=anna, at=NOW)
    assert acts.accept(offered, by=bo, at=NOW).membership == bo.membership


# --- the panel -----------------------------------------------------------------------------------------------------


def panel_of(browser: Browser, person: Client) -> str:
    """The person's page."""
    return browser.get(f"/asiakkaat/{person.pk}/").content.decode()


def test_the_panel_goes_from_hand_to_hand(anna: Member, bo: Member, person: Client, client_for: Sign) -> None:
    mine, theirs, page = client_for(anna), client_for(bo), f"/asiakkaat/{person.pk}/"
    assert "responsibility-take" in panel_of(mine, person)
    answer = mine.post(f"{page}vastuu/ota/")
    assert (answer.status_code, answer["Location"]) == (303, page)
    shown = panel_of(mine, person)
    assert "Anna Koe" in shown
    assert "responsibility-take" not in shown
    assert "responsibility-offer" not in panel_of(theirs, person)
    form = {"colleague": str(bo.membership_id), "reason": "Tuttu jo pajalta"}
    answer = mine.post(f"{page}vastuu/tarjoa/", form, headers=PART)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in text
    assert 'id="vastuuhenkilo"' in text
    assert "responsibility-withdraw" in text
    assert "responsibility-accept" not in text
    waiting = panel_of(theirs, person)
    assert "Tuttu jo pajalta" in waiting
    assert "responsibility-accept" in waiting
    offer = ResponsibilityOffer.objects.get()
    assert "responsibility-met" not in theirs.post(f"/vaihdot/{offer.pk}/tavattu/", headers=PART).content.decode()
    accepted = theirs.post(f"/vaihdot/{offer.pk}/ota-vastaan/", headers=PART).content.decode()
    assert "responsibility-release" in accepted
    assert running(person) == bo.membership


def test_what_was_typed_stays_when_something_is_missing(anna: Member, person: Client, client_for: Sign) -> None:
    acts.take(person, by=anna, at=NOW)
    browser, page = client_for(anna), f"/asiakkaat/{person.pk}/vastuu/"
    for headers in (PART, {}):
        answer = browser.post(f"{page}tarjoa/", {"colleague": "", "reason": "Puhuu ruotsia"}, headers=headers)
        assert answer.status_code == 422
        assert 'value="Puhuu ruotsia"' in answer.content.decode()
        assert ("<html" in answer.content.decode()) == (not headers)
        long = browser.post(f"{page}vapauta/", {"reason": "ä" * 201}, headers=headers)
        assert long.status_code == 422
        assert "ä" * 201 in long.content.decode()
    assert running(person) == anna.membership


def test_the_same_press_twice_takes_once(anna: Member, person: Client, client_for: Sign) -> None:
    browser, form = client_for(anna), {"submission_key": str(uuid4())}
    answers = [browser.post(f"/asiakkaat/{person.pk}/vastuu/ota/", form, headers=PART) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Responsibility.objects.count() == 1


def test_who_comes_too_late_hears_who_did_what_and_keeps_the_words(
    anna: Member, bo: Member, person: Client, offered: ResponsibilityOffer, client_for: Sign
) -> None:
    theirs = client_for(bo)
    acts.withdraw_offer(offered, by=anna, at=NOW)
    answer = theirs.post(f"/vaihdot/{offered.pk}/ei-onnistu/", {"reason": "Jään vapaalle"}, headers=PART)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Anna Koe" in text
    assert "Jään vapaalle" in text
    assert 'id="vastuuhenkilo"' in text
    whole = theirs.post(f"/vaihdot/{offered.pk}/ei-onnistu/", {"reason": "Jään vapaalle"})
    assert whole.status_code == 409
    assert "Jään vapaalle" in whole.content.decode()
    short = theirs.post(f"/vaihdot/{offered.pk}/ei-onnistu/", {"reason": "x" * 201}, headers=PART)
    assert short.status_code == 422
    assert "x" * 201 in short.content.decode()


def test_who_knows_the_person_from_elsewhere_sees_no_panel(anna: Member, person: Client, client_for: Sign) -> None:
    acts.take(person, by=anna, at=NOW)
    partner = Member(MembershipFactory())
    share = {"organisation": partner.membership.organisation, "contents": ["contact"]}
    consents.give_consent(person, by=anna, at=NOW, purpose=Purpose.SHARE, given=Given(), **share)
    browser = client_for(partner)
    assert browser.get(f"/asiakkaat/{person.pk}/").status_code == 200
    assert "vastuuhenkilo" not in panel_of(browser, person)
    assert browser.post(f"/asiakkaat/{person.pk}/vastuu/ota/").status_code == 404


# --- one's own people ----------------------------------------------------------------------------------------------


def test_my_people_stand_in_finnish_order_with_the_offers_before_them(
    anna: Member, bo: Member, client_for: Sign
) -> None:
    names = ["Äijö Koe", "Zacharias Koe", "Åke Koe", "Örn Koe", "Aino Koe"]
    for name in names:
        acts.take(person_on_file(anna, name=name), by=anna, at=NOW)
    coming = person_on_file(bo, name="Tuleva Koe")
    acts.take(coming, by=bo, at=NOW)
    acts.offer(coming, anna.membership, by=bo, at=NOW, reason="Puhuu ruotsia")
    away = Client.objects.get(name="Aino Koe")
    acts.offer(away, bo.membership, by=anna, at=NOW)
    answer = client_for(anna).get("/asiakkaat/omat/")
    text = answer.content.decode()
    order = ["Tuleva Koe", "Aino Koe", "Zacharias Koe", "Åke Koe", "Äijö Koe", "Örn Koe"]
    places = [text.index(name) for name in order]
    assert places == sorted(places)
    assert "Puhuu ruotsia" in text
    assert [offer for _, offer, _leave in answer.context["rows"]] == [
        ResponsibilityOffer.objects.get(client=away),
        *[None] * 4,
    ]
    looks = AccessEvent.objects.filter(kind="mine").values_list("person_id", flat=True)
    assert set(looks) == set(Client.objects.values_list("pk", flat=True))


def test_nobody_on_the_list_means_a_next_step(anna: Member, client_for: Sign) -> None:
    browser = client_for(anna)
    assert 'href="/asiakkaat/omat/"' in browser.get("/asiakkaat/").content.decode()
    text = browser.get("/asiakkaat/omat/").content.decode()
    assert "mine-held" not in text
    assert 'class="btn btn-primary" href="/asiakkaat/"' in text


def test_the_list_costs_the_same_however_many_stand_on_it(
    anna: Member, bo: Member, client_for: Sign, assert_budget: Callable[..., Any]
) -> None:
    def one_more(number: int) -> None:
        mine, theirs = person_on_file(anna, name=f"Aino Koe{number}"), person_on_file(bo, name=f"Bo Koe{number}")
        acts.take(mine, by=anna, at=NOW)
        acts.offer(mine, bo.membership, by=anna, at=NOW)
        acts.take(theirs, by=bo, at=NOW)
        acts.offer(theirs, anna.membership, by=bo, at=NOW)

    browser = client_for(anna)
    one_more(0)
    with assert_budget(14) as first:
        browser.get("/asiakkaat/omat/")
    for number in range(1, 12):
        one_more(number)
    with assert_budget(len(first), exactly=True):
        browser.get("/asiakkaat/omat/")


def test_the_persons_page_with_its_panel_stays_within_its_budget(
    anna: Member, bo: Member, client_for: Sign, assert_budget: Callable[..., Any], person: Client
) -> None:
    acts.take(person, by=anna, at=NOW)
    browser = client_for(anna)
    with assert_budget(15):
        browser.get(f"/asiakkaat/{person.pk}/")


# --- at once -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_takers_at_once_exactly_one_answers() -> None:
    anna = Member(MembershipFactory())
    bo = Member(MembershipFactory(point=anna.membership.point))
    people = [person_on_file(anna, name=f"Aino Koe{number}") for number in range(10)]
    barrier = threading.Barrier(2, timeout=30)

    def hand(who: Member) -> list[bool]:
        done = []
        try:
            for person in people:
                barrier.wait()
                try:
                    acts.take(person, by=who, at=NOW)
                    done.append(True)
                except acts.AlreadyTaken:
                    done.append(False)
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(hand, (anna, bo))
    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))
    assert Responsibility.objects.running().count() == len(people)
    assert AuditEvent.objects.filter(verb="responsibility.taken").count() == len(people)


@pytest.mark.django_db(transaction=True)
def test_an_acceptance_and_a_withdrawal_at_once_leave_one_answer() -> None:
    anna = Member(MembershipFactory())
    bo = Member(MembershipFactory(point=anna.membership.point))
    offers = []
    for number in range(10):
        person = person_on_file(anna, name=f"Aino Koe{number}")
        acts.take(person, by=anna, at=NOW)
        offers.append(acts.offer(person, bo.membership, by=anna, at=NOW))
    barrier = threading.Barrier(2, timeout=30)

    def hand(act: Callable[..., Any], who: Member) -> list[bool]:
        done = []
        try:
            for offer in offers:
                barrier.wait()
                try:
                    act(offer, by=who, at=NOW)
                    done.append(True)
                except acts.OfferOver:
                    done.append(False)
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(2) as pool:
        accepted, withdrawn = pool.map(hand, (acts.accept, acts.withdraw_offer), (bo, anna))
    assert all(mine != theirs for mine, theirs in zip(accepted, withdrawn, strict=True))
    for offer, moved in zip(offers, accepted, strict=True):
        assert running(offer.client) == (bo if moved else anna).membership


def test_how_it_ended_is_coded_and_stands_in_the_history(anna: Member, person: Client, client_for: Sign) -> None:
    acts.take(person, by=anna, at=NOW)
    browser, url = client_for(anna), f"/asiakkaat/{person.pk}/vastuu/vapauta/"
    assert browser.post(url, {"reason": "Sosiaalitoimisto jatkaa"}, headers=PART).status_code == 422
    assert browser.post(url, {"ending": "other", "reason": ""}, headers=PART).status_code == 422
    assert browser.post(url, {"ending": "basic", "reason": "Sosiaalitoimisto jatkaa"}).status_code == 303
    row = Responsibility.objects.get()
    assert (row.ending, row.end_reason) == ("basic", "Sosiaalitoimisto jatkaa")
    page = browser.get(f"/asiakkaat/{person.pk}/").content.decode()
    history = page.split('data-testid="answered-before"')[1].split("</details>")[0]
    assert "Sosiaalitoimisto jatkaa" in history
    assert str(row.get_ending_display()) in history


def test_a_hand_over_to_a_colleague_is_no_end(anna: Member, bo: Member, offered: ResponsibilityOffer) -> None:
    acts.accept(offered, by=bo, at=NOW)
    assert set(Responsibility.objects.values_list("ending", flat=True)) == {""}
