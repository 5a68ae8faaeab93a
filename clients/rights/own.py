"""What this app and the ground floor keep of a person, table by table, and how a person is told of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Consent
from clients.rights.held import STAYS, Held, at

KEY = "a key of the register, not told: it opens nothing and says nothing"
SEARCH = "made from the name or the number, for the search"
HASHED = "a keyed hash of what was typed once"


def _without_names(content: dict[str, Any]) -> dict[str, Any]:
    """An approved plan as it was; of a colleague who does a step, the name is left out and the organisation stays."""
    steps = [
        {**step, "by": step["by"].rsplit(", ", 1)[-1] if step.get("who") == "staff" else step.get("by", "")}
        for step in content.get("steps", [])
    ]
    return {**content, "steps": steps}


def _in_payload(person: UUID) -> Q:
    return Q(payload__icontains=str(person))


HELD = {
    "clients.Client": Held(
        at("pk"),
        _("Who you are"),
        {
            "name": _("Name"),
            "is_alias": _("The name is an alias"),
            "year_of_birth": _("Year of birth"),
            "language": _("Language"),
            "municipality": _("Home municipality"),
            "is_non_disclosure": _("Non-disclosure for personal safety"),
            "controller": _("Who keeps the file"),
            "point": _("Service point"),
            "created_at": _("Recorded"),
            "created_by": _("Recorded by"),
            "last_visit_on": _("Latest visit"),
        },
        {"name_key": SEARCH, "name_parts": SEARCH},
    ),
    "clients.ContactPoint": Held(
        at("client"),
        _("How you are reached"),
        {"kind": _("Way"), "value": _("Contact detail"), "created_at": _("Recorded"), "ended_at": _("Ended")},
        {"value_key": SEARCH, "value_parts": SEARCH},
        order=("created_at", "pk"),
    ),
    "clients.Consent": Held(
        at("client"),
        _("What you have agreed to"),
        {
            "purpose": _("Consent"),
            "recipient_organisation": _("To which organisation"),
            "recipient_point": _("To the team of which service point"),
            "contents": _("What may be told"),
            "text": _("The words that were read"),
            "how": _("How it was given"),
            "given_at": _("Given"),
            "recorded_by": _("Recorded by"),
            "expires_on": _("Holds until"),
            "is_short": _("For a month only"),
            "withdrawn_at": _("Withdrawn"),
            "withdrawn_by": _("Withdrawal recorded by"),
        },
        own_words={"contents": lambda contents: [str(Consent.Content(one).label) for one in contents]},
        order=("given_at", "pk"),
    ),
    "clients.HandoverSession": Held(
        at("client"),
        _("Turns at the tablet"),
        {
            "point": _("Service point"),
            "asks": _("What was asked"),
            "created_at": _("Begun"),
            "ended_at": _("Ended"),
            "outcome": _("How it ended"),
            "opened_by": _("Opened by"),
        },
        {"code_hash": HASHED, "device": "the tablet's key"},
        order=("created_at", "pk"),
    ),
    "clients.Plan": Held(
        at("client"),
        _("Your plan"),
        {
            "opened_at": _("Begun"),
            "opened_by": _("Begun with"),
            "intensity": _("How often we meet"),
            "approved_at": _("Approved"),
            "approved_how": _("How it was approved"),
            "closed_at": _("Closed"),
        },
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
            "done_at": _("Done"),
            "ended_at": _("Given up"),
        },
    ),
    "clients.PlanVersion": Held(
        at("plan__client"),
        _("What you have approved of the plan"),
        {"version": _("Version"), "approved_at": _("Approved"), "how": _("How it was given"), "content": _("Content")},
        own_words={"content": _without_names},
        order=("approved_at", "pk"),
    ),
    "clients.Responsibility": Held(
        at("client"),
        _("Who has answered for you"),
        {
            "membership": _("Colleague"),
            "point": _("Service point"),
            "since_at": _("Since"),
            "ended_at": _("Ended"),
            "end_reason": _("Why it ended"),
        },
        order=("since_at", "pk"),
    ),
    "clients.ResponsibilityOffer": Held(
        at("client"),
        _("When another was asked to answer for you"),
        {
            "from_membership": _("Who asked"),
            "to_membership": _("Who was asked"),
            "reason": _("Why"),
            "offered_at": _("Asked"),
            "met_at": _("Met together"),
            "accepted_at": _("Accepted"),
            "declined_at": _("Declined"),
            "decline_reason": _("Why declined"),
            "withdrawn_at": _("Withdrawn"),
        },
        order=("offered_at", "pk"),
    ),
    "clients.Referral": Held(
        at("client"),
        _("Where you were guided"),
        {
            "organisation": _("To which organisation"),
            "service": _("Service"),
            "reason": _("Why"),
            "status": _("How far it is"),
            "sent_at": _("Sent"),
            "answered_at": _("Answered"),
            "next_on": _("Next by"),
            "sender": _("Sender"),
            "carrier_code": _("Code that you carry"),
        },
        ending=STAYS,
        emptied={"client": None, "reason": ""},
        order=("sent_at", "pk"),
    ),
    "clients.ReferralEvent": Held(
        at("referral__client"),
        _("What has happened to the referrals"),
        {"status": _("What happened"), "at": _("When"), "by": _("By whom"), "undone_at": _("Undone")},
        ending=STAYS,
        order=("at", "pk"),
    ),
    "tyoparkki.Outbox": Held(
        _in_payload,
        _("Work in the background"),
        {"task": _("Work"), "created_at": _("Ordered"), "done_at": _("Done")},
        {"payload": KEY},
    ),
}

NOBODYS = {
    "clients.ConsentText": "the words that everybody reads before a consent",
    "team": "who works here, where and when",
    "services": "the catalogue of services",
    "employers": "employers and their open places",
    "tyoparkki": "reference data",
}
