"""What this app and the ground floor keep of a person, table by table, and how a person is told of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients import background_codes
from clients.clocks import nameless
from clients.models import Consent, Plan, PlanStep, StatutoryPlan
from clients.rights.held import STAYS, Held, at
from tyoparkki import sealing

KEY = "a key of the register, not told: it opens nothing and says nothing"
SEARCH = "made from the name or the number, for the search"
HASHED = "a keyed hash of what was typed once"


def _unsealed(sealed: str) -> str:
    """A sealed value in the person's own hands; one whose key is gone says so."""
    try:
        return sealing.unseal(sealed)
    except sealing.Unreadable as refusal:
        return str(refusal)


def _in_payload(person: UUID) -> Q:
    return Q(payload__icontains=str(person))


def _reminds_of(person: UUID) -> Q:
    """Reminders of the person, of the plan and its steps, of referrals, and those for who leads the point, by key."""
    plans, steps = Plan.objects.filter(client=person), PlanStep.objects.filter(plan__client=person)
    named = Q(client=person) | Q(plan__client=person) | Q(step__plan__client=person) | Q(referral__client=person)
    return (
        named
        | Q(subject_id__in=[person, nameless(person)])
        | Q(subject_id__in=plans.values("pk"))
        | Q(subject_id__in=steps.values("pk"))
        | Q(subject_id__in=StatutoryPlan.objects.filter(plan__client=person).values("pk"))
    )


def _opens(person: UUID) -> Q:
    return Q(client=person) | Q(referral__client=person)


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
        {"name_key": SEARCH, "name_parts": SEARCH, "sound_parts": SEARCH},
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
    "clients.Background": Held(
        at("client"),
        _("What you have told of your background"),
        {
            "kind": _("What"),
            "words": _("In your own words"),
            "code": _("From the list"),
            "what_for": _("What it is needed for"),
            "point": _("Service point"),
            "recorded_at": _("Recorded"),
            "recorded_by": _("Recorded by"),
            "status": _("How it stands"),
            "status_at": _("Since"),
            "status_by": _("Said by"),
            "referred_at": _("You were guided to a service"),
            "ended_at": _("Ended"),
        },
        own_words={"code": background_codes.label, "what_for": background_codes.label},
        order=("recorded_at", "pk"),
    ),
    "clients.IdentityCode": Held(
        at("client"),
        _("Your identity code"),
        {
            "sealed_code": _("Personal identity code"),
            "recorded_at": _("Recorded"),
            "recorded_by": _("Recorded by"),
            "ended_at": _("Ended"),
        },
        {"code_hash": HASHED},
        own_words={"sealed_code": _unsealed},
        order=("recorded_at", "pk"),
    ),
    "clients.HandoverSession": Held(
        at("client"),
        _("Turns at the tablet"),
        {
            "point": _("Service point"),
            "asks": _("What was asked"),
            "plan_version": _("Which version of the plan"),
            "created_at": _("Begun"),
            "ended_at": _("Ended"),
            "outcome": _("How it ended"),
            "opened_by": _("Opened by"),
        },
        {"code_hash": HASHED, "device": "the tablet's key"},
        order=("created_at", "pk"),
    ),
    "clients.Responsibility": Held(
        at("client"),
        _("Who has answered for you"),
        {
            "membership": _("Colleague"),
            "point": _("Service point"),
            "since_at": _("Since"),
            "ended_at": _("Ended"),
            "ending": _("How it ended"),
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
    "clients.Companion": Held(
        at("client"),
        _("Who has walked beside you"),
        {"membership": _("Colleague"), "since_at": _("Since"), "ended_at": _("Ended")},
        order=("since_at", "pk"),
    ),
    "clients.Referral": Held(
        at("client"),
        _("Where you were guided"),
        {
            "organisation": _("To which organisation"),
            "service": _("Service"),
            "reason": _("Why"),
            "status": _("How far it is"),
            "result": _("What came of it"),
            "refusal": _("Why it could not be taken"),
            "meeting_at": _("Meeting"),
            "meeting_place": _("Where you meet"),
            "sent_at": _("Sent"),
            "answered_at": _("Answered"),
            "next_on": _("Next by"),
            "sender": _("Sender"),
            "carrier_code": _("Code that you carry"),
            "kind": _("Kind of support"),
            "criteria": _("Criteria met"),
            "return_organisation": _("Who continues with you afterwards"),
            "return_on": _("When they continue at the latest"),
            "return_note": _("What was agreed of that"),
        },
        ending=STAYS,
        emptied={
            "client": None,
            "reason": "",
            "meeting_at": None,
            "meeting_place": "",
            "recipient_email": "",
            "recipient_phone": "",
            "criteria": [],
            "return_note": "",
        },
        order=("sent_at", "pk"),
    ),
    "clients.ReferralEvent": Held(
        at("referral__client"),
        _("What has happened to the referrals"),
        {"status": _("What happened"), "at": _("When"), "by": _("By whom"), "undone_at": _("Undone")},
        ending=STAYS,
        order=("at", "pk"),
    ),
    "clients.PlanReview": Held(
        at("plan__client"),
        _("When the plan was looked at together"),
        {"kind": _("What was looked at"), "at": _("When"), "membership": _("Colleague"), "undone_at": _("Undone")},
        order=("at", "pk"),
    ),
    "clients.ContactNote": Held(
        at("client"),
        _("When somebody was in touch with you"),
        {"mode": _("Way"), "at": _("When"), "membership": _("Colleague"), "undone_at": _("Undone")},
        order=("at", "pk"),
    ),
    "clients.Reminder": Held(
        _reminds_of,
        _("What was due"),
        {"kind": _("What"), "due_on": _("By"), "settled_at": _("Settled"), "how": _("How it was settled")},
        {"subject_id": KEY},
        order=("due_on", "pk"),
    ),
    "clients.SelfAssessment": Held(
        at("client"),
        _("How you have seen your own situation"),
        {
            "version": _("Which questions"),
            "filled_at": _("When"),
            "how": _("How it was given"),
            "service": _("Service"),
            "recorded_by": _("Recorded by"),
            "undone_at": _("Undone"),
        },
        order=("filled_at", "pk"),
    ),
    "clients.AreaScore": Held(
        at("assessment__client"),
        _("Your answers"),
        {"area": _("What was asked"), "value": _("Your answer")},
        order=("assessment", "pk"),
    ),
    "clients.AssessmentAsk": Held(
        at("client"),
        _("What you were to be asked"),
        {"instrument": _("Which questions"), "planned_at": _("When"), "ended_at": _("Ended")},
        order=("planned_at", "pk"),
    ),
    "clients.Outcome": Held(
        at("client"),
        _("What came of it"),
        {
            "type": _("What"),
            "since_on": _("Since"),
            "known": _("How it is known"),
            "ended_on": _("Ended"),
            "recorded_by": _("Recorded by"),
            "undone_at": _("Undone"),
        },
        order=("since_on", "pk"),
    ),
    "clients.FollowUp": Held(
        at("client"),
        _("When you were to be asked how it goes"),
        {"due_on": _("By"), "answer": _("Your answer"), "answered_at": _("Answered"), "ended_at": _("Ended")},
        order=("due_on", "pk"),
    ),
    "clients.Link": Held(
        _opens,
        _("Links that were given"),
        {
            "kind": _("For what"),
            "created_at": _("Given"),
            "expires_at": _("Opens until"),
            "ended_at": _("Ended"),
            "finished_at": _("When you said that you are ready"),
            "opened": _("How often it was opened"),
        },
        {"token_hash": HASHED},
        order=("created_at", "pk"),
    ),
    "clients.MergeRecord": Held(
        at("kept"),
        _("When two files turned out to be yours"),
        {"merged_at": _("When"), "merged_by": _("By whom"), "undone_at": _("Undone")},
        {"gone_id": KEY, "rows": "the same rows as they were before, for thirty days, so that it can be undone"},
        order=("merged_at", "pk"),
    ),
    "clients.NotSame": Held(
        lambda person: Q(client=person) | Q(other_id=person),
        _("When your file was found not to be the same as another one"),
        {"marked_at": _("When"), "marked_by": _("By whom"), "ended_at": _("Ended")},
        {"client": KEY, "other_id": KEY},
        order=("marked_at", "pk"),
    ),
    "clients.Recusal": Held(
        at("client"),
        _("Who is barred from your file as somebody near to you"),
        {"marked_at": _("Since"), "ended_at": _("Ended"), "end_reason": _("Why it ended")},
        {"user": KEY},
        order=("marked_at", "pk"),
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
    **dict.fromkeys(("clients.Instrument", "clients.InstrumentVersion"), "questions that everybody is asked alike"),
    "clients.OutcomeType": "words for outcomes",
    "clients.StandIn": "who of the staff acts for whom during a leave",
    "clients.BackgroundCount": "how many needs and obstacles were told in a month; whose, nobody can tell",
    **dict.fromkeys(("clients.PointTerms", "clients.PointPromise"), "a service point's own terms and promises"),
    "team": "who works here, where and when",
    "services": "the catalogue of services",
    "employers": "employers and their open places",
    "tyoparkki": "reference data",
}
