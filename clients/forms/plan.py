"""What is agreed in a plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clients.actions.plan import Step
from clients.actions.statutory import Agreed, DaysOutOfOrder
from clients.models import Consent, ConsentText, Goal, Plan, PlanStep, StatutoryPlan
from clients.plan_phases import way_of
from clients.plan_templates import LANGUAGES, Template, templates
from clients.statutory import kinds
from team.models import Organisation
from tyoparkki.forms import BaseForm


class GoalForm(BaseForm):
    """What the person wants, in the person's own words."""

    words = forms.CharField(
        label=_("What the person wants, in their own words"),
        max_length=300,
        error_messages={"required": _("Write what the person wants, as they say it.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_words(self) -> str:
        """Spaces and line ends in a row count as one."""
        return " ".join(str(self.cleaned_data["words"]).split())


class PlanForm(GoalForm):
    """A plan begins with a goal, and with how often one is in touch."""

    intensity = forms.ChoiceField(
        label=_("How often are we in touch"), choices=Plan.Intensity.choices, initial=Plan.Intensity.DENSE
    )

    template = forms.ChoiceField(
        label=_("Begin with a model"),
        required=False,
        help_text=_("A model adds its first steps. Change or drop them together."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(code, row.name) for code, row in templates().items()]
        self.offer("template", [("", str(_("No model"))), *rows])

    def clean_template(self) -> Template | None:
        """The model itself."""
        return templates().get(self.cleaned_data["template"])


class IntensityForm(BaseForm):
    """How often one is in touch; the version tells whether a colleague was quicker."""

    intensity = forms.ChoiceField(label=_("How often are we in touch"), choices=Plan.Intensity.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PhaseForm(BaseForm):
    """In which of its phases the plan is."""

    phase = forms.ChoiceField(label=_("Phase of the plan"))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        way = way_of(plan)
        super().__init__(*args, initial={"phase": way.now.key}, **kwargs)
        self.offer("phase", [(one.key, one.name) for one in way.phases])


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"required": _("Choose the day."), "invalid": _("Choose the day.")}
    return forms.DateField(label=label, required=required, widget=widget, error_messages=errors)


class StatutoryForm(BaseForm):
    """A reference to a statutory plan; what stands in the plan is not written here."""

    kind = forms.ChoiceField(label=_("Which plan"), error_messages={"required": _("Choose the plan.")})
    organisation = forms.ModelChoiceField(
        label=_("Which organisation keeps it"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation."), "invalid_choice": _("Choose the organisation.")},
    )
    agreed_on = _day(_("Agreed on"), required=True)
    valid_until = _day(_("Holds until"))
    review_on = _day(_("Looked at again on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.offer("kind", [("", str(_("Choose"))), *((code, one.name) for code, one in kinds().items())])
        self.offer_rows("organisation", Organisation.objects.filter(is_active=True).order_by("short_name", "pk"))

    def clean(self) -> dict[str, Any]:
        """Agreed first, and not in the future."""
        data = super().clean() or self.cleaned_data
        agreed = data.get("agreed_on")
        if agreed and agreed > self.today:
            self.add_error("agreed_on", DaysOutOfOrder.message)
        for name in ("valid_until", "review_on"):
            if agreed and data.get(name) and data[name] < agreed:
                self.add_error(name, DaysOutOfOrder.message)
        return data

    def agreed(self) -> Agreed:
        """What is known of the plan, as the action takes it."""
        return Agreed(**self.cleaned_data)


class ConfirmForm(BaseForm):
    """Who confirmed a statutory plan, and when."""

    confirmer = forms.CharField(
        label=_("Who confirmed it: a role or an organisation"),
        max_length=120,
        error_messages={"required": _("Write who confirmed it: a role or an organisation.")},
    )
    confirmed_on = _day(_("Confirmed on"), required=True)

    def __init__(self, *args: Any, row: StatutoryPlan, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"confirm-{row.pk}-%s", **kwargs)
        self.row, self.today = row, today

    def clean_confirmed_on(self) -> date:
        """After it was agreed, and not in the future."""
        day: date = self.cleaned_data["confirmed_on"]
        if not self.row.agreed_on <= day <= self.today:
            raise forms.ValidationError(_("Choose a day from the agreement on, today at the latest."))
        return day


class ApprovalForm(BaseForm):
    """How the person said yes, and to which version."""

    how = forms.ChoiceField(
        label=_("How does the person approve"),
        choices=[(how.value, how.label) for how in Plan.APPROVED_BY],
        initial=Consent.How.WORDS,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class HandPlanForm(BaseForm):
    """In which language the tablet speaks around the plan; the plan itself is in the words that were agreed."""

    read_in = forms.ChoiceField(label=_("In which language does the person read"))
    handed_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("read_in", [(code, ConsentText.LANGUAGES[code]) for code in LANGUAGES])


class DayForm(BaseForm):
    """Another day for a step."""

    by_on = _day(_("By when"), required=True)


class PlanStepForm(BaseForm):
    """One step of the plan: what is done, and a day on which it is looked at again."""

    what = forms.CharField(
        label=_("What is done"),
        max_length=200,
        error_messages={"required": _("Write what is done, starting with a verb.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    goal = forms.ModelChoiceField(
        label=_("Towards which goal"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=_("No goal in particular"),
        error_messages={"invalid_choice": _("This goal has already been reached or given up.")},
    )
    who = forms.ChoiceField(label=_("Who does it"), choices=PlanStep.Who.choices, initial=PlanStep.Who.CLIENT)
    who_words = forms.CharField(
        label=_("Which organisation or who else"),
        max_length=80,
        required=False,
        help_text=_("Only when an organisation or somebody else does it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    by_on = forms.DateField(
        label=_("By when"),
        required=False,
        help_text=_("A guess is enough; the day can be changed."),
        error_messages={"invalid": _("Choose the day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=_("Lasts until, if it is a service"),
        required=False,
        help_text=_("You are reminded 30 and 14 days before, and on the day, to agree on what comes next."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    benefit = forms.CharField(
        label=_("What it is good for"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_rows("goal", plan.goals.going_on().in_order())

    def clean(self) -> dict[str, Any]:
        """Somebody else has a name, and what is agreed has a day."""
        data = super().clean() or self.cleaned_data
        if data.get("who") == PlanStep.Who.OTHER and not data.get("who_words"):
            self.add_error("who_words", _("Write who does it."))
        if not self.errors.keys() & {"by_on", "ends_on"} and not data.get("by_on") and not data.get("ends_on"):
            self.add_error("by_on", _("Choose by when. A guess is enough; the day can be changed."))
        return data

    def step(self) -> Step:
        """What was agreed, as the action takes it."""
        data = self.cleaned_data
        return Step(
            what=data["what"],
            who=data["who"],
            who_words=data["who_words"],
            by_on=data["by_on"],
            benefit=data["benefit"],
            goal_id=data["goal"].pk if data["goal"] else None,
            ends_on=data["ends_on"],
        )


class MeasureEndForm(BaseForm):
    """What follows a measure: a step of the same plan, or a reason why nothing does."""

    next_step = forms.ModelChoiceField(queryset=PlanStep.objects.none(), required=False)
    no_next_reason = forms.CharField(max_length=200, required=False)

    @classmethod
    def told(cls, sent: QueryDict, plan: Plan) -> dict[str, Any]:
        """What was said, as the action takes it; what cannot be read says nothing."""
        form = cls(sent)
        form.offer_rows("next_step", plan.steps.to_do())
        return form.cleaned_data if form.is_valid() else {}


class CloseForm(BaseForm):
    """Why the plan ends, what came of it, and words for the person."""

    ending = forms.ChoiceField(
        label=_("Why does the plan end"),
        choices=[("", _("Choose")), *Plan.Ending.choices],
        error_messages={"required": _("Choose why the plan ends.")},
    )
    result = forms.ChoiceField(
        label=_("What came of it"),
        choices=[("", _("Choose")), *Plan.Result.choices],
        error_messages={"required": _("Choose what came of it.")},
    )
    summary = forms.CharField(
        label=_("In short, for the person"),
        max_length=600,
        error_messages={"required": _("Write a few words that the person may take along.")},
        help_text=_("What was done together and what now. The person may take this along."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
