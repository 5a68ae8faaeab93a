"""Plans of people on file, and the statutory plans beside them."""

from __future__ import annotations

from typing import Any

from clients.actions import plan as plans
from clients.actions import plan_end, statutory
from clients.actions import reminder as reminders
from clients.models import Plan
from tests.addresses.people import person
from tests.addresses.registry import page, press
from tests.factories.clients import plan_of
from tests.factories.team import at
from tests.factories.visits import House


def own_plan(who: Any) -> Plan:
    """The plan of somebody whom the member's team may know."""
    return plan_of(person(who), who, moment=at(10))


@press("clients:plan_open")
def open_plan(house: House, who: Any) -> Any:
    return [person(who).pk], {"words": "Haluan töihin lähelle kotia", "intensity": "dense"}


@page("clients:plan")
def plan(house: House, who: Any) -> list[Any]:
    return [own_plan(who).client_id]


@press("clients:plan_goal")
def add_goal(house: House, who: Any) -> Any:
    return [own_plan(who).pk], {"words": "Haluan oppia suomea"}


@press("clients:plan_step")
def add_step(house: House, who: Any) -> Any:
    made = own_plan(who)
    return [made.pk], {
        "what": "Täyttää hakemus",
        "goal": made.goals.get().pk,
        "who": "other",
        "who_words": "Oppilaitos",
        "by_on": "2026-12-02",
        "benefit": "Paikka kielikurssilla",
    }


@press("clients:plan_intensity")
def set_intensity(house: House, who: Any) -> Any:
    made = own_plan(who)
    return [made.pk], {"intensity": "sparse", "version": made.version}


@press("clients:plan_phase")
def set_phase(house: House, who: Any) -> Any:
    return [own_plan(who).pk], {"phase": "plan"}


@press("clients:statutory_record")
def record_statutory(house: House, who: Any) -> Any:
    organisation = str(who.organisation_id)
    return [own_plan(who).pk], {"kind": "activation", "organisation": organisation, "agreed_on": "2026-11-02"}


def reference(house: House, who: Any) -> Any:
    """A statutory plan that is known of."""
    agreed = statutory.Agreed("employment", who.membership.organisation, house.now.date())
    return statutory.record_statutory(own_plan(who), agreed, by=who, at=house.now)


@press("clients:plan_step_next")
def agree_next(house: House, who: Any) -> Any:
    """A service that ends soon."""
    measure = plans.Step("Palkkatuki pajalla", ends_on=house.now.date())
    row = plans.add_step(own_plan(who), step=measure, by=who, at=house.now)
    return [row.pk], {"no_next_reason": "Työ jatkuu ilman tukea"}


@press("clients:statutory_sent")
def send_statutory(house: House, who: Any) -> Any:
    return [reference(house, who).pk], {}


@press("clients:statutory_confirmed")
def confirm_statutory(house: House, who: Any) -> Any:
    told = {"confirmer": "Työllisyysalueen asiantuntija", "confirmed_on": house.now.date().isoformat()}
    return [reference(house, who).pk], told


@press("clients:statutory_step_back")
def step_back(house: House, who: Any) -> Any:
    return [statutory.send_for_confirmation(reference(house, who), by=who, at=house.now).pk], {}


@press("clients:statutory_end")
def end_statutory(house: House, who: Any) -> Any:
    return [reference(house, who).pk], {}


@press("clients:statutory_bring_back")
def bring_back(house: House, who: Any) -> Any:
    return [statutory.end_statutory(reference(house, who), by=who, at=house.now).pk], {}


@press("clients:plan_approve")
def approve_plan(house: House, who: Any) -> Any:
    made = own_plan(who)
    return [made.pk], {"how": "words", "version": made.version}


@press("clients:plan_hand")
def hand_plan(house: House, who: Any) -> Any:
    made = own_plan(who)
    return [made.pk], {"read_in": "sv", "handed_version": made.version}


@press("clients:plan_step_day")
def set_day(house: House, who: Any) -> Any:
    return [own_plan(who).steps.get().pk], {"by_on": "2026-12-09"}


@press("clients:goal_reword")
def reword_goal(house: House, who: Any) -> Any:
    return [own_plan(who).goals.get().pk], {"words": "Haluan töihin, mihin vain pääsee bussilla"}


@press("clients:goal_reached")
def reach_goal(house: House, who: Any) -> Any:
    return [own_plan(who).goals.get().pk], {}


@press("clients:goal_given_up")
def give_up_goal(house: House, who: Any) -> Any:
    return [own_plan(who).goals.get().pk], {}


@press("clients:plan_step_done")
def finish_step(house: House, who: Any) -> Any:
    return [own_plan(who).steps.get().pk], {}


@press("clients:plan_step_not_needed")
def drop_step(house: House, who: Any) -> Any:
    return [own_plan(who).steps.get().pk], {}


@press("clients:plan_reviewed")
def plan_reviewed(house: House, who: Any) -> Any:
    return [own_plan(who).pk], {}


@press("clients:need_reviewed")
def need_reviewed(house: House, who: Any) -> Any:
    return [own_plan(who).pk], {}


@press("clients:review_undo")
def undo_review(house: House, who: Any) -> Any:
    return [reminders.note_review(own_plan(who), kind="plan", by=who, at=at(10)).pk], {}


@press("clients:plan_close")
def close_plan(house: House, who: Any) -> Any:
    made = own_plan(who)
    return [made.pk], {"ending": "reached", "result": "work", "summary": "Työt alkavat", "version": made.version}


@press("clients:plan_reopen")
def reopen_plan(house: House, who: Any) -> Any:
    told = {"ending": "reached", "result": "work", "summary": "", "by": who, "at": at(10)}
    return [plan_end.close_plan(own_plan(who), **told).pk], {}


@press("clients:plan_approval_undo")
def undo_approval(house: House, who: Any) -> Any:
    made = own_plan(who)
    return [plans.approve_plan(made, how="words", version=made.version, by=who, at=at(10)).pk], {}


@press("clients:goal_undo")
def undo_goal(house: House, who: Any) -> Any:
    return [plans.end_goal(own_plan(who).goals.get(), reached=True, by=who, at=at(10)).pk], {}


@press("clients:plan_step_undo")
def undo_plan_step(house: House, who: Any) -> Any:
    return [plans.finish_step(own_plan(who).steps.get(), by=who, at=at(10)).pk], {}


@page("clients:plan_paper")
def plan_paper(house: House, who: Any) -> list[Any]:
    return [own_plan(who).client_id]


@page("clients:plan_text")
def plan_text(house: House, who: Any) -> list[Any]:
    return [own_plan(who).client_id]
