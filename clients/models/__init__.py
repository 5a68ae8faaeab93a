"""The people: who they are as far as they say, what they consent to, what they plan, where they are referred."""

from clients.models.client import Client, ContactPoint
from clients.models.companion import Companion, StandIn
from clients.models.consent import Consent, ConsentText
from clients.models.contact import ContactNote
from clients.models.handover import HandoverSession
from clients.models.plan import Goal, Plan, PlanReview, PlanStep, PlanVersion
from clients.models.referral import Referral, ReferralEvent
from clients.models.reminder import PointTerms, Reminder
from clients.models.responsibility import Responsibility, ResponsibilityOffer

__all__ = [
    "Client",
    "Companion",
    "Consent",
    "ConsentText",
    "ContactNote",
    "ContactPoint",
    "Goal",
    "HandoverSession",
    "Plan",
    "PlanReview",
    "PlanStep",
    "PlanVersion",
    "PointTerms",
    "Referral",
    "ReferralEvent",
    "Reminder",
    "Responsibility",
    "ResponsibilityOffer",
    "StandIn",
]
