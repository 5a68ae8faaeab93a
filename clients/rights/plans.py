"""What is kept of a person's plan, and how the person is told of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients import plan_phases
from clients.rights.held import Held, at
from clients.statutory import kinds


def _without_names(content: dict[str, Any]) -> dict[str, Any]:
    """An approved plan as it was; of a colleague who does a step, the name is left out and the organisation stays."""
    steps = [
        {**step, "by": step["by"].rsplit(", ", 1)[-1] if step.get("who") == "staff" else step.get("by", "")}
        for step in content.get("steps", [])
    ]
    return {**content, "steps": steps}


HELD = {
    "clients.Plan": Held(
        at("client"),
        _("Your plan"),
        {
            "opened_at": _("Begun"),
            "opened_by": _("Begun with"),
            "intensity": _("How often we meet"),
            "phase": _("Phase of the plan"),
            "phase_since_at": _("In this phase since"),
            "approved_at": _("Approved"),
            "approved_how": _("How it was approved"),
            "closed_at": _("Closed"),
            "ending": _("Why it was closed"),
            "result": _("What came of it"),
            "summary": _("In short"),
        },
        own_words={"phase": plan_phases.name_of},
        order=("opened_at", "pk"),
    ),
    "clients.Goal": Held(
        at("plan__client"),
        _("Your goals"),
        {"words": _("In your own words"), "reached_at": _("Reached"), "ended_at": _("Given up")},
        order=("plan", "position"),
    ),
    "clients.PlanStep": Held(
        at("plan__client"),
        _("Steps of the plan"),
        {
            "what": _("What"),
            "who": _("Who does it"),
            "membership": _("Colleague"),
            "who_words": _("Somebody else"),
            "by_on": _("By"),
            "benefit": _("What it is good for"),
            "ends_on": _("Lasts until"),
            "no_next_reason": _("Why nothing follows it"),
            "followed_at": _("When that was said"),
            "done_at": _("Done"),
            "ended_at": _("Given up"),
        },
    ),
    "clients.StatutoryPlan": Held(
        at("plan__client"),
        _("Statutory plans that are known of"),
        {
            "kind": _("Which plan"),
            "organisation": _("Which organisation keeps it"),
            "agreed_on": _("Agreed on"),
            "valid_until": _("Holds until"),
            "review_on": _("Looked at again on"),
            "status": _("How far it is"),
            "sent_on": _("Sent for confirmation"),
            "confirmed_on": _("Confirmed"),
            "confirmer": _("Who confirmed it"),
            "recorded_at": _("Recorded"),
            "recorded_by": _("Recorded by"),
            "ended_at": _("Ended"),
        },
        own_words={"kind": lambda code: kinds()[code].name if code in kinds() else code},
        order=("agreed_on", "pk"),
    ),
    "clients.PlanVersion": Held(
        at("plan__client"),
        _("What you have approved of the plan"),
        {"version": _("Version"), "approved_at": _("Approved"), "how": _("How it was given"), "content": _("Content")},
        own_words={"content": _without_names},
        order=("approved_at", "pk"),
    ),
}
