"""The letter to a recipient without an account: who asks, the code, by when, a link; the person is not named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tyoparkki.templatetags.tp import long_day

if TYPE_CHECKING:
    from clients.models import Link, Referral


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
