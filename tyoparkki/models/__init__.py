"""The ground floor's own tables: the trace, what must still happen, and reference data that every app uses."""

from tyoparkki.models.installation import Heartbeat, Installation, JobSlot
from tyoparkki.models.outbox import Outbox
from tyoparkki.models.reference import Language, Municipality
from tyoparkki.models.submission import Submission
from tyoparkki.models.tombstone import Tombstone
from tyoparkki.models.trace import AccessEvent, AuditEvent

__all__ = [
    "AccessEvent",
    "AuditEvent",
    "Heartbeat",
    "Installation",
    "JobSlot",
    "Language",
    "Municipality",
    "Outbox",
    "Submission",
    "Tombstone",
]
