"""What a person is told of a referral of theirs: kind words, who acts next, by when; no word of failing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tyoparkki.templatetags.tp import long_day

if TYPE_CHECKING:
    from clients.models import Referral


def told_to_client(referral: Referral) -> str:
    """Where a referral stands, in a sentence or two that the person can read, in the language in use."""
    status, who = referral.Status, {"to": referral.to}
    if referral.next_on:
        who["on"] = long_day(referral.next_on)
    sentences = {
        status.DRAFT: _("We are preparing your way to %(to)s."),
        status.SENT: _("We asked %(to)s to help you. They answer by %(on)s."),
        status.SELF: _("You contact %(to)s yourself. We gladly help if you wish."),
        status.RECEIVED: _("%(to)s welcomes you. They contact you by %(on)s."),
        status.CONTACTED: _("%(to)s has been in contact with you. You begin soon."),
        status.STARTED: _("You have begun: %(to)s."),
        status.ENDED: _("%(to)s has come to its end. Thank you for going along."),
        status.DECLINED: _("%(to)s has no place for this just now. We look for another way together by %(on)s."),
        status.WITHDRAWN: _("We took back what we asked of %(to)s."),
        status.CLIENT_WITHDREW: _("You did not want this now: %(to)s. You may come back to it at any time."),
        status.LAPSED: _("We have not heard from %(to)s. We look for another way together by %(on)s."),
    }
    told = sentences[status(referral.status)] % {"on": "", **who}
    if referral.status == status.ENDED and referral.result:
        told += " " + _("The result: %(result)s.") % {"result": str(referral.result)}
    if referral.return_organisation and referral.return_on and referral.status in (status.STARTED, status.ENDED):
        back = {"who": referral.return_organisation.name, "by": long_day(referral.return_on)}
        told += " " + _("After it %(who)s continues with you, by %(by)s.") % back
    if referral.meeting_at and not referral.is_closed:
        told += " " + _("You meet together on %(on)s.") % {"on": long_day(referral.meeting_at)}
    return told
