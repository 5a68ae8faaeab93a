"""What is written in a joint assessment, by whom, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.actions.joint import Start, Without
from clients.actions.joint_section import NothingWritten, SayHow
from clients.models import JointAssessment, JointSection
from team.models import Membership
from tyoparkki.forms import BaseForm, EditForm

LONG = 4000
SHORT = 2000


def _words(label: Any, rows: int, *, most: int, help_text: Any = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class StartForm(EditForm):
    """What is common: strengths before anything else, then how the person sees it, and when one meets."""

    strengths = _words(
        _("Strengths: what goes well, what the person can do, who helps"),
        3,
        most=SHORT,
        required=False,
        help_text=_("Begin here, with at least one, in the person’s own words where you can."),
    )
    client_view = _words(_("How the person sees their own need, in their own words"), 3, most=SHORT, required=False)
    meets_on = forms.DateField(
        label=_("The meeting is on"),
        required=False,
        error_messages={"invalid": _("Choose the day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def initial_of(cls, row: JointAssessment) -> dict[str, Any]:
        """The common parts as they stand."""
        return {"strengths": row.strengths, "client_view": row.client_view, "meets_on": row.meets_on}

    def start(self) -> Start:
        """What was written, as the action takes it."""
        data = self.cleaned_data
        return Start(data["strengths"], data["client_view"], data["meets_on"])


class AskForm(BaseForm):
    """Whom to ask in: only colleagues whom the person's consent covers are there to choose."""

    colleague = forms.ChoiceField(
        label=_("Whom to ask in"),
        error_messages={
            "required": _("Choose the colleague."),
            "invalid_choice": _(
                "The person has not agreed that this organisation is told of assessments. Ask the person first."
            ),
        },
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="ask_%s", **kwargs)
        self.colleagues = {str(one.pk): one for one in colleagues}
        told = [(key, f"{one.user.name}, {one.organisation.name}") for key, one in self.colleagues.items()]
        self.offer("colleague", [("", str(_("Choose"))), *told])

    def clean_colleague(self) -> Membership:
        """The membership itself."""
        return self.colleagues[self.cleaned_data["colleague"]]


class SectionForm(BaseForm):
    """What the contributor sees in their own work."""

    words = _words(
        _("What you see in your own work"),
        5,
        most=LONG,
        help_text=_("Neutral words, no diagnoses. The person reads this too."),
        error_messages={"required": NothingWritten.message},
    )


class StanceForm(BaseForm):
    """Whether the contributor agrees to the conclusion as it is worded; a view of one's own is kept beside it."""

    stance = forms.ChoiceField(
        label=_("What do you think of the conclusion?"),
        choices=[(JointSection.Stance.AGREES, _("I agree")), (JointSection.Stance.DIFFERS, _("I see it differently"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    words = _words(_("How I see it"), 3, most=SHORT, required=False, help_text=_("Only when you see it differently."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A view of one's own is words."""
        data = super().clean() or self.cleaned_data
        if data.get("stance") == JointSection.Stance.DIFFERS and not data.get("words"):
            self.add_error("words", SayHow.message)
        return data


class ConclusionForm(EditForm):
    """The conclusion as it would be agreed on."""

    conclusion = _words(
        _("Conclusion: what the person needs, and what happens next"),
        5,
        most=LONG,
        error_messages={"required": _("Write the conclusion first.")},
    )

    @classmethod
    def initial_of(cls, row: JointAssessment) -> dict[str, Any]:
        """The words as they stand."""
        return {"conclusion": row.conclusion}


class ConcludeForm(BaseForm):
    """The end of it; what is missing is gone on without only on purpose."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    without_strengths = forms.BooleanField(label=_("We go on without a written strength"), required=False)
    without_others = forms.BooleanField(
        label=_("We go on although not everybody has said what they think"), required=False
    )

    def __init__(self, *args: Any, asks_strengths: bool, asks_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="conclude_%s", **kwargs)
        if not asks_strengths:
            del self.fields["without_strengths"]
        if not asks_others:
            del self.fields["without_others"]

    def without(self) -> Without:
        """What was ticked, as the action takes it."""
        data = self.cleaned_data
        return Without(strengths=data.get("without_strengths", False), others=data.get("without_others", False))
