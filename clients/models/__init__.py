"""The people: who they are as far as they say, what they consent to, what they plan, where they are referred."""

from clients.models.assessment import AreaScore, AssessmentAsk, SelfAssessment
from clients.models.client import Client, ContactPoint
from clients.models.consent import Consent, ConsentText
from clients.models.handover import HandoverSession
from clients.models.instrument import Instrument, InstrumentVersion
from clients.models.outcome import FollowUp, Outcome, OutcomeType
from clients.models.plan import Goal, Plan, PlanStep, PlanVersion
from clients.models.referral import Referral, ReferralEvent
from clients.models.responsibility import Responsibility, ResponsibilityOffer

__all__ = [
    "AreaScore",
    "AssessmentAsk",
    "Client",
    "Consent",
    "ConsentText",
    "ContactPoint",
    "FollowUp",
    "Goal",
    "HandoverSession",
    "Instrument",
    "InstrumentVersion",
    "Outcome",
    "OutcomeType",
    "Plan",
    "PlanStep",
    "PlanVersion",
    "Referral",
    "ReferralEvent",
    "Responsibility",
    "ResponsibilityOffer",
    "SelfAssessment",
]
