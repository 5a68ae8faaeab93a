"""Who may do what: one name per permission, one set per role. Reviewable in a diff, printable for the DPO."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from team.models import Role


class Perm(models.TextChoices):
    """What a member of staff may be allowed to do, in plain words."""

    SIGNED_IN = "signed_in", _("Use own settings")
    SEE_DESK = "see_desk", _("See the queue and the team of the day")
    LOG_ARRIVAL = "log_arrival", _("Log arrivals and change queue fields")
    RUN_DAY = "run_day", _("Open, pause and close the service day")
    CALL = "call", _("Call visitors")
    GUIDE = "guide", _("Guide visitors and write guidance")
    SEE_CLIENTS = "see_clients", _("Find people who consented to be recorded")
    EDIT_CLIENTS = "edit_clients", _("Record people and their consents")
    SEE_EMPLOYERS = "see_employers", _("See employers, contacts and open positions")
    EDIT_EMPLOYERS = "edit_employers", _("Log employer contacts and positions")
    SEE_SERVICES = "see_services", _("See the professional part of the catalogue")
    EDIT_SERVICES = "edit_services", _("Confirm and import services")
    SEE_TEAM = "see_team", _("See the roster")
    EDIT_ROSTER = "edit_roster", _("Plan shifts")
    SEE_REPORTS = "see_reports", _("See the figures")
    SEE_REGISTER = "see_register", _("See what is kept of whom, for what and how long")
    ANSWER_FEEDBACK = "answer_feedback", _("Tell visitors what their feedback led to")
    MANAGE_DEVICES = "manage_devices", _("Pair and revoke devices")
    MANAGE_USERS = "manage_users", _("Add, change and deactivate users")
    MANAGE_POINT = "manage_point", _("Change opening hours, vocabulary and the service point's details")
    MANAGE_HOUSE = "manage_house", _("Add service points, organisations, professions and skills")


_EVERYBODY = frozenset({Perm.SIGNED_IN, Perm.SEE_DESK, Perm.SEE_SERVICES, Perm.SEE_TEAM})
_DESK = _EVERYBODY | {
    Perm.LOG_ARRIVAL,
    Perm.RUN_DAY,
    Perm.CALL,
    Perm.SEE_CLIENTS,
    Perm.EDIT_CLIENTS,
    Perm.SEE_EMPLOYERS,
    Perm.EDIT_EMPLOYERS,
    Perm.MANAGE_DEVICES,
}

ROLES: dict[str, frozenset[str]] = {
    Role.FRONT_DESK: _DESK,
    Role.ADVISOR: _EVERYBODY
    | {
        Perm.LOG_ARRIVAL,
        Perm.CALL,
        Perm.GUIDE,
        Perm.SEE_CLIENTS,
        Perm.EDIT_CLIENTS,
        Perm.SEE_EMPLOYERS,
        Perm.EDIT_EMPLOYERS,
        Perm.SEE_REPORTS,
    },
    Role.EXPERT_BY_EXPERIENCE: _EVERYBODY,
    Role.MANAGER: _EVERYBODY
    | {
        Perm.RUN_DAY,
        Perm.SEE_EMPLOYERS,
        Perm.SEE_REPORTS,
        Perm.SEE_REGISTER,
        Perm.ANSWER_FEEDBACK,
        Perm.EDIT_ROSTER,
        Perm.EDIT_SERVICES,
        Perm.MANAGE_DEVICES,
        Perm.MANAGE_POINT,
    },
    Role.ADMIN: _EVERYBODY
    | {
        Perm.SEE_REGISTER,
        Perm.MANAGE_USERS,
        Perm.MANAGE_DEVICES,
        Perm.MANAGE_POINT,
        Perm.MANAGE_HOUSE,
        Perm.EDIT_SERVICES,
    },
}
