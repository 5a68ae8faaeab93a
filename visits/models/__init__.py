"""The desk: visits, what happened to them, who met them, and what was agreed."""

from visits.models.draft import Draft
from visits.models.encounter import Encounter, Invitation, Participation
from visits.models.guidance import AgreedStep, EncounterReferral, Guidance, GuidanceShare
from visits.models.visit import (
    DayCounter,
    Visit,
    VisitClient,
    VisitEvent,
    VisitNote,
    VisitOnceKnown,
    VisitTopic,
    VisitTurn,
)

__all__ = [
    "AgreedStep",
    "DayCounter",
    "Draft",
    "Encounter",
    "EncounterReferral",
    "Guidance",
    "GuidanceShare",
    "Invitation",
    "Participation",
    "Visit",
    "VisitClient",
    "VisitEvent",
    "VisitNote",
    "VisitOnceKnown",
    "VisitTopic",
    "VisitTurn",
]
