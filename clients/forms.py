"""What the front desk and advisors type about a person: validated here, saved by actions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from clients.actions.client import Person
from clients.actions.consent import Given
from clients.actions.plan import Step
from clients.models import Client, Consent, ContactPoint, Goal, Plan, PlanStep
from team.models import Membership, Organisation
from tyoparkki.forms import BaseForm, municipality_choices
from tyoparkki.models import Language, Municipality
from tyoparkki.names import name_key
from tyoparkki.texts import pick

_OLDEST = 110
_YOUNGEST = 10

READ_IN = [
    ("fi", _("Finnish")),
    ("fi-selko", _("Easy Finnish")),
    ("sv", _("Swedish")),
    ("en", _("English")),
]


def language_choices() -> list[tuple[str, str]]:
    """Languages of a visitor: those of the desk first, the rest by name."""
    rows = list(Language.objects.only("code", "names", "desk_order").order_by("desk_order", "code"))
    near = [(row.code, pick(row.names)) for row in rows if row.desk_order is not None]
    far = sorted(
        ((row.code, pick(row.names)) for row in rows if row.desk_order is None), key=lambda row: name_key(row[1])
    )
    return [("", str(_("Not asked"))), *near, *far]


class PersonForm(BaseForm):
    """Who a person is, as far as the person says. Only the name is needed."""

    name = forms.CharField(
        label=_("Name or alias"),
        max_length=80,
        help_text=_("As the person wishes to be called. A first name or an alias is enough."),
        error_messages={"required": _("Write a name or an alias.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    is_alias = forms.BooleanField(label=_("This is an alias"), required=False)
    contact_kind = forms.ChoiceField(
        label=_("How to reach"), choices=ContactPoint.Kind.choices, required=False, initial=ContactPoint.Kind.PHONE
    )
    contact_value = forms.CharField(
        label=_("Number or address"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    municipality = forms.ChoiceField(label=_("Home municipality"), required=False)
    year_of_birth = forms.CharField(
        label=_("Year of birth"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_non_disclosure = forms.BooleanField(
        label=_("Non-disclosure for personal safety (turvakielto)"),
        required=False,
        help_text=_("Hides the municipality and the contact detail everywhere."),
    )

    def __init__(self, *args: Any, area: str = "", year: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.offer("language", language_choices())
        self.offer("municipality", municipality_choices(area, unknown=_("Not asked")))

    def clean_name(self) -> str:
        """Spaces in a row count as one."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_year_of_birth(self) -> int | None:
        """Four digits of a living person."""
        text = str(self.cleaned_data["year_of_birth"]).strip()
        if not text:
            return None
        if not re.fullmatch(r"\d{4}", text) or not self.year - _OLDEST <= int(text) <= self.year - _YOUNGEST:
            raise ValidationError(_("Write the year of birth in four digits, for example 1985."))
        return int(text)

    def clean(self) -> dict[str, Any]:
        """A number has digits, an e-mail address has its sign; the kind alone says nothing."""
        data = super().clean() or self.cleaned_data
        kind, value = data.get("contact_kind"), str(data.get("contact_value", "")).strip()
        if not value:
            return data
        if kind in {ContactPoint.Kind.PHONE, ContactPoint.Kind.SMS}:
            if len(re.sub(r"\D", "", value)) < 5 or re.search(r"[^\d\s()+\-]", value):
                self.add_error("contact_value", _("Write the telephone number in digits, for example 040 123 4567."))
        elif kind == ContactPoint.Kind.EMAIL:
            try:
                EmailValidator()(value)
            except ValidationError:
                self.add_error("contact_value", _("Write the e-mail address in full, for example aino@posti.example."))
        return data

    def person(self) -> Person:
        """What was told, as the action takes it."""
        data = self.cleaned_data
        code = data["municipality"]
        return Person(
            name=data["name"],
            is_alias=data["is_alias"],
            contact_kind=data["contact_kind"] if data["contact_value"] else "",
            contact_value=data["contact_value"],
            language=data["language"],
            municipality=Municipality.objects.get(pk=code) if code else None,
            year_of_birth=data["year_of_birth"],
            is_non_disclosure=data["is_non_disclosure"],
        )


class RecordForm(PersonForm):
    """A new person: nothing is kept without the consent to be recorded, said here or on the tablet."""

    how = forms.ChoiceField(
        label=_("How is the consent given"),
        choices=Consent.How.choices,
        initial=Consent.How.WORDS,
        help_text=_("On the tablet: you get six digits, and the person reads and answers alone."),
    )
    may_record = forms.BooleanField(
        label=_("The person agrees to be recorded"),
        error_messages={
            "required": _("Without the consent the person is not recorded. The visit can go on all the same.")
        },
    )
    may_contact = forms.BooleanField(label=_("The person also agrees to be contacted"), required=False)
    read_in = forms.ChoiceField(label=_("In which language was the text read"), choices=READ_IN, initial="fi")
    handover = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("how") == Consent.How.TABLET:
            self.fields["may_record"].required = False

    @property
    def asks_on_tablet(self) -> bool:
        """Whether the person is still to answer on the hand-over tablet."""
        return bool(self.cleaned_data["how"] == Consent.How.TABLET and not self.cleaned_data["handover"])

    def carried(self) -> list[Any]:
        """What was typed about the person, as fields that nobody sees: it waits on the page for the answer."""
        return [field for field in self if field.name != "handover"]

    def given(self) -> Given:
        """How the yes was given."""
        return Given(self.cleaned_data["how"], self.cleaned_data["read_in"])


class ChangeForm(PersonForm):
    """What changed about a person; the version tells whether a colleague was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def now_at(self, version: int) -> None:
        """Let the next sending through: the reader has been shown what the colleague saved."""
        self.data = {**self.data.dict(), "version": str(version)}  # type: ignore[attr-defined]  # a QueryDict

    @staticmethod
    def initial_of(client: Client, contact: ContactPoint | None) -> dict[str, Any]:
        """The form as the person stands now."""
        return {
            "name": client.name,
            "is_alias": client.is_alias,
            "contact_kind": contact.kind if contact else ContactPoint.Kind.PHONE,
            "contact_value": contact.value if contact else "",
            "language": client.language,
            "municipality": client.municipality_id or "",
            "year_of_birth": client.year_of_birth or "",
            "is_non_disclosure": client.is_non_disclosure,
            "version": client.version,
        }


class OfferForm(BaseForm):
    """To whom of the team the responsibility is offered, with a word for the receiver."""

    colleague = forms.ChoiceField(
        label=_("To whom"),
        error_messages={"required": _("Choose the colleague."), "invalid_choice": _("Choose the colleague.")},
    )
    reason = forms.CharField(
        label=_("A word to the colleague"),
        max_length=200,
        required=False,
        help_text=_("At most 200 characters. The team sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="offer_%s", **kwargs)
        self.colleagues = {str(one.pk): one for one in sorted(colleagues, key=lambda one: name_key(one.user.name))}
        rows = [(key, f"{one.user.name}, {one.organisation.name}") for key, one in self.colleagues.items()]
        self.offer("colleague", [("", str(_("Choose"))), *rows])

    def clean_colleague(self) -> Membership:
        """The membership itself."""
        return self.colleagues[self.cleaned_data["colleague"]]


class ReasonForm(BaseForm):
    """Why something is declined or ended: needed, in a few words."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("At most 200 characters. The team sees it."),
        error_messages={"required": _("Write the reason in a few words.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConsentForm(BaseForm):
    """A yes: how it was given and in which language the words were read."""

    how = forms.ChoiceField(
        label=_("How was the consent given"),
        choices=Consent.How.choices,
        initial=Consent.How.WORDS,
        help_text=_("On the tablet: you get six digits, and the person reads and answers alone."),
    )
    read_in = forms.ChoiceField(label=_("In which language was the text read"), choices=READ_IN, initial="fi")
    expires_on = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until the person withdraws it."),
    )

    @property
    def on_tablet(self) -> bool:
        """Whether the person answers on the hand-over tablet."""
        return bool(self.cleaned_data["how"] == Consent.How.TABLET)

    def given(self) -> Given:
        """How the yes was given."""
        data = self.cleaned_data
        return Given(data["how"], data["read_in"], data["expires_on"])


class ShareForm(ConsentForm):
    """A yes to tell a named organisation chosen things."""

    organisation = forms.ModelChoiceField(
        label=_("To which organisation"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation.")},
    )
    contents = forms.MultipleChoiceField(
        label=_("What may be told"),
        choices=Consent.Content.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the organisation may be told.")},
    )

    field_order = ("organisation", "contents", "how", "read_in", "expires_on")

    def __init__(self, *args: Any, own: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.filter(is_active=True).exclude(pk=own).order_by("short_name", "pk")
        self.offer_rows("organisation", others)


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


class IntensityForm(BaseForm):
    """How often one is in touch; the version tells whether a colleague was quicker."""

    intensity = forms.ChoiceField(label=_("How often are we in touch"), choices=Plan.Intensity.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ApprovalForm(BaseForm):
    """How the person said yes, and to which version."""

    how = forms.ChoiceField(
        label=_("How does the person approve"),
        choices=[(how.value, how.label) for how in Plan.APPROVED_BY],
        initial=Consent.How.WORDS,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlanStepForm(BaseForm):
    """One step of the plan; only what is done is needed."""

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
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
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
        """Somebody else has a name."""
        data = super().clean() or self.cleaned_data
        if data.get("who") == PlanStep.Who.OTHER and not data.get("who_words"):
            self.add_error("who_words", _("Write who does it."))
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
        )
