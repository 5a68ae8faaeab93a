"""What goes out with a link, and names nobody: to a recipient without an account, and to a person who is asked.

And what goes to a person as a text message: that there is something to read, and where.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tyoparkki.templatetags.tp import long_day

if TYPE_CHECKING:
    from clients.models import Link, Referral
    from team.models import ServicePoint


def letter(referral: Referral, link: Link, address: str, *, is_reminder: bool) -> tuple[str, str]:
    """The subject and the text, in the language in use."""
    code = {"code": referral.carrier_code}
    subject = (
        _("Reminder: referral %(code)s waits for your answer") % code
        if is_reminder
        else _("Referral %(code)s: please answer") % code
    )
    lines = [
        _("%(from)s asks: can %(to)s help a client?") % {"from": referral.sender_organisation.name, "to": referral.to},
        _("The code of the referral: %(code)s") % code,
        _("Please answer by %(on)s.") % {"on": long_day(referral.next_on)},
        _("Open the link, choose and send. You need no account."),
        address,
        _("The link works until %(on)s.") % {"on": long_day(link.expires_at)}
        + " "
        + _("Keep it: you tell the next steps by the same link. Do not pass it on to others."),
    ]
    return subject, "\n\n".join(lines) + "\n"


def referral_text(referral: Referral, address: str, *, is_reminder: bool) -> str:
    """The same as a text message."""
    told = {
        "from": referral.sender_organisation.short_name,
        "code": referral.carrier_code,
        "on": long_day(referral.next_on),
        "address": address,
    }
    if is_reminder:
        return _("Referral %(code)s from %(from)s still waits. Please answer: %(address)s") % told
    return _("%(from)s asks you to help a client. Referral %(code)s. Please answer by %(on)s: %(address)s") % told


def person_text(address: str, *, is_result: bool) -> str:
    """To a person who agreed to text messages: neither a name, nor a service, nor how it went."""
    if is_result:
        return _("TyöParkki: there is news for you about what we agreed. Read it here: %(address)s") % {
            "address": address
        }
    return _("TyöParkki: what we agreed is here for you to read: %(address)s") % {"address": address}


def questions(point: ServicePoint, address: str, *, until: datetime) -> tuple[str, str]:
    """The subject and the text to a person who is asked for their own view, in the language in use; which questions
    they are, the letter does not say.
    """
    lines = [
        _("%(point)s asks how things are with you now.") % {"point": point.name},
        _("Open the link and answer what you want to answer. Each answer is saved at once; you may go on later."),
        address,
        _("The link works until %(on)s.") % {"on": long_day(until)} + " " + _("It is meant for you alone."),
        _("If you do not want to answer, you need not do anything. Questions: %(phone)s") % {"phone": point.phone}
        if point.phone
        else _("If you do not want to answer, you need not do anything."),
    ]
    return _("How are things now?"), "\n\n".join(lines) + "\n"
