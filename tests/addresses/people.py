"""People on file, consents and referrals."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from clients.actions import companion as companions
from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.actions import link as links
from clients.actions import merge as merges
from clients.actions import plan as plans
from clients.actions import promise as promises
from clients.actions import recusal as recusals
from clients.actions import referral as referrals
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.actions.client import Person, record_person
from clients.actions.consent import Given
from clients.actions.not_same import tell_apart
from clients.models import Client, Consent, Referral, Reminder, ResponsibilityOffer
from clients.models.consent import Purpose
from team.access import Member
from tests.addresses.registry import page, press
from tests.factories.clients import ReferralFactory, person_on_file
from tests.factories.team import MembershipFactory, OrganisationFactory, at
from tests.factories.visits import House

CONTACT = {"asks": ["contact"], "language": "fi"}


def person(who: Any) -> Client:
    """Somebody whom the member's team may know."""
    return person_on_file(who, moment=at(10))


def own_consent(who: Any) -> Consent:
    """The yes to be recorded."""
    return Consent.objects.get(client=person(who), purpose=Purpose.RECORD)


@press("clients:record")
def record(house: House, who: Any) -> Any:
    return {
        "name": "Aino Esimerkki",
        "contact_kind": "phone",
        "contact_value": "+358 000 000 012",
        "year_of_birth": "1985",
        "may_record": "on",
        "how": "words",
        "read_in": "fi",
    }


@press("clients:change")
def change(house: House, who: Any) -> Any:
    known = person(who)
    return [known.pk], {"name": "Aino Toinen", "contact_kind": "phone", "version": known.version}


@press("clients:reveal")
def reveal(house: House, who: Any) -> Any:
    return [person(who).pk], {}


@press("clients:give_contact")
def give_contact(house: House, who: Any) -> Any:
    return [person(who).pk], {"how": "words", "read_in": "fi"}


@press("clients:give_share")
def give_share(house: House, who: Any) -> Any:
    return [person(who).pk], {
        "organisation": OrganisationFactory().pk,
        "contents": "contact",
        "how": "words",
        "read_in": "fi",
    }


@press("clients:handover")
def handover(house: House, who: Any) -> Any:
    """Six digits typed on the tablet of the house."""
    return {"code": handovers.open_session(person(house.desk), by=house.desk, at=house.now, **CONTACT).code}


@page("clients:handover_state")
def handover_state(house: House, who: Any) -> Any:
    return [handovers.open_session(person(who), by=who, at=house.now, **CONTACT).row.pk]


@press("clients:withdraw")
def withdraw(house: House, who: Any) -> Any:
    return [own_consent(who).pk], {}


@press("clients:give_again")
def give_again(house: House, who: Any) -> Any:
    given = own_consent(who)
    consents.withdraw_consent(given, by=who, at=house.now)
    return [given.pk], {}


def received(house: House, who: Any) -> UUID:
    """A referral that waits for an answer of the member's organisation."""
    row = ReferralFactory(point=house.point, organisation=who.membership.organisation)
    return UUID(str(row.pk))


@press("clients:link_referral")
def answer_by_link(house: House, who: Any) -> Any:
    """A partner without an account answers by the link in the letter."""
    return [links.issue_for_referral(sent(house, house.advisor()), by=None, at=house.now).token], {"answer": "receive"}


@press("clients:referral_accept")
def accept(house: House, who: Any) -> Any:
    return [received(house, who)], {}


@press("clients:referral_decline")
def decline(house: House, who: Any) -> Any:
    return [received(house, who)], {"word": house.point.terms.filter(kind="refusal").order_by("pk")[0].pk}


def sent(house: House, who: Any) -> Any:
    """A referral of the member's own."""
    return referrals.refer(point=house.point, organisation=OrganisationFactory(), by=who, at=at(10))


@press("clients:referral_withdraw")
def withdraw_referral(house: House, who: Any) -> Any:
    return [sent(house, who).pk], {}


@press("clients:referral_undo")
def undo(house: House, who: Any) -> Any:
    return [referrals.withdraw(sent(house, who), by=who, at=house.now).pk], {}


@page("clients:referral")
def one_referral(house: House, who: Any) -> list[Any]:
    return [sent(house, who).pk]


@press("clients:referral_send")
def send_draft(house: House, who: Any) -> Any:
    made = referrals.refer(point=house.point, organisation=OrganisationFactory(), by=who, at=at(10), draft=True)
    return [made.pk], {"stay": "1"}


def taken(house: House, who: Any) -> UUID:
    """A referral that the member's organisation has received."""
    key = received(house, who)
    referrals.receive(Referral(pk=key), by=who, at=house.now)
    return key


@press("clients:referral_contacted")
def contacted(house: House, who: Any) -> Any:
    return [taken(house, who)], {}


@press("clients:referral_started")
def started(house: House, who: Any) -> Any:
    return [taken(house, who)], {}


@press("clients:referral_ended")
def ended(house: House, who: Any) -> Any:
    key = taken(house, who)
    referrals.contact(Referral(pk=key), by=who, at=house.now)
    return [key], {"word": house.point.terms.filter(kind="ending").order_by("pk")[0].pk}


@press("clients:referral_client_withdrew")
def client_withdrew(house: House, who: Any) -> Any:
    return [taken(house, who)], {}


@press("clients:referral_meeting")
def agree_meeting(house: House, who: Any) -> Any:
    return [sent(house, who).pk], {"on": "2026-12-02", "time": "13:00", "place": "Raatihuone"}


@press("clients:referral_link")
def make_link(house: House, who: Any) -> Any:
    return [sent(house, who).pk], {"language": "sv"}


@press("clients:referral_links_end")
def end_links(house: House, who: Any) -> Any:
    made = sent(house, who)
    links.issue_for_referral(made, by=who, at=house.now)
    return [made.pk], {}


@press("clients:refer")
def refer_person(house: House, who: Any) -> Any:
    return [person(who).pk], {"found": OrganisationFactory().pk, "reason": "Ryhmä alkaa", "q": "paja"}


@page("clients:client")
def client(house: House, who: Any) -> list[Any]:
    return [person(who).pk]


@page("clients:chain")
def chain(house: House, who: Any) -> list[Any]:
    return [person(who).pk]


@page("clients:still_open")
def still_open(house: House, who: Any) -> list[Any]:
    return [person(who).pk]


def answered_for(who: Any) -> Client:
    """Somebody for whom the member answers."""
    known = person(who)
    responsibilities.take(known, by=who, at=at(10))
    return known


def colleague(who: Any) -> Member:
    """Another of the team."""
    return Member(MembershipFactory(point=who.membership.point))


def offered_to(who: Any) -> ResponsibilityOffer:
    """Somebody is offered to the member."""
    other = colleague(who)
    return responsibilities.offer(answered_for(other), who.membership, by=other, at=at(10))


@press("clients:responsibility_take")
def take(house: House, who: Any) -> Any:
    return [person(who).pk], {}


@press("clients:responsibility_offer")
def offer(house: House, who: Any) -> Any:
    return [answered_for(who).pk], {"colleague": colleague(who).membership_id, "reason": "Tuttu jo pajalta"}


@press("clients:responsibility_release")
def release(house: House, who: Any) -> Any:
    return [answered_for(who).pk], {"ending": "basic", "reason": "Sosiaalitoimisto jatkaa"}


@press("clients:responsibility_met")
def met(house: House, who: Any) -> Any:
    return [offered_to(who).pk], {}


@press("clients:responsibility_accept")
def accept_responsibility(house: House, who: Any) -> Any:
    return [offered_to(who).pk], {}


@press("clients:responsibility_decline")
def decline_responsibility(house: House, who: Any) -> Any:
    return [offered_to(who).pk], {"reason": "Jään vapaalle"}


@press("clients:responsibility_withdraw")
def withdraw_offer(house: House, who: Any) -> Any:
    made = responsibilities.offer(answered_for(who), colleague(who).membership, by=who, at=at(10))
    return [made.pk], {}


def for_a_month(who: Any) -> Client:
    """Somebody who agreed to be recorded for a month."""
    told = Person("Aino Kuukausi")
    return record_person(told, by=who, at=at(10), consent=Given.for_a_month("words", "fi", at=at(10)))


@press("clients:renew")
def renew(house: House, who: Any) -> Any:
    return [Consent.objects.get(client=for_a_month(who)).pk], {}


@press("clients:give_record")
def give_record(house: House, who: Any) -> Any:
    return [for_a_month(who).pk], {"how": "words", "read_in": "fi"}


@page("clients:receipt")
def receipt(house: House, who: Any) -> Any:
    return [person(who).pk]


@press("clients:receipt_link")
def receipt_link(house: House, who: Any) -> Any:
    return [person(who).pk], {}


@press("clients:receipt_text")
def receipt_text(house: House, who: Any) -> Any:
    """Somebody who agreed to be contacted, by text message."""
    told = Person("Aino Esimerkki", contact_kind="sms", contact_value="+358 000 000 012")
    return [record_person(told, by=who, at=at(10), consent=Given(), may_contact=True).pk], {}


@press("clients:own")
def own_receipt(house: House, who: Any) -> Any:
    """The person withdraws a consent in the own receipt."""
    by = house.advisor()
    consent = own_consent(by)
    issued = links.issue_receipt(consent.client, by=by, at=house.now)
    return [issued.token], {"consent": str(consent.pk)}


@press("clients:merge")
def merge(house: House, who: Any) -> Any:
    return [person(who).pk, person_on_file(who, moment=at(10), name="Aino Toinen").pk], {}


@press("clients:merge_undo")
def merge_undo(house: House, who: Any) -> Any:
    """Two files of the member's team that were merged a moment ago."""
    one, other = person(who), person_on_file(who, moment=at(10), name="Aino Toinen")
    files = Client.objects.visible_to(who)
    merged = merges.merge(files.get(pk=one.pk), files.get(pk=other.pk), by=who, at=house.now)
    return [merged.pk], {}


@press("clients:not_same")
def not_same(house: House, who: Any) -> Any:
    return [person(who).pk, person_on_file(who, moment=at(10), name="Aino Toinen").pk], {}


@press("clients:not_same_undo")
def not_same_undo(house: House, who: Any) -> Any:
    """Two files that were told apart a moment ago."""
    one, other = person(who), person_on_file(who, moment=at(10), name="Aino Toinen")
    files = Client.objects.visible_to(who)
    tell_apart(files.get(pk=one.pk), files.get(pk=other.pk), by=who, at=house.now)
    return [one.pk, other.pk], {}


@press("clients:recuse")
def recuse(house: House, who: Any) -> Any:
    return [person(who).pk], {}


@press("clients:recusal_take_back")
def take_back(house: House, who: Any) -> Any:
    return [recusals.recuse(person(who), by=who, at=house.now).pk], {}


@press("clients:recusal_end")
def end_recusal(house: House, who: Any) -> Any:
    """A mark of a colleague's."""
    colleague = house.advisor()
    return [recusals.recuse(person(colleague), by=colleague, at=house.now).pk], {"reason": "Merkittiin väärä henkilö"}


@press("clients:contact_note")
def note_contact(house: House, who: Any) -> Any:
    return [person(who).pk], {"mode": "phone"}


@press("clients:contact_undo")
def undo_contact(house: House, who: Any) -> Any:
    return [reminders.note_contact(person(who), mode="phone", by=who, at=at(10)).pk], {}


@press("clients:set_terms")
def set_terms(house: House, who: Any) -> Any:
    return {
        "first_contact_days": 5, "dense_days": 7, "sparse_days": 42, "occasional_days": 91, "lost_days": 30,
        "long_lost_days": 60, "gap_days": 14, "need_days": 14, "plan_review_months": 3, "need_review_months": 6,
        "referral_remind_days": 3, "referral_late_days": 7, "referral_stuck_days": 14, "referral_lapse_days": 30,
    }  # fmt: skip


@press("clients:promise_add")
def add_promise(house: House, who: Any) -> Any:
    names = {"name_fi": "Soitamme", "name_sv": "Vi ringer", "name_en": "We call"}
    return names | {"days": 3, "counted_from": "plan"}


@press("clients:promise_end")
def end_promise(house: House, who: Any) -> Any:
    names = {"fi": "Soitamme", "sv": "Vi ringer", "en": "We call"}
    return [promises.add_promise(names, days=3, counted_from="plan", by=who, at=house.now).pk], {}


@press("reports:tell_cause")
def tell_cause(house: House, who: Any) -> Any:
    """A promise that was not kept, to somebody for whom the one who presses answers, if that is their work."""
    one = who if who.may("edit_clients") else house.advisor()
    long_ago = house.now - timedelta(days=40)
    known = person(one)
    plan = plans.open_plan(known, goal="Haluan töihin", by=one, at=long_ago)
    reminders.keep_clocks(at=house.now, using="default")
    told = Reminder.objects.filter(kind="first_contact", subject_id=plan.pk).get()
    return [UUID(sha256(f"breach {told.pk}".encode()).hexdigest()[:32])], {"cause": "absence"}


@press("clients:lost_assign")
def assign(house: House, who: Any) -> Any:
    """Nobody has been in touch with somebody for long."""
    one, other = house.advisor(), house.advisor()
    responsibilities.take(person(one), by=one, at=at(10))
    reminders.keep_clocks(at=at(9) + timedelta(days=100), using="default")
    told = Reminder.objects.filter(kind="long_lost").order_by("-pk").first()
    return [told.pk if told else None], {"colleague": str(other.membership_id)}


@press("clients:companion_add")
def add_companion(house: House, who: Any) -> Any:
    return [person(who).pk], {"companion": colleague(who).membership_id}


@press("clients:companion_end")
def end_companion(house: House, who: Any) -> Any:
    return [companions.add_companion(person(who), colleague(who).membership, by=who, at=at(10)).pk], {}


@press("clients:leave")
def leave(house: House, who: Any) -> Any:
    return {"to": colleague(who).membership_id, "from_on": "2026-12-23", "until_on": "2027-01-03"}


@press("clients:leave_end")
def end_leave(house: House, who: Any) -> Any:
    days = {"from_on": at(10).date(), "until_on": at(10).date()}
    return [companions.go_on_leave(colleague(who).membership, **days, by=who, at=at(10)).pk], {}
