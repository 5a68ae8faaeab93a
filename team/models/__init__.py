"""Who we are, where we are, and when we are open."""

from team.models.devices import Device, DeviceKind, PairingCode
from team.models.organisation import Membership, Organisation, Profession, Role, Skill, User
from team.models.point import BOARD_LANGUAGES, FIRST_LETTERS, Desk, Party, ServicePoint
from team.models.roster import Break, HelpCall, Shift
from team.models.service_day import OpeningException, OpeningRule, ServiceDay
from team.models.vocabulary import Term, Topic

__all__ = [
    "BOARD_LANGUAGES",
    "FIRST_LETTERS",
    "Break",
    "Desk",
    "Device",
    "DeviceKind",
    "HelpCall",
    "Membership",
    "OpeningException",
    "OpeningRule",
    "Organisation",
    "PairingCode",
    "Party",
    "Profession",
    "Role",
    "ServiceDay",
    "ServicePoint",
    "Shift",
    "Skill",
    "Term",
    "Topic",
    "User",
]
