"""The people: who they are as far as they say, what they consent to, what they plan, where they are referred."""

from clients.models.assessment import AreaScore, AssessmentAsk, SelfAssessment
from clients.models.background import Background, BackgroundCount
from clients.models.client import Client, ContactPoint
from clients.models.companion import Companion, StandIn
from clients.models.consent import Consent, ConsentText
from clients.models.contact import ContactNote
from clients.models.handover import HandoverSession
from clients.models.identity_code import IdentityCode
from clients.models.instrument import Instrument, InstrumentVersion
from clients.models.joint import JointAssessment, JointSection
from clients.models.link import Link
from clients.models.merge import MergeRecord, NotSame
from clients.models.outcome import FollowUp, Outcome, OutcomeType
from clients.models.plan import Goal, Plan, PlanReview, PlanStep, PlanVersion
from clients.models.promise import PointPromise
from clients.models.recusal import Recusal
from clients.models.referral import Referral, ReferralEvent
from clients.models.reminder import PointTerms, Reminder
from clients.models.responsibility import Responsibility, ResponsibilityOffer
from clients.models.statutory import StatutoryPlan

__all__ = [
    "AreaScore",
    "AssessmentAsk",
    "Background",
    "BackgroundCount",
    "Client",
    "Companion",
    "Consent",
    "ConsentText",
    "ContactNote",
    "ContactPoint",
    "FollowUp",
    "Goal",
    "HandoverSession",
    "IdentityCode",
    "Instrument",
    "InstrumentVersion",
    "JointAssessment",
    "JointSection",
    "Link",
    "MergeRecord",
    "NotSame",
    "Outcome",
    "OutcomeType",
    "Plan",
    "PlanReview",
    "PlanStep",
    "PlanVersion",
    "PointPromise",
    "PointTerms",
    "Recusal",
    "Referral",
    "ReferralEvent",
    "Reminder",
    "Responsibility",
    "ResponsibilityOffer",
    "SelfAssessment",
    "StandIn",
    "StatutoryPlan",
]
