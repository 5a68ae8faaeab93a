"""Where a plan stands, who acts now, and the statutory plans that it refers to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import translation

from clients import plan_phases, statutory
from clients.actions import plan as plans
from clients.actions import plan_phase, referral
from clients.actions import reminder as reminders
from clients.actions import statutory as references
from clients.actions.statutory import Agreed
from clients.models import Client, Plan, PlanStep, Reminder, StatutoryPlan
from clients.plan_templates import templates
from team.access import Member
from tests.clients.plan.agreed import approved, closed, told
from tests.factories.clients import person_on_file
from tests.factories.team import WEDNESDAY, MembershipFactory, OrganisationFactory, PointFactory, at
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db
Sign = Callable[[Any], Browser]
HTMX = {"HX-Request": "true"}


def reference(plan: Plan, by: Member, **known: Any) -> StatutoryPlan:
    columns: dict[str, Any] = {"kind": "employment", "organisation": by.membership.organisation}
    return references.record_statutory(plan, Agreed(**(columns | {"agreed_on": WEDNESDAY} | known)), by=by, at=at(12))


# --- phases ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["", *templates()])
def test_every_model_has_phases_with_names_in_three_languages(model: str) -> None:
    phases = plan_phases.phases_of(Plan(template=model))
    assert len({one.key for one in phases}) == len(phases) >= 3
    assert all(one.names.keys() == {"fi", "sv", "en"} and all(one.names.values()) for one in phases)
    assert all(len(one.key) <= 20 for one in phases)


def test_a_plan_begins_in_the_first_phase_and_knows_the_next(plan: Plan) -> None:
    way = plan_phases.way_of(plan)
    assert (way.number, way.since_at) == (1, plan.opened_at)
    assert way.next == way.phases[1]


def test_a_plan_moves_between_its_phases_and_the_approval_stays(plan: Plan, advisor: Member) -> None:
    plan = approved(plan, advisor)
    last = plan_phases.phases_of(plan)[-1].key
    moved = plan_phase.set_phase(plan, last, by=advisor, at=at(13))
    way = plan_phases.way_of(moved)
    assert (way.now.key, way.next, way.since_at) == (last, None, at(13))
    assert moved.is_in_force
    plan_phase.set_phase(plan, last, by=advisor, at=at(14))
    assert AuditEvent.objects.filter(verb="plan.phase_set").count() == 1


def test_a_phase_of_another_model_is_refused(plan: Plan, advisor: Member) -> None:
    with pytest.raises(plan_phase.NoSuchPhase):
        plan_phase.set_phase(plan, "network", by=advisor, at=at(13))


def test_a_closed_plan_stays_where_it_was(plan: Plan, advisor: Member) -> None:
    with pytest.raises(plans.PlanClosed):
        plan_phase.set_phase(closed(plan, advisor), "plan", by=advisor, at=at(13))


def test_the_phase_is_chosen_on_the_page_and_a_wrong_one_is_said(plan: Plan, advisor: Member, client_for: Sign) -> None:
    browser, url = client_for(advisor), f"/suunnitelmat/{plan.pk}/vaihe/"
    said = browser.post(url, {"phase": "steps", "submission_key": str(uuid4())}, headers=HTMX)
    assert said.status_code == 200
    assert 'aria-current="step"' in said.content.decode()
    assert browser.post(url, {"phase": "jokin"}, headers=HTMX).status_code == 409
    plan.refresh_from_db()
    assert plan.phase == "steps"


def test_whoever_is_told_of_the_plan_reads_the_phase_and_moves_nothing(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    partner, _share = told(person, advisor, "plan")
    browser = client_for(partner)
    page = browser.get(f"/asiakkaat/{person.pk}/suunnitelma/").content.decode()
    assert 'data-testid="plan-phases"' in page
    assert 'data-testid="plan-phase"' not in page
    assert browser.post(f"/suunnitelmat/{plan.pk}/vaihe/", {"phase": "steps"}).status_code == 404


# --- who acts now ----------------------------------------------------------------------------------------------------


def acts_now(browser: Browser, person: Client) -> str:
    """What the person's page says."""
    page = browser.get(f"/asiakkaat/{person.pk}/").content.decode()
    return page.split('data-testid="acts-now"')[1].split("</dd>")[0]


def test_the_first_day_of_all_that_waits_says_who_acts(
    person: Client, plan: Plan, advisor: Member, client_for: Sign
) -> None:
    PlanStep.objects.filter(plan=plan).update(by_on=WEDNESDAY + timedelta(days=10))
    browser = client_for(advisor)
    assert 'data-side="client"' in acts_now(browser, person)
    to = OrganisationFactory()
    sent = referral.refer(point=plan.point, organisation=to, client=person, by=advisor, at=at(12))
    assert sent.next_on < WEDNESDAY + timedelta(days=10)
    now = acts_now(browser, person)
    assert 'data-side="partner"' in now
    assert to.name in now


def test_a_promise_that_comes_first_is_whoever_answers_to_keep(
    person: Client, plan: Plan, advisor: Member, client_for: Sign
) -> None:
    PlanStep.objects.filter(plan=plan).update(by_on=WEDNESDAY + timedelta(days=30))
    reminders.keep_clocks(at=at(12), using="default")
    now = acts_now(client_for(advisor), person)
    assert 'data-side="us"' in now
    assert advisor.user.name in now


def test_where_nothing_waits_the_next_step_is_to_be_agreed(
    person: Client, plan: Plan, advisor: Member, client_for: Sign
) -> None:
    PlanStep.objects.filter(plan=plan).update(done_at=at(12))
    assert advisor.user.name in acts_now(client_for(advisor), person)


def test_the_paper_says_the_phase_and_whose_turn_it_is(
    person: Client, plan: Plan, advisor: Member, client_for: Sign
) -> None:
    page = client_for(advisor).get(f"/asiakkaat/{person.pk}/suunnitelma/tuloste/?kieli=sv").content.decode()
    assert plan_phases.phases_of(plan)[0].names["sv"] in page
    assert 'data-side="client"' in page
    assert "<b" in page.split('data-testid="acts-now"')[0][-200:]


# --- statutory plans -------------------------------------------------------------------------------------------------


def test_each_kind_has_names_in_three_languages_and_its_act() -> None:
    assert set(statutory.kinds()) == {"employment", "activation", "integration", "multi_sectoral"}
    for one in statutory.kinds().values():
        assert one.names.keys() == {"fi", "sv", "en"}
        assert "/" in one.act


def test_a_newer_plan_of_a_kind_takes_the_place_of_the_older(plan: Plan, advisor: Member) -> None:
    old, other = reference(plan, advisor), reference(plan, advisor, kind="activation")
    new = reference(plan, advisor)
    running = set(StatutoryPlan.objects.running().values_list("pk", flat=True))
    assert running == {other.pk, new.pk}
    assert StatutoryPlan.objects.get(pk=old.pk).ended_at == at(12)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatutoryPlan.objects.filter(pk=old.pk).update(ended_at=None)


@pytest.mark.parametrize(
    "known",
    [
        {"agreed_on": WEDNESDAY + timedelta(days=1)},
        {"valid_until": WEDNESDAY - timedelta(days=1)},
        {"review_on": WEDNESDAY - timedelta(days=1)},
    ],
)
def test_days_out_of_order_are_refused(plan: Plan, advisor: Member, known: dict[str, date]) -> None:
    with pytest.raises(references.DaysOutOfOrder):
        reference(plan, advisor, **known)


def test_a_kind_that_the_law_does_not_know_is_refused(plan: Plan, advisor: Member) -> None:
    with pytest.raises(references.NoSuchKind):
        reference(plan, advisor, kind="jokin")


def test_its_review_is_raised_once_and_settled_by_its_end(plan: Plan, advisor: Member) -> None:
    row = reference(plan, advisor, review_on=WEDNESDAY + timedelta(days=40))
    for days in (25, 26, 26, 39, 50, 50):
        reminders.keep_clocks(at=at(12) + timedelta(days=days), using="default")
    (raised,) = Reminder.objects.filter(kind="statutory_review")
    assert (raised.due_on, raised.subject_id, raised.plan_id) == (row.review_on, row.pk, plan.pk)
    assert raised.raised_at == at(12) + timedelta(days=26)
    moment = at(12) + timedelta(days=51)
    references.end_statutory(row, by=advisor, at=moment)
    assert Reminder.objects.get(pk=raised.pk).how == "closed"
    references.bring_back(row, by=advisor, at=moment + timedelta(minutes=5))
    assert Reminder.objects.get(pk=raised.pk).settled_at is None


def test_what_has_ended_is_asked_no_more(plan: Plan, advisor: Member) -> None:
    row = reference(plan, advisor, review_on=WEDNESDAY + timedelta(days=40))
    references.end_statutory(row, by=advisor, at=at(12))
    reminders.keep_clocks(at=at(12) + timedelta(days=45), using="default")
    assert not Reminder.objects.filter(kind="statutory_review").exists()


def test_an_end_is_undone_on_its_day_only_and_not_beside_another(plan: Plan, advisor: Member) -> None:
    row = references.end_statutory(reference(plan, advisor), by=advisor, at=at(12))
    with pytest.raises(references.ReferenceOver):
        references.end_statutory(row, by=advisor, at=at(12))
    with pytest.raises(references.TooLateToBringBack):
        references.bring_back(row, by=advisor, at=at(12) + timedelta(days=1))
    reference(plan, advisor)
    with pytest.raises(references.TooLateToBringBack):
        references.bring_back(row, by=advisor, at=at(12))


def test_the_page_records_once_and_says_what_is_missing(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    browser, url = client_for(advisor), f"/suunnitelmat/{plan.pk}/lakisaateinen/"
    bad = browser.post(url, {"kind": "activation", "agreed_on": "2026-12-24"}, headers=HTMX)
    assert bad.status_code == 422
    assert '<option value="activation" selected' in bad.content.decode()
    assert 'value="2026-12-24"' in bad.content.decode()
    form = {"kind": "activation", "agreed_on": "2026-11-02", "review_on": "2027-02-02",
            "organisation": str(advisor.organisation_id), "submission_key": str(uuid4())}  # fmt: skip
    for _press in range(2):
        assert browser.post(url, form, headers=HTMX).status_code == 200
    row = StatutoryPlan.objects.get()
    with translation.override("fi"):
        assert "Aktivointisuunnitelma" in browser.get(f"/asiakkaat/{person.pk}/suunnitelma/").content.decode()
    for name in ("paata", "palauta"):
        assert browser.post(f"/lakisaateiset/{row.pk}/{name}/", {}, headers=HTMX).status_code == 200
    assert StatutoryPlan.objects.running().exists()


# --- from draft to confirmed -----------------------------------------------------------------------------------------


def confirmed(row: StatutoryPlan, by: Member, **told: Any) -> StatutoryPlan:
    words: dict[str, Any] = {"confirmer": "Työllisyysalue, asiantuntija", "confirmed_on": WEDNESDAY}
    return references.confirm_statutory(row, **(words | told), by=by, at=at(12))


def test_a_draft_is_sent_then_confirmed_by_somebody_on_a_day(plan: Plan, advisor: Member) -> None:
    row = reference(plan, advisor)
    assert (row.status, row.sent_on, row.confirmer) == ("draft", None, "")
    row = references.send_for_confirmation(row, by=advisor, at=at(12))
    assert (row.status, row.sent_on) == ("sent", WEDNESDAY)
    with pytest.raises(references.NotInThatState):
        references.send_for_confirmation(row, by=advisor, at=at(12))
    confirmed(row, advisor)
    row = StatutoryPlan.objects.get()
    assert (row.status, row.confirmed_on, row.confirmer) == ("confirmed", WEDNESDAY, "Työllisyysalue, asiantuntija")
    with pytest.raises(references.NotInThatState):
        confirmed(row, advisor)


@pytest.mark.parametrize(
    "told",
    [
        {"confirmer": "  "},
        {"confirmed_on": WEDNESDAY + timedelta(days=1)},
        {"confirmed_on": WEDNESDAY - timedelta(days=1)},
    ],
)
def test_confirmed_needs_somebody_and_a_day(plan: Plan, advisor: Member, told: dict[str, Any]) -> None:
    with pytest.raises(references.ConfirmerNeeded):
        confirmed(reference(plan, advisor), advisor, **told)
    assert StatutoryPlan.objects.get().status == "draft"


@pytest.mark.parametrize(
    "columns", [{"status": "confirmed"}, {"status": "sent"}, {"confirmer": "X"}, {"confirmed_on": WEDNESDAY}]
)
def test_the_database_keeps_no_confirmation_without_its_confirmer(
    plan: Plan, advisor: Member, columns: dict[str, Any]
) -> None:
    row = reference(plan, advisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatutoryPlan.objects.filter(pk=row.pk).update(**columns)


def test_a_wrong_press_is_taken_back_on_its_day_one_state_at_a_time(plan: Plan, advisor: Member) -> None:
    row = references.send_for_confirmation(reference(plan, advisor), by=advisor, at=at(12))
    row = references.step_back(confirmed(row, advisor), by=advisor, at=at(13))
    assert (row.status, row.sent_on, row.confirmed_on, row.confirmer) == ("sent", WEDNESDAY, None, "")
    row = references.step_back(row, by=advisor, at=at(13))
    assert (row.status, row.sent_on) == ("draft", None)
    row = confirmed(row, advisor)
    with pytest.raises(references.TooLateToBringBack):
        references.step_back(row, by=advisor, at=at(12) + timedelta(days=1))


def test_what_was_sent_on_an_earlier_day_stays_sent(plan: Plan, advisor: Member) -> None:
    row = references.send_for_confirmation(reference(plan, advisor), by=advisor, at=at(12))
    later = at(12) + timedelta(days=5)
    told = {"confirmer": "Työllisyysalue", "confirmed_on": WEDNESDAY + timedelta(days=5)}
    row = references.confirm_statutory(row, **told, by=advisor, at=later)
    row = references.step_back(row, by=advisor, at=later)
    assert (row.status, row.sent_on) == ("sent", WEDNESDAY)
    with pytest.raises(references.TooLateToBringBack):
        references.step_back(row, by=advisor, at=later)


def test_a_draft_has_nothing_to_undo(plan: Plan, advisor: Member, person: Client, client_for: Sign) -> None:
    row = references.send_for_confirmation(reference(plan, advisor), by=advisor, at=at(12))
    row = references.step_back(row, by=advisor, at=at(12))
    with pytest.raises(references.TooLateToBringBack):
        references.step_back(row, by=advisor, at=at(12))
    page = client_for(advisor).get(f"/asiakkaat/{person.pk}/suunnitelma/").content.decode()
    assert "statutory-step-back" not in page


def test_the_page_asks_who_confirmed_and_loses_nothing_typed(
    plan: Plan, person: Client, advisor: Member, client_for: Sign
) -> None:
    browser, row = client_for(advisor), reference(plan, advisor)
    url = f"/lakisaateiset/{row.pk}/vahvistettu/"
    bad = browser.post(url, {"confirmer": "Työllisyysalue", "confirmed_on": ""}, headers=HTMX)
    assert bad.status_code == 422
    assert 'value="Työllisyysalue"' in bad.content.decode()
    assert bad.content.decode().count('id="plan-statutory"') == 1
    form = {"confirmer": "Työllisyysalue", "confirmed_on": WEDNESDAY.isoformat(), "submission_key": str(uuid4())}
    for _press in range(2):
        assert browser.post(url, form, headers=HTMX).status_code == 200
    page = browser.get(f"/asiakkaat/{person.pk}/suunnitelma/").content.decode()
    assert "Työllisyysalue" in page
    assert "statutory-confirm-open" not in page
    assert browser.post(f"{url}peru/", {}, headers=HTMX).status_code == 200
    assert StatutoryPlan.objects.get().status == "draft"


def test_whoever_does_not_see_the_plan_sees_no_reference(plan: Plan, advisor: Member, client_for: Sign) -> None:
    row = reference(plan, advisor)
    stranger = Member(MembershipFactory(point=PointFactory()))
    person_on_file(stranger, moment=at(10))
    browser = client_for(stranger)
    assert browser.post(f"/lakisaateiset/{row.pk}/paata/", {}).status_code == 404
    assert browser.post(f"/suunnitelmat/{plan.pk}/lakisaateinen/", {"kind": "activation"}).status_code == 404
    assert StatutoryPlan.objects.running().count() == 1
