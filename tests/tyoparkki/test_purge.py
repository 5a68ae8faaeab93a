"""The purge keeps the promises: each kind of row goes the night after its last day, not before, and leaves a line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections, models, transaction
from django.test import Client as Browser

from clients.actions import assessment as assessments
from clients.actions import background as backgrounds
from clients.actions import companion as companions
from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.actions import identity_code as codes
from clients.actions import instrument as instruments
from clients.actions import joint as joints
from clients.actions import link as links
from clients.actions import merge as merges
from clients.actions import outcome as outcomes
from clients.actions import plan as plans
from clients.actions import recusal as recusals
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.actions import statutory
from clients.actions.consent import Given
from clients.actions.not_same import tell_apart
from clients.models import (
    Client,
    Consent,
    ContactPoint,
    HandoverSession,
    InstrumentVersion,
    Link,
    OutcomeType,
    Referral,
)
from clients.models.consent import Purpose
from employers import actions as employers
from feedback.models import Response
from reports.models import BreachCause, DailyFigure
from reports.recount import differences
from services.models import ImportRun
from team.access import Member
from team.actions import help as help_calls
from team.models import Break, Device, Membership, PairingCode, ServiceDay, User
from tests.factories.clients import person_on_file, plan_of
from tests.factories.employers import EmployerFactory
from tests.factories.feedback import Tablet
from tests.factories.team import MembershipFactory, MunicipalityFactory, OrganisationFactory, UserFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tests.fixtures.world import standing_in
from tyoparkki import outbox, purge
from tyoparkki.models import AccessEvent, AuditEvent, JobSlot, Outbox, Submission
from tyoparkki.retention import YEAR, Retention
from tyoparkki.tasks import report_retention
from visits.actions import drafts, encounters, guidance, identity, undo
from visits.actions.turn import give_turn
from visits.models import AgreedStep, Visit, VisitOnceKnown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats", "system"])

LONG_AGO = datetime.fromisoformat("2012-02-29T12:00:00+02:00")


def promises() -> dict[type[models.Model], Retention]:
    """Every model that says how long its rows are kept."""
    return {model: model.retention for model in apps.get_models() if hasattr(model, "retention")}  # type: ignore[attr-defined]


def owners(model: type[models.Model]) -> list[type[models.Model]]:
    """Models with whose rows this one's rows go."""
    return [
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and field.related_model is not model
    ]


def last_day(model: type[models.Model]) -> int | None:
    """How many days a row of today lives at the most: its own, or those of what it belongs to."""
    own = promises()[model].days if model in promises() else None
    found = [own, *(last_day(owner) for owner in owners(model))]
    days = [number for number in found if number is not None]
    return min(days) if days else None


def what_changed(house: House, person: Client, by: Member) -> None:
    """The person's own view, what came of it, and a file that was the same person's."""
    now = house.now
    instruments.load_shipped(at=now)
    instruments.load_outcome_types(at=now)
    version = InstrumentVersion.objects.on_offer().get(instrument__key="tilanne")
    assessments.record_assessment(person, version, {"suunta": 3}, by=by, at=now)
    with as_actor(by.actor):
        assessments.ask_after_service(person, None, now)
    consents.give_consent(person, by=by, at=now, purpose=Purpose.CONTACT, given=Given())
    kind = OutcomeType.objects.get(code="tyo")
    outcomes.record_outcome(person, kind, since_on=house.day.on, known="told", by=by, at=now)
    twin, files = person_on_file(by, moment=now), Client.objects.visible_to(by)
    merges.merge(files.get(pk=person.pk), files.get(pk=twin.pk), by=by, at=now)
    beside = person_on_file(by, moment=now)
    tell_apart(files.get(pk=person.pk), files.get(pk=beside.pk), by=by, at=now)
    recusals.recuse(person, by=house.advisor(), at=now)
    consents.give_consent(person, by=by, at=now, purpose=Purpose.BACKGROUND, given=Given())
    for row in backgrounds.record_background(
        person, backgrounds.Told("work", words="Yli viisikymppinen"), by=by, at=now
    ):
        backgrounds.end_background(row, by=by, at=now)
    joints.open_joint(person, profession="", by=by, at=now)
    codes.keep_code(person, "131052-9085", by=by, at=now)
    codes.remove_code(person, by=by, at=now)


def fill(house: House) -> None:
    """At least one row of every kind that has an end, all of the same day, all over with."""
    now, desk, advisor, colleague = house.now, house.desk, house.advisor(), house.advisor(partner=True)
    person = person_on_file(
        desk, moment=now, contact_kind="phone", contact_value="+358 000 000 012", municipality=MunicipalityFactory()
    )
    ContactPoint.objects.update(ended_at=now)
    share = {"by": desk, "at": now, "given": Given(), "organisation": colleague.membership.organisation}
    consent = consents.give_consent(person, purpose=Purpose.SHARE, contents=["guidance"], **share)
    consents.withdraw_consent(consent, by=desk, at=now)
    plan = plan_of(person, advisor, moment=now)
    agreed = statutory.Agreed("activation", advisor.membership.organisation, agreed_on=now.date())
    statutory.record_statutory(plan, agreed, by=advisor, at=now)
    plans.approve_plan(plan, how="words", version=plan.version, by=advisor, at=now)
    links.issue_receipt(person, by=desk, at=now)
    Link.objects.update(expires_at=now + timedelta(minutes=1))
    visit = house.arrive(note="Odottaa tulkkia")
    give_turn(visit, by=desk, at=now)
    encounter = house.in_service(advisor, visit)
    identity.join_client(visit, person, by=advisor, at=now)
    encounters.invite(visit, colleague.membership, mode="together", by=advisor, at=now, client_agreed=True)
    guidance.agree_step(encounter, what="Soita opinto-ohjaajalle", by=advisor, at=now)
    drafts.keep(encounter, kind="step", key=uuid4(), typed={"what": "Kysy"}, by=advisor, at=now)
    guidance.share(encounter, colleague.membership.organisation, client_agreed=True, by=advisor, at=now)
    guidance.refer(encounter, organisation=OrganisationFactory(), reason="Ryhmä", by=advisor, at=now)
    encounters.finish(visit, result=house.result(), by=advisor, at=now)
    event = house.arrive().events.get()
    undo.undo(event, by=desk, at=now)
    handovers.open_session(person, asks=["contact"], language="fi", by=desk, at=now)
    responsibilities.offer(person, colleague.membership, by=advisor, at=now)
    companions.add_companion(person, colleague.membership, by=advisor, at=now)
    companions.go_on_leave(colleague.membership, from_on=house.day.on, until_on=house.day.on, by=advisor, at=now)
    reminders.note_contact(person, mode="phone", by=desk, at=now)
    reminders.note_review(plan, kind="need", by=advisor, at=now)
    reminders.keep_clocks(at=now)
    what_changed(house, person, advisor)
    firm = EmployerFactory(point=house.point)
    employers.log_contact(firm, kind="phone", about="Kesätyöt", by=advisor, at=now)
    employers.open_position(firm, kind="job", title="Keittiöapulainen", by=advisor, at=now, today=house.day.on)
    employers.end_person(employers.add_person(firm, name="Aino Koe", by=advisor, at=now), by=advisor, at=now)
    Break.objects.create(shift=advisor.membership.shifts.get(), started_at=now, ended_at=now)
    help_calls.call_help(by=advisor, at=now)
    tablet = Tablet(point=house.point)
    tablet.answer(now)
    Device.objects.update(revoked_at=now)
    VisitOnceKnown.objects.create(visit=visit)
    told = {"cause": "other", "told_at": now, "told_by": advisor.membership}
    BreachCause.objects.create(key=uuid4(), point=house.point, due_on=house.day.on, **told)
    PairingCode.objects.create(
        point=house.point, kind="board", name="Taulu", code_hash="a", created_at=now, expires_at=now
    )
    ImportRun.objects.create(source="ptv", started_at=now)
    Submission.objects.create(key=uuid4(), actor="", route="", body_hash="", at=now)
    JobSlot.objects.create(task="x", slot="1", at=now)
    outbox.drain()
    Outbox.objects.update(done_at=now)  # the database tells the time by its own clock
    Outbox.objects.create(task="x", created_at=now, next_try_at=now, done_at=now)
    Outbox.objects.create(task="y", created_at=now, next_try_at=now, dead_at=now)
    Membership.objects.update(valid_until=house.day.on)
    User.objects.update(left_on=house.day.on)
    ServiceDay.objects.filter(pk=house.day.pk).update(closed_by=advisor.membership)
    AuditEvent.objects.bulk_create([AuditEvent(at=LONG_AGO, verb="x", object_kind="x", object_id="1", actor_kind="x")])
    AccessEvent.objects.bulk_create(
        [AccessEvent(at=LONG_AGO, bucket=LONG_AGO, person_kind="client", person_id=uuid4(), kind="x", outcome="shown")]
    )


def lived_through() -> House:
    """A house whose day is over."""
    house = House()
    fill(house)
    return house


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house after a day on which everything happened."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(11).isoformat())
    with standing_in("lived", lived_through) as house:
        yield house


def rows(model: type[models.Model]) -> int:
    return model._base_manager.using("owner").count()


def test_a_row_of_every_kind_goes_the_night_after_its_last_day_and_not_before(lived: House) -> None:
    ends = {model: days for model in promises() if (days := last_day(model)) is not None}
    sealed = {AuditEvent, AccessEvent}
    assert [model.__name__ for model in ends if not rows(model)] == []
    assert {model for model, promise in promises().items() if promise.days is not None} <= set(ends)
    for days in sorted(set(ends.values())):
        mine = {model for model, lives in ends.items() if lives == days} - sealed
        purge.carry_out(at=lived.now + timedelta(days=days))
        early = [model.__name__ for model in mine if days and not rows(model)]
        assert early == []
        purge.carry_out(at=lived.now + timedelta(days=days + 1))
        kept = {model.__name__: rows(model) for model in mine if rows(model)}
        assert kept == {}
    assert Referral.objects.count() == 0
    again = purge.carry_out(at=lived.now + timedelta(days=5 * YEAR + 1))
    assert again == {}


def test_the_person_goes_after_a_year_and_what_was_agreed_stays_without_a_name(lived: House) -> None:
    purge.carry_out(at=lived.now + timedelta(days=YEAR + 1))
    assert not Client.objects.exists()
    assert not ContactPoint.objects.exists()
    assert not Consent.objects.exists()
    assert not HandoverSession.objects.exists()
    assert Referral.objects.get().client_id is None
    assert AgreedStep.objects.exists()
    assert Visit.objects.count() == 2


def test_who_came_again_stays_and_who_never_came_is_counted_from_the_recording(lived: House) -> None:
    later = lived.now + timedelta(days=YEAR + 1)
    came = person_on_file(lived.desk, moment=lived.now)
    never = person_on_file(lived.desk, moment=lived.now)
    Client.objects.filter(pk=came.pk).update(last_visit_on=later.date())
    purge.carry_out(at=later)
    assert set(Client.objects.values_list("pk", flat=True)) == {came.pk}
    assert never.last_visit_on is None


def test_a_colleague_whom_younger_rows_need_is_waited_for(lived: House) -> None:
    later = lived.now + timedelta(days=5 * YEAR + 1)
    user = UserFactory(left_on=lived.day.on)
    member = MembershipFactory(point=lived.point, user=user, valid_until=lived.day.on)
    firm = EmployerFactory(point=lived.point)
    firm.contact_events.create(kind="phone", about="Uusi", at=later, by=member, organisation_id=member.organisation_id)
    waits = {row.model: row.held for row in purge.standing(today=later.date())}
    assert waits["team.Membership"] >= 1
    purge.carry_out(at=later)
    assert list(User.objects.all()) == [user]
    assert ServiceDay.objects.get(pk=lived.day.pk).closed_by_id is None


def test_each_batch_leaves_one_line_that_names_nobody(lived: House) -> None:
    before = AuditEvent.objects.filter(verb="retention.ended").count()
    JobSlot.objects.bulk_create(JobSlot(task="x", slot=str(number), at=lived.now) for number in range(2, 6))
    purge.carry_out(at=lived.now + timedelta(days=31), batch=2)
    lines = AuditEvent.objects.filter(verb="retention.ended", object_kind="tyoparkki.jobslot")
    assert before == 0
    assert sorted(lines.values_list("reason", "object_id", "actor_kind")) == [
        ("1", "", "system"), ("2", "", "system"), ("2", "", "system"),
    ]  # fmt: skip


def test_a_batch_that_fails_has_done_nothing_and_the_next_night_goes_on(
    lived: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    slots = rows(JobSlot)
    with monkeypatch.context() as patch:
        patch.setattr("tyoparkki.audit.ended", torn)
        with pytest.raises(ConnectionError):
            purge.carry_out(at=lived.now + timedelta(days=31))
    assert rows(JobSlot) == slots
    purge.carry_out(at=lived.now + timedelta(days=31))
    assert not rows(JobSlot)


def test_the_report_changes_nothing_and_says_what_the_night_would_end(
    lived: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TYOPARKKI_NOW", (lived.now + timedelta(days=YEAR + 1)).isoformat())

    def report(*options: str) -> dict[str, Any]:
        told = io.StringIO()
        call_command("retention", "--json", *options, stdout=told)
        answer: dict[str, Any] = json.loads(told.getvalue())
        return answer

    first = report()
    due = {row["model"]: row["due"] for row in first["rows"]}
    assert due["clients.Client"] == 2
    assert due["visits.Visit"] == 0
    assert set(due) == {model._meta.label for model, promise in promises().items() if promise.days is not None}
    assert Client.objects.count() == 2
    assert report("--carry-out")["ended"]["clients.Client"] == 2
    assert not Client.objects.exists()


def test_figures_outlive_the_people_they_were_counted_from(lived: House, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.drain()
    known = {"figure": "identity", "part": "known"}
    assert DailyFigure.objects.get(**known).n == 1
    for days in (YEAR + 1, 5 * YEAR + 1):
        later = lived.now + timedelta(days=days)
        monkeypatch.setenv("TYOPARKKI_NOW", later.isoformat())
        purge.carry_out(at=later)
        with transaction.atomic():
            outbox.later("reports.day_changed", {"point": str(lived.point.pk), "on": lived.day.on.isoformat()})
        outbox.drain()
        assert DailyFigure.objects.get(**known).n == 1
        assert DailyFigure.objects.get(figure="visits").n == 1
        assert differences() == []


def test_the_trace_ends_after_five_years_by_the_calendar_of_the_database_only(lived: House) -> None:
    young = AuditEvent.objects.exclude(at=LONG_AGO).count()
    purge.carry_out(at=lived.now + timedelta(days=40 * YEAR))
    assert not AuditEvent.objects.filter(at=LONG_AGO).exists()
    assert not AccessEvent.objects.filter(at=LONG_AGO).exists()
    assert AuditEvent.objects.exclude(verb="retention.ended").count() == young > 0


def test_only_who_tidies_up_may_end_the_trace() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT role FROM unnest(ARRAY['tp_app', 'tp_stats', 'tp_system']) AS role"
            " WHERE has_function_privilege(role, 'end_trace(text, date)', 'EXECUTE')"
        )
        assert cursor.fetchall() == [("tp_system",)]


def test_the_privacy_page_promises_what_the_purge_does() -> None:
    page = Browser(headers={"Accept-Language": "en"}).get("/tietosuoja/").content.decode()
    assert "at most one year after the latest visit" in page
    assert (Client.retention.days, Client.retention.since) == (YEAR, "last_visit_on")
    assert "without your name: five years" in page
    assert {model.retention.days for model in (Visit, Response, AccessEvent)} == {5 * YEAR}


def test_once_a_month_the_trace_says_what_was_over_and_is_still_there(
    lived: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = lived.now + timedelta(days=YEAR + 1)
    monkeypatch.setenv("TYOPARKKI_NOW", later.isoformat())
    report_retention()
    report_retention()  # the same month: once
    lines = dict(AuditEvent.objects.filter(verb="retention.reported").values_list("object_kind", "reason"))
    assert AuditEvent.objects.filter(verb="retention.reported").count() == len(purge.declared())
    assert lines["clients.client"] == "2 0"
    assert Client.objects.count() == 2
    purge.carry_out(at=later)
    assert purge.ended_since(later - timedelta(days=1))["clients.client"] == 2
    monkeypatch.setenv("TYOPARKKI_NOW", (later + timedelta(days=31)).isoformat())
    purge.carry_out(at=later + timedelta(days=31))
    report_retention()
    latest = AuditEvent.objects.filter(verb="retention.reported", object_kind="clients.client").latest("pk")
    assert latest.reason == "0 0"
