"""The people: who they are as far as they say, what they consent to, what they plan, where they are referred."""

from clients.models.client import Client, ContactPoint
from clients.models.consent import Consent, ConsentText
from clients.models.handover import HandoverSession
from clients.models.merge import MergeRecord
from clients.models.plan import Goal, Plan, PlanStep, PlanVersion
from clients.models.recusal import Recusal
from clients.models.referral import Referral, ReferralEvent
from clients.models.responsibility import Responsibility, ResponsibilityOffer

__all__ = [
    "Client",
    "Consent",
    "ConsentText",
    "ContactPoint",
    "Goal",
    "HandoverSession",
    "MergeRecord",
    "Plan",
    "PlanStep",
    "PlanVersion",
    "Recusal",
    "Referral",
    "ReferralEvent",
    "Responsibility",
    "ResponsibilityOffer",
]
