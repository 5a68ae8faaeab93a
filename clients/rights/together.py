"""What is kept of a joint assessment of a person's need, and how the person is told of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clients.rights.held import Held, at

HELD = {
    "clients.JointAssessment": Held(
        at("client"),
        _("How your need for support was assessed together"),
        {
            "opened_at": _("Opened"),
            "opened_by": _("Opened by"),
            "strengths": _("Strengths"),
            "client_view": _("How you see it yourself"),
            "meets_on": _("The meeting is on"),
            "conclusion": _("Conclusion"),
            "conclusion_by": _("Worded by"),
            "concluded_at": _("Concluded"),
            "concluded_by": _("Concluded by"),
        },
        order=("opened_at", "pk"),
    ),
    "clients.JointSection": Held(
        at("assessment__client"),
        _("What each profession wrote of it"),
        {
            "contributor": _("Who"),
            "profession": _("Profession"),
            "words": _("What they see"),
            "written_at": _("Written"),
            "stance": _("What they think of the conclusion"),
            "stance_words": _("How they see it"),
            "stance_at": _("When"),
        },
        order=("assessment", "invited_at", "pk"),
    ),
}
